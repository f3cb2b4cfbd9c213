"""The port between the dispatcher and a platform: what an adapter gives and what it is given.

An adapter turns platform events into Questions and Drafts into platform messages. It decides
nothing about permissions, quotas, language or content.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from tutor.messages import Attachment, Choice, File, Picture, Place, Platform, Question


class Ending(StrEnum):
    """How a reply ended; the adapter marks anything but DONE in the message itself."""

    DONE = "done"
    STOPPED = "stopped"  # the person asked
    INTERRUPTED = "interrupted"  # a crash or shutdown cut it off
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Draft:
    """A reply as far as it goes. Text only grows while `ending` is None; then it is final."""

    text: str = ""
    status: str = ""
    pictures: tuple[Picture, ...] = ()
    files: tuple[File, ...] = ()
    choices: tuple[Choice, ...] = ()
    ending: Ending | None = None
    move: str = ""
    adapter: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a sent message can be found again: the platform's channel and message ids."""

    channel: str
    message_id: str


SaveAddress = Callable[[Address], Awaitable[None]]
"""Stores the reply's own address in the claim; called as soon as its first part exists."""


class Surface(Protocol):
    """One reply being shown. Rebuilt from the stored Question after a restart."""

    async def show(self, draft: Draft) -> None:
        """Makes the platform show `draft`.

        May coalesce unfinished drafts to stay within rate limits and returns soon for them; for a
        draft with an `ending` it returns when everything has been delivered. Creates the message
        idempotently (a nonce or look-up from the claim) and calls SaveAddress right after.
        """
        ...

    async def whisper(self, text: str) -> None:
        """A notice for the author alone (queue position, quota, refusal), never in shared view."""
        ...


@dataclass(frozen=True, slots=True)
class Card:
    """A notice that is edited again and again.

    `title` is the line with which every version of it begins, by which it is found after a crash.
    `phase` changes seldom, and `brief` is a line that says it all: for where nothing can be edited.
    """

    title: str
    phase: str
    brief: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that Daoshi says on its own: a reminder, progress, a report, an alert."""

    id: str
    recipient: str | None  # the platform's user id; a DM when `place` is None
    place: Place | None
    draft: Draft
    edits: Address | None = None  # a card to edit instead of a new message
    created_at: datetime | None = None
    card: Card | None = None


class DeliveryImpossible(Exception):
    """The recipient or place can never be reached (left, blocked, deleted): do not try again."""


class Adapter(Protocol):
    platform: Platform

    async def run(self) -> None:
        """Connects and keeps connected, with back-off, until cancelled."""
        ...

    async def close(self) -> None:
        """Stops taking events, leaves the connection, finishes pending sends."""
        ...

    def ready(self) -> bool:
        """Connected and able to receive; for `/readyz` and `doctor`."""
        ...

    def reaches(self, user_id: str) -> bool:
        """Whether this process can show anything to that person; a terminal has only one."""
        ...

    def surface(self, question: Question, address: Address | None, save: SaveAddress) -> Surface:
        """Where the reply to `question` is shown; `address` is that of an earlier, broken start."""
        ...

    async def find_reply(self, question: Question) -> Address | None:
        """Looks on the platform for a reply of ours whose address was never stored."""
        ...

    async def fetch(self, attachment: Attachment, limit_bytes: int) -> bytes:
        """The file's content; raises `AttachmentUnavailable` when gone or over the limit."""
        ...

    async def deliver(self, notice: Notice) -> Address:
        """Sends or edits a notice once (idempotent by its id); raises DeliveryImpossible."""
        ...


class AttachmentUnavailable(Exception):
    """A file that cannot be had; the message is a sentence for the operator's log."""


class CredentialsRefused(Exception):
    """The platform does not accept our credentials, so `run` gave up; says what to do."""
