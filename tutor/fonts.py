"""Where the fonts of pictures lie: packages that ship them, else what Debian installs.

All are under the SIL Open Font License. Opens no font and imports no drawing library.
"""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

_DEBIAN = Path("/usr/share/fonts")


@cache
def chinese_sans() -> Path | None:
    """Noto Sans SC, or another sans-serif font with Simplified Chinese."""
    return _first(
        _packaged("pylopdf_fonts_zh_cn", "NotoSansSC-Regular.otf"),
        _DEBIAN / "opentype/noto/NotoSansCJK-Regular.ttc",
        _DEBIAN / "truetype/wqy/wqy-microhei.ttc",
    )


@cache
def chinese_serif() -> Path | None:
    """Noto Serif SC, which goes with the letters of formulas."""
    return _first(
        _packaged("pylopdf_fonts_zh_cn", "NotoSerifSC-Regular.otf"),
        _DEBIAN / "opentype/noto/NotoSerifCJK-Regular.ttc",
        chinese_sans(),
    )


@cache
def latin_sans() -> Path | None:
    """Noto Sans with its weights in one file."""
    return _first(
        _packaged("manimgx_fonts", "NotoSans[wght].ttf"),
        _DEBIAN / "truetype/noto/NotoSans-Regular.ttf",
        _DEBIAN / "truetype/dejavu/DejaVuSans.ttf",
    )


@cache
def latin_italic() -> Path | None:
    return _first(
        _packaged("manimgx_fonts", "NotoSans-Italic[wght].ttf"),
        _DEBIAN / "truetype/dejavu/DejaVuSans-Oblique.ttf",
    )


@cache
def monospaced() -> Path | None:
    return _first(
        _packaged("fontpkg_jetbrains_mono", "files/JetBrainsMono[wght].ttf"),
        _DEBIAN / "truetype/dejavu/DejaVuSansMono.ttf",
    )


@cache
def emoji() -> Path | None:
    """Noto Emoji in one colour."""
    return _first(_packaged("manimgx_fonts", "NotoEmoji[wght].ttf"))


@cache
def mathematics() -> Path | None:
    """STIX Two Math, whose signs the other fonts lack."""
    return _first(_packaged("ziamath", "fonts/STIXTwoMath-Regular.ttf"))


def _packaged(package: str, file: str) -> Path | None:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / file


def _first(*candidates: Path | None) -> Path | None:
    return next((path for path in candidates if path and path.is_file()), None)
