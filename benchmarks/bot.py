"""What a message costs without its model, how many a second go through, and how late the loop is.

`python -m benchmarks.bot --json` prints one object; without `--json` a table. Everything is the
product's own dispatcher, tutor and storage; only the platform and (but for the loop's lag) the
model are replaced by ones that answer at once. The quiet window, in which the dispatcher waits for
the rest of a burst, is 0 here, since it is a decision and no cost.
"""

import argparse
import asyncio
import json
import logging
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import structlog

from benchmarks.figures import machine, percentile
from benchmarks.instant_platform import InstantPlatform
from benchmarks.loop_lag import generating_lag
from bot.dispatch.dispatcher import Dispatcher
from bot.dispatch.opening import Quota
from bot.serve import keep_what_is_loaded
from bot.settings import Settings
from bot.wiring import assemble
from storage.blobs import BlobStore
from storage.database import Database
from storage.migrate import upgrade
from tests.doubles.fake_engine import FakeEngine
from tests.doubles.postgres_server import PostgresMissing, PostgresServer
from tutor.engine.profiles import EMBEDDED
from tutor.messages import Kind, Person, Place, Platform, Question, Visibility

ANSWER = "Plants use light to turn water and carbon dioxide into sugar, and give off oxygen."
QUESTION = "How do plants make their food in garden {number}?"
"""Every message differs, so that nothing remembered of another one helps."""
LAG_LEARNERS = 16
UNLIMITED = Quota(learner_per_hour=10**6, community_per_hour=10**6)


@dataclass(frozen=True, slots=True)
class Load:
    """How much is sent. `in_flight` messages are under way at once in the throughput run."""

    singles: int = 1500
    messages: int = 4000
    learners: int = 400
    in_flight: int = 64
    lag_seconds: float = 20.0


@dataclass(frozen=True, slots=True)
class BotFigures:
    """The keys of the JSON object; None where this machine lacks what it takes."""

    overhead_ms_p50: float
    overhead_ms_p99: float
    messages_per_second_sqlite: float
    messages_per_second_postgresql: float | None
    loop_lag_ms_p99: float | None


class InstantEngine(FakeEngine):
    """Says every word at once: not even a turn of the event loop between two of them."""

    async def _wait(self, sent: int, started: float, deadline_seconds: float | None) -> bool:
        return True


class NotAnsweredOnce(Exception):
    """A run whose figures mean nothing, because messages were lost or answered twice."""


@asynccontextmanager
async def running_bot(url: str, folder: Path) -> AsyncIterator[tuple[Dispatcher, InstantPlatform]]:
    """The product on a database, with an instant platform and an instant model."""
    await upgrade(url, folder / "backups")
    database = await Database.open(url)
    engine = InstantEngine(default=lambda _request: ANSWER)
    settings = Settings(_env_file=None, data_dir=folder)  # type: ignore[call-arg]  # see pydantic
    blobs = BlobStore(folder / "blobs")
    services = assemble(settings, database, blobs, engine, EMBEDDED, _now, Random(0))
    dispatcher = Dispatcher(services, quiet_seconds=0.0, quota=UNLIMITED)
    platform = InstantPlatform()
    dispatcher.register(platform)
    upkeep = asyncio.create_task(dispatcher.run())
    try:
        yield dispatcher, platform
    finally:
        await dispatcher.close()
        upkeep.cancel()
        await asyncio.gather(upkeep, return_exceptions=True)
        await services.close()
        await database.close()


async def measure_overhead(url: str, folder: Path, load: Load) -> list[float]:
    """Milliseconds from the adapter's event to the last draft shown, one message after another."""
    async with running_bot(url, folder) as (dispatcher, platform):
        for question in messages(50, load.learners, "warm"):
            await _ask(dispatcher, platform, question)
        keep_what_is_loaded()
        spent = []
        for question in messages(load.singles, load.learners, "single"):
            spent.append(await _ask(dispatcher, platform, question) * 1000)
        return spent


async def measure_throughput(url: str, folder: Path, load: Load) -> float:
    """Messages a second when many learners write at once; raises NotAnsweredOnce."""
    async with running_bot(url, folder) as (dispatcher, platform):
        for question in messages(50, load.learners, "warm"):
            await _ask(dispatcher, platform, question)
        waiting = iter(messages(load.messages, load.learners, "many"))

        async def lane() -> None:
            for question in waiting:
                await _ask(dispatcher, platform, question)

        keep_what_is_loaded()
        began = time.perf_counter()
        await asyncio.gather(*(lane() for _ in range(load.in_flight)))
        await dispatcher.idle()
        seconds = time.perf_counter() - began
        expected = load.messages + 50
        if len(platform.replies) != expected or set(platform.replies.values()) != {1}:
            raise NotAnsweredOnce(f"{len(platform.replies)} of {expected} messages were answered")
        return load.messages / seconds


def messages(count: int, learners: int, name: str) -> list[Question]:
    """Questions of many learners in turn: a third in direct messages, the rest in threads."""
    return [_message(number, number % learners, name) for number in range(count)]


def _message(number: int, learner: int, name: str) -> Question:
    private = learner % 3 == 0
    community = "" if private else f"guild-{learner % 7}"
    channel = f"dm-{learner}" if private else f"channel-{learner % 40}"
    return Question(
        event_id=f"{name}-{number}",
        kind=Kind.MESSAGE,
        place=Place(Platform.DISCORD, community, channel, None if private else f"thread-{learner}"),
        message_id=f"{name}-{number}",
        author=Person(Platform.DISCORD, "", f"user-{learner}", f"Learner {learner}", "en-US"),
        visibility=Visibility.PRIVATE if private else Visibility.SHARED,
        received_at=_now(),
        text=QUESTION.format(number=number),
    )


async def _ask(dispatcher: Dispatcher, platform: InstantPlatform, question: Question) -> float:
    """Seconds until the whole reply was shown."""
    shown = platform.expect(question)
    began = time.perf_counter()
    await dispatcher.receive(question)
    return await shown - began


def measure(load: Load) -> BotFigures:
    """Every figure, one after the other."""
    with tempfile.TemporaryDirectory(prefix="daoshi-bench-") as name:
        folder = Path(name)

        sqlite = f"sqlite:///{folder / 'overhead.db'}"
        overhead = asyncio.run(measure_overhead(sqlite, folder, load))
        sqlite = f"sqlite:///{folder / 'throughput.db'}"
        on_sqlite = asyncio.run(measure_throughput(sqlite, folder, load))
        on_postgresql = _on_postgresql(folder, load)
        lag = asyncio.run(generating_lag(folder, LAG_LEARNERS, load.lag_seconds))
    return BotFigures(
        overhead_ms_p50=round(percentile(overhead, 50), 2),
        overhead_ms_p99=round(percentile(overhead, 99), 2),
        messages_per_second_sqlite=round(on_sqlite, 1),
        messages_per_second_postgresql=on_postgresql,
        loop_lag_ms_p99=round(percentile(lag, 99), 2),
    )


def _on_postgresql(folder: Path, load: Load) -> float | None:
    try:
        with PostgresServer() as server:
            return round(asyncio.run(measure_throughput(server.url(), folder, load)), 1)
    except PostgresMissing as error:
        print(f"PostgreSQL not measured: {error}", file=sys.stderr)
        return None


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bot", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--messages", type=int, default=4000, help="for the throughput")
    arguments = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    around = machine()
    figures = asdict(measure(Load(messages=arguments.messages)))
    if arguments.json:
        print(json.dumps({**figures, **around, "quiet_seconds": 0.0}))
        return
    for name, value in {**figures, **around}.items():
        print(f"{name:32} {value if value is not None else 'not measured'}")


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    main()
