"""What is wrong with the form of an item is named."""

from dataclasses import replace
from typing import Any

import pytest

from tutor.bank.generators import generate
from tutor.bank.item import AnswerType, Item
from tutor.bank.rules import complaints
from tutor.language import Language

SOUND = generate("order-of-operations", 1, Language.ENGLISH)


def changed(**values: Any) -> Item:
    step = SOUND.steps[0]
    return replace(SOUND, steps=(replace(step, answer=replace(step.answer, **values)),))


def test_a_sound_item_has_no_complaints() -> None:
    assert complaints(SOUND) == ()


@pytest.mark.parametrize(
    "item, word",
    [
        (replace(SOUND, stem=""), "no stem"),
        (replace(SOUND, licence=""), "no licence"),
        (replace(SOUND, language="xx"), "unknown language"),
        (replace(SOUND, title=3), "type"),
        (changed(answers=()), "no answer"),
        (changed(answers=("99999",)), "no choice"),
        (changed(answers=SOUND.steps[0].answer.choices[:2]), "exactly one"),
        (changed(choices=()), "do not go with"),
        (changed(choices=("0.5", "1/2", *SOUND.steps[0].answer.answers)), "equal value"),
        (changed(type=AnswerType.NUMBER), "do not go with"),
        (
            replace(SOUND, steps=(replace(SOUND.steps[0], hints=SOUND.steps[0].hints[::-1]),)),
            "hint",
        ),
    ],
)
def test_what_is_wrong_is_named(item: Item, word: str) -> None:
    assert word in " ".join(complaints(item))
