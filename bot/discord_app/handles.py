"""What the Discord adapter keeps with a stored Question to find its way back. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum

from tutor.messages import Question

TOKEN_LIFE = timedelta(minutes=14, seconds=30)  # Discord says 15 minutes
EPOCH_MILLISECONDS = 1_420_070_400_000


class Mode(StrEnum):
    """How the question came and what Discord was told at once."""

    MESSAGE = "message"
    ORIGINAL = "original"  # an interaction whose first response is still to be filled in
    UPDATE = "update"  # a press that was acknowledged without a message
    NONE = "none"  # an interaction that could not be acknowledged in time


@dataclass(frozen=True, slots=True)
class Handle:
    """`channel` is where messages go, `thread_on` the message on which a thread is opened first.

    `reference` is the message that the reply refers to, `fallback_channel` where a private word
    may go in the open if its reader takes no direct messages. `opens_on_reply` opens a thread on
    the reply itself.
    """

    mode: Mode = Mode.MESSAGE
    channel: str = ""
    thread_on: str = ""
    reference: str = ""
    fallback_channel: str = ""
    application: str = ""
    token: str = ""
    interaction: str = ""
    ephemeral: bool = False
    bot_can_post: bool = False
    opens_on_reply: bool = False
    file_bytes: int = 10 * 1024 * 1024

    @staticmethod
    def of(question: Question) -> "Handle":
        return Handle.read(question.handle)

    @staticmethod
    def read(stored: Mapping[str, str]) -> "Handle":
        values: dict[str, object] = {}
        for field in fields(Handle):
            if field.name not in stored:
                continue
            text = stored[field.name]
            if field.name == "mode":
                values["mode"] = Mode(text)
            elif isinstance(field.default, bool):
                values[field.name] = text == "1"
            elif isinstance(field.default, int):
                values[field.name] = int(text)
            else:
                values[field.name] = text
        return Handle(**values)  # type: ignore[arg-type]  # checked above, field by field

    def stored(self, **more: str) -> dict[str, str]:
        """As the strings that a Question carries; what is empty is left out."""
        kept = {"mode": str(self.mode), **more}
        for field in fields(self):
            value = getattr(self, field.name)
            if value and field.name != "mode":
                kept[field.name] = "1" if value is True else str(value)
        return kept


def snowflake_at(moment: datetime) -> str:
    """The smallest id that Discord could have given at `moment`."""
    return str(max(0, int(moment.timestamp() * 1000) - EPOCH_MILLISECONDS) << 22)
