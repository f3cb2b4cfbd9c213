"""A picture beside a question: for young learners, seldom, and never one that tells the answer."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from storage.learners import Learner
from storage.practices import Practice
from tests.doubles import turns
from tests.doubles.fake_artist import FakeArtist
from tests.doubles.picture_atlas import an_atlas
from tutor.bank.item import AnswerKey, AnswerType, Item, Step, StoredItem
from tutor.images.illustrating import PAUSE, Illustrating, subject_of
from tutor.language import Language
from tutor.messages import Picture, Text
from tutor.pedagogy.dialogue import Policy
from tutor.pedagogy.plan import Plan, PracticeKind
from tutor.pedagogy.running import FRESH, Running
from tutor.safety.protection import Protection
from tutor.turn import Turn

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ATLAS = an_atlas()
STEM = "An elephant eats 150 kg a day. How much does it eat in 3 days?"


def item(stem: str = STEM, *answers: str, **more: Any) -> Item:
    key = AnswerKey(AnswerType.TEXT, answers or ("450",), more.pop("choices", ()))
    return Item("k", stem, (Step("1", "", key),), more.pop("language", "en"), source="x")


def running(asked: Item) -> Running:
    stored = StoredItem("i", 1, "c", None, asked, ((),))
    plan = Plan(PracticeKind.LESSON).with_item("i", 1, NOON)
    practice = Practice(
        *("p", "L1", "V1", "c", None, "lesson", "en", "i"), {}, {}, 1, NOON, NOON, None
    )
    return Running(practice, plan, FRESH, stored)


def young(**more: Any) -> Turn:
    return turns.turn(protection=Protection(minor=True), **more)


@pytest.fixture
def clock() -> list[datetime]:
    return [NOON]


@pytest.fixture
def illustrating(clock: list[datetime]) -> Illustrating:
    return Illustrating(FakeArtist(), ATLAS, lambda: clock[0])


async def test_young_learner_sees_what_a_problem_is_about(illustrating: Illustrating) -> None:
    text, picture = await illustrating(young(), running(item()))
    assert isinstance(text, Text) and "neural network" in text.text
    assert isinstance(picture, Picture) and "elephant" in picture.alt


async def test_at_most_one_in_ten_minutes(
    illustrating: Illustrating, clock: list[datetime]
) -> None:
    assert await illustrating(young(), running(item()))
    clock[0] += PAUSE - timedelta(seconds=1)
    assert not await illustrating(young(), running(item()))
    clock[0] += timedelta(seconds=1)
    assert await illustrating(young(), running(item()))


async def test_nobody_else_and_nobody_who_switched_it_off_sees_one(
    illustrating: Illustrating,
) -> None:
    off = Learner("L1", "Ann", None, "active", NOON, settings={"pictures": False})
    for turn in (turns.turn(), young(policy=Policy.EXAM), young(learner=off)):
        assert not await illustrating(turn, running(item()))


async def test_artist_that_is_away_leaves_the_question_alone(illustrating: Illustrating) -> None:
    illustrating._artist.broken = True  # type: ignore[attr-defined]  # the fake
    assert await illustrating(young(), running(item())) == ()


@pytest.mark.parametrize(
    ("stem", "thing"),
    [
        (STEM, "elephant"),
        ("Three elephants drink.", "elephant"),
        ("The red apple falls for 2 s.", "red-apple"),
        ("A dog chases a cat.", None),  # two things
        ("Dogma has how many letters?", None),  # a part of another word
        ("Solve 2x = 6.", None),
    ],
)
def test_exactly_one_offered_thing_is_the_subject(stem: str, thing: str | None) -> None:
    asked = item(stem)
    found = subject_of(asked, asked.steps[0], ATLAS)
    assert (found.id if found else None) == thing


def test_subject_is_found_in_chinese() -> None:
    asked = item("一头大象每天吃150千克。", language=Language.CHINESE.value)
    found = subject_of(asked, asked.steps[0], ATLAS)
    assert found is not None and found.id == "elephant"


@pytest.mark.parametrize("answers", [("elephant",), ("大象",), ("African elephant",)])
def test_thing_that_is_asked_for_is_not_shown(answers: tuple[str, ...]) -> None:
    asked = item("Which animal is it? The elephant or another one?", *answers)
    assert subject_of(asked, asked.steps[0], ATLAS) is None


def test_thing_among_the_choices_is_not_shown() -> None:
    asked = item(STEM, "a dog")
    step = replace(asked.steps[0], answer=AnswerKey(AnswerType.CHOICE, ("a",), ("elephant", "a")))
    assert subject_of(asked, step, ATLAS) is None
