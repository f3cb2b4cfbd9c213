"""Adapters in whole replies: chat answers with one, hints are worded by one, and turns say so."""

from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.services import Services
from storage.assignments import assign
from storage.database import Database
from tests.doubles.assembled import assembled
from tests.doubles.clock import Clock
from tests.doubles.turns import turn
from tests.tutor.adapters.conftest import Register
from tests.tutor.adapters.test_pinned import Engine
from tutor.adapters.fitness import KIND
from tutor.engine.contract import Message, Sampling
from tutor.engine.profiles import UNKNOWN, ModelProfile, Quality
from tutor.language import Language
from tutor.messages import ReplyPart, Text
from tutor.moves import Move
from tutor.pedagogy.brief import Brief
from tutor.pedagogy.phrasing import Phraser
from tutor.safety.protection import Protection
from tutor.speaking import Speaker

BRIEF = Brief(
    move=Move.HINT,
    language=Language.ENGLISH,
    template="Divide first.",
    problem="What is 3/4 of 20?",
)


@pytest.fixture
async def services(database: Database, clock: Clock, tmp_path: Path) -> AsyncIterator[Services]:
    made = assembled(database, Engine(), clock, tmp_path)
    yield made
    await made.close()


async def put(database: Database, artifact_id: str, clock: Clock) -> None:
    async with database.write() as session:
        await assign(
            session,
            scope="global",
            kind=KIND,
            artifact_id=artifact_id,
            by=None,
            reason="promote",
            now=clock(),
        )


async def worded(services: Services, profile: ModelProfile) -> tuple[str, set[str | None]]:
    phraser = Phraser(services.engine, profile, pins=services.pins).for_turn(turn())
    pieces = [piece async for piece in phraser.phrase(BRIEF)]
    return "".join(piece.text for piece in pieces), {piece.adapter for piece in pieces}


async def test_a_hint_is_worded_by_an_adapter_that_is_fit_for_it(
    services: Services, database: Database, clock: Clock, register: Register
) -> None:
    small = replace(UNKNOWN, quality=Quality.PHRASING)
    engine = services.engine
    assert isinstance(engine, Engine)
    engine.default = lambda request: "What could you divide by?"
    assert await worded(services, small) == ("Divide first.", {None})
    unfit = await register(phrases=[])
    await put(database, unfit.id, clock)
    assert await worded(services, small) == ("Divide first.", {None})
    fit = await register(phrases=["hint"], prompt="tutoring-1")
    await put(database, fit.id, clock)
    text, adapters = await worded(services, small)
    assert text == "Divide first.\n\nWhat could you divide by?"
    assert adapters == {None, fit.id}
    assert engine.requests[-1].adapter == fit.id
    assert engine.requests[-1].messages[-1].content.endswith("Task: hint")


def spoken(services: Services, move: Move) -> AsyncGenerator[ReplyPart, None]:
    speaker = Speaker(services.engine, services.database, services.now, services.pins)
    asked = turn(protection=Protection(keeps_words=False))
    return speaker.generate(asked, [Message("user", "Why is it so?")], Sampling(), move)


async def test_tutoring_is_answered_with_the_adapter_and_translating_without(
    services: Services, database: Database, clock: Clock, register: Register
) -> None:
    made = await register()
    await put(database, made.id, clock)
    engine = services.engine
    assert isinstance(engine, Engine)
    used = {}
    for move in (Move.ANSWER, Move.CONTINUE, Move.TRANSLATE, Move.WRITE, Move.REWRITE):
        said = [part.text async for part in spoken(services, move) if isinstance(part, Text)]
        used[move] = engine.requests[-1].adapter
        assert "".join(said) == f"by {used[move]}"
    assert used == {
        Move.ANSWER: made.id,
        Move.CONTINUE: made.id,
        Move.TRANSLATE: None,
        Move.WRITE: None,
        Move.REWRITE: None,
    }


async def test_a_card_widens_or_narrows_what_an_adapter_answers(
    services: Services, database: Database, clock: Clock, register: Register
) -> None:
    made = await register(answers=False, also=["write"])
    await put(database, made.id, clock)
    engine = services.engine
    assert isinstance(engine, Engine)
    for move, expected in ((Move.ANSWER, None), (Move.WRITE, made.id)):
        async for _ in spoken(services, move):
            pass
        assert engine.requests[-1].adapter == expected
