"""What passes between a platform and the tutor: a Question comes in, Reply parts go out.

Knows no platform library and no database. Everything here is frozen and serialises to JSON, since a
claim stores the whole Question and is answered from there after a restart.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Platform(StrEnum):
    TERMINAL = "terminal"
    DISCORD = "discord"
    SLACK = "slack"


class Kind(StrEnum):
    """What the person did."""

    MESSAGE = "message"
    COMMAND = "command"
    ACTION = "action"  # pressed a button or chose from a select
    FORM = "form"  # submitted a modal that a button opened
    EDIT = "edit"  # changed an earlier message of theirs
    STOP = "stop"  # wants the running reply to end


class Visibility(StrEnum):
    """Who can read the reply."""

    PRIVATE = "private"  # the author alone: a DM, an ephemeral message, their own private thread
    SHARED = "shared"


class Role(StrEnum):
    """What a person may do in a community, derived from the platform's own rights."""

    LEARNER = "learner"
    TEACHER = "teacher"
    ADMIN = "admin"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as their platform knows them; `storage.learners` maps them to a learner."""

    platform: Platform
    workspace: str  # Slack team or enterprise id; "" on Discord, whose user ids are global
    user_id: str
    display_name: str
    locale: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message was written. `community` is the Discord guild or Slack team, "" in a DM."""

    platform: Platform
    community: str
    channel: str
    thread: str | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a message; its adapter fetches `reference`, which is never logged."""

    name: str
    media_type: str
    size_bytes: int
    reference: str


@dataclass(frozen=True, slots=True)
class CommandCall:
    """A command with its options as text; `name` has a space before a subcommand: `data export`."""

    name: str
    arguments: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Press:
    """A pressed choice, and the fields of the form that it opened, if it opened one."""

    choice_id: str
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that one person asked of the tutor.

    `message_id` is the platform's message id, or the interaction or trigger id where the question
    is no message; an edit has the id of the edited message and its time in `handle["edited_at"]`;
    a message that is a command has "typed" in its handle.
    `platform_roles` are the ids of the author's roles there, where the platform names them.
    `handle` holds what only the adapter understands (an interaction token, a
    response URL) and is stored with the claim so that a restarted process can still reply.
    """

    event_id: str
    kind: Kind
    place: Place
    message_id: str
    author: Person
    visibility: Visibility
    received_at: datetime
    text: str = ""
    roles: frozenset[Role] = frozenset({Role.LEARNER})
    attachments: tuple[Attachment, ...] = ()
    reply_to: str | None = None
    command: CommandCall | None = None
    press: Press | None = None
    handle: Mapping[str, str] = field(default_factory=dict)
    platform_roles: tuple[str, ...] = ()

    @property
    def claim_key(self) -> str:
        """The identity under which this question is answered once."""
        typed = self.kind is Kind.COMMAND and "typed" in self.handle
        source = "m" if typed else {Kind.MESSAGE: "m", Kind.EDIT: "e"}.get(self.kind, "i")
        place = self.place
        key = f"{place.platform}:{source}:{place.community}:{place.channel}:{self.message_id}"
        return f"{key}:{self.handle['edited_at']}" if self.kind is Kind.EDIT else key


@dataclass(frozen=True, slots=True)
class Text:
    """The next piece of the reply's text, in Markdown with LaTeX between `$` or `$$`."""

    text: str


@dataclass(frozen=True, slots=True)
class Status:
    """What is going on before there is text. `place_in_line` is set while the engine is busy."""

    text: str
    place_in_line: int | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG, GIF or WebP; `alt` is required and says what it shows."""

    data: bytes
    name: str
    alt: str


@dataclass(frozen=True, slots=True)
class File:
    data: bytes
    name: str
    media_type: str


@dataclass(frozen=True, slots=True)
class FormField:
    """One input of a form; with `options` (value, label) it is a select. Lengths in characters."""

    name: str
    label: str
    value: str = ""
    multiline: bool = False
    required: bool = True
    max_length: int = 2000
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    title: str
    fields: tuple[FormField, ...]
    submit: str


class Style(StrEnum):
    PRIMARY = "primary"
    SECONDARY = "secondary"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Choice:
    """A button. `id` names a stored row, opaque and under 100 characters.

    `form` is opened by the press and comes back as Kind.FORM. Neighbours with the same `menu`, its
    placeholder, are shown as one select menu where the platform has that. `typed`: it stands for
    an answer that can be written as well, so that a bare number in a terminal is text, no pick.
    """

    id: str
    label: str
    style: Style = Style.SECONDARY
    emoji: str = ""
    form: Form | None = None
    menu: str = ""
    typed: bool = False


@dataclass(frozen=True, slots=True)
class Choices:
    """Buttons under the reply; a later Choices part adds to the earlier ones."""

    options: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Button:
    """A choice before it is stored, its label already in the reader's language.

    `once`: only the first press counts. `closes`: a press also ends the buttons beside it. `menu`
    and `typed` as in a Choice.
    """

    action: str
    label: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    style: Style = Style.SECONDARY
    emoji: str = ""
    once: bool = False
    closes: bool = False
    menu: str = ""
    typed: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """Buttons that the tutor wants under its reply; whoever shows it stores them as Choices."""

    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Provenance:
    """How the reply came about; the last part of a reply that was recorded.

    `turn_id` is the stored reply that may be rated, `cut` says that it ended at the length limit,
    `question_id` is the stored question that can be answered once more.
    """

    move: str
    adapter: str | None = None
    turn_id: str | None = None
    cut: bool = False
    question_id: str | None = None


ReplyPart = Text | Status | Picture | File | Choices | Offer | Provenance
