"""Pixels of an icon: its ink centred on a white square, with the same margin for all.

Knows nothing of concepts or packages.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import numpy as np
import numpy.typing as npt
import resvg_py
from PIL import Image

from training.gan.icon_set import Icon
from training.gan.pictures import Pixels

FILLED = 0.9  # of the square's side, by the longer side of the ink
FINER = (4, 5, 6, 7)  # pixels rendered for a kept one in each direction: the first that works
_PROBES = (192, 200, 216, 232)  # pixels
_VISIBLE = 8  # of 255: a shadow's faint end is not ink


class UnrenderableIcon(ValueError):
    """An icon that shows nothing, or that the renderer stumbles over."""


@dataclass(frozen=True, slots=True)
class _Square:
    left: float
    top: float
    side: float


def raster(icon: Icon, size: int) -> Pixels:
    """The icon on white, (size, size, 3): rendered finer, areas averaged."""
    square = _around_ink(icon)
    fine = _rendered(icon, square, [size * finer for finer in FINER])
    ink = fine[..., 3:].astype(np.float32) / 255
    on_white = fine[..., :3] * ink + 255 * (1 - ink)
    finer = len(fine) // size
    blocks = on_white.reshape(size, finer, size, finer, 3).mean(axis=(1, 3))
    kept: Pixels = np.rint(blocks).astype(np.uint8)
    return kept


def _around_ink(icon: Icon) -> _Square:
    """The square around the ink's middle that the ink fills by `FILLED`."""
    side = max(icon.width, icon.height)
    wide = _Square((icon.width - side) / 2, (icon.height - side) / 2, side)
    visible = _rendered(icon, wide, _PROBES)[..., 3] >= _VISIBLE
    if not visible.any():
        raise UnrenderableIcon("The icon shows nothing.")
    pixel = side / len(visible)
    top, bottom = _ends(np.any(visible, axis=1))
    left, right = _ends(np.any(visible, axis=0))
    needed = max(bottom - top, right - left) * pixel / FILLED
    middle_x = wide.left + (left + right) / 2 * pixel
    middle_y = wide.top + (top + bottom) / 2 * pixel
    return _Square(middle_x - needed / 2, middle_y - needed / 2, needed)


def _ends(occupied: npt.NDArray[np.bool_]) -> tuple[int, int]:
    """The first place that is occupied, and the one after the last."""
    places = np.flatnonzero(occupied)
    return int(places[0]), int(places[-1]) + 1


def _rendered(icon: Icon, square: _Square, widths: Sequence[int]) -> Pixels:
    """RGBA of this part of the drawing, (W, W, 4), of the first of these widths that can be had."""
    for pixels in widths:
        drawing = icon.svg(square.left, square.top, square.side, pixels)
        try:
            png = resvg_py.svg_to_bytes(svg_string=drawing, skip_system_fonts=True)
        except BaseException as error:  # resvg reaches over a filter's edge at some widths
            if type(error).__name__ != "PanicException":
                raise
            continue
        with Image.open(BytesIO(bytes(png))) as picture:
            return np.asarray(picture.convert("RGBA"))
    raise UnrenderableIcon(f"resvg renders the icon at none of {widths} pixels.")
