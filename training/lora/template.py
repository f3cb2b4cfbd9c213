"""Dialogues as token ids, with labels on the tutor's turns alone.

The text is what the serving engine renders, by the same code, so that a prompt has the same tokens
in training and in use. Where a turn of the tutor begins and ends is read off generation marks: two
characters around its content that pass through any model's template and are taken out again.
"""

import hashlib
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from training.datasets.example import ChatMessage
from training.failure import TrainingFailed
from tutor.engine.contract import Message
from tutor.engine.process.vocabulary import PLAIN_TEMPLATE, Vocabulary
from tutor.engine.profiles import profile_for
from tutor.i18n import mark

if TYPE_CHECKING:
    import torch

BEGIN, END = "\ue0f0", "\ue0f1"  # private use: no text has them, no template treats them specially
IGNORED = -100  # a label without loss
SAMPLE = (ChatMessage("user", "What is 2 + 2?"), ChatMessage("assistant", "It is 4."))
MASKS_EVERYTHING = mark(
    "The chat template of {model} leaves out what the assistant says, so there is nothing to learn "
    "from. Correct its chat_template, or choose another model."
)
NO_END = mark(
    "The tokenizer of {model} has no token that ends a turn, so a tutor trained on it would never "
    "stop. Set its eos_token, or choose another model."
)


class TemplateUnusable(TrainingFailed):
    """A model's chat template or tokenizer with which nothing can be learnt."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """`labels` are as long as `ids`: the id where there is loss on it, else IGNORED.

    `held` is where the model is to stay as it was; `base_hidden` (labelled tokens, size) is then
    what it was: its decoder's output where those tokens are foretold.
    """

    ids: "array[int]"
    labels: "array[int]"
    held: bool = False
    base_hidden: "torch.Tensor | None" = field(default=None, compare=False, repr=False)

    @property
    def loss_tokens(self) -> int:
        return len(self.labels) - self.labels.count(IGNORED)


class TutorTemplate:
    """`end_ids` end a turn besides those that the tokenizer names itself."""

    def __init__(
        self, tokenizer: Any, *, end_ids: Sequence[int] = (), options: dict[str, Any] | None = None
    ) -> None:
        name = str(getattr(tokenizer, "name_or_path", "") or "")
        chosen = dict(profile_for(name).template_options) if options is None else options
        self._vocabulary = Vocabulary(tokenizer, end_ids, chosen)
        self._tokenizer = tokenizer
        self._name = name or "?"
        self._check()

    @property
    def template_hash(self) -> str:
        """Of the template's text: an adapter is tied to it."""
        text = self._tokenizer.chat_template or PLAIN_TEMPLATE
        return hashlib.sha256(str(text).encode()).hexdigest()

    def prompt(self, messages: Sequence[ChatMessage]) -> list[int]:
        """What the engine reads before it answers."""
        return self._vocabulary.prompt(_messages(messages))

    def encode(self, messages: Sequence[ChatMessage]) -> Encoded:
        """A dialogue up to its last tutor's turn and that turn's end; it must have one."""
        turns = list(messages)
        while turns and turns[-1].role != "assistant":
            turns.pop()
        assert turns, "a dialogue without a tutor's turn"
        ids, labels = array("i"), array("i")
        for token, learnt in self._prompt_tokens(turns[:-1]):
            ids.append(token)
            labels.append(token if learnt else IGNORED)
        last = self._last_turn(turns)
        ids.extend(last)
        labels.extend(last)
        return Encoded(ids, labels)

    def encode_text(self, text: str) -> "array[int]":
        """A document of raw text, with the token that ends one."""
        ids = array("i", self._vocabulary.encode([text])[0])
        end = self._tokenizer.eos_token_id
        return ids + array("i", [] if end is None else [end])

    def _prompt_tokens(self, turns: Sequence[ChatMessage]) -> Iterator[tuple[int, bool]]:
        """The prompt's tokens, and which of them are in an earlier turn of the tutor's."""
        marked = self._vocabulary.rendered(_messages(turns, marked=True))
        text, spans = _without_marks(marked)
        if text != self._vocabulary.rendered(_messages(turns)):
            # A template that trims or drops earlier turns: these carry no loss.
            text, spans = self._vocabulary.rendered(_messages(turns)), []
        position, inside = 0, False
        for token, start in self._tokens(text):
            ends = False
            while position < len(spans) and start >= spans[position][1]:
                ends = inside and token in self._vocabulary.end_ids
                position, inside = position + 1, False
            inside = position < len(spans) and start >= spans[position][0]
            yield token, inside or ends

    def _last_turn(self, turns: Sequence[ChatMessage]) -> "array[int]":
        """The answer as the model has to write it, through the token that ends it."""
        rendered = self._vocabulary.rendered(_messages(turns, marked=True), answered=True)
        _, found, tail = rendered.rpartition(BEGIN)
        if not found or END not in tail:
            raise TemplateUnusable(MASKS_EVERYTHING, model=self._name)
        content, _, after = tail.partition(END)
        gap = "" if self._tokenizer.chat_template else " "  # the plain form ends in a colon
        ids = array("i", self._vocabulary.ids(gap + content.strip()))
        for token in self._vocabulary.ids(after):
            if token in self._vocabulary.end_ids:
                return ids + array("i", [token])
        if self._tokenizer.eos_token_id is None:
            raise TemplateUnusable(NO_END, model=self._name)
        return ids + array("i", [self._tokenizer.eos_token_id])

    def _tokens(self, text: str) -> Iterator[tuple[int, int]]:
        """Ids with the character at which each begins; slow tokenizers cannot tell."""
        backend = getattr(self._tokenizer, "backend_tokenizer", None)
        if backend is None:
            return iter([(token, -1) for token in self._vocabulary.ids(text)])
        encoding = backend.encode(text, add_special_tokens=False)
        return zip(encoding.ids, (start for start, _ in encoding.offsets), strict=True)

    def _check(self) -> None:
        """A model on which nothing would be learnt is refused before anything is loaded."""
        sample = self.encode(SAMPLE)
        if sample.loss_tokens < 2 or sample.labels[-1] not in self._vocabulary.end_ids:
            raise TemplateUnusable(MASKS_EVERYTHING, model=self._name)


def _messages(turns: Sequence[ChatMessage], *, marked: bool = False) -> list[Message]:
    return [
        Message(
            turn.role,
            f"{BEGIN}{turn.content}{END}" if marked and turn.role == "assistant" else turn.content,
        )
        for turn in turns
    ]


def _without_marks(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text without generation marks, and from where to where they enclosed it."""
    plain, spans, start = "", [], 0
    for piece in text.replace(END, BEGIN + END).split(BEGIN):
        if piece.startswith(END):
            spans.append((start, len(plain)))
            piece = piece[1:]
        start = len(plain)
        plain += piece
    return plain, [span for span in spans if span[1] > span[0]]
