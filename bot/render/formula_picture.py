"""Draws formulas as one PNG that is readable on a dark and on a light background.

Slow and not bounded by itself: runs in the process of `formula_process`, never in an event loop.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from xml.etree.ElementTree import Element, SubElement, tostring

import resvg_py
from ziamath.tex import tex2mml
from ziamath.zmath import Latex, loadedfonts

from bot.render.formula_font import CharacterMissing, FormulaFont
from tutor import fonts

FONT_SIZE = 16.0
ZOOM = 2.0
MAX_LATEX = 1500
MAX_DEPTH = 12
MAX_WIDTH, MAX_HEIGHT = 1100.0, 1600.0  # before the zoom
_PADDING, _GAP, _RADIUS = 14.0, 22.0, 8.0
_SMALLEST_SCALE = 0.55
_INK, _PAPER, _LINE = "#1b1d22", "#ffffff", "#e3e5e8"
_UNKNOWN_COMMAND = re.compile(r">\s*\\[a-zA-Z]+\s*<")


class FormulaNotDrawable(Exception):
    """The LaTeX cannot be drawn; the message says why, without the LaTeX."""


@dataclass(frozen=True, slots=True)
class _Drawing:
    svg: Element
    width: float
    height: float


def draw_formulas(formulas: Sequence[str]) -> bytes:
    """A PNG of the formulas one under the other, at twice its size.

    Leaves out those that cannot be drawn; raises FormulaNotDrawable when none can.
    """
    drawings, problem = [], FormulaNotDrawable("There is no formula.")
    for latex in formulas:
        try:
            drawings.append(_drawing(latex))
        except FormulaNotDrawable as error:
            problem = error
    if not drawings:
        raise problem
    return _png(drawings)


def _drawing(latex: str) -> _Drawing:
    if len(latex) > MAX_LATEX:
        raise FormulaNotDrawable("The formula is too long.")
    if not _is_balanced(latex):
        raise FormulaNotDrawable("The braces do not match or go too deep.")
    drawn = _laid_out(latex)
    width, height = drawn.getsize()
    svg = drawn.svgxml()
    scale = min(1.0, MAX_WIDTH / max(width, 1.0), MAX_HEIGHT / max(height, 1.0))
    if scale < _SMALLEST_SCALE or width < 1:
        raise FormulaNotDrawable("The formula is too large or empty.")
    svg.set("width", f"{width * scale:.2f}")
    svg.set("height", f"{height * scale:.2f}")
    return _Drawing(svg, width * scale, height * scale)


def _laid_out(latex: str) -> Latex:
    try:
        markup = tex2mml(latex)
        drawn = Latex(latex, size=FONT_SIZE, font=_font(), color=_INK)
    except CharacterMissing as error:
        raise FormulaNotDrawable(f"No installed font has {error}.") from error
    except Exception as error:  # the library names no base for what bad LaTeX raises in it
        raise FormulaNotDrawable(f"The library refuses it: {type(error).__name__}.") from error
    if _UNKNOWN_COMMAND.search(markup):
        raise FormulaNotDrawable("It uses a command that is not known.")
    return drawn


def _png(drawings: Sequence[_Drawing]) -> bytes:
    width = max(drawing.width for drawing in drawings) + 2 * _PADDING
    height = sum(drawing.height for drawing in drawings) + 2 * _PADDING + _GAP * (len(drawings) - 1)
    page = Element("svg", xmlns="http://www.w3.org/2000/svg", width=f"{width}", height=f"{height}")
    SubElement(page, "rect", width="100%", height="100%", rx=f"{_RADIUS}", fill=_PAPER)
    top = _PADDING
    for number, drawing in enumerate(drawings):
        if number:
            middle = f"{top - _GAP / 2}"
            line = {"x1": f"{_PADDING}", "x2": f"{width - _PADDING}", "y1": middle, "y2": middle}
            SubElement(page, "line", line, stroke=_LINE)
        drawing.svg.set("x", f"{_PADDING}")
        drawing.svg.set("y", f"{top}")
        page.append(drawing.svg)
        top += drawing.height + _GAP
    markup = tostring(page, encoding="unicode")
    return bytes(resvg_py.svg_to_bytes(svg_string=markup, zoom=ZOOM, skip_system_fonts=True))


@cache
def _font() -> str:
    """Registers our font with the library; returns the name under which it is known there."""
    path = fonts.mathematics()
    assert path is not None, "ziamath ships this font"
    name = "daoshi"
    loadedfonts[name] = FormulaFont(path, fonts.chinese_serif())
    return name


def _is_balanced(latex: str) -> bool:
    depth = 0
    for sign in re.findall(r"\\.|[{}]", latex, re.DOTALL):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if not 0 <= depth <= MAX_DEPTH:
            return False  # deep nesting takes the library exponential time
    return depth == 0
