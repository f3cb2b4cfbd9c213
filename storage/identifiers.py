"""Ids of rows: UUIDv7 as 32 hexadecimal digits, so that sorting by id is sorting by time."""

import secrets
import time

COUNTER_LIMIT = 1 << 12

_last = (0, 0)  # milliseconds and counter of the newest id of this process


def new_id() -> str:
    """A new id, above every id that this process made before, even when the clock goes back."""
    global _last
    milliseconds, counter = _last
    now = time.time_ns() // 1_000_000
    if now > milliseconds:
        milliseconds, counter = now, 0
    else:
        counter += 1
        if counter == COUNTER_LIMIT:
            milliseconds, counter = milliseconds + 1, 0
    _last = (milliseconds, counter)
    variant = 0b10 << 62 | secrets.randbits(62)
    return f"{milliseconds:012x}7{counter:03x}{variant:016x}"
