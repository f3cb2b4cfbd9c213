"""A conversation as the source of an encoder-decoder model, which has no chat template.

Used by serving and by training alike, so that a model is asked in the words it was trained with.
Knows the words alone, and of the tokenizer only that a source ends with its end token.
"""

from collections.abc import Sequence
from typing import Protocol

from tutor.engine.contract import Message
from tutor.engine.process.vocabulary import Vocabulary

LABELS = {"user": "User", "assistant": "Assistant"}


class Turn(Protocol):
    """A message of the engine's contract or of a training example."""

    @property
    def role(self) -> str: ...

    @property
    def content(self) -> str: ...


def source_text(turns: Sequence[Turn]) -> str:
    """What the system says, then the turns. A single turn stands alone, as instructions do."""
    spoken = [turn for turn in turns if turn.role != "system"]
    parts = [turn.content.strip() for turn in turns if turn.role == "system"]
    if len(spoken) == 1:
        parts.append(spoken[0].content.strip())
    else:
        parts += [f"{LABELS[turn.role]}: {turn.content.strip()}" for turn in spoken]
        parts.append(f"{LABELS['assistant']}:")
    return "\n\n".join(part for part in parts if part)


class SourceVocabulary(Vocabulary):
    """The vocabulary of a model that reads a source and writes a target."""

    def prompt(self, messages: Sequence[Message]) -> list[int]:
        """The source that stands for the conversation, closed with the end token."""
        end: int | None = self.tokenizer.eos_token_id
        source = self.encode([source_text(messages)])[0]
        return source if end is None else [*source, end]
