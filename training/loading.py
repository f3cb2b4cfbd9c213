"""The model that a training starts from: the very one that the engine serves, made ready to learn.

Causal and T5 models alike; embedded, from a folder or from the hub; never code that comes with one.
"""

from pathlib import Path
from typing import Any

from training.lora.failure import TrainingFailed
from tutor.engine.contract import ModelUnusable
from tutor.engine.process.load import load_model, use_threads


def load_for_training(
    name: str, data_dir: Path, *, four_bit: bool | None = None
) -> tuple[Any, Any]:
    """Model and tokenizer; raises TrainingFailed with the engine's sentence.

    `four_bit` None: 4-bit weights where the GPU is too small for others. Such a model computes its
    layers again on the way back, since memory is what is short.
    """
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
    return model, loaded.vocabulary.tokenizer
