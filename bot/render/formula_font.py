"""The font of formulas: STIX Two Math, with Chinese letters taken from another font.

ziamath reads one mathematical font, and its reader knows neither collections nor the CID outlines
of Chinese fonts; fontTools reads those.
"""

from pathlib import Path
from typing import Any

from fontTools.pens.basePen import BasePen
from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTFont
from ziafont.fonttypes import BBox
from ziafont.glyph import SimpleGlyph
from ziafont.svgpath import Cubic, Lineto, Moveto, Point, Quad
from ziamath.mathfont import MathFont

_FOREIGN_INDEX = 1_000_000  # beyond every glyph of the mathematical font


class CharacterMissing(Exception):
    """No installed font has the character."""


class FormulaFont(MathFont):
    """Takes from `chinese` what the mathematical font lacks."""

    def __init__(self, mathematics: Path, chinese: Path | None) -> None:
        super().__init__(str(mathematics))
        self._chinese = TTFont(chinese, fontNumber=0, lazy=True) if chinese else None
        self._characters = self._chinese.getBestCmap() if self._chinese else {}
        self._borrowed: dict[str, SimpleGlyph] = {}

    def glyph(self, char: str) -> Any:
        """The glyph of `char`; raises CharacterMissing."""
        if self.glyphindex(char) != 0 or char.isspace():
            return super().glyph(char)
        if char not in self._borrowed:
            self._borrowed[char] = self._borrow(char)
        return self._borrowed[char]

    def _borrow(self, char: str) -> "_BorrowedGlyph":
        name = self._characters.get(ord(char))
        if name is None or self._chinese is None:
            raise CharacterMissing(f"U+{ord(char):04X}")
        glyphs = self._chinese.getGlyphSet()
        scale = self.info.layout.unitsperem / self._chinese["head"].unitsPerEm
        pen = _OperatorPen(glyphs, scale)
        glyphs[name].draw(pen)
        bounds = BoundsPen(glyphs)
        glyphs[name].draw(bounds)
        xmin, ymin, xmax, ymax = (value * scale for value in bounds.bounds or (0, 0, 0, 0))
        box = BBox(xmin, xmax, ymin, ymax)
        width = round(glyphs[name].width * scale)
        return _BorrowedGlyph(_FOREIGN_INDEX + ord(char), pen.operators, box, self, width)


class _BorrowedGlyph(SimpleGlyph):
    def __init__(
        self, index: int, operators: list[Any], box: Any, font: FormulaFont, width: int
    ) -> None:
        super().__init__(index, operators, box, font)
        self._width = width

    def advance(self, nextchr: Any = None) -> int:
        return self._width


class _OperatorPen(BasePen):  # type: ignore[misc]  # fontTools is untyped
    """Draws into the operators of ziafont."""

    def __init__(self, glyphs: Any, scale: float) -> None:
        super().__init__(glyphs)
        self.operators: list[Any] = []
        self._scale = scale

    def _point(self, point: tuple[float, float]) -> Point:
        return Point(point[0] * self._scale, point[1] * self._scale)  # type: ignore[no-untyped-call]

    def _moveTo(self, pt: tuple[float, float]) -> None:  # noqa: N802 - fontTools' name
        self.operators.append(Moveto(self._point(pt)))

    def _lineTo(self, pt: tuple[float, float]) -> None:  # noqa: N802
        self.operators.append(Lineto(self._point(pt)))

    def _curveToOne(self, pt1: Any, pt2: Any, pt3: Any) -> None:  # noqa: N802
        self.operators.append(Cubic(self._point(pt1), self._point(pt2), self._point(pt3)))

    def _qCurveToOne(self, pt1: Any, pt2: Any) -> None:  # noqa: N802
        self.operators.append(Quad(self._point(pt1), self._point(pt2)))
