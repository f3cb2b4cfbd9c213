"""What is scored, as token ids: for models that go on with a text, and for those that read a source
and write a target. Both use the very encoding of their training.
"""

from array import array
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from training.datasets.example import ChatMessage, Example, ExampleKind
from training.lora.encoding import Counts, encode_all
from training.lora.template import IGNORED, Encoded, TutorTemplate
from training.seq2seq.rows import rows_from
from tutor.engine.process.source_text import SourceVocabulary


class Wording(Protocol):
    """Labels say which tokens count."""

    def documents(self, example: Example, longest: int) -> list[Encoded]:
        """What the tutor says in an example, or pieces of its text; none where nothing fits."""
        ...

    def reply(self, turns: Sequence[ChatMessage], *, whole: bool) -> Encoded:
        """With labels on the last turn alone, and on its end where it is whole."""
        ...


class Continuing:
    """For causal models."""

    def __init__(self, template: TutorTemplate) -> None:
        self._template = template

    def documents(self, example: Example, longest: int) -> list[Encoded]:
        return encode_all([example], self._template, longest).documents

    def reply(self, turns: Sequence[ChatMessage], *, whole: bool) -> Encoded:
        encoded = self._template.encode(turns)
        start = min(len(self._template.prompt(turns[:-1])), len(encoded.ids))
        end = len(encoded.ids) - (not whole)
        labels = array("i", [IGNORED] * start) + encoded.ids[start:end]
        return Encoded(encoded.ids[:end], labels)


class Targeting:
    """For encoder-decoder models: a source, its end, and a target."""

    def __init__(self, vocabulary: SourceVocabulary) -> None:
        self._vocabulary = vocabulary

    def documents(self, example: Example, longest: int) -> list[Encoded]:
        rows = rows_from([example], self._vocabulary, longest, Counts())
        return [_joined(row["input_ids"], row["labels"]) for row in rows]

    def reply(self, turns: Sequence[ChatMessage], *, whole: bool) -> Encoded:
        example = Example(ExampleKind.DIALOGUE, "", "", messages=tuple(turns))
        row = rows_from([example], self._vocabulary, 1 << 20, Counts())[-1]
        return _joined(row["input_ids"], row["labels"][: None if whole else -1])


def _joined(source: Sequence[int], target: Sequence[int]) -> Encoded:
    return Encoded(array("i", [*source, *target]), array("i", [IGNORED] * len(source) + [*target]))


def wording_of(model: str, data_dir: Path) -> Wording:
    """The model's own; loads its tokenizer alone. Raises ModelUnusable and TemplateUnusable."""
    from transformers import AutoConfig, AutoTokenizer

    from tutor.engine.process.load import model_folder

    place, _ = model_folder(model, data_dir, lambda share: None)
    options = {"trust_remote_code": False, "local_files_only": True}
    tokenizer = AutoTokenizer.from_pretrained(place, **options)
    if AutoConfig.from_pretrained(place, **options).is_encoder_decoder:
        return Targeting(SourceVocabulary(tokenizer, (), {}))
    return Continuing(TutorTemplate(tokenizer))
