"""Sets text in lines: styled runs, a font for every character, breaks for Latin and Chinese."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import regex
from fontTools.ttLib import TTFont
from PIL import ImageFont

from tutor import fonts

SCALE = 2
_PIECE = regex.compile(
    r"\n|[ \t]+|[\p{Han}\u3000-\u303f\uff00-\uffef]\p{M}*|[^\s\p{Han}\u3000-\u303f\uff00-\uffef]+"
)
_NO_LINE_START = frozenset("，。；：！？、）」』》”’…,.;:!?)]}")
_IGNORED = frozenset("\ufe0f\ufe0e")
_EMOJI = regex.compile(r"\p{Emoji_Presentation}|[☑✅⚠⏹▶❌✔✖➕]")
_EMOJI_INK = "#f0a81c"


@dataclass(frozen=True, slots=True)
class Style:
    """How a run of text looks. `size` in pixels before scaling."""

    size: float = 16
    color: str = "#dbdee1"
    bold: bool = False
    italic: bool = False
    mono: bool = False
    strike: bool = False
    underline: bool = False
    fill: str = ""  # a box behind the text, as inline code has
    outline: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    text: str
    style: Style


@dataclass(frozen=True, slots=True)
class Glyphs:
    """Characters that one font draws, placed at `x` within their line."""

    text: str
    style: Style
    font: ImageFont.FreeTypeFont
    x: float
    width: float
    faked_bold: bool = False
    ink: str = ""


Line = tuple[Glyphs, ...]


def lines_of(runs: Sequence[Run], width: float) -> list[Line]:
    """The runs in lines no wider than `width`, as far as words allow."""
    setter = _Setter(width * SCALE)
    for run in runs:
        for piece in _PIECE.findall(run.text):
            setter.add(piece, run.style)
    return setter.finish()


def text_width(text: str, style: Style) -> float:
    return sum(glyphs.width for glyphs in _shaped(text, style)) / SCALE


class _Setter:
    def __init__(self, width: float) -> None:
        self._width = width
        self._lines: list[Line] = []
        self._line: list[Glyphs] = []
        self._x = 0.0

    def add(self, piece: str, style: Style) -> None:
        if piece == "\n":
            self._break()
            return
        shaped = list(_shaped(piece, style))
        width = sum(glyphs.width for glyphs in shaped)
        if piece.isspace() and not self._line and not style.mono:
            return
        full = self._x + width > self._width and self._line
        if full and not piece.isspace() and piece not in _NO_LINE_START:
            self._break()
        if width > self._width and len(piece) > 1:
            for character in piece:
                self.add(character, style)
            return
        for glyphs in shaped:
            self._line.append(replace(glyphs, x=self._x))
            self._x += glyphs.width

    def finish(self) -> list[Line]:
        if self._line or not self._lines:
            self._break()
        return self._lines

    def _break(self) -> None:
        self._lines.append(tuple(self._line))
        self._line, self._x = [], 0.0


def _shaped(text: str, style: Style) -> Iterator[Glyphs]:
    """The text cut where the font changes."""
    start = 0
    shown = "".join(character for character in text if _is_drawn(character))
    paths = [_path_for(character, style) for character in shown]
    for end in range(1, len(shown) + 1):
        if end == len(shown) or paths[end] != paths[start]:
            path, piece = paths[start], shown[start:end]
            font = _font(path, round(style.size * SCALE), style.bold)
            faked = style.bold and path not in (fonts.latin_sans(), fonts.monospaced())
            ink = _EMOJI_INK if path == fonts.emoji() and _EMOJI.match(piece) else ""
            yield Glyphs(piece, style, font, 0, font.getlength(piece), faked, ink)
            start = end


def _is_drawn(character: str) -> bool:
    """Whether it has a shape: controls have none, and joiners need fonts with colours."""
    return character not in _IGNORED and unicodedata.category(character) not in ("Cc", "Cf", "Cs")


def _path_for(character: str, style: Style) -> Path:
    latin = fonts.latin_italic() if style.italic else fonts.latin_sans()
    preferred = [fonts.monospaced(), latin] if style.mono else [latin]
    if _EMOJI.match(character):
        preferred.insert(0, fonts.emoji())
    rest = [fonts.chinese_sans(), fonts.mathematics(), fonts.emoji(), fonts.latin_sans()]
    if unicodedata.category(character) == "Sm":
        rest.insert(0, fonts.mathematics())
    candidates = [path for path in [*preferred, *rest] if path]
    assert candidates, "no font is installed at all"
    return next((path for path in candidates if ord(character) in _characters(path)), candidates[0])


@cache
def _characters(path: Path) -> frozenset[int]:
    with TTFont(path, fontNumber=0, lazy=True) as font:
        return frozenset(font.getBestCmap())


@cache
def _font(path: Path, size: int, bold: bool) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(str(path), size)
    if "[wght]" in path.name:
        others = [axis["default"] or 0 for axis in font.get_variation_axes()[1:]]
        font.set_variation_by_axes([680 if bold else 400, *others])
    return font
