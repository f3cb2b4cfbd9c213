"""Examples as documents of token ids that fit the length, and what did not fit.

Where a dialogue is too long, its oldest turns go first and the tutor's last turn stays whole.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from training.datasets.example import ChatMessage, Example, ExampleKind
from training.lora.template import IGNORED, Encoded, TutorTemplate


@dataclass(slots=True)
class Counts:
    """`rejected` had no tutor's turn or one that is too long by itself."""

    documents: int = 0
    tokens: int = 0
    loss_tokens: int = 0
    truncated: int = 0
    rejected: int = 0


@dataclass(frozen=True, slots=True)
class EncodedSet:
    documents: list[Encoded] = field(default_factory=list)
    counts: Counts = field(default_factory=Counts)

    @property
    def longest(self) -> int:
        return max((len(one.ids) for one in self.documents), default=0)


def encode_all(examples: Iterable[Example], template: TutorTemplate, max_length: int) -> EncodedSet:
    """All examples in their order; those of raw text become as many documents as they need."""
    whole = EncodedSet()
    for example in examples:
        found = list(_documents(example, template, max_length, whole.counts))
        whole.counts.rejected += not found
        for document in found:
            whole.documents.append(document)
            whole.counts.documents += 1
            whole.counts.tokens += len(document.ids)
            whole.counts.loss_tokens += document.loss_tokens
    return whole


def _documents(
    example: Example, template: TutorTemplate, max_length: int, counts: Counts
) -> Iterator[Encoded]:
    if example.kind is ExampleKind.TEXT:
        ids = template.encode_text(example.text)
        for start in range(0, len(ids), max_length):
            piece = ids[start : start + max_length]
            if len(piece) > 1:
                yield Encoded(piece, piece)
        return
    turns = _dialogue(example)
    if not any(turn.role == "assistant" for turn in turns):
        return
    encoded = template.encode(turns)
    too_long = len(encoded.ids) > max_length
    if too_long:
        encoded = _last_tokens(_shortened(turns, template, max_length), max_length)
    if encoded.loss_tokens and encoded.labels[0] == IGNORED:
        counts.truncated += too_long
        yield encoded


def _dialogue(example: Example) -> Sequence[ChatMessage]:
    """What the tutor is to say: the better reply of two, a reply that was liked."""
    if example.kind is ExampleKind.PREFERENCE:
        return (*example.messages, ChatMessage("assistant", example.chosen))
    if example.kind is ExampleKind.RATED and example.desired is False:
        return ()
    return example.messages


def _shortened(turns: Sequence[ChatMessage], template: TutorTemplate, max_length: int) -> Encoded:
    """Without so many of the oldest exchanges that it fits, or else the last one alone.

    The system's turn stays. Found by halving: a chat may have thousands of turns.
    """
    system = [turn for turn in turns[:1] if turn.role == "system"]
    rest = turns[len(system) :]
    last = max(n for n, turn in enumerate(rest) if turn.role == "assistant")
    questions = [n for n, turn in enumerate(rest[:last]) if n and turn.role == "user"]
    starts = questions or [0]

    def from_start(start: int) -> Encoded:
        return template.encode([*system, *rest[start:]])

    place = bisect_left(starts, True, key=lambda start: len(from_start(start).ids) <= max_length)
    return from_start(starts[min(place, len(starts) - 1)])


def _last_tokens(encoded: Encoded, max_length: int) -> Encoded:
    return Encoded(encoded.ids[-max_length:], encoded.labels[-max_length:])
