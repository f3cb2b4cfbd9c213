"""From rows of any source to a version's examples: scrubbed, each once, short enough, split.

Reads nothing and stores nothing. Deterministic: the same rows give the same content hash.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from training.datasets.duplicates import Seen
from training.datasets.example import Example, ExampleKind, Split, to_line
from training.datasets.manifest import Tally, manifest_of
from training.datasets.normalising import is_text
from training.datasets.reading.found import DataRefused, Found, Rejected, Row
from training.datasets.rendering import Rendering
from training.datasets.scrubbing import scrubbed
from training.datasets.splitting import FEWEST_CLUSTERS, clusters, split
from tutor.bank.reason import Reason
from tutor.i18n import mark

MOST_EXAMPLES = 200_000
REPORT_EVERY = 200

TOO_LONG = mark(
    "Too long: what the tutor says last does not fit into {limit} tokens. Shorten it, or split it "
    "into several turns."
)
NOT_TEXT = mark(
    "It holds characters that are no text: a zero byte, or half of a character. Remove them."
)
SAYS_NOTHING = mark("There is nothing for the tutor to say once this is rendered.")


@dataclass(frozen=True, slots=True)
class Built:
    """A version before it is stored. `contributions` counts examples by learner."""

    examples: tuple[Example, ...]
    sides: tuple[Split, ...]
    manifest: Mapping[str, Any]
    contributions: Mapping[str, int]

    @property
    def content_hash(self) -> str:
        hashed: str = self.manifest["content_hash"]
        return hashed


def assemble(
    found: Iterable[Found],
    rendering: Rendering,
    report: Callable[[int], None] = lambda rows: None,
) -> Built:
    """Takes in all rows; `report` is told how many there were. Raises DataRefused."""
    tally, seen = Tally(), Seen()
    rows: list[Row] = []
    for one in found:
        tally.read += 1
        if tally.read % REPORT_EVERY == 0:
            report(tally.read)
        row = _kept(one, tally, seen, rendering)
        if row is not None:
            rows.append(row)
        if len(rows) > MOST_EXAMPLES:
            message = mark("There are more than {most} examples. Make several data sets.")
            raise DataRefused(message, most=MOST_EXAMPLES)
    examples = [row.example for row in rows]
    _check(tally, examples, rendering)
    sides = split(examples)
    digest = _content_hash(examples, sides)
    return Built(
        tuple(examples),
        tuple(sides),
        manifest_of(tally, rows, sides, rendering, digest),
        Counter(learner for row in rows for learner in row.contributors),
    )


def _kept(one: Found, tally: Tally, seen: Seen, rendering: Rendering) -> Row | None:
    """The row as it is trained on; None where it is left out, which is counted."""
    if isinstance(one, Rejected):
        tally.reject(one)
        return None
    if not all(map(is_text, _strings(one.example))):
        tally.reject(Rejected(one.place, Reason(NOT_TEXT)))
        return None
    row, hidden = scrubbed(one)
    duplicate = seen.look(row.example)
    if duplicate is not None:
        tally.duplicates[duplicate.value] += 1
        return None
    if not _measured(row, tally, rendering):
        return None
    tally.scrubbed.update(hidden)
    return row


def _strings(example: Example) -> Iterator[str]:
    yield from (one.content for one in example.messages)
    yield from (example.chosen, example.rejected, example.text, example.licence, example.source)


def _measured(row: Row, tally: Tally, rendering: Rendering) -> bool:
    """Whether an example teaches anything within the length that is read.

    As the trainers do it: what is too long loses its beginning, and the last reply stays whole.
    """
    tokens = rendering.tokens(row.example)
    limit = rendering.max_length
    if not any(tokens.loss):
        tally.reject(Rejected(row.place, Reason(SAYS_NOTHING)))
        return False
    length, learnt = len(tokens.ids), sum(tokens.loss)
    goes_on = row.example.kind is ExampleKind.TEXT  # in the next window
    if length > limit and not goes_on:
        if all(tokens.loss[-limit:]):
            tally.reject(Rejected(row.place, Reason(TOO_LONG, {"limit": limit})))
            return False
        tally.truncate(row.place)
        length, learnt = limit, sum(tokens.loss[-limit:])
    tally.lengths.append(length)
    tally.with_loss += learnt
    return True


def _check(tally: Tally, examples: Sequence[Example], rendering: Rendering) -> None:
    """Refuses what nothing can be learnt from, with what to change."""
    if not tally.read:
        raise DataRefused(mark("There are no examples. Choose a source that has some."))
    if not examples:
        raise _nothing_left(tally, rendering)
    if len(set(clusters(examples))) < FEWEST_CLUSTERS:
        repeated = sum(tally.duplicates.values())
        if repeated:
            message = mark(
                "Apart from duplicates ({count}) there is only one example. Add others: at least "
                "one to learn from and one to compare with, better a few hundred."
            )
            raise DataRefused(message, count=repeated)
        message = mark(
            "There is only one problem in it. Add others: at least one to learn from and one to "
            "compare with, better a few hundred."
        )
        raise DataRefused(message)


def _nothing_left(tally: Tally, rendering: Rendering) -> DataRefused:
    reasons = Counter(one.reason.message for one in tally.rejected)
    if reasons == {TOO_LONG: len(tally.rejected)}:
        message = mark(
            "All {count} rows are too long: {model} reads {limit} tokens, and what the tutor says "
            "last does not fit into that. Shorten the replies or split them into several turns."
        )
        return DataRefused(
            message, count=tally.rejected_total, model=rendering.model, limit=rendering.max_length
        )
    first = tally.rejected[0]
    message = mark("None of the {count} rows can be used. The first, {place}: {reason}")
    return DataRefused(message, count=tally.rejected_total, place=first.place, reason=first.reason)


def _content_hash(examples: Sequence[Example], sides: Sequence[Split]) -> str:
    digest = hashlib.sha256()
    for example, side in zip(examples, sides, strict=True):
        digest.update(to_line(example, side).encode("utf-8", "replace") + b"\n")
    return digest.hexdigest()
