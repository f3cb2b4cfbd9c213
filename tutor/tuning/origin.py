"""Where somebody asked for a training, so that its card, report and buttons find them again.

A run keeps it as its `place`: the JSON of a place and what stands beside it there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from tutor.messages import Place
from tutor.notices import recipient_of
from tutor.turn import Turn

_PLACE = TypeAdapter(Place)
_PLACE_FIELDS = ("platform", "community", "channel", "thread")


@dataclass(frozen=True, slots=True)
class Origin:
    """`recipient` is who asked, for where the place itself can't be written to."""

    place: Place
    recipient: str
    community_id: str
    conversation_id: str

    @property
    def stored_place(self) -> dict[str, Any]:
        """The place alone, as the outbox keeps it."""
        stored: dict[str, Any] = _PLACE.dump_python(self.place, mode="json")
        return stored

    def to_json(self) -> dict[str, Any]:
        """A place with more beside it: whoever reads places reads this too."""
        return {
            **self.stored_place,
            "recipient": self.recipient,
            "community_id": self.community_id,
            "conversation_id": self.conversation_id,
        }


def origin_of(turn: Turn) -> Origin:
    """Where this turn was asked."""
    author = turn.question.author
    return Origin(
        turn.question.place,
        recipient_of(author.platform, author.workspace, author.user_id),
        turn.community.id,
        turn.conversation.id,
    )


def origin_from(record: Mapping[str, Any] | None) -> Origin | None:
    """The origin that `to_json` wrote; None for the command line, or a place alone."""
    if not record or "conversation_id" not in record:
        return None
    return Origin(
        _PLACE.validate_python({name: record[name] for name in _PLACE_FIELDS}),
        record["recipient"],
        record["community_id"],
        record["conversation_id"],
    )
