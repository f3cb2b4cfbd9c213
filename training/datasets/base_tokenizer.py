"""The tokenizer of the model that would be trained: the embedded one, a folder, or an id."""

from functools import lru_cache
from pathlib import Path

from training.datasets.rendering import Rendering


@lru_cache(maxsize=1)
def rendering_for(model: str, data_dir: Path) -> Rendering:
    """How examples look to a model. Raises ModelUnusable and TrainingFailed.

    Takes seconds the first time (minutes where a model has to be fetched); call it in a thread.
    """
    from transformers import AutoTokenizer

    from tutor.engine import embedded
    from tutor.engine.process.load import model_folder

    folder, _ = model_folder(model, data_dir, lambda share: None)
    tokenizer = AutoTokenizer.from_pretrained(
        folder, trust_remote_code=False, local_files_only=True
    )
    return Rendering(tokenizer, model or embedded.NAME)
