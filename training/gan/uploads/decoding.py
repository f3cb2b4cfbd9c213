"""One picture of any kind as pixels on white, or the reason why not.

Formats are told by content, whatever the file is called; the header is judged before anything is
decoded. Knows nothing of archives or labels.
"""

import warnings
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from training.gan.pictures import Pixels
from training.gan.uploads.limits import LEAST_SIDE, MAX_PIXELS, SIZE
from training.gan.uploads.refusal import (
    AN_ARCHIVE,
    BROKEN,
    NO_PICTURE,
    ONE_COLOUR,
    TOO_MANY_PIXELS,
    TOO_SMALL,
    Unfit,
)

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ")
LOOKED_AT = 256  # pixels of what the classifier of unsuitable pictures is shown
MILLION = 1_000_000
_DAMAGE = (OSError, ValueError, SyntaxError, EOFError, MemoryError, IndexError, TypeError, KeyError)


@dataclass(frozen=True, slots=True)
class Decoded:
    """`pixels` (64, 64, 3) on white, `large` the same picture to look at, `side` its longer side
    as it came; `animated`: the first of several frames."""

    pixels: Pixels
    large: Image.Image
    side: int
    animated: bool


def decoded(data: bytes) -> Decoded:
    """Raises Unfit."""
    if data.startswith(ARCHIVES):
        raise Unfit(AN_ARCHIVE)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of sizes, which are judged here, and of odd metadata
        try:
            with Image.open(BytesIO(data), formats=FORMATS) as picture:
                return _decoded(picture)
        except Image.DecompressionBombError as error:
            raise Unfit(TOO_MANY_PIXELS, pixels=">178", most=MAX_PIXELS // MILLION) from error
        except UnidentifiedImageError as error:
            raise Unfit(NO_PICTURE) from error
        except _DAMAGE as error:  # decoders fail in many ways at what is broken
            raise Unfit(BROKEN) from error


def _decoded(picture: Image.Image) -> Decoded:
    width, height = picture.size
    _check_size(width, height)
    animated = bool(getattr(picture, "is_animated", False))
    if picture.format == "JPEG":
        picture.draft("RGB", (LOOKED_AT, LOOKED_AT))  # decodes no more than is needed
    picture.seek(0)
    picture.load()
    turned = ImageOps.exif_transpose(picture)
    flat = _on_white(turned)
    flat.thumbnail((LOOKED_AT, LOOKED_AT), Image.Resampling.BOX)
    if all(brightest - darkest < 2 for darkest, brightest in _ranges(flat)):
        raise Unfit(ONE_COLOUR)
    return Decoded(_squared(flat), flat, max(width, height), animated)


def _ranges(picture: Image.Image) -> list[tuple[int, int]]:
    """The least and the largest value of each colour."""
    pixels = np.asarray(picture)
    return [(int(one.min()), int(one.max())) for one in np.moveaxis(pixels, -1, 0)]


def _check_size(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        pixels = round(width * height / MILLION)
        raise Unfit(TOO_MANY_PIXELS, pixels=pixels, most=MAX_PIXELS // MILLION)
    if min(width, height) < LEAST_SIDE:
        raise Unfit(TOO_SMALL, width=width, height=height, least=LEAST_SIDE)


def _on_white(picture: Image.Image) -> Image.Image:
    """RGB of whatever mode; what is transparent shows white."""
    if picture.mode.startswith("I") or picture.mode == "F":
        return _from_deep(picture).convert("RGB")
    if picture.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in picture.info:
        with_alpha = picture.convert("RGBA")
        white = Image.new("RGBA", with_alpha.size, "white")
        return Image.alpha_composite(white, with_alpha).convert("RGB")
    return picture.convert("RGB")


def _from_deep(picture: Image.Image) -> Image.Image:
    """Grey of more than 8 bits: Pillow would cut it off at 255."""
    values = np.asarray(picture).astype(np.float64)
    top = 65535.0 if picture.mode.startswith("I;16") else max(1.0, float(values.max()))
    if picture.mode == "I" and 255 < top <= 65535:
        top = 65535.0  # 16 bits in 32, as PNG is read
    return Image.fromarray(np.clip(values / top * 255, 0, 255).astype(np.uint8))


def _squared(picture: Image.Image) -> Pixels:
    """The whole picture in the middle of a white square."""
    scale = SIZE / max(picture.size)
    width, height = (max(1, round(side * scale)) for side in picture.size)
    kind = Image.Resampling.BOX if scale < 1 else Image.Resampling.BICUBIC
    small = picture.resize((width, height), kind)
    square = Image.new("RGB", (SIZE, SIZE), "white")
    square.paste(small, ((SIZE - width) // 2, (SIZE - height) // 2))
    return np.asarray(square, np.uint8)
