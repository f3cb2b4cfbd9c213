"""Generated problems: right keys, silent hints, distinct choices, the same again by seed."""

import re
from dataclasses import replace

import pytest

from tutor.bank.generators import GENERATORS, generate, recompute
from tutor.bank.generators.soundness import gives_away
from tutor.bank.item import AnswerType, HintKind, Item, Origin
from tutor.bank.problem import value_of
from tutor.bank.rules import complaints
from tutor.grading.grader import grade_quickly
from tutor.grading.verdict import Outcome
from tutor.language import Language

SEEDS = range(3)
ENGLISH, CHINESE = Language.ENGLISH, Language.CHINESE


def with_answer(item: Item, answer: str) -> Item:
    step = item.steps[0]
    key = replace(step.answer, answers=(answer,))
    return replace(item, steps=(replace(step, answer=key),))


@pytest.mark.parametrize("name", GENERATORS)
def test_every_key_is_found_again_by_another_way(name: str) -> None:
    assert all(recompute(generate(name, seed, ENGLISH)) for seed in SEEDS)


@pytest.mark.parametrize("name", GENERATORS)
def test_wrong_choices_and_changed_numbers_are_refused(name: str) -> None:
    for seed in SEEDS:
        item = generate(name, seed, ENGLISH)
        key = item.steps[0].answer
        wrong = [choice for choice in key.choices if choice not in key.answers]
        if key.type is AnswerType.NUMBER:
            wrong = [str(value_of(key.answers[0]) + 1)]  # type: ignore[operator]
        assert not any(recompute(with_answer(item, one)) for one in wrong)


@pytest.mark.parametrize("name", GENERATORS)
def test_hints_keep_the_key_until_the_last_one_tells_it(name: str) -> None:
    for seed in SEEDS:
        for language in Language:
            step = generate(name, seed, language).steps[0]
            hint, scaffold, last = step.hints
            kinds = (HintKind.HINT, HintKind.SCAFFOLD, HintKind.BOTTOM_OUT)
            assert tuple(one.kind for one in step.hints) == kinds
            assert not gives_away(step.answer, hint.text), (seed, hint.text)
            assert not gives_away(step.answer, scaffold.text), (seed, scaffold.text)
            assert scaffold.key is not None and scaffold.key.answers[0] not in step.answer.answers
            assert gives_away(step.answer, last.text), (seed, last.text)


@pytest.mark.parametrize("name", GENERATORS)
def test_items_are_well_formed_in_both_languages(name: str) -> None:
    for seed in SEEDS:
        for language in Language:
            item = generate(name, seed, language)
            assert complaints(item) == ()
            assert item.origin is Origin.GENERATOR and item.licence
            assert "{" not in item.title + item.stem.replace("```", "")


@pytest.mark.parametrize("name", GENERATORS)
def test_twins_ask_the_same_in_both_languages(name: str) -> None:
    for seed in SEEDS:
        english, chinese = (generate(name, seed, language) for language in Language)
        assert english.family == chinese.family
        assert english.steps[0].answer == chinese.steps[0].answer
        numbers = [sorted(re.findall(r"\d+", item.stem)) for item in (english, chinese)]
        assert numbers[0] == numbers[1]
        assert re.search("[\u4e00-\u9fff]", chinese.stem)
        if not name.startswith("words-"):
            assert not re.search("[\u4e00-\u9fff]", english.stem)


def test_the_same_seed_is_the_same_problem_and_others_differ() -> None:
    items = [generate("linear-equation", seed, ENGLISH) for seed in range(30)]
    assert items == [generate("linear-equation", seed, ENGLISH) for seed in range(30)]
    assert len({item.stem for item in items}) > 25


def test_an_amount_that_is_given_back_unconverted_is_no_conversion() -> None:
    for name in (name for name in GENERATORS if name.endswith("-units")):
        item = generate(name, 1, ENGLISH)
        given = re.findall(r"Convert (.*) to", item.stem)[0]
        found = grade_quickly(item.steps[0].answer, given, ENGLISH)
        assert found is not None and found.outcome is Outcome.WRONG


def test_items_practise_the_skills_that_are_asked_for() -> None:
    item = generate("mean", 1, CHINESE, skills=("statistics",))
    assert item.steps[0].skills == ("statistics",)


def test_there_are_generators_for_all_that_is_taught() -> None:
    assert len(GENERATORS) >= 40
    kinds = {generate(name, 0, ENGLISH).steps[0].answer.type for name in GENERATORS}
    assert kinds >= {AnswerType.NUMBER, AnswerType.CHOICE, AnswerType.EXPRESSION, AnswerType.TEXT}
