"""Pictures and photos: the writing on them."""

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

from tutor.knowledge.attachments import Problem
from tutor.knowledge.reading import Extract, Unreadable

MAX_PIXELS = 50_000_000
_SIDE_PIXELS = 2400
_SMALLEST_SIDE = 12
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF")


def read_picture(data: bytes, max_characters: int) -> Extract:
    """The recognised writing; raises Unreadable."""
    from tutor.knowledge.recognition import recognise

    return Extract(recognise(_opened(data)))


def _opened(data: bytes) -> Image.Image:
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=_FORMATS)
            picture.draft("RGB", (_SIDE_PIXELS, _SIDE_PIXELS))
            return _upright(picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Unreadable(Problem.BOMB) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise Unreadable(Problem.DAMAGED) from error


def _upright(picture: Image.Image) -> Image.Image:
    """As a person would hold it, on white, and no larger than needed."""
    picture = ImageOps.exif_transpose(picture)
    picture.thumbnail((_SIDE_PIXELS, _SIDE_PIXELS))
    if min(picture.size) < _SMALLEST_SIDE:
        raise Unreadable(Problem.NO_TEXT)
    shown = picture.convert("RGBA")
    paper = Image.new("RGBA", shown.size, "white")
    return Image.alpha_composite(paper, shown).convert("RGB")
