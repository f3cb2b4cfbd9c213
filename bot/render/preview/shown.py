"""What a preview is given: messages with the very payloads that go to a platform."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Shown:
    """One message. `payload` is the body of the platform's request to post it.

    `files` holds pictures by file name, or in Slack by the id that an image block names.
    `avatar` is the sign on the author's picture.
    """

    author: str
    payload: Mapping[str, Any]
    time: str
    files: Mapping[str, bytes] = field(default_factory=dict)
    is_bot: bool = True
    avatar: str = "导"
