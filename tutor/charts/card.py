"""A card to draw on: rounded, with its own light ground, so that it reads in dark and light chats.

Colours are those of M. Okabe & K. Ito (2008), told apart by colour-blind readers, the light ones
darkened so that words in them can be read. The drawing
library is loaded with the first picture, and no state of it is shared: cards may be drawn in
threads.
"""

from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width

from tutor import fonts

if TYPE_CHECKING:
    from matplotlib.axes import Axes

GROUND, EDGE, GRID = "#ffffff", "#d0d7de", "#e3e8ee"
INK, QUIET = "#1f2328", "#57606a"
BLUE, ORANGE, GREEN, VERMILION = "#0072b2", "#b97700", "#009e73", "#d55e00"
PURPLE, SKY = "#a8538a", "#3a8fc9"
SERIES = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY)
EMPTY = "#eef1f4"
DPI = 200
MARGIN_INCHES = 0.32
HEAD_INCHES, FOOT_INCHES = 0.86, 0.52
LONGEST_NAME = 26  # Latin letters; a Chinese character takes two


class Card:
    """One picture of so many inches: a title, a line under it, axes, and a line at the foot."""

    def __init__(self, width: float, height: float, title: str, under: str = "") -> None:
        _use_fonts()
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
        from matplotlib.patches import FancyBboxPatch

        self.width, self.height = width, height
        self.figure: Figure = Figure(figsize=(width, height), dpi=DPI)
        FigureCanvasAgg(self.figure)
        self.figure.patch.set_alpha(0.0)
        rim = 0.03
        self.figure.add_artist(
            FancyBboxPatch(
                (rim, rim),
                width - 2 * rim,
                height - 2 * rim,
                boxstyle="round,pad=0,rounding_size=0.16",
                transform=self.figure.dpi_scale_trans,
                facecolor=GROUND,
                edgecolor=EDGE,
                linewidth=1.2,
                zorder=-10,
            )
        )
        self._write(MARGIN_INCHES, height - 0.42, title, 14, INK)
        if under:
            self._write(MARGIN_INCHES, height - 0.68, under, 9.5, QUIET)

    def axes(
        self, *, left: float = 0.0, right: float = 0.0, bottom: float = 0.0, top: float = 0.0
    ) -> "Axes":
        """Axes that fill the card between head and foot; the room for labels is in inches."""
        x, y = MARGIN_INCHES + left, FOOT_INCHES + bottom
        wide = self.width - x - MARGIN_INCHES - right
        high = self.height - HEAD_INCHES - top - y
        axes: Axes = self.figure.add_axes(
            (x / self.width, y / self.height, wide / self.width, high / self.height)
        )
        axes.set_facecolor("none")
        for spine in axes.spines.values():
            spine.set_visible(False)
        axes.tick_params(length=0, colors=INK, labelsize=9.5)
        return axes

    def foot(self, text: str) -> None:
        """A quiet line at the bottom."""
        self._write(MARGIN_INCHES, 0.24, text, 9, QUIET)

    def png(self) -> bytes:
        out = BytesIO()
        self.figure.savefig(out, format="png", dpi=DPI)
        return out.getvalue()

    def _write(self, x: float, y: float, text: str, size: float, colour: str) -> None:
        place: dict[str, Any] = {"transform": self.figure.dpi_scale_trans}
        shown = text.replace("$", r"\$")
        self.figure.text(x, y, shown, fontsize=size, color=colour, va="center", **place)


def short(name: str, longest: int = LONGEST_NAME) -> str:
    """A name that fits, with … where it was cut; a dollar sign is no formula."""
    name = " ".join(name.split())
    if columns(name) > longest:
        kept = name
        while columns(kept) > longest - 1:
            kept = kept[:-1]
        name = kept.rstrip() + "…"
    return name.replace("$", r"\$")


def columns(text: str) -> int:
    """How wide a text is, in Latin letters."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


@cache
def _use_fonts() -> None:
    """Makes the fonts known, the Chinese one for what the Latin one lacks."""
    import matplotlib as mpl
    from matplotlib import font_manager

    families = []
    for path in (fonts.latin_sans(), fonts.chinese_sans()):
        if path is not None:
            font_manager.fontManager.addfont(str(path))
            families.append(font_manager.FontProperties(fname=str(path)).get_name())
    mpl.rcParams["font.family"] = [*families, "DejaVu Sans"]
