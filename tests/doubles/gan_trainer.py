"""A trainer of pictures without torch: `python -m tests.doubles.gan_trainer FOLDER`.

Goes wrong like `fake_trainer`; what it leaves is a generator by its names alone.
"""

import json
import sys
from pathlib import Path

from tests.doubles import fake_trainer

WEIGHTS = b"weights of a generator"
LABELS = [{"id": "cat", "en": "cat", "zh": "猫"}, {"id": "dog", "en": "dog", "zh": "狗"}]


def write_generator(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "generator.safetensors").write_bytes(WEIGHTS)
    card = {
        "kind": "image_generator",
        "labels": LABELS,
        "styles": ["variant-1"],
        "sources": [{"name": "ours", "version": "", "licence": "CC0"}],
        "weights_sha256": "abc",
    }
    (folder / "card.json").write_text(json.dumps(card))


if __name__ == "__main__":
    fake_trainer.write_adapter = write_generator
    sys.exit(fake_trainer.main())
