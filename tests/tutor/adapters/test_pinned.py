"""Which adapter answers: the nearest scope's, read once, and never at the price of the reply."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import structlog
from sqlalchemy import event

from storage.adapter_trials import add_trial
from storage.assignments import assign
from storage.blobs import BlobStore
from storage.database import Database
from tests.doubles.clock import Clock
from tests.doubles.fake_engine import FakeEngine
from tests.doubles.turns import turn
from tests.tutor.adapters.conftest import HERE, Register
from tutor.adapters.fitness import KIND
from tutor.adapters.pinned import Pins
from tutor.adapters.trials import gets_candidate
from tutor.engine.contract import (
    Capabilities,
    EngineUnavailable,
    Message,
    RequestRefused,
    TextRequest,
)


class Engine(FakeEngine):
    """Says with which adapter it answers; `here` is what it says of itself."""

    here = HERE
    broken = False

    def __init__(self) -> None:
        super().__init__(default=lambda request: f"by {request.adapter}")
        self.ensured: list[str] = []

    async def capabilities(self) -> Capabilities:
        return self.here

    async def ensure_adapter(self, version: str, folder: str) -> None:
        await asyncio.sleep(0.01)
        if self.broken:
            raise RequestRefused("other sizes")
        assert (Path(folder) / "adapter_model.safetensors").is_file()
        self.ensured.append(version)
        await super().ensure_adapter(version, folder)


class Place:
    """An engine, a database, and what is assigned there."""

    def __init__(self, database: Database, blobs: BlobStore, clock: Clock, folder: Path) -> None:
        self.database, self.clock, self.engine = database, clock, Engine()
        self.pins = Pins(database, blobs, self.engine, folder, clock)

    async def assign(self, scope: str, artifact_id: str | None) -> None:
        self.clock.advance(minutes=1)
        async with self.database.write() as session:
            await assign(
                session,
                scope=scope,
                kind=KIND,
                artifact_id=artifact_id,
                by=None,
                reason="promote",
                now=self.clock(),
            )

    async def answers(self, asked: Any = None) -> str | None:
        pinned = await self.pins.of(asked or turn())
        return pinned.version if pinned else None


@pytest.fixture
def place(database: Database, blobs: BlobStore, clock: Clock, tmp_path: Path) -> Place:
    return Place(database, blobs, clock, tmp_path)


@pytest.fixture
def statements(database: Database) -> Iterator[list[str]]:
    sent: list[str] = []

    def note(_c: Any, _k: Any, statement: str, *_: Any) -> None:
        if statement.startswith("SELECT"):
            sent.append(statement)

    backend: Any = database.backend
    engine = getattr(backend.reader, "sync_engine", backend.reader)
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


async def test_the_nearest_scope_answers(place: Place, register: Register) -> None:
    widest_first = ["global", "community:C1", "channel:C1:D1", "learner:L1", "learner:C1:L1"]
    asked = turn()
    widest_first[2] = f"channel:C1:{asked.channel.channel}"
    assert await place.answers() is None
    for scope in widest_first:
        made = await register()
        await place.assign(scope, made.id)
        assert await place.answers() == made.id
    await place.assign("learner:C1:L1", None)
    assert await place.answers() is None


async def test_what_is_for_a_learner_in_one_community_does_not_follow_them_into_another(
    place: Place, register: Register
) -> None:
    theirs, everywhere = await register(), await register()
    await place.assign("learner:C1:L1", theirs.id)
    elsewhere = turn(community=replace(turn().community, id="C2"))
    assert await place.answers() == theirs.id
    assert await place.answers(elsewhere) is None
    await place.assign("learner:L1", everywhere.id)
    assert await place.answers() == theirs.id
    assert await place.answers(turn(community=elsewhere.community)) == everywhere.id


async def test_a_promotion_changes_nothing_for_a_reply_that_runs(
    place: Place, register: Register
) -> None:
    old, new = await register(), await register()
    await place.assign("global", old.id)
    running = turn()
    assert await place.answers(running) == old.id
    await place.assign("global", new.id)
    assert await place.answers(running) == old.id
    assert await place.answers(replace(running, enrolled=False)) == old.id
    assert await place.answers(turn()) == new.id


async def test_one_statement_a_reply_and_none_where_nothing_was_ever_assigned(
    place: Place, register: Register, statements: list[str]
) -> None:
    await place.answers(turn(adapters_in_use=False))
    assert statements == []
    await place.assign("global", (await register()).id)
    await place.answers()
    statements.clear()
    asked = turn()
    for _ in range(3):
        await place.answers(asked)
    assert len(statements) == 1


async def test_many_first_replies_load_an_adapter_once(place: Place, register: Register) -> None:
    made = await register()
    await place.assign("global", made.id)
    assert set(await asyncio.gather(*(place.answers(turn()) for _ in range(8)))) == {made.id}
    assert place.engine.ensured == [made.id]


async def test_an_adapter_of_another_model_is_parked_and_said_once(
    place: Place, register: Register
) -> None:
    await place.assign("global", (await register(base="c" * 64)).id)
    with structlog.testing.capture_logs() as records:
        assert [await place.answers() for _ in range(3)] == [None] * 3
    assert [record["event"] for record in records] == ["adapter_parked"]
    assert place.engine.ensured == []


async def test_one_that_does_not_load_costs_no_reply_and_one_record(
    place: Place, register: Register
) -> None:
    made = await register("mine")
    await place.assign("global", made.id)
    place.engine.broken = True
    with structlog.testing.capture_logs() as records:
        assert [await place.answers() for _ in range(3)] == [None] * 3
    assert [record["event"] for record in records] == ["adapter_not_loaded"]
    assert place.pins.loader.problems == {"mine": "other sizes"}
    place.engine.broken = False
    place.clock.advance(minutes=2)
    assert await place.answers() == made.id
    assert place.pins.loader.problems == {}


async def test_a_missing_file_costs_no_reply(
    place: Place, register: Register, blobs: BlobStore
) -> None:
    made = await register()
    blobs.path(made.blob_hash).unlink()
    await place.assign("global", made.id)
    assert await place.answers() is None


async def test_an_engine_that_is_away_decides_nothing_about_the_adapter(
    place: Place, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await register()
    await place.assign("global", made.id)

    async def away() -> Capabilities:
        raise EngineUnavailable("starting")

    with monkeypatch.context() as patch:
        patch.setattr(place.engine, "capabilities", away)
        assert await place.answers() is None
    assert await place.answers() == made.id


async def test_an_engine_that_lost_the_adapter_answers_without_it(
    place: Place, register: Register
) -> None:
    made = await register()
    await place.assign("global", made.id)
    await place.answers()
    place.engine.adapters.clear()
    lost: list[bool] = []
    request = TextRequest(messages=(Message("user", "hm"),), adapter=made.id)
    stream = place.pins.stream(request, lambda: lost.append(True))
    assert "".join([delta.text async for delta in stream]) == "by None"
    assert lost == [True]
    assert await place.answers() == made.id
    assert place.engine.ensured == [made.id, made.id]


async def test_what_nobody_uses_any_more_leaves_the_engine(
    place: Place, register: Register
) -> None:
    old, new = await register(), await register()
    await place.assign("global", old.id)
    await place.answers()
    await place.assign("global", new.id)
    await place.answers()
    assert list(place.engine.adapters) == [new.id]


async def test_a_trial_gives_each_learner_their_side(place: Place, register: Register) -> None:
    control, candidate = await register(), await register()
    await place.assign("global", control.id)
    async with place.database.write() as session:
        trial = await add_trial(
            session,
            scope="global",
            control_id=control.id,
            candidate_id=candidate.id,
            share=0.5,
            by=None,
            now=place.clock(),
        )
    sides = set()
    for number in range(12):
        learner = replace(turn().learner, id=f"L{number}")
        on_trial = gets_candidate(trial.id, 0.5, learner.id)
        expected = candidate.id if on_trial else control.id
        assert await place.answers(turn(learner=learner)) == expected
        sides.add(expected)
    assert sides == {control.id, candidate.id}
