"""A page that grows downwards: text, boxes and pictures, painted at the end in one go."""

import io
from collections.abc import Callable, Sequence
from typing import Any

from PIL import Image, ImageDraw

from bot.render.preview.typesetting import SCALE, Glyphs, Line, Run, Style, lines_of

_Paint = Callable[[Image.Image, ImageDraw.ImageDraw], None]
LEADING = 1.375


class Page:
    """Coordinates are pixels before scaling; `y` is where the next thing goes."""

    def __init__(self, width: float, ground: str) -> None:
        self.width = width
        self.y = 0.0
        self._ground = ground
        self._paints: list[_Paint] = []

    def text(self, runs: Sequence[Run], x: float, width: float, leading: float = LEADING) -> float:
        """Sets the runs at `x`, moves below them, and tells how wide the longest line is."""
        widest = 0.0
        empty = runs[0].style.size if runs else 16.0
        for line in lines_of(runs, width):
            size = max((glyphs.style.size for glyphs in line), default=empty)
            self.line(line, x, self.y + size * leading * 0.79)
            self.y += size * leading
            if line:
                widest = max(widest, (line[-1].x + line[-1].width) / SCALE)
        return widest

    def line(self, line: Line, x: float, baseline: float) -> None:
        """One line of set text with its baseline where asked."""
        for box in _boxes(line):
            self._fill_behind(box, x, baseline)
        for glyphs in line:
            self._paints.append(_glyph_paint(glyphs, x, baseline))

    def box(
        self, x: float, y: float, width: float, height: float, fill: str,
        radius: float = 0, outline: str = "", under: int | None = None,
    ) -> None:  # fmt: skip
        """A rounded rectangle; `under` is the number of paints to put it below."""
        corners = [x * SCALE, y * SCALE, (x + width) * SCALE - 1, (y + height) * SCALE - 1]

        def paint(image: Image.Image, draw: ImageDraw.ImageDraw) -> None:
            draw.rounded_rectangle(
                corners, radius * SCALE, fill=fill or None, outline=outline or None, width=SCALE
            )

        self._paints.insert(len(self._paints) if under is None else under, paint)

    def mark(self) -> int:
        """The number of paints so far, for a box that goes below what follows."""
        return len(self._paints)

    def circle(self, x: float, y: float, diameter: float, fill: str) -> None:
        self.box(x, y, diameter, diameter, fill, diameter / 2)

    def picture(self, data: bytes, x: float, width: float, height: float, radius: float) -> None:
        """A picture no larger than `width` × `height`, with round corners."""
        opened = Image.open(io.BytesIO(data)).convert("RGBA")
        scale = min(width / opened.width, height / opened.height, 1.0)
        size = (round(opened.width * scale * SCALE), round(opened.height * scale * SCALE))
        shown = opened.resize(size, Image.Resampling.LANCZOS)
        at = (round(x * SCALE), round(self.y * SCALE))
        mask = Image.new("L", size, 0)
        ImageDraw.Draw(mask).rounded_rectangle(
            [0, 0, size[0] - 1, size[1] - 1], radius * SCALE, 255
        )

        def paint(image: Image.Image, draw: ImageDraw.ImageDraw) -> None:
            ground = image.crop((*at, at[0] + size[0], at[1] + size[1])).convert("RGBA")
            image.paste(Image.alpha_composite(ground, shown).convert("RGB"), at, mask)

        self._paints.append(paint)
        self.y += size[1] / SCALE

    def png(self) -> bytes:
        """Everything painted, up to `y`."""
        size = (round(self.width * SCALE), round(self.y * SCALE))
        image = Image.new("RGB", size, self._ground)
        draw = ImageDraw.Draw(image)
        for paint in self._paints:
            paint(image, draw)
        file = io.BytesIO()
        image.save(file, "PNG", optimize=True)
        return file.getvalue()

    def _fill_behind(self, box: tuple[float, float, Style], x: float, baseline: float) -> None:
        left, width, style = box
        top, height = baseline - style.size * 1.0, style.size * 1.34
        self.box(x + left / SCALE - 3, top, width / SCALE + 6, height, style.fill, 4, style.outline)


def _boxes(line: Line) -> list[tuple[float, float, Style]]:
    """What needs a box behind it: neighbouring glyphs of one style share theirs."""
    boxes: list[tuple[float, float, Style]] = []
    for glyphs in line:
        if not glyphs.style.fill:
            continue
        if boxes and boxes[-1][2] == glyphs.style and boxes[-1][0] + boxes[-1][1] >= glyphs.x - 0.5:
            left, width, style = boxes[-1]
            boxes[-1] = (left, width + glyphs.width, style)
        else:
            boxes.append((glyphs.x, glyphs.width, glyphs.style))
    return boxes


def _glyph_paint(glyphs: Glyphs, x: float, baseline: float) -> _Paint:
    style = glyphs.style
    left, base = x * SCALE + glyphs.x, baseline * SCALE
    ink: Any = glyphs.ink or style.color

    def paint(image: Image.Image, draw: ImageDraw.ImageDraw) -> None:
        stroke = style.size * SCALE / 34 if glyphs.faked_bold else 0
        draw.text(
            (left, base), glyphs.text, fill=ink, font=glyphs.font, anchor="ls", stroke_width=stroke
        )
        if style.strike or style.underline:
            height = base - style.size * SCALE * 0.3 if style.strike else base + SCALE * 2
            draw.line([left, height, left + glyphs.width, height], fill=style.color, width=SCALE)

    return paint
