"""What a command is, on every platform alike. Adapters build their native menus from this."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from tutor.messages import ReplyPart, Role

if TYPE_CHECKING:  # so that a menu can be built without loading what the handlers work with
    from bot.services import Services
    from tutor.turn import Turn

Handler = Callable[["Services", "Turn"], AsyncIterator[ReplyPart]]
"""Answers a command. Its arguments are in `turn.question.command`."""


class OptionKind(StrEnum):
    TEXT = "text"
    INTEGER = "integer"
    YES_NO = "yes_no"
    FILE = "file"  # its value is the attachment's name; the file is among the attachments


@dataclass(frozen=True, slots=True)
class Option:
    """One argument. `description` and the labels of `values` (value, label) are catalogue keys.

    Typed without a platform's menu, options are filled in order; the last text option takes the
    rest of the line. `pattern` is what a value looks like that is no prose (a code, a mention):
    only such values make a command of a line without a slash.
    """

    name: str
    description: str
    kind: OptionKind = OptionKind.TEXT
    required: bool = True
    values: tuple[tuple[str, str], ...] = ()
    pattern: str = ""


class Menu(StrEnum):
    """Where a command also stands in a message's own menu; the message's text is its `text`."""

    NONE = "none"
    BOTH = "both"
    SLACK_ONLY = "slack_only"


@dataclass(frozen=True, slots=True)
class Command:
    """`name` has a space before a subcommand (`data export`). `description` is a catalogue key.

    `private` replies are seen by the author alone wherever the command was given. `role` is the
    least role that may use it. `aliases` are further names that can be typed; the first is the
    Chinese name.
    """

    name: str
    description: str
    handler: Handler
    options: tuple[Option, ...] = field(default=())
    private: bool = True
    role: Role = Role.LEARNER
    menu: Menu = Menu.NONE
    menu_title: str = ""
    aliases: tuple[str, ...] = ()
