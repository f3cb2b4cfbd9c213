"""The forms that a press opens. Built from the stored choice, so that they survive a restart."""

from collections.abc import Callable, Mapping
from typing import Any

from tutor.i18n import mark, say
from tutor.language import Language
from tutor.messages import Form, FormField
from tutor.pedagogy import controls
from tutor.safety.protection import AgeBand, Basis

TEXT_CHARACTERS = 4000  # what Discord's modal takes
NOTE_CHARACTERS = 1000
NAME_CHARACTERS = 80
MOST_FIELDS = 5  # of a form on Discord

REPORT_REASONS = (
    ("wrong", mark("It is wrong")),
    ("unsafe", mark("It is unsafe or hurtful")),
    ("other", mark("Something else")),
)

AGE_BANDS = (
    (AgeBand.UNDER_13.value, mark("Under 13")),
    (AgeBand.TEENS.value, mark("13 to 17")),
    (AgeBand.ADULTS.value, mark("Adults")),
)
LEGAL_BASES = (
    (Basis.SCHOOL.value, mark("The school, by law or contract")),
    (Basis.PARENTS.value, mark("Consent of each learner's parents")),
    ("adults", mark("They agree themselves (adults)")),
)

Payload = Mapping[str, Any]
"""What a stored choice carries for its action."""


def form_for(action: str, payload: Payload, language: Language) -> Form | None:
    """The form that a press of this action opens; None if it acts at once."""
    build = _FORMS.get(action)
    return build(payload, language) if build else None


def labelled(
    language: Language, values: tuple[tuple[str, str], ...]
) -> tuple[tuple[str, str], ...]:
    """Values with their labels in the language of the reader."""
    return tuple((value, say(language, label)) for value, label in values)


def _report(payload: Payload, language: Language) -> Form:
    return Form(
        title=say(language, "Report this reply"),
        fields=(
            FormField(
                "reason",
                say(language, "What is wrong with it?"),
                value="wrong",
                options=labelled(language, REPORT_REASONS),
            ),
            FormField(
                "note",
                say(language, "Anything a moderator should know"),
                multiline=True,
                required=False,
                max_length=NOTE_CHARACTERS,
            ),
        ),
        submit=say(language, "Send"),
    )


def _answer(payload: Payload, language: Language) -> Form:
    field = FormField(
        "text", say(language, "Your answer"), multiline=True, max_length=TEXT_CHARACTERS
    )
    return Form(say(language, "Answer Daoshi"), (field,), say(language, "Send"))


def _correct_reading(payload: Payload, language: Language) -> Form:
    field = FormField(
        "text",
        say(language, "What the picture says"),
        value=str(payload.get("text", ""))[:TEXT_CHARACTERS],
        multiline=True,
        max_length=TEXT_CHARACTERS,
    )
    return Form(say(language, "Correct what I read"), (field,), say(language, "Send"))


def _name(payload: Payload, language: Language) -> Form:
    field = FormField("name", say(language, "Your name"), max_length=NAME_CHARACTERS)
    return Form(say(language, "What should I call you?"), (field,), say(language, "Save"))


def _key(payload: Payload, language: Language) -> Form:
    """The accepted answers of each step, or of the one that a payload names."""
    answers = list(enumerate(payload["answers"]))[:MOST_FIELDS]
    if "step" in payload:
        answers = [(payload["step"], payload["answers"][payload["step"]])]
    fields = tuple(
        FormField(
            f"step{step}",
            say(language, "Question {number}: answers, with | between", number=step + 1),
            value=" | ".join(accepted)[:TEXT_CHARACTERS],
            max_length=TEXT_CHARACTERS,
        )
        for step, accepted in answers
    )
    return Form(say(language, "Correct the key"), fields, say(language, "Save"))


def _reject(payload: Payload, language: Language) -> Form:
    field = FormField(
        "answer",
        say(language, "A sentence for the learner"),
        multiline=True,
        required=False,
        max_length=NOTE_CHARACTERS,
    )
    return Form(say(language, "Keep the grade"), (field,), say(language, "Send"))


def _class_record(payload: Payload, language: Language) -> Form:
    """Who answers for a class; what was recorded before is filled in."""
    return Form(
        title=say(language, "About this class"),
        fields=(
            FormField(
                "controller",
                say(language, "Who is responsible for the data"),
                value=payload["controller"],
                max_length=200,
            ),
            FormField(
                "age_band",
                say(language, "How old are the learners?"),
                value=payload["age_band"] or AGE_BANDS[0][0],
                options=labelled(language, AGE_BANDS),
            ),
            FormField(
                "basis",
                say(language, "Legal basis"),
                value=payload["basis"] or LEGAL_BASES[0][0],
                options=labelled(language, LEGAL_BASES),
            ),
            FormField(
                "country",
                say(language, "Country, two letters (for helplines)"),
                value=payload["country"],
                required=False,
                max_length=2,
            ),
            FormField(
                "contact",
                say(language, "Safeguarding contact: user id"),
                value=payload["contact"],
                required=False,
                max_length=NAME_CHARACTERS,
            ),
        ),
        submit=say(language, "Save"),
    )


def _contest(payload: Payload, language: Language) -> Form:
    field = FormField(
        "reason",
        say(language, "Why do you think your answer is right?"),
        multiline=True,
        required=False,
        max_length=NOTE_CHARACTERS,
    )
    return Form(say(language, "Ask a teacher to look at it"), (field,), say(language, "Send"))


def _goal(payload: Payload, language: Language) -> Form:
    """One of the two is enough."""
    skill = FormField(
        "skill", say(language, "A skill that you want to master"), required=False, max_length=100
    )
    weekly = FormField(
        "weekly", say(language, "Or how many answers a week"), required=False, max_length=4
    )
    return Form(say(language, "Set a goal"), (skill, weekly), say(language, "Save"))


def _times(payload: Payload, language: Language) -> Form:
    """The times of reminders as they are now."""
    labels = {
        "at": mark("When to remind you (like 18:30)"),
        "zone": mark("Your time zone (like Europe/Berlin)"),
        "quiet": mark("Never between (like 21:00-08:00)"),
    }
    fields = tuple(
        FormField(name, say(language, label), value=str(payload.get(name, "")), max_length=40)
        for name, label in labels.items()
    )
    return Form(say(language, "Reminders"), fields, say(language, "Save"))


def _checklist(payload: Payload, language: Language) -> Form:
    fields = (
        FormField(
            "title",
            say(language, "Title"),
            value=str(payload.get("title", ""))[:NAME_CHARACTERS],
            max_length=NAME_CHARACTERS,
        ),
        FormField(
            "tasks",
            say(language, "Tasks, one a line"),
            value=str(payload.get("tasks", ""))[:TEXT_CHARACTERS],
            multiline=True,
            max_length=TEXT_CHARACTERS,
        ),
    )
    return Form(say(language, "Checklist"), fields, say(language, "Save"))


def _task_question(payload: Payload, language: Language) -> Form:
    field = FormField(
        "text", say(language, "Your question"), multiline=True, max_length=NOTE_CHARACTERS
    )
    return Form(say(language, "Ask about this"), (field,), say(language, "Send"))


def _override(payload: Payload, language: Language) -> Form:
    field = FormField(
        "reason",
        say(language, "Why, in spite of its report?"),
        multiline=True,
        max_length=NOTE_CHARACTERS,
    )
    return Form(say(language, "Promote all the same"), (field,), say(language, "Promote"))


def _compare(payload: Payload, language: Language) -> Form:
    field = FormField(
        "question", say(language, "The question"), multiline=True, max_length=NOTE_CHARACTERS
    )
    return Form(say(language, "Compare answers"), (field,), say(language, "Compare"))


def _better_answer(payload: Payload, language: Language) -> Form:
    field = FormField(
        "text",
        say(language, "The answer you would have liked"),
        multiline=True,
        max_length=TEXT_CHARACTERS,
    )
    return Form(say(language, "Write a better answer"), (field,), say(language, "Save"))


_FORMS: Mapping[str, Callable[[Payload, Language], Form]] = {
    "report": _report,
    "answer": _answer,
    "ocr_correct": _correct_reading,
    "set_name": _name,
    controls.ANSWER: _answer,
    controls.CHECK: _answer,
    controls.CONTEST: _contest,
    "onboard_save": _checklist,
    "onboard_ask": _task_question,
    "item_correct": _key,
    "class_record": _class_record,
    "dispute_correct": _key,
    "dispute_reject": _reject,
    "goal_add": _goal,
    "set_times": _times,
    "adapter_override": _override,
    "adapter_compare": _compare,
    "correct": _better_answer,
}
