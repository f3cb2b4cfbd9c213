"""From tokens to text as it grows, in whole characters. Pure; `decode` is an argument."""

from collections.abc import Callable, Sequence

REPLACEMENT = "\ufffd"
WAITING_TOKENS = 8  # a character has at most four bytes; tokens may begin and end inside of one


class Detokenizer:
    """Gives the text of a growing list of tokens piece by piece.

    A token's text depends on those before it (spaces, bytes of one character), so each step decodes
    a short window and gives what is new. Text that ends in an incomplete character waits.
    """

    def __init__(self, decode: Callable[[Sequence[int]], str]) -> None:
        self._decode = decode
        self._ids: list[int] = []
        self._window_start = 0
        self._given_end = 0  # ids before this one have been given as text

    def feed(self, token_id: int) -> str:
        """The text that this token completes, "" while a character is incomplete."""
        self._ids.append(token_id)
        return self._take(len(self._ids) - self._given_end >= WAITING_TOKENS)

    def flush(self) -> str:
        """What was still waiting, without the bytes of a character that never came."""
        return self._take(True).rstrip(REPLACEMENT) if self._given_end < len(self._ids) else ""

    def _take(self, forced: bool) -> str:
        before = self._decode(self._ids[self._window_start : self._given_end])
        text = self._decode(self._ids[self._window_start :])
        if len(text) <= len(before) or (text.endswith(REPLACEMENT) and not forced):
            return ""
        self._window_start, self._given_end = self._given_end, len(self._ids)
        return text[len(before) :]
