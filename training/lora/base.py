"""The model and tokenizer that a training starts from: the very ones that the engine serves."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.lora.failure import TrainingFailed
from tutor.engine.contract import ModelUnusable


@dataclass(frozen=True, slots=True)
class Base:
    model: Any
    tokenizer: Any


def load_base(name: str, data_dir: Path) -> Base:
    """Raises TrainingFailed with the engine's sentence where the model can't be loaded."""
    from tutor.engine.process.load import load_model, use_threads

    use_threads()
    try:
        loaded = load_model(name, data_dir, lambda share: None)
    except ModelUnusable as error:
        raise TrainingFailed(error.sentence, **error.fields) from error
    return Base(loaded.model, loaded.vocabulary.tokenizer)
