"""Reads the files that people send: text, code, tables, PDF, Word, and writing in pictures.

A file from a stranger is parsed in a fresh process that can be killed, has bounded memory and
time, and inherits no secret. Knows no platform; who fetched the bytes does not matter here.
"""

import asyncio
import json
from asyncio import AbstractEventLoop, Semaphore
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from weakref import WeakKeyDictionary

from tutor.i18n import mark, say, say_count
from tutor.knowledge.bounded import ask_process
from tutor.language import Language

MAX_FILE_BYTES = 20 * 1024 * 1024
MAX_CHARACTERS = 24_000
TIMEOUT_SECONDS = 30.0
PARALLEL_READERS = 2  # one that reads a picture takes half a gigabyte
_MAX_ANSWER_BYTES = 1024 * 1024
READER = "tutor.knowledge.read_file"

# The limit is one of the machine, not of a caller; a semaphore belongs to one event loop.
_slots: WeakKeyDictionary[AbstractEventLoop, Semaphore] = WeakKeyDictionary()


class FileKind(StrEnum):
    TEXT = "text"
    CODE = "code"
    MARKDOWN = "markdown"
    TABLE = "table"
    PDF = "pdf"
    WORD = "word"
    SLIDES = "slides"
    PICTURE = "picture"  # its text was recognised and may be wrong: have it confirmed
    UNKNOWN = "unknown"


class Problem(StrEnum):
    """Why a file could not be read."""

    TOO_LARGE = "too_large"
    EMPTY = "empty"
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    BOMB = "bomb"  # unpacks to far more than it seems
    TOO_HARD = "too_hard"  # took too long or too much memory
    UNSUPPORTED = "unsupported"
    NO_TEXT = "no_text"
    LOST = "lost"  # its bytes are no longer there


_SENTENCES: Mapping[Problem, str] = {
    Problem.TOO_LARGE: mark(
        "“{name}” is larger than {limit} MB. Please send a smaller part of it."
    ),
    Problem.EMPTY: mark("“{name}” is empty. Please check the file and send it again."),
    Problem.ENCRYPTED: mark("“{name}” needs a password. Please send a copy without one."),
    Problem.DAMAGED: mark("“{name}” seems damaged; I could not open it. Please send it again."),
    Problem.BOMB: mark(
        "“{name}” unpacks to more than I may read. Please send only the part you need."
    ),
    Problem.TOO_HARD: mark("“{name}” took me too long to read. Please send a page or two of it."),
    Problem.UNSUPPORTED: mark(
        "I cannot read “{name}”. I read text, code, CSV, PDF, Word (.docx), slides (.pptx), PNG "
        "and JPEG."
    ),
    Problem.NO_TEXT: mark(
        "I found no text in “{name}”. Please type the question, or send a sharper picture."
    ),
    Problem.LOST: mark("“{name}” is no longer stored. Please upload it again."),
}


@dataclass(frozen=True, slots=True)
class ReadAttachment:
    """What a file says. With a `problem` there is no text.

    `pages` is how many pages a PDF has, and `pages_read` how many of them are in the text;
    `characters_left_out` is what went beyond the limit.
    """

    name: str
    kind: FileKind
    text: str = ""
    problem: Problem | None = None
    pages: int = 0
    pages_read: int = 0
    characters_left_out: int = 0

    @property
    def complete(self) -> bool:
        return (
            self.problem is None and not self.characters_left_out and self.pages_read == self.pages
        )

    def explain(self, language: Language) -> str:
        """A sentence on the problem, or on what was left out; "" when all is there."""
        if self.problem is not None:
            return explain_problem(self.problem, self.name, language, MAX_FILE_BYTES)
        if self.pages_read < self.pages:
            return say(
                language,
                "I read {read} of the {pages} pages of “{name}”.",
                read=self.pages_read,
                pages=self.pages,
                name=_shown(self.name),
            )
        if self.characters_left_out:
            return say_count(
                language,
                "“{name}” is long: I left out the last character.",
                "“{name}” is long: I left out the last {count} characters.",
                self.characters_left_out,
                name=_shown(self.name),
            )
        return ""


def explain_problem(problem: Problem, name: str, language: Language, limit_bytes: int) -> str:
    """A sentence on why a file could not be read, and what to do."""
    return say(language, _SENTENCES[problem], name=_shown(name), limit=limit_bytes // 1024**2)


async def read_attachment_bounded(
    name: str,
    media_type: str,
    data: bytes,
    *,
    timeout_seconds: float = TIMEOUT_SECONDS,
    max_characters: int = MAX_CHARACTERS,
) -> ReadAttachment:
    """What the file says; never raises for what is in the file."""
    unread = ReadAttachment(name, FileKind.UNKNOWN)
    if not data:
        return replace(unread, problem=Problem.EMPTY)
    if len(data) > MAX_FILE_BYTES:
        return replace(unread, problem=Problem.TOO_LARGE)
    header = {"name": name, "media_type": media_type, "max_characters": max_characters}
    async with _slots.setdefault(asyncio.get_running_loop(), Semaphore(PARALLEL_READERS)):
        answer = await ask_process(
            READER, json.dumps(header).encode() + b"\n" + data, timeout_seconds, _MAX_ANSWER_BYTES
        )
    if answer is None:
        return replace(unread, problem=Problem.TOO_HARD)
    return _result(name, answer)


def _result(name: str, answer: Mapping[str, Any]) -> ReadAttachment:
    problem = answer["problem"]
    return ReadAttachment(
        name,
        FileKind(answer["kind"]),
        answer["text"],
        Problem(problem) if problem else None,
        answer["pages"],
        answer["pages_read"],
        answer["characters_left_out"],
    )


def _shown(name: str) -> str:
    """A file's name on one line and of bearable length."""
    line = " ".join(name.split())
    return line if len(line) <= 60 else f"{line[:40]}…{line[-15:]}"
