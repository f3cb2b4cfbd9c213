"""Collects the parts of a reply into the Draft that a surface shows. Pure."""

from bot.adapter import Draft, Ending
from tutor.messages import (
    Choice,
    Choices,
    File,
    Picture,
    Provenance,
    ReplyPart,
    Status,
    Text,
)


class Drafting:
    """A reply as far as it goes. Text only grows."""

    def __init__(self) -> None:
        self._text: list[str] = []
        self._status = Status("")
        self._pictures: list[Picture] = []
        self._files: list[File] = []
        self._choices: list[Choice] = []
        self.provenance: Provenance | None = None

    @property
    def text(self) -> str:
        return "".join(self._text)

    @property
    def status(self) -> Status:
        return self._status

    @property
    def empty(self) -> bool:
        """Whether there is nothing yet that a person would call a reply."""
        return not (self._text or self._pictures or self._files or self._choices)

    def add(self, part: ReplyPart) -> None:
        match part:
            case Text(text):
                self._text.append(text)
            case Status():
                self._status = part
            case Picture():
                self._pictures.append(part)
            case File():
                self._files.append(part)
            case Choices(options):
                self._choices.extend(options)
            case Provenance():
                self.provenance = part

    def draft(self, ending: Ending | None = None, controls: Choices | None = None) -> Draft:
        """What to show now, with `controls` for as long as it is being written.

        The status only counts while there is nothing else.
        """
        made = self.provenance
        return Draft(
            text=self.text,
            status=self._status.text if self.empty and ending is None else "",
            pictures=tuple(self._pictures),
            files=tuple(self._files),
            choices=(*self._choices, *(controls.options if controls else ())),
            ending=ending,
            move=made.move if made else "",
            adapter=(made.adapter or "") if made else "",
        )
