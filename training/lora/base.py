"""The model that a training starts from: the very one that the engine serves, made ready to learn.

Causal and T5 models alike; embedded, from a folder or from the hub; never code that comes with one.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.failure import TrainingFailed
from tutor.engine.contract import ModelUnusable


@dataclass(frozen=True, slots=True)
class Base:
    model: Any
    tokenizer: Any


def load_base(name: str, data_dir: Path, *, four_bit: bool | None = None) -> Base:
    """Raises TrainingFailed with the engine's sentence where the model can't be loaded.

    `four_bit` None: 4-bit weights where the GPU is too small for others. Such a model computes its
    layers again on the way back, since memory is what is short.
    """
    from tutor.engine.process.load import load_model, use_threads

    use_threads()
    try:
        loaded = load_model(name, data_dir, lambda share: None, four_bit=four_bit)
    except ModelUnusable as error:
        raise TrainingFailed(error.sentence, **error.fields) from error
    model = loaded.model
    if getattr(model, "is_loaded_in_4bit", False):
        from peft import prepare_model_for_kbit_training

        model = prepare_model_for_kbit_training(  # type: ignore[no-untyped-call]
            model, gradient_checkpointing_kwargs={"use_reentrant": False}
        )
    return Base(model, loaded.vocabulary.tokenizer)
