"""Tutoring dialogues out of an item bank: problem, attempt, hint, and what the tutor says.

In the very prompt that lessons send, with the brief beside it, so that a draft can be held against
the key. Nobody's chats are in them. Every turn passes the same check as a model's words.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from random import Random

from training.datasets.building.moments import moments
from training.datasets.building.tutor_turns import turn_for
from training.datasets.building.wrong_answers import right_answer, wrong_answers
from training.datasets.example import ChatMessage, Example, ExampleKind
from tutor.bank.item import AnswerType, Item, ItemState
from tutor.language import Language
from tutor.moves import Move
from tutor.pedagogy.brief import Brief, brief_to_json
from tutor.pedagogy.instructions import Style, instructions

ASKED_FOR_HELP = 0.3  # of the lessons have no attempt
STEPS_OF_ITEM = 2
EACH_STEP = 3
WEIGHTS = {Move.HINT: 0.6, Move.WORKED_STEP: 0.8, Move.DIAGNOSE: 1.0, Move.REFLECT: 0.8}


def dialogues(
    item: Item,
    rng: Random,
    *,
    source: str,
    style: Style = Style.TUTORING_1,
    by_lesson: bool = False,
) -> list[Example]:
    """Some examples of an item, in random order; none of one that a lesson would not ask.

    Their group is the item's family, or its lesson where lessons share their hints (`by_lesson`).
    """
    if item.state is not ItemState.VERIFIED or item.language not in set(Language):
        return []
    indexes = list(range(len(item.steps)))
    rng.shuffle(indexes)
    group = (item.lesson if by_lesson else "") or item.family or item.key
    made = [
        _example(item, brief, turn, source=source, group=group, style=style)
        for index in indexes[:STEPS_OF_ITEM]
        for brief, turn in _turns(item, index, rng)
    ]
    rng.shuffle(made)
    return made


def distinct(examples: Iterable[Example]) -> Iterator[Example]:
    """Without turns that were said before, and without a second one about the same hint."""
    seen: set[object] = set()
    for example in examples:
        brief = example.brief or {}
        facts = tuple(brief.get("facts", ()))[-1:]
        about = (brief.get("move"), facts or brief.get("problem"))
        if about not in seen and example.messages[-1].content not in seen:
            seen |= {about, example.messages[-1].content}
            yield example


def _turns(item: Item, index: int, rng: Random) -> Iterator[tuple[Brief, str]]:
    """Moments of one step with a turn each; the rarer moves by chance."""
    step = item.steps[index]
    if step.answer.type is AnswerType.OPEN:
        return
    language = Language(item.language)
    wrong = wrong_answers(step.answer, item.question(index), language, rng)
    wrong = [] if rng.random() < ASKED_FOR_HELP else wrong[:2]
    right = right_answer(step.answer)
    briefs = moments(item, index, [answer.typed for answer in wrong], right)
    bare = {answer.typed: answer.bare for answer in wrong} | {right: right}
    chosen = [brief for brief in briefs if rng.random() < WEIGHTS[brief.move]]
    for brief in rng.sample(chosen, min(EACH_STEP, len(chosen))):
        if turn := turn_for(brief, bare.get(brief.attempt, ""), rng):
            yield brief, turn


def _example(
    item: Item, brief: Brief, turn: str, *, source: str, group: str, style: Style
) -> Example:
    asked = instructions(replace(brief, secret=None), style=style)
    messages = [ChatMessage(one.role, one.content) for one in asked]
    return Example(
        kind=ExampleKind.DIALOGUE,
        group=group,
        source=source,
        licence=item.licence,
        messages=(*messages, ChatMessage("assistant", turn)),
        brief=brief_to_json(brief),
    )
