"""What a picture says of itself, in its own file: PNG text chunks and the comment of a GIF.

Anybody can read, change and remove such text; what can't be changed unnoticed is the signature of
`tutor.images.credentials`.
"""

import io
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from typing import Any

from PIL import Image, UnidentifiedImageError
from PIL.PngImagePlugin import PngInfo

PROGRAM = "Daoshi"
PNG, GIF = "image/png", "image/gif"
MOST_PIXELS = 64_000_000
_SOFTWARE, _MODEL, _VERSION = "Software", "Model", "Model version"
_CONCEPTS, _STYLE, _SEED, _KIND = "Concept", "Style", "Seed", "Kind"
_NOTE = "Comment"
NOTE = "Drawn by a small neural network of this project, not by a person."


class NoPicture(Exception):
    """A file that is no picture, or a broken one, or far too large."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Who drew it and what: enough to draw the same once more.

    `concepts` of a morph are the first and the last; `style` is a mixture where it has a plus.
    """

    model: str
    version: str
    concepts: tuple[str, ...]
    style: str
    seed: int
    kind: str = "picture"  # or "morph"
    software: str = ""

    def lines(self) -> dict[str, str]:
        """What stands in the file, by keyword."""
        return {
            _SOFTWARE: self.software or software(),
            _MODEL: self.model,
            _VERSION: self.version,
            _CONCEPTS: ", ".join(self.concepts),
            _STYLE: self.style,
            _SEED: str(self.seed),
            _KIND: self.kind,
            _NOTE: NOTE,
        }


@dataclass(frozen=True, slots=True)
class Looked:
    """What a file turned out to be; `mark` None: it says nothing of a generator of ours."""

    media_type: str
    width: int
    height: int
    frames: int
    mark: Mark | None


def software() -> str:
    """This program with its version."""
    return f"{PROGRAM} {metadata.version('daoshi')}"


def marked_png(picture: Image.Image, mark: Mark) -> bytes:
    """The picture as a PNG with its mark."""
    chunks = PngInfo()
    for keyword, text in mark.lines().items():
        if text.isascii():
            chunks.add_text(keyword, text)
        else:
            chunks.add_itxt(keyword, text)
    file = io.BytesIO()
    picture.save(file, "PNG", pnginfo=chunks, optimize=True)
    return file.getvalue()


def comment_of(mark: Mark) -> bytes:
    """The comment of a GIF: the same, a line each."""
    return "\n".join(f"{key}: {text}" for key, text in mark.lines().items()).encode()


def look_at(data: bytes) -> Looked:
    """Reads a picture and its mark. Raises NoPicture."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data)) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise NoPicture("too large")
                looked = _looked(picture)
                picture.seek(0)
                picture.load()  # a picture that breaks off does so here
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
        OSError,
        SyntaxError,
        ValueError,
        EOFError,
    ) as error:
        raise NoPicture(type(error).__name__) from error
    return looked


def _looked(picture: Image.Image) -> Looked:
    media_type = Image.MIME.get(picture.format or "", "")
    frames = int(getattr(picture, "n_frames", 1))
    return Looked(media_type, picture.width, picture.height, frames, _mark_in(picture.info))


def _mark_in(info: Mapping[Any, Any]) -> Mark | None:
    lines = {key: str(text) for key, text in info.items() if isinstance(key, str)}
    comment = info.get("comment")
    if isinstance(comment, bytes):
        pairs = (line.partition(": ") for line in comment.decode("utf-8", "replace").splitlines())
        lines = {key: text for key, sign, text in pairs if sign}
    if not lines.get(_SOFTWARE, "").startswith(f"{PROGRAM} ") or _MODEL not in lines:
        return None
    seed = lines.get(_SEED, "")
    return Mark(
        lines[_MODEL],
        lines.get(_VERSION, ""),
        tuple(filter(None, lines.get(_CONCEPTS, "").split(", "))),
        lines.get(_STYLE, ""),
        int(seed) if seed.isdecimal() else 0,
        lines.get(_KIND, "picture"),
        lines[_SOFTWARE],
    )
