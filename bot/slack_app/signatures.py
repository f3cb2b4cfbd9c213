"""Whether an HTTP request is Slack's: signed, fresh, and not one that was answered before."""

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping

from slack_sdk.signature import Clock, SignatureVerifier

FRESH_SECONDS = 300
MAX_REMEMBERED = 100_000


class _Clock(Clock):
    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now

    def now(self) -> float:
        return self._now()


class Signatures:
    """Checks signatures and remembers those in use, so that a recorded request is worth nothing.

    Slack may send the very same request again when we did not take it: `release` allows that.
    """

    def __init__(self, signing_secret: str, now: Callable[[], float] = time.time) -> None:
        self._verifier = SignatureVerifier(signing_secret, _Clock(now))
        self._now = now
        self._used: OrderedDict[str, float] = OrderedDict()

    def accept(self, body: bytes, headers: Mapping[str, str]) -> str | None:
        """The signature, which is used up from now on; None if the request is to be refused."""
        signature = headers.get("X-Slack-Signature", "")
        timestamp = headers.get("X-Slack-Request-Timestamp", "")
        self._forget_old()
        if not timestamp.isascii() or not timestamp.isdigit() or signature in self._used:
            return None
        try:
            valid = self._verifier.is_valid(body, timestamp, signature)
        except (UnicodeDecodeError, TypeError):  # what Slack signs is UTF-8, its signature ASCII
            return None
        if not valid:
            return None
        self._used[signature] = self._now()
        return signature

    def release(self, signature: str) -> None:
        """The request with this signature was not taken and may come again."""
        self._used.pop(signature, None)

    def _forget_old(self) -> None:
        limit = self._now() - 2 * FRESH_SECONDS  # a timestamp may lie as far ahead as behind
        while self._used:
            signature, used_at = next(iter(self._used.items()))
            if used_at > limit and len(self._used) < MAX_REMEMBERED:
                return
            del self._used[signature]
