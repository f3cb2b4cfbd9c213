"""Songs in ABC notation: found in a text, checked and engraved by verovio, drawn as PNG."""

import re
from dataclasses import dataclass

from tutor.fonts import chinese_serif

_FENCE = re.compile(r"```[a-z]*\n(.*?)```", re.DOTALL)
_HEADER = re.compile(r"^X:\s*\d+", re.MULTILINE)
_KEY = re.compile(r"^K:", re.MULTILINE)
_NOTE = re.compile(r"[A-Ga-g]")
PAGE_WIDTH = 2100
PIXELS_WIDE = 1200
FONT = "Noto Serif SC"


class NoMusic(Exception):
    """The notation can't be read; `detail` is for the log."""


@dataclass(frozen=True, slots=True)
class Song:
    """`abc` is the notation as it was checked, `title` its T field."""

    abc: str
    title: str


def song_in(text: str) -> Song:
    """The song in a text. Raises NoMusic where there is none."""
    candidates = [*_FENCE.findall(text), text]
    abc = next((c for c in candidates if _HEADER.search(c) and _KEY.search(c)), None)
    if abc is None:
        raise NoMusic("no ABC notation with the fields X and K")
    abc = abc[_HEADER.search(abc).start() :].strip() + "\n"  # type: ignore[union-attr]
    melody = [line for line in abc.splitlines() if not re.match(r"^[A-Za-z]:", line)]
    if not any(_NOTE.search(line) for line in melody):
        raise NoMusic("no notes")
    title = re.search(r"^T:\s*(.+)$", abc, re.MULTILINE)
    return Song(abc, title.group(1).strip() if title else "")


def sheet(song: Song) -> bytes:
    """The first page of the song as PNG on white. Takes about 100 ms; raises NoMusic."""
    import resvg_py
    import verovio

    verovio.enableLog(verovio.LOG_OFF)
    toolkit = verovio.toolkit()
    toolkit.setOptions(
        {
            "inputFrom": "abc",
            "pageWidth": PAGE_WIDTH,
            "adjustPageHeight": True,
            "adjustPageWidth": True,
            "header": "auto",
            "lyricSize": 3.0,
            "lyricWordSpace": 2.0,
            "spacingLinear": 0.3,
            "scale": 60,
            "footer": "none",
            "svgViewBox": True,
        }
    )
    if not toolkit.loadData(song.abc):
        raise NoMusic(toolkit.getLog() or "verovio read nothing")
    svg = toolkit.renderToSVG(1)
    if "notehead" not in svg and 'class="note' not in svg:
        raise NoMusic("no note was drawn")
    fonts = [str(path) for path in (chinese_serif(),) if path]
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            width=PIXELS_WIDE,
            background="white",
            font_files=fonts,
            font_family=FONT,
            serif_family=FONT,
            skip_system_fonts=True,
        )
    )
