"""Promotion and roll-back again and again, while people are being answered by a real engine.

Everybody asks the same at temperature 0, so that a reply's text tells whose weights wrote it.
"""

import asyncio
import hashlib
import itertools
from collections import Counter
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from storage.artifacts import Artifact
from storage.blobs import BlobStore
from storage.database import Database
from storage.learners import Learner
from tests.doubles.turns import turn
from tests.tutor.engine.tiny_model import save_tiny_adapter
from tutor.adapters.importing import register_adapter, stored_adapter
from tutor.adapters.package import read_folder
from tutor.adapters.pinned import Pins
from tutor.adapters.promoting import promote, roll_back
from tutor.adapters.scopes import GLOBAL
from tutor.engine.client import LocalEngine
from tutor.engine.contract import Capabilities, Message, Sampling
from tutor.messages import Text
from tutor.moves import Move
from tutor.safety.protection import Protection
from tutor.speaking import Speaker
from tutor.tuning.report import binding_of

REPLIES = 20
ROUNDS = 3
PAUSE_SECONDS = 0.3
GREEDY = Sampling(temperature=0.0)
ASKED = [Message("user", "Why is it so?")]
NAMES = ("first", "second")


@dataclass(frozen=True, slots=True)
class Said:
    """A reply, and the adapter that its turn was pinned to."""

    text: str
    adapter: str | None


@dataclass
class Tutored:
    """One data folder with its database, engine and two adapters that say different things."""

    database: Database
    engine: LocalEngine
    pins: Pins
    adapters: Sequence[Artifact]
    capabilities: Capabilities

    async def reply(self, person: int = 0) -> Said:
        learner = Learner(f"L{person}", "Ann", None, "active", _now())
        asked = turn(learner=learner, protection=Protection(keeps_words=False))
        speaker = Speaker(self.engine, self.database, _now, self.pins)
        pieces: list[str] = []
        async with aclosing(speaker.generate(asked, ASKED, GREEDY, Move.ANSWER)) as parts:
            async for part in parts:
                if isinstance(part, Text):
                    pieces.append(part.text)
        pinned = await self.pins.of(asked)
        return Said("".join(pieces), pinned.version if pinned else None)

    async def promote(self, artifact: Artifact) -> None:
        async with self.database.write() as session:
            await promote(
                session,
                artifact_id=artifact.id,
                scope=GLOBAL,
                by=None,
                now=_now(),
                capabilities=self.capabilities,
            )

    async def roll_back(self, seen: Artifact) -> None:
        async with self.database.write() as session:
            await roll_back(
                session,
                scope=GLOBAL,
                by=None,
                now=_now(),
                capabilities=self.capabilities,
                seen=seen.id,
            )


async def promoted_while_replies_stream(database: Database, root: Path, model: Path) -> str:
    """What was seen, in a sentence; asserts that no reply failed or mixed two adapters."""
    engine = LocalEngine(root, str(model), idle_seconds=0.2)
    try:
        here = await _tutored(database, engine, root, model)
        alone = await _alone(here)
        asking = [asyncio.create_task(_one_after_the_other(here, n)) for n in range(REPLIES)]
        switches = await _switch_until(here, asking)
        said = [one for replies in await asyncio.gather(*asking) for one in replies]
        _judge(said, alone)
        await here.promote(here.adapters[1])
        later = await asyncio.gather(*(here.reply(n) for n in range(REPLIES)))
        assert {one.adapter for one in later} == {here.adapters[1].id}, "a later reply is old"
        _judge(later, alone)
        await here.pins.loader.close()
    finally:
        await engine.close()
    shares = sorted(Counter(one.adapter for one in said).values())
    assert len(shares) == len(NAMES), "only one of the adapters was seen"
    return (
        f"{len(said) + len(later)} replies, {REPLIES} at once, during {switches} switches: "
        f"each wholly by the adapter it began with ({shares[0]} and {shares[1]})"
    )


async def _tutored(database: Database, engine: LocalEngine, root: Path, model: Path) -> Tutored:
    blobs = BlobStore(root / "blobs")
    capabilities = await engine.capabilities()
    card = {
        "base_hash": capabilities.base_hash,
        "report": {"passed": True, "binding": asdict(binding_of(capabilities))},
    }
    made = []
    for seed, name in enumerate(NAMES, start=1):
        folder = await asyncio.to_thread(save_tiny_adapter, model, root / "made" / name, seed)
        storing = stored_adapter(blobs, read_folder(folder), name=name, card=card, now=_now())
        async with storing as stored, database.write() as session:
            made.append(await register_adapter(session, stored, by=None, now=_now()))
    pins = Pins(database, blobs, engine, root, _now)
    return Tutored(database, engine, pins, made, capabilities)


async def _alone(here: Tutored) -> dict[str | None, str]:
    """What each adapter says when nobody else is there, the first one last: it stays promoted."""
    said: dict[str | None, str] = {}
    for artifact in (*here.adapters, here.adapters[0]):
        await here.promote(artifact)
        one = await here.reply()
        assert one.adapter == artifact.id, one
        said[one.adapter] = one.text
    assert len(set(said.values())) == len(NAMES), "the adapters say the same"
    return said


async def _one_after_the_other(here: Tutored, person: int) -> list[Said]:
    return [await here.reply(person) for _ in range(ROUNDS)]


async def _switch_until(here: Tutored, asking: Sequence[asyncio.Task[list[Said]]]) -> int:
    """Promotes the second adapter and rolls it back for as long as somebody is being answered."""
    for switches in itertools.count():
        done, _ = await asyncio.wait(asking, timeout=PAUSE_SECONDS)
        if len(done) == len(asking):
            return switches
        if switches % 2:
            await here.roll_back(here.adapters[1])
        else:
            await here.promote(here.adapters[1])
    raise AssertionError


def _judge(said: Sequence[Said], alone: dict[str | None, str]) -> None:
    for one in said:
        assert one.adapter in alone, f"no adapter answered: {one}"
        assert one.text == alone[one.adapter], (
            f"{one.adapter} alone says {_short(alone[one.adapter])}, here {_short(one.text)}"
        )


def _short(text: str) -> str:
    return f"{text[:40]!r} ({hashlib.sha256(text.encode()).hexdigest()[:8]})"


def _now() -> datetime:
    return datetime.now(UTC)
