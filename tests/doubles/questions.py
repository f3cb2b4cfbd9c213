"""Questions as adapters would make them, for tests that need no platform."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

from tutor.messages import (
    CommandCall,
    Kind,
    Person,
    Place,
    Platform,
    Press,
    Question,
    Visibility,
)

_numbers = count(1)


def person(name: str = "Ann", platform: Platform = Platform.DISCORD, **more: Any) -> Person:
    """Somebody whose user id is their name in small letters."""
    workspace = "" if platform is Platform.DISCORD else "W1"
    return Person(platform, more.pop("workspace", workspace), name.lower(), name, **more)


def question(
    text: str = "What is gravity?",
    *,
    author: Person | None = None,
    channel: str = "dm-ann",
    community: str = "",
    thread: str | None = None,
    visibility: Visibility | None = None,
    kind: Kind = Kind.MESSAGE,
    **more: Any,
) -> Question:
    """A message in a direct conversation, unless a community or thread says otherwise."""
    author = author or person()
    number = next(_numbers)
    shown = visibility or (Visibility.SHARED if community else Visibility.PRIVATE)
    return Question(
        event_id=f"event-{number}",
        kind=kind,
        place=Place(author.platform, community, channel, thread),
        message_id=more.pop("message_id", str(1000 + number)),
        author=author,
        visibility=shown,
        received_at=datetime(2026, 3, 1, 12, 0, tzinfo=UTC),
        text=text,
        **more,
    )


def command(name: str, *, arguments: dict[str, str] | None = None, **more: Any) -> Question:
    return question("", kind=Kind.COMMAND, command=CommandCall(name, arguments or {}), **more)


def press(choice_id: str, *, fields: dict[str, str] | None = None, **more: Any) -> Question:
    kind = Kind.FORM if fields is not None else Kind.ACTION
    return question("", kind=kind, press=Press(choice_id, fields or {}), **more)
