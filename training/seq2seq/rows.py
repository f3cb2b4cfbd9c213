"""Examples as sources and targets in token ids; a loss is on targets alone."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from training.datasets.example import ChatMessage, Example, ExampleKind
from training.lora.encoding import Counts
from tutor.engine.contract import Message
from tutor.engine.process.source_text import SourceVocabulary

Row = dict[str, Any]
Ids = list[int]


def rows_from(
    examples: Iterable[Example], vocabulary: SourceVocabulary, max_length: int, counts: Counts
) -> list[Row]:
    """Every turn of the tutor's is a target, and what came before it its source.

    A source that is too long loses its beginning; a target that is too long is left out.
    """
    rows = []
    for example in examples:
        found = [row for row in _rows(example, vocabulary, max_length) if _fits(row, max_length)]
        counts.rejected += not found
        for source, target in found:
            kept = source[-max_length:]
            rows.append({"input_ids": kept, "labels": target, "attention_mask": [1] * len(kept)})
            counts.documents += 1
            counts.tokens += len(kept) + len(target)
            counts.loss_tokens += len(target)
            counts.truncated += len(kept) < len(source)
    return rows


def _rows(
    example: Example, vocabulary: SourceVocabulary, max_length: int
) -> Iterator[tuple[Ids, Ids]]:
    if example.kind is ExampleKind.TEXT:
        yield from _continuations(example.text, vocabulary, max_length)
        return
    turns = _dialogue(example)
    for place, turn in enumerate(turns):
        if turn.role == "assistant" and place and turn.content.strip():
            asked = [Message(one.role, one.content) for one in turns[:place]]
            target = vocabulary.encode([turn.content.strip()])[0]
            yield vocabulary.prompt(asked), [*target, *_end(vocabulary)]


def _dialogue(example: Example) -> Sequence[ChatMessage]:
    """What the tutor is to say: the better reply of two, a reply that was liked."""
    if example.kind is ExampleKind.PREFERENCE:
        return (*example.messages, ChatMessage("assistant", example.chosen))
    if example.kind is ExampleKind.RATED and example.desired is not True:
        return ()
    return example.messages


def _continuations(
    text: str, vocabulary: SourceVocabulary, max_length: int
) -> Iterator[tuple[Ids, Ids]]:
    """Of raw text, each piece's first half as the source of its second (prefix language model)."""
    ids, half = vocabulary.encode([text])[0], max(2, max_length // 2) - 1
    for start in range(0, len(ids), 2 * half):
        piece = ids[start : start + 2 * half]
        middle = len(piece) // 2
        if middle:
            end = _end(vocabulary)
            yield [*piece[:middle], *end], [*piece[middle:], *end]


def _fits(row: tuple[Ids, Ids], max_length: int) -> bool:
    return len(row[1]) <= max_length


def _end(vocabulary: SourceVocabulary) -> Ids:
    end = vocabulary.tokenizer.eos_token_id
    return [] if end is None else [end]
