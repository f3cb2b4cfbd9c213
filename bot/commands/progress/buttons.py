"""What to do next, in one press: review, practise what is weak, see pictures, set a goal. Pure."""

from typing import Any

from tutor.i18n import say
from tutor.language import Language
from tutor.learner.facts import Facts
from tutor.messages import Button, Style
from tutor.pedagogy.controls import START
from tutor.pedagogy.plan import PracticeKind

AGAIN = "command_again"
GOAL_ADD, GOAL_SET, GOAL_DROP = "goal_add", "goal_set", "goal_drop"


def next_buttons(facts: Facts, language: Language) -> list[Button]:
    """What the facts suggest, the most useful first."""
    buttons = []
    if facts.due:
        label = say(language, "Review now")
        buttons.append(
            Button(START, label, {"kind": PracticeKind.REVIEW.value}, Style.PRIMARY, "🗂️")
        )
    weak = facts.weakest or (facts.weakness.skill if facts.weakness else None)
    if weak is not None:
        practice: dict[str, Any] = {"kind": PracticeKind.PRACTICE.value}
        practice |= {"course_id": weak.course_id, "skill_ids": [weak.skill_id]}
        buttons.append(Button(START, say(language, "Practise weakest skill"), practice, emoji="🎯"))
    return [*buttons, picture_button(language), goal_button(language)]


def picture_button(language: Language) -> Button:
    again = {"command": "progress", "arguments": {"picture": "yes"}}
    return Button(AGAIN, say(language, "Show picture"), again, emoji="📊")


def goal_button(language: Language) -> Button:
    """Opens the form for a new goal."""
    return Button(GOAL_ADD, say(language, "Set a goal"), emoji="🏁")
