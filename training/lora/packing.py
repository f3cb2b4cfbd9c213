"""Which documents are computed together: optimizer steps and micro-batches without padding.

The order follows from the seed and the epoch alone, so that a run goes on where it stopped.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from training.lora.template import Encoded

T = TypeVar("T")


def epoch_order(count: int, seed: int, epoch: int) -> list[int]:
    """A permutation of the documents for one epoch."""
    order = list(range(count))
    random.Random(f"{seed}:{epoch}").shuffle(order)  # noqa: S311 - an order, no secret
    return order


def drawn(rows: Sequence[T], length: Callable[[T], int], most: int, seed: int) -> list[T]:
    """Rows of at most `most` tokens together, in their order; one at least where there are any."""
    kept, tokens = list[int](), 0
    for index in epoch_order(len(rows), seed, 0):
        tokens += length(rows[index])
        if kept and tokens > most:
            break
        kept.append(index)
    return [rows[index] for index in sorted(kept)]


def into_steps(lengths: Sequence[int], order: Sequence[int], batch_tokens: int) -> list[list[int]]:
    """Cuts an epoch into optimizer steps of about equal numbers of tokens."""
    total = sum(lengths[index] for index in order)
    count = max(1, round(total / batch_tokens))
    steps: list[list[int]] = [[] for _ in range(min(count, len(order)))]
    seen = 0
    for index in order:
        middle = seen + lengths[index] / 2
        steps[min(len(steps) - 1, int(middle * len(steps) / total))].append(index)
        seen += lengths[index]
    return [step for step in steps if step]


def into_micro_batches(
    indices: Sequence[int], lengths: Sequence[int], micro_tokens: int, *, padded: bool = False
) -> list[list[int]]:
    """Groups of at most `micro_tokens` tokens, alike in length; a longer document stands alone.

    `padded` counts every document as long as the longest of its group.
    """
    groups: list[list[int]] = []
    tokens = 0
    for index in sorted(indices, key=lambda one: (-lengths[one], one)):
        needed = lengths[groups[-1][0]] if padded and groups else lengths[index]
        if not groups or tokens + needed > micro_tokens:
            groups.append([])
            tokens, needed = 0, lengths[index]
        groups[-1].append(index)
        tokens += needed
    return groups


def share_of(indices: Sequence[int], lengths: Sequence[int], rank: int, world: int) -> list[int]:
    """What one of several processes takes of some documents, so that all have about as many tokens.

    The longest first, each to whoever has least.
    """
    tokens, shares = [0] * world, [list[int]() for _ in range(world)]
    for index in sorted(indices, key=lambda one: (-lengths[one], one)):
        least = tokens.index(min(tokens))
        shares[least].append(index)
        tokens[least] += lengths[index]
    return shares[rank]


class Schedule:
    """The documents of every optimizer step of a run, by its number from zero."""

    def __init__(self, lengths: Sequence[int], seed: int, epochs: float, batch_tokens: int) -> None:
        self._lengths, self._seed, self._batch_tokens = lengths, seed, batch_tokens
        self._epoch, self._steps = -1, list[list[int]]()
        self.steps_per_epoch = len(self._of(0))
        self.steps = max(1, round(self.steps_per_epoch * epochs))

    def documents(self, step: int) -> list[int]:
        """Indices of the documents of a step."""
        epoch, rest = divmod(step, self.steps_per_epoch)
        # Another order cuts an epoch a little differently: a step too many joins the last one.
        steps = self._of(epoch)
        if rest < self.steps_per_epoch - 1:
            return steps[rest] if rest < len(steps) else []
        return [index for one in steps[rest:] for index in one]

    def __iter__(self) -> Iterator[list[int]]:
        return (self.documents(step) for step in range(self.steps))

    def _of(self, epoch: int) -> list[list[int]]:
        if epoch != self._epoch:
            order = epoch_order(len(self._lengths), self._seed, epoch)
            self._steps = into_steps(self._lengths, order, self._batch_tokens)
            self._epoch = epoch
        return self._steps


def select(documents: Sequence[Encoded], indices: Sequence[int]) -> list[Encoded]:
    return [documents[index] for index in indices]
