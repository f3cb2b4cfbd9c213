"""The pictures that were drawn last in each conversation, so that "another one" has a meaning.

In memory alone: after a restart the buttons under a picture still work, a bare "another one" asks
what it should be.
"""

from collections import OrderedDict
from dataclasses import dataclass

from tutor.images.request import PictureRequest
from tutor.images.sketch import Sketch

MOST_CONVERSATIONS = 10_000


@dataclass(frozen=True, slots=True)
class Last:
    """A request with the pictures that answered it."""

    request: PictureRequest
    sketches: tuple[Sketch, ...]


class Recent:
    """By conversation; the oldest are forgotten first."""

    def __init__(self, most: int = MOST_CONVERSATIONS) -> None:
        self._most = most
        self._last: OrderedDict[str, Last] = OrderedDict()

    def of(self, conversation_id: str) -> Last | None:
        return self._last.get(conversation_id)

    def keep(self, conversation_id: str, last: Last) -> None:
        self._last.pop(conversation_id, None)
        self._last[conversation_id] = last
        while len(self._last) > self._most:
            self._last.popitem(last=False)

    def forget(self, conversation_id: str) -> None:
        """Something else was talked about since."""
        self._last.pop(conversation_id, None)
