"""Server-sent events out of bytes that are cut anywhere. Pure; knows nothing of what they carry."""

MAX_EVENT_BYTES = 4 * 2**20


class EventTooLarge(Exception):
    """The server sends without end, or no events at all."""


class EventParser:
    """Gives the data of each event that is complete; comments and other fields are passed over."""

    def __init__(self) -> None:
        self._rest = b""
        self._data: list[str] = []

    def feed(self, piece: bytes) -> list[str]:
        """The data of the events that `piece` completes."""
        self._rest += piece
        if len(self._rest) > MAX_EVENT_BYTES:
            raise EventTooLarge(f"An event of more than {MAX_EVENT_BYTES} bytes.")
        *lines, self._rest = self._rest.replace(b"\r\n", b"\n").split(b"\n")
        return [event for line in lines if (event := self._take(line)) is not None]

    def _take(self, line: bytes) -> str | None:
        """Reads one line; an empty one ends the event."""
        if line.startswith(b"data:"):
            self._data.append(line[5:].removeprefix(b" ").decode("utf-8", "replace"))
            return None
        if line or not self._data:
            return None
        event, self._data = "\n".join(self._data), []
        return event
