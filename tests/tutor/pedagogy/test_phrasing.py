"""Who words a move: the model where it can and may, else the template; never less than it."""

import asyncio
from dataclasses import replace

import pytest

from tests.doubles.fake_engine import Answer, FakeEngine
from tutor.bank.item import AnswerKey, AnswerType
from tutor.engine.contract import EngineBusy, EngineUnavailable
from tutor.engine.profiles import EMBEDDED, ModelProfile, Quality
from tutor.language import Language
from tutor.moves import Move
from tutor.pedagogy.brief import Brief
from tutor.pedagogy.phrasing import Patience, Phrased, Phraser, Why
from tutor.pedagogy.release import Reason

LARGE = ModelProfile("large", frozenset({"en"}), 8192, Quality.GOOD)
HINT = "Subtract 5 from both sides."
BRIEF = Brief(
    Move.HINT,
    Language.ENGLISH,
    f"💡 Hint: {HINT}",
    "Solve 3x + 5 = 20.",
    "x = 8",
    (HINT,),
    AnswerKey(AnswerType.NUMBER, ("5",)),
    ("x = 8",),
)
GOOD = "You wrote x = 8. What happens if you subtract 5 from both sides?"


class Listener:
    """Collects what a phraser says and how it came about."""

    def __init__(self, *answers: Answer, profile: ModelProfile = LARGE, **options: object) -> None:
        self.engine = FakeEngine(*answers, **options)  # type: ignore[arg-type]
        self.observed: list[Phrased] = []
        self.phraser = Phraser(
            self.engine, profile, observe=self.observed.append, patience=Patience(0.2, 1.0)
        )

    async def hears(self, brief: Brief = BRIEF) -> str:
        return "".join([piece.text async for piece in self.phraser.phrase(brief)])


async def test_large_model_words_the_hint_itself() -> None:
    listener = Listener(GOOD)
    assert await listener.hears() == GOOD
    assert listener.observed == [Phrased(Move.HINT, model=True)]


async def test_words_that_lack_the_hint_are_followed_by_the_template() -> None:
    listener = Listener("Keep going, this will work out.")
    assert (await listener.hears()).endswith(BRIEF.template)
    assert listener.observed[0].why is Why.LACKING


async def test_refused_first_sentence_leaves_the_template_whole() -> None:
    listener = Listener("So x = 5. Then you are done.")
    assert await listener.hears() == BRIEF.template
    assert listener.observed == [Phrased(Move.HINT, False, Why.REFUSED, Reason.KEY)]


async def test_first_refusal_ends_the_generation() -> None:
    listener = Listener("Look at your x = 8 first. So x = 5. More and more words follow here.")
    heard = await listener.hears()
    assert heard.startswith("Look at your x = 8 first.") and heard.endswith(BRIEF.template)
    assert "x = 5" not in heard
    assert len(listener.engine.cancelled) == 1


async def test_late_model_is_cancelled_and_the_template_stands() -> None:
    listener = Listener(GOOD, delay_seconds=30.0)
    assert await listener.hears() == BRIEF.template
    assert listener.observed[0].why is Why.LATE
    assert len(listener.engine.cancelled) == 1


async def test_model_that_stops_midway_is_not_waited_for() -> None:
    listener = Listener(GOOD, gate=asyncio.Event())
    assert await listener.hears() == BRIEF.template
    assert listener.observed[0].why is Why.LATE
    assert len(listener.engine.cancelled) == 1


@pytest.mark.parametrize(
    ("error", "why"),
    [(EngineBusy("full"), Why.BUSY), (EngineUnavailable("gone"), Why.UNAVAILABLE)],
)
async def test_model_that_is_not_there_leaves_the_template(error: Exception, why: Why) -> None:
    listener = Listener(error)
    assert await listener.hears() == BRIEF.template
    assert listener.observed[0].why is why


async def test_without_an_engine_the_template_stands() -> None:
    observed: list[Phrased] = []
    phraser = Phraser(None, LARGE, observe=observed.append)
    assert [piece.text async for piece in phraser.phrase(BRIEF)] == [BRIEF.template]
    assert observed[0].why is Why.OFF


@pytest.mark.parametrize("move", [Move.CONFIRM, Move.CORRECT, Move.ASK, Move.REVEAL, Move.DECLINE])
async def test_verdicts_and_questions_are_never_the_models(move: Move) -> None:
    listener = Listener(GOOD)
    assert await listener.hears(replace(BRIEF, move=move)) == BRIEF.template
    assert listener.engine.requests == []


async def test_language_that_the_model_does_not_know_is_not_asked_of_it() -> None:
    listener = Listener(GOOD)
    await listener.hears(replace(BRIEF, language=Language.CHINESE))
    assert listener.engine.requests == []
    assert listener.observed[0].why is Why.LANGUAGE


async def test_embedded_model_is_asked_for_nothing() -> None:
    listener = Listener(GOOD, profile=EMBEDDED)
    assert await listener.hears() == BRIEF.template
    assert listener.engine.requests == []


async def test_small_model_only_adds_to_what_stands_already() -> None:
    listener = Listener(
        "Which side would you start with? And then?",
        profile=replace(LARGE, quality=Quality.BASIC),
    )
    assert await listener.hears() == f"{BRIEF.template}\n\nWhich side would you start with?"


async def test_key_is_in_no_prompt() -> None:
    listener = Listener(GOOD)
    secret = AnswerKey(AnswerType.TEXT, ("zebra",))
    await listener.hears(replace(BRIEF, secret=secret))
    (request,) = listener.engine.requests
    assert all("zebra" not in message.content for message in request.messages)


async def test_sentence_that_was_cut_is_not_shown() -> None:
    endless = "You could subtract 5 from both sides. And " + "so on " * 400
    heard = await Listener(endless).hears()
    assert heard.rstrip() == "You could subtract 5 from both sides."


async def test_decimal_point_ends_no_sentence() -> None:
    brief = replace(BRIEF, problem="Solve 3.5x + 5 = 20.", facts=("Look at 3.5 first.",))
    pieces = [
        piece.text async for piece in Listener("Look at 3.5 first. What now?").phraser.phrase(brief)
    ]
    assert [text.strip() for text in pieces] == ["Look at 3.5 first.", "What now?"]


async def test_whoever_stops_listening_cancels_the_model() -> None:
    listener = Listener(GOOD, gate=asyncio.Event())
    listening = listener.phraser.phrase(BRIEF)
    task = asyncio.ensure_future(anext(listening))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await listening.aclose()
    assert len(listener.engine.cancelled) == 1
