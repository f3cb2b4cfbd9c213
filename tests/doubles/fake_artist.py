"""An artist that draws at once, without a process or a network: for tests of what is around it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL import Image

from tutor.images.artist import CannotDraw
from tutor.images.marking import Mark, marked_png
from tutor.images.morphing import animated
from tutor.images.sketch import Sketch


class FakeArtist:
    """Remembers what was asked of it; `broken`: it can't draw."""

    def __init__(self, *_: Any, **__: Any) -> None:
        self.sketches: list[Sketch] = []
        self.broken = False

    async def draw(self, folder: Path, sketches: Sequence[Sketch]) -> tuple[bytes, ...]:
        self._check()
        self.sketches += sketches
        return tuple(_png(folder, sketch) for sketch in sketches)

    async def morph(self, folder: Path, start: Sketch, end: Sketch) -> bytes:
        self._check()
        self.sketches += [start, end]
        mark = Mark(folder.name, "1", (*start.concepts, *end.concepts), start.style, 0, "morph")
        return animated([Image.new("RGB", (4, 4), colour) for colour in ("red", "blue")], mark)

    async def close(self) -> None:
        """Nothing runs."""

    def _check(self) -> None:
        if self.broken:
            raise CannotDraw("I can't draw just now. Please try again in a moment.")


def _png(folder: Path, sketch: Sketch) -> bytes:
    mark = Mark(folder.name, "1", sketch.concepts, sketch.style, sketch.seed)
    colour = (sketch.seed % 256, len(sketch.style), sketch.size % 256)
    return marked_png(Image.new("RGB", (sketch.size, sketch.size), colour), mark)
