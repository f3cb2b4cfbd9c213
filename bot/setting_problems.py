"""What is wrong with settings, in sentences: a list of problems and the one error that holds all.

Knows no particular setting but those that need a companion.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pydantic import ValidationError

from tutor.i18n import mark, say
from tutor.language import Language, from_locale

_STANDARD = {
    "int_parsing": mark("must be a whole number."),
    "bool_parsing": mark("must be 1 or 0."),
    "literal_error": mark("must be one of {expected}."),
    "less_than_equal": mark("must be at most {le}."),
    "greater_than_equal": mark("must be at least {ge}."),
}
_OTHER = mark("has a value that can't be used.")
_MISSING = mark("is missing: {other} is set, and needs it.")


class Wrong(ValueError):
    """A value that does not fit: a sentence of the catalogue and its fields."""

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.values = values


@dataclass(frozen=True, slots=True)
class Problem:
    variable: str
    sentence: str
    values: Mapping[str, object] = field(default_factory=dict)

    def say(self, language: Language) -> str:
        return f"{self.variable} {say(language, self.sentence, **self.values)}"


class InvalidSettings(Exception):
    """Settings that are wrong or missing, all of them."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(problem.say(Language.ENGLISH) for problem in problems))
        self.problems = problems

    def say(self, language: Language) -> str:
        """Every problem on a line of its own, and where settings are written."""
        head = say(language, "Some settings are not right:")
        where = say(
            language,
            "Write them in the file .env of this folder ({folder}) as NAME=value, or set them in "
            "the environment. README.md explains each one.",
            folder=os.getcwd(),  # noqa: PTH109 - a text
        )
        lines = [f"  - {problem.say(language)}" for problem in self.problems]
        return "\n".join([head, *lines, where])


def problems_of(error: ValidationError, name_of: Callable[[str], str]) -> list[Problem]:
    """One problem for each variable that pydantic found wrong."""
    problems = []
    for detail in error.errors(include_input=False):
        variable = name_of(str(detail["loc"][0]))
        context = detail.get("ctx", {})
        cause = context.get("error")
        if isinstance(cause, Wrong):
            problems.append(Problem(variable, cause.sentence, cause.values))
        else:
            problems.append(Problem(variable, _STANDARD.get(detail["type"], _OTHER), context))
    return problems


def missing_companions(raw: Mapping[str, str]) -> list[Problem]:
    """Settings that another one needs and that are not there."""
    pairs = [
        ("SLACK_APP_TOKEN", ("SLACK_BOT_TOKEN",)),
        ("SLACK_CLIENT_ID", ("SLACK_CLIENT_SECRET",)),
        ("SLACK_CLIENT_SECRET", ("SLACK_CLIENT_ID",)),
        ("SLACK_CLIENT_ID", ("SLACK_SIGNING_SECRET",)),
        ("SLACK_BOT_TOKEN", ("SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET")),
        ("DAOSHI_ENGINE_API_KEY", ("DAOSHI_ENGINE_URL",)),
    ]
    return [
        Problem(" / ".join(needed), _MISSING, {"other": given})
        for given, needed in pairs
        if raw.get(given) and not any(raw.get(name) for name in needed)
    ]


def operator_language(environment: Mapping[str, str]) -> Language:
    """The language of whoever runs a command, by LC_ALL, LC_MESSAGES or LANG."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(name):
            return from_locale(environment[name]) or Language.ENGLISH
    return Language.ENGLISH
