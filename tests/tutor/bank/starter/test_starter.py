"""The course that ships: sound, in both languages, and gradable by the grader it is used with."""

from collections import Counter

import pytest

from tutor.bank.generators import GENERATORS
from tutor.bank.generators.soundness import gives_away
from tutor.bank.item import AnswerKey, AnswerType, HintKind, Item
from tutor.bank.prerequisites import check_prerequisites
from tutor.bank.rules import complaints
from tutor.bank.saving import check_keys
from tutor.bank.starter import starter_course
from tutor.grading.equivalence import says_key
from tutor.grading.grader import grade_quickly
from tutor.grading.verdict import Outcome
from tutor.language import Language

COURSE = starter_course()
ITEMS = {item.key: item for item in COURSE.items}


def outcome(key: AnswerKey, answer: str, item: Item) -> Outcome | None:
    found = grade_quickly(key, answer, Language(item.language))
    return found.outcome if found else None


def test_course_is_large_enough_and_whole() -> None:
    check_keys(COURSE)
    check_prerequisites(COURSE.skills)
    assert len(COURSE.skills) >= 20
    assert len({item.family for item in COURSE.items}) >= 130
    assert COURSE.visibility == "everyone"


def test_every_family_has_a_twin_in_each_language() -> None:
    languages = Counter((item.family, item.language) for item in COURSE.items)
    assert set(languages.values()) == {1}
    assert len(languages) == 2 * len({item.family for item in COURSE.items})


def test_every_skill_has_items_a_lesson_and_an_existing_generator() -> None:
    taught = [skill for lesson in COURSE.lessons for skill in lesson.skills]
    assert sorted(taught) == sorted(skill.key for skill in COURSE.skills)
    practised = Counter(skill for item in COURSE.items for skill in item.steps[0].skills)
    assert all(practised[skill.key] >= 8 for skill in COURSE.skills)
    assert {skill.generator for skill in COURSE.skills} - {""} <= set(GENERATORS)


def test_all_kinds_of_answers_and_several_steps_are_there() -> None:
    steps = [step for item in COURSE.items for step in item.steps]
    kinds = {step.answer.type for step in steps}
    assert kinds == set(AnswerType) - {AnswerType.OPEN}
    assert any(step.answer.unit for step in steps)
    assert sum(len(item.steps) > 1 for item in COURSE.items) >= 10


@pytest.mark.parametrize("key", ITEMS)
def test_item_is_sound_and_graded_as_its_key_says(key: str) -> None:
    item = ITEMS[key]
    assert complaints(item) == ()
    for step in item.steps:
        assert 2 <= len(step.hints) <= 4
        assert step.hints[-1].kind is HintKind.BOTTOM_OUT
        keys = [step.answer, *(hint.key for hint in step.hints if hint.key)]
        for one in keys:
            if one.type is AnswerType.CHOICES:
                assert outcome(one, ", ".join(one.answers), item) is Outcome.RIGHT
                continue
            assert {outcome(one, answer, item) for answer in one.answers} == {Outcome.RIGHT}
            wrong = set(one.choices) - set(one.answers)
            assert {outcome(one, choice, item) for choice in wrong} <= {Outcome.WRONG}


@pytest.mark.parametrize("key", ITEMS)
def test_hints_keep_the_key_until_the_last_one_tells_it(key: str) -> None:
    for step in ITEMS[key].steps:
        *early, last = step.hints
        for hint in early:
            assert not gives_away(step.answer, hint.text), hint.text
            assert not says_key(step.answer, hint.text), hint.text
        assert gives_away(step.answer, last.text), last.text
