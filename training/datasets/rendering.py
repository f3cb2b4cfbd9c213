"""Examples as the trainer renders them: their tokens, and which of these carry loss.

Takes the tokenizer as an argument; loads none.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from training.datasets.example import ChatMessage, Example, ExampleKind
from training.lora.template import IGNORED, TutorTemplate

DEFAULT_MAX_LENGTH = 2048


@dataclass(frozen=True, slots=True)
class Tokens:
    """Token ids, and of each whether it carries loss. A preference counts its longer reply."""

    ids: tuple[int, ...]
    loss: tuple[bool, ...]


class Rendering:
    """One tokenizer with its chat template. `max_length` is what a trainer reads of an example.

    Raises TrainingFailed for a template with which nothing can be learnt.
    """

    def __init__(self, tokenizer: Any, model: str, max_length: int = DEFAULT_MAX_LENGTH) -> None:
        self.model = model
        stated = getattr(tokenizer, "model_max_length", None) or max_length
        self.max_length = min(max_length, stated)
        self._tokenizer = tokenizer
        self._template = TutorTemplate(tokenizer)
        self.template_hash = self._template.template_hash

    @property
    def tokenizer_hash(self) -> str:
        vocabulary = sorted(self._tokenizer.get_vocab().items())
        return hashlib.sha256(repr(vocabulary).encode()).hexdigest()

    def tokens(self, example: Example) -> Tokens:
        """What the trainer gets of an example, not cut off yet."""
        if example.kind is ExampleKind.TEXT:
            ids = tuple(self._template.encode_text(example.text))
            return Tokens(ids, (True,) * len(ids))
        if example.kind is ExampleKind.PREFERENCE:
            both = [self._encoded((*example.messages, _said(reply))) for reply in _replies(example)]
            return max(both, key=lambda tokens: len(tokens.ids))
        return self._encoded(example.messages)

    def parts(self, example: Example) -> list[tuple[str, bool]]:
        """The rendered text in pieces, each with whether it is learnt."""
        tokens = self.tokens(example)
        first = 0 if example.kind is ExampleKind.TEXT else max(0, len(tokens.ids) - self.max_length)
        part = slice(first, first + self.max_length)
        pairs = zip(tokens.ids[part], tokens.loss[part], strict=True)
        return [
            (self._tokenizer.decode([token for token, _ in run]), loss)
            for loss, run in groupby(pairs, key=lambda pair: pair[1])
        ]

    def _encoded(self, messages: Sequence[ChatMessage]) -> Tokens:
        encoded = self._template.encode(messages)
        return Tokens(tuple(encoded.ids), tuple(label != IGNORED for label in encoded.labels))


def _said(reply: str) -> ChatMessage:
    return ChatMessage("assistant", reply)


def _replies(example: Example) -> tuple[str, str]:
    return example.chosen, example.rejected
