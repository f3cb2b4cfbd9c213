"""With a million attempts of ten thousand learners, what a reply needs is found within 20 ms.

Every function is the product's own, called for learners drawn at random, each in a unit of work of
its own, in SQLite and in PostgreSQL. `--attempts` and `--learners` make it smaller. To measure
another function, add a line to MEASURED.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from benchmarks.figures import percentile
from benchmarks.many_attempts import Size, World, fill
from benchmarks.stage.verdict import Verdict, present
from storage import attempts, goals, learner_activity, practices, reviews, skill_states
from storage.attempts import NewAttempt
from storage.database import Database, Session
from storage.learners import Learner
from storage.migrate import upgrade
from tests.doubles.postgres_server import PostgresServer
from tutor.bank.store import load_item
from tutor.language import Language
from tutor.learner import choosing, model, reviewing
from tutor.learner.facts import SEEN_AT, gather
from tutor.learner.progress import progress_of

DAY = timedelta(days=1)
LIMIT_MS = 20.0
CALLS, WARM = 400, 20


@dataclass(frozen=True, slots=True)
class Asked:
    """For whom a function is called."""

    world: World
    number: int
    rng: Random

    @property
    def learner_id(self) -> str:
        return self.world.learner(self.number)

    @property
    def skill(self) -> int:
        return self.world.skills_of(self.number)[0]

    @property
    def skill_id(self) -> str:
        return self.world.skill(self.skill)

    @property
    def now(self) -> datetime:
        return self.world.now


@dataclass(frozen=True, slots=True)
class Measured:
    """What is called, and as part of what."""

    part: str
    name: str
    call: Callable[[Session, Asked], Awaitable[object]]
    writes: bool = False


async def _choose(session: Session, asked: Asked) -> object:
    return await choosing.choose_item(
        session,
        learner_id=asked.learner_id,
        skill_ids=[asked.skill_id],
        language=Language.ENGLISH,
        exclude=(),
        now=asked.now,
        rng=asked.rng,
    )


async def _record(session: Session, asked: Asked) -> object:
    answer = NewAttempt(
        learner_id=asked.learner_id,
        item_id=asked.world.item(asked.skill, asked.rng.randrange(40)),
        item_version=1,
        step=0,
        skill_ids=(asked.skill_id,),
        answer="7",
        outcome=asked.rng.choice(["right", "wrong"]),
        score=1.0,
        stage="number",
        practice_id=asked.world.practice(asked.number),
        course_id=asked.world.course_id,
    )
    return await model.record(session, answer, asked.now)


async def _save(session: Session, asked: Asked) -> object:
    practice = await practices.practice_by_id(session, asked.world.practice(asked.number))
    assert practice is not None
    return await practices.save_practice(session, practice, asked.now)


def _learner(asked: Asked) -> Learner:
    """As the turn would have looked them up."""
    last_time = (asked.now - 30 * DAY).isoformat()
    return Learner(
        asked.learner_id, "Learner", None, "active", asked.now, settings={SEEN_AT: last_time}
    )


async def _gather(session: Session, asked: Asked) -> object:
    return await gather(session, _learner(asked), asked.now)


async def _progress(session: Session, asked: Asked) -> object:
    return await progress_of(session, _learner(asked), Language.ENGLISH, asked.now)


async def _mistakes(session: Session, asked: Asked) -> object:
    return await learner_activity.mistakes(
        session, asked.learner_id, since=asked.now - 7 * DAY, until=asked.now
    )


MEASURED = (
    Measured(
        "reply",
        "open practice",
        lambda s, a: practices.open_practice(s, a.learner_id, a.world.conversation(a.number)),
    ),
    Measured(
        "reply", "latest practice", lambda s, a: practices.latest_open_practice(s, a.learner_id)
    ),
    Measured("reply", "load item", lambda s, a: load_item(s, a.world.item(a.skill, 3))),
    Measured("reply", "record an answer", _record, writes=True),
    Measured("reply", "save practice", _save, writes=True),
    Measured(
        "reply",
        "choose skill",
        lambda s, a: choosing.choose_skill(
            s, learner_id=a.learner_id, course_id=a.world.course_id, now=a.now
        ),
    ),
    Measured("reply", "choose item", _choose),
    Measured(
        "reply",
        "answers of the practice",
        lambda s, a: attempts.attempts_in_practice(s, a.world.practice(a.number)),
    ),
    Measured("due list", "due", lambda s, a: reviewing.due(s, a.learner_id, a.now)),
    Measured("due list", "count due", lambda s, a: reviews.count_due(s, a.learner_id, a.now)),
    Measured("progress", "skill states", lambda s, a: skill_states.skill_states(s, a.learner_id)),
    Measured("progress", "cards", lambda s, a: reviews.cards_of(s, a.learner_id)),
    Measured("progress", "open goals", lambda s, a: goals.open_goals(s, a.learner_id)),
    Measured(
        "feedback",
        "latest attempts",
        lambda s, a: attempts.latest_attempts(s, a.learner_id, limit=200),
    ),
    Measured(
        "feedback",
        "latest in a skill",
        lambda s, a: attempts.latest_attempts(s, a.learner_id, skill_id=a.skill_id),
    ),
    Measured("feedback", "all facts of a week", _gather),
    Measured("feedback", "mistakes of a week", _mistakes),
    Measured("progress", "what the pictures show", _progress),
)


async def examine(verdict: Verdict) -> None:
    size = _size()
    with tempfile.TemporaryDirectory(prefix="daoshi-accept-") as name:
        folder = Path(name)
        await _measure(verdict, "SQLite", f"sqlite:///{folder / 'daoshi.db'}", folder, size)
        with PostgresServer() as server:
            await _measure(verdict, "PostgreSQL", server.url(), folder, size)


async def _measure(verdict: Verdict, kind: str, url: str, folder: Path, size: Size) -> None:
    began = time.monotonic()
    await upgrade(url, folder / "backups")
    world = await fill(url, size, datetime.now(UTC))
    verdict.note(f"{kind}: {size.attempts} attempts written in {time.monotonic() - began:.0f} s")
    database = await Database.open(url)
    try:
        for measured in MEASURED:
            spent = await _time(database, world, measured)
            p50, p95 = percentile(spent, 50), percentile(spent, 95)
            figures = f"p50 {p50:.2f} ms, p95 {p95:.2f} ms"
            claim = f"{kind}, {measured.part}: {measured.name}"
            verdict.check(claim, figures, p95 < LIMIT_MS)
    finally:
        await database.close()


async def _time(database: Database, world: World, measured: Measured) -> list[float]:
    """Milliseconds of each call, with its unit of work."""
    rng, spent = Random(measured.name), []
    for number in range(WARM + CALLS):
        asked = Asked(world, rng.randrange(world.size.learners), rng)
        began = time.perf_counter()
        async with database.write() if measured.writes else database.read() as session:
            await measured.call(session, asked)
        if number >= WARM:
            spent.append((time.perf_counter() - began) * 1000)
    return spent


def _size() -> Size:
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--attempts", type=int, default=1_000_000)
    parser.add_argument("--learners", type=int, default=10_000)
    options, _ = parser.parse_known_args()
    return Size(options.learners, options.attempts)


def main() -> int:
    return present("A million attempts stay fast", examine)


if __name__ == "__main__":
    sys.exit(main())
