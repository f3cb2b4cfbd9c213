"""Reads feedback back: which message each line is, and what stands in its fields.

The messages are taken from the source, so that a new one is known at once, in every language.
"""

import re
import string
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.messages.extract import extract_from_file

from tutor.i18n import say, say_count
from tutor.language import Language
from tutor.learner import feedback

KEYWORDS = {"say": (2,), "mark": (1,), "say_count": (2, 3)}
STAND_IN = 77_777_777  # for the count, which must be a number


@dataclass(frozen=True, slots=True)
class Read:
    """The English text of the message, and its fields."""

    message: str
    fields: dict[str, str]


def read_lines(text: str, language: Language) -> list[tuple[str, tuple[Read, ...]]]:
    """Every line that says something, with all messages that it can be."""
    lines = (line for line in text.splitlines() if line.strip())
    return [(line, tuple(_readings(line, language))) for line in lines]


def _readings(line: str, language: Language) -> Iterable[Read]:
    for message, pattern in _patterns(language):
        if match := pattern.fullmatch(line):
            yield Read(message, match.groupdict())


@cache
def _patterns(language: Language) -> tuple[tuple[str, re.Pattern[str]], ...]:
    found = []
    for _, message, _, _ in extract_from_file("python", Path(feedback.__file__), KEYWORDS):
        forms = message if isinstance(message, tuple) else (message,)
        for count in (1, STAND_IN) if len(forms) == 2 else (0,):
            found.append((forms[0], _pattern(forms, count, language)))
    return tuple(found)


def _pattern(forms: tuple[str, ...], count: int, language: Language) -> re.Pattern[str]:
    """The message in this language, with a group for each field."""
    names = {name for _, name, _, _ in string.Formatter().parse(forms[-1]) if name}
    kept = {name: f"<{name}>" for name in names - ({"count"} if count else set())}
    if count:
        text = say_count(language, forms[0], forms[1], count, **kept)
        text = text.replace(str(count), "<count>", 1)
    else:
        text = say(language, forms[0], **kept) if kept else say(language, forms[0])
    return re.compile(re.sub(r"<(\w+)>", r"(?P<\1>.+?)", re.escape(text)))
