"""Homework as it is typed without quotation marks: `Adding fractions tomorrow friday`. Pure.

The longest beginning that is the name of something is what is given; the rest are times.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from tutor.classes.dates import DateUnreadable, Span, parse_span

Named = TypeVar("Named")


def named_at_start(
    words: Sequence[str], called: Callable[[str], Named | None]
) -> tuple[Named, tuple[str, ...]] | None:
    """What the longest beginning names, and the words behind it."""
    for length in range(len(words), 0, -1):
        found = called(" ".join(words[:length]))
        if found is not None:
            return found, tuple(words[length:])
    return None


def span_in(words: Sequence[str], now: datetime, zone: ZoneInfo) -> Span:
    """The time of the beginning, or that of the end as well; raises DateUnreadable with it all."""
    whole = " ".join(words)
    cuts = [(" ".join(words[:cut]), " ".join(words[cut:])) for cut in range(1, len(words))]
    for since, until in ((whole, ""), *cuts):
        try:
            return parse_span(since, until, now, zone)
        except DateUnreadable:
            continue
    raise DateUnreadable(whole)
