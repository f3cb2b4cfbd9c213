"""The buttons under a question, a verdict and a finished practice. Pure.

What a press does is `bot.commands.actions`' business; here they are named and labelled.
"""

from typing import Any

from tutor.bank.item import AnswerType
from tutor.i18n import say
from tutor.language import Language
from tutor.messages import Button, Offer, Style
from tutor.pedagogy.dialogue import Policy
from tutor.pedagogy.plan import PracticeKind
from tutor.pedagogy.running import Running
from tutor.pedagogy.scene import letter

CHOOSE, ANSWER = "lesson_choose", "lesson_answer"
HINT, REVEAL, SKIP = "lesson_hint", "lesson_reveal", "lesson_skip"
NEXT, STOP, START = "lesson_next", "lesson_stop", "lesson_start"
CONTEST, ALONE, CHECK = "contest", "lesson_alone", "lesson_check"
MOST_BUTTONS, MOST_CHOICES = 5, 25
LONGEST_CHOICE = 40
MATHEMATICS = ("$", "\\", "\n", "`")


def question_buttons(
    running: Running, language: Language, policy: Policy, *, types_freely: bool
) -> Offer:
    """Whatever can be done about the open question, or about going on after it.

    `types_freely`: a plain message in this place reaches us, so no form is needed.
    """
    if not running.asks:
        return Offer((_next(running, language), _stop(running, language)))
    buttons = _choice_buttons(running, language)
    if not types_freely and not buttons:
        label = say(language, "Answer")
        buttons.append(Button(ANSWER, label, payload(running), Style.PRIMARY, "💬"))
    if policy is not Policy.EXAM and running.plan.kind is not PracticeKind.QUIZ:
        buttons.append(Button(HINT, say(language, "Hint"), payload(running), emoji="💡"))
        shown = say(language, "Show the answer")
        buttons.append(Button(REVEAL, shown, payload(running), emoji="👀"))
    buttons.append(Button(SKIP, say(language, "Skip"), payload(running), emoji="⏭️"))
    return Offer((*buttons, _stop(running, language)))


def contest_button(attempt_id: str, language: Language) -> Button:
    """Lets a teacher look at a grade."""
    label = say(language, "I think I'm right")
    return Button(CONTEST, label, {"attempt_id": attempt_id}, emoji="🙋")


def finished_buttons(running: Running, language: Language, mistakes: tuple[str, ...]) -> Offer:
    """What to do after the end: look at the mistakes, do more of it, or learn on."""
    plan, course_id = running.plan, running.practice.course_id
    buttons = []
    if mistakes:
        again: dict[str, Any] = {"kind": PracticeKind.PRACTICE.value, "queue": list(mistakes)}
        again |= {"course_id": course_id, "length": len(mistakes)}
        label = say(language, "Go through the mistakes")
        buttons.append(Button(START, label, again, Style.PRIMARY, "🔍"))
    if course_id is not None and plan.skill_ids:
        more: dict[str, Any] = {"kind": PracticeKind.PRACTICE.value, "course_id": course_id}
        more["skill_ids"] = list(plan.skill_ids)
        buttons.append(Button(START, say(language, "Practise more"), more, emoji="🔁"))
        on = {"kind": PracticeKind.LESSON.value, "course_id": course_id}
        buttons.append(Button(START, say(language, "Go on learning"), on, emoji="📘"))
    return Offer(tuple(buttons))


def payload(running: Running, **more: Any) -> dict[str, Any]:
    """What a button of the present question carries."""
    return {"practice": running.id, "place": running.place, **more}


def _choice_buttons(running: Running, language: Language) -> list[Button]:
    key = running.step.answer
    if key.type is not AnswerType.CHOICE or running.state.scaffold is not None:
        return []
    if len(key.choices) > MOST_CHOICES:  # more than a menu holds: they are answered in words
        return []
    menu = say(language, "Choose an answer") if len(key.choices) > MOST_BUTTONS else ""
    return [
        Button(
            CHOOSE,
            choice_label(index, choice),
            payload(running, choice=index),
            Style.PRIMARY,
            closes=True,
            menu=menu,
            typed=True,
        )
        for index, choice in enumerate(key.choices)
    ]


def choice_label(index: int, choice: str) -> str:
    """The letter, with the choice itself where a button can show it."""
    plain = len(choice) <= LONGEST_CHOICE and not any(sign in choice for sign in MATHEMATICS)
    return f"{letter(index)}) {choice}" if plain else letter(index)


def _next(running: Running, language: Language) -> Button:
    label = say(language, "Next question")
    return Button(NEXT, label, payload(running), Style.PRIMARY, "▶️")


def _stop(running: Running, language: Language) -> Button:
    return Button(STOP, say(language, "Stop here"), payload(running), emoji="⏹️")
