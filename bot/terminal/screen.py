"""What a terminal shows: the port, and the two screens for programs (plain text and JSON lines).

The screen for people is in `rich_screen`. Screens know nothing of questions and choices' meaning.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Protocol

from bot.adapter import Draft
from tutor.i18n import say
from tutor.language import Language
from tutor.messages import Choice


@dataclass(frozen=True, slots=True)
class SavedFile:
    """A picture or file of a reply, where it now lies; `alt` says what a picture shows."""

    name: str
    path: Path
    media_type: str
    alt: str = ""


class Screen(Protocol):
    def show(self, draft: Draft) -> None:
        """Shows a reply as far as it goes."""
        ...

    def finish(self, draft: Draft, files: Sequence[SavedFile]) -> None:
        """Shows the whole reply with its files and its choices."""
        ...

    def greet(self, text: str) -> None:
        """What comes before the first line of input."""
        ...

    def tell(self, text: str) -> None:
        """A sentence of its own: a notice, the question of a form."""
        ...

    def end_exchange(self) -> None:
        """Everything that one line of input caused has been shown."""
        ...

    def close(self) -> None:
        """The last words are out."""
        ...


def choice_line(choices: Sequence[Choice]) -> str:
    """Choices with the numbers that pick them: `[/1] 👍  [/2] Regenerate`."""
    return "  ".join(
        f"[/{number}] {' '.join(filter(None, (choice.emoji, choice.label)))}"
        for number, choice in enumerate(choices, 1)
    )


def saved_line(language: Language, file: SavedFile) -> str:
    """Where a file was saved, and what it shows."""
    sentence = say(language, "Saved: {path}", path=file.path)
    return f"{sentence} ({file.alt})" if file.alt else sentence


class PlainScreen:
    """Text as it comes, for output that goes into a file or another program."""

    def __init__(self, write: Callable[[str], None], language: Language) -> None:
        self._write = write
        self._language = language
        self._shown = ""

    def show(self, draft: Draft) -> None:
        if not draft.text.startswith(self._shown):
            self._write("\n")
            self._shown = ""
        self._write(draft.text[len(self._shown) :])
        self._shown = draft.text

    def finish(self, draft: Draft, files: Sequence[SavedFile]) -> None:
        self.show(draft)
        self._shown = ""
        self._write("\n")
        for file in files:
            self._write(saved_line(self._language, file) + "\n")
        if draft.choices:
            self._write(choice_line(draft.choices) + "\n")

    def greet(self, text: str) -> None:
        self._write(text + "\n\n")

    def tell(self, text: str) -> None:
        self._write(text + "\n")

    def end_exchange(self) -> None:
        self._write("\n")

    def close(self) -> None:
        """Nothing is held back."""


@dataclass
class _Record:
    """One object of the JSON output."""

    text: str = ""
    choices: list[dict[str, object]] = field(default_factory=list)
    files: list[dict[str, str]] = field(default_factory=list)
    move: str | None = None
    adapter: str | None = None


class JsonScreen:
    """One object a line of input: everything that was said in answer to it."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._record = _Record()

    def show(self, draft: Draft) -> None:
        """A program waits for the whole reply."""

    def finish(self, draft: Draft, files: Sequence[SavedFile]) -> None:
        record = self._record
        self.tell(draft.text)
        shown = [
            {"number": number, "id": choice.id, "label": choice.label or choice.emoji}
            for number, choice in enumerate(draft.choices, 1)
        ]
        record.choices = shown or record.choices
        record.files += [{**asdict(file), "path": str(file.path)} for file in files]
        record.move = draft.move or record.move
        record.adapter = draft.adapter or record.adapter

    def greet(self, text: str) -> None:
        self.tell(text)

    def tell(self, text: str) -> None:
        self._record.text = "\n\n".join(part for part in (self._record.text, text) if part)

    def end_exchange(self) -> None:
        self._write(json.dumps(asdict(self._record), ensure_ascii=False) + "\n")
        self._record = _Record()

    def close(self) -> None:
        """What nobody asked for (a greeting before no line at all) is not an answer."""
