"""Requests for pictures as learners write them are understood, in English, Chinese and both mixed.

A reading is right if things, counts and style are, or the refusal, or that no picture is asked for.
Printed by itself is the share of messages on which nothing was tuned, and what other new messages
had when they were first read.
"""

import sys

from benchmarks.messages import share
from benchmarks.picture_requests import (
    FIRST_SIGHT,
    Part,
    is_right,
    messages,
    read,
    shown,
)
from tutor.images.concepts import Concepts

FEWEST, TARGET = 400, 0.95


def main() -> int:
    """0 if enough requests are understood."""
    concepts = Concepts.load()
    hits: dict[Part, list[bool]] = {part: [] for part in Part}
    childlike: list[bool] = []
    for message in messages():
        found = read(message, concepts)
        right = is_right(message, found, concepts)
        hits[message.part].append(right)
        if message.childlike:
            childlike.append(right)
        if not right:
            print(f"{message.text!r} ({message.part}): {shown(found)}, not {message.expected}")
    whole = [hit for part in hits.values() for hit in part]
    shares = ", ".join(
        f"{part.value} {share(found):.1%} of {len(found)} (at first sight {FIRST_SIGHT[part]:.1%})"
        for part, found in hits.items()
    )
    print(
        f"{share(whole):.1%} of {len(whole)} requests are understood, {share(childlike):.1%} of "
        f"{len(childlike)} in a child's words; {shares}"
    )

    enough = len(whole) >= FEWEST and len(childlike) * 2 >= len(whole)
    return 0 if enough and share(whole) >= TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
