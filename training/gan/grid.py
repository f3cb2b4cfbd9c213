"""A sheet of pictures, for the eye: rows are concepts, columns styles."""

import io
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

GAP_PIXELS = 2
_GREY = 225


def sheet(pictures: NDArray[np.uint8], columns: int) -> bytes:
    """A PNG of pictures (N, S, S, 3), row by row."""
    count, size = len(pictures), pictures.shape[1]
    rows = -(-count // columns)
    step = size + GAP_PIXELS
    canvas = np.full((rows * step + GAP_PIXELS, columns * step + GAP_PIXELS, 3), _GREY, np.uint8)
    for number, picture in enumerate(pictures):
        top = GAP_PIXELS + number // columns * step
        left = GAP_PIXELS + number % columns * step
        canvas[top : top + size, left : left + size] = picture
    buffer = io.BytesIO()
    Image.fromarray(canvas).save(buffer, "PNG")
    return buffer.getvalue()


def beside(real: NDArray[np.uint8], generated: NDArray[np.uint8], columns: int) -> bytes:
    """A PNG in which every real picture has the generated one to its right."""
    pairs: Sequence[NDArray[np.uint8]] = [
        one for pair in zip(real, generated, strict=True) for one in pair
    ]
    return sheet(np.stack(pairs), 2 * columns)
