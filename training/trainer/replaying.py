"""Mixes general chat into rows, so that it makes a share of all tokens. Pure."""

import random
from collections.abc import Callable, Sequence
from typing import TypeVar

Row = TypeVar("Row")
MOST_SHARE = 0.9


def mixed(
    rows: Sequence[Row],
    general: Sequence[Row],
    length: Callable[[Row], int],
    share: float,
    seed: int,
) -> list[Row]:
    """The rows, and behind them so many of `general` that these make their share."""
    kept = min(share, MOST_SHARE)
    wanted = sum(map(length, rows)) * kept / (1 - kept)
    order = list(general)
    random.Random(seed).shuffle(order)  # noqa: S311
    added: list[Row] = []
    tokens = 0
    for row in order:
        if tokens >= wanted:
            break
        added.append(row)
        tokens += length(row)
    return [*rows, *added]
