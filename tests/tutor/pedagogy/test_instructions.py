"""What a trained adapter reads: the form that it was trained on, short, and without the key."""

from dataclasses import replace

import pytest

from tutor.bank.item import AnswerKey, AnswerType
from tutor.language import Language
from tutor.moves import Move
from tutor.pedagogy.brief import Brief
from tutor.pedagogy.instructions import TRAINED, Style, instructions
from tutor.pedagogy.phrasing import PHRASABLE

BRIEF = Brief(
    Move.HINT,
    Language.ENGLISH,
    "💡 Hint: Subtract 5 from both sides.",
    "Solve\n3x + 5 = 20.",
    "x = 8",
    ("Look at the 5.", "Subtract 5 from both sides."),
    AnswerKey(AnswerType.NUMBER, ("98765",)),
)


def read(brief: Brief) -> str:
    system, user = instructions(brief, style=Style.TUTORING_1)
    assert system.content == TRAINED
    return user.content


def test_trained_form_names_problem_attempt_hint_and_task() -> None:
    assert read(BRIEF) == (
        "Problem: Solve 3x + 5 = 20.\nAttempt: x = 8\nHint: Subtract 5 from both sides.\nTask: hint"
    )


def test_lines_that_say_nothing_are_left_out() -> None:
    bare = read(replace(BRIEF, move=Move.DIAGNOSE, attempt="", facts=()))
    assert bare == "Problem: Solve 3x + 5 = 20.\nTask: start"


def test_long_problem_keeps_its_beginning_and_its_question() -> None:
    long = read(replace(BRIEF, problem=f"Tom has apples. {'He eats one. ' * 90}How many are left?"))
    assert "Tom has apples." in long and "How many are left?" in long
    assert len(long) < 600


@pytest.mark.parametrize("style", Style)
@pytest.mark.parametrize("move", sorted(PHRASABLE))
def test_no_instructions_carry_the_key(style: Style, move: Move) -> None:
    for message in instructions(replace(BRIEF, move=move), style=style):
        assert "98765" not in message.content
