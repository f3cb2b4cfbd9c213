"""Uploads of pictures that are broken, huge, hostile or useless, as files."""

import stat
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from tests.doubles.picture_files import (
    animated_gif,
    announced_png,
    archive,
    drawing,
    file_of,
    png,
    things,
)

MANY_FILES = 50_000


@dataclass(frozen=True, slots=True)
class Refused:
    """An upload of which nothing can be used, and words that its sentence must have."""

    name: str
    write: Callable[[Path], object]
    advice: str


def bad_files() -> Mapping[str, tuple[bytes, str]]:
    """Single files among good ones, by name, with words of the reason that each must get."""
    return {
        "thing a/broken.png": (png(900)[:150], "broken or cut off"),
        "thing a/header bomb.png": (announced_png(60_000, 60_000), "million pixels"),
        "thing a/large.png": (announced_png(9_000, 9_000), "million pixels"),
        "thing a/unfolding.bmp": (bytes(20 << 20), "unfolds"),
        "thing a/one pixel.png": (file_of(Image.new("RGB", (1, 1))), "only 1 × 1"),
        "thing a/red.png": (file_of(Image.new("RGB", (50, 50), "red")), "all of one colour"),
        "thing a/letter.jpg": (b"Dear Sir or Madam", "no picture in a format"),
        "thing a/program.png": (b"\x7fELF" + bytes(range(256)), "no picture in a format"),
        "thing a/inner.zip": (b"PK\x03\x04" + bytes(99), "archive inside the archive"),
        "thing a/empty.png": (b"", "The file is empty"),
        "../../outside.png": (png(901), "leads out of the archive"),
        "/etc/outside.png": (png(902), "leads out of the archive"),
        "C:\\outside.png": (png(903), "leads out of the archive"),
        "lonely/0.png": (png(904), "“lonely” has too few"),
    }


def good_odd_files() -> Mapping[str, bytes]:
    """What is unusual and can be used all the same: four of them, all of thing a."""
    return {
        "thing a/moving.gif": animated_gif(905),
        "thing a/print.tif": file_of(drawing(906).convert("CMYK"), "TIFF"),
        "thing a/really a jpeg.png": file_of(drawing(907), "JPEG"),
        "thing a/huge.jpg": file_of(drawing(908, 6000), "JPEG"),
    }


def mixed(path: Path) -> Path:
    """All of the above among twelve good pictures, and a link to a file of the system."""
    bad = {name: data for name, (data, _) in bad_files().items()}
    archive(path, {**things(), **bad, **good_odd_files(), "__MACOSX/._0.png": b"x"})
    with zipfile.ZipFile(path, "a") as target:
        link = zipfile.ZipInfo("thing a/link.png")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        target.writestr(link, "/etc/passwd")
    return path


def _many(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as target:
        for number in range(MANY_FILES):
            target.writestr(f"thing/{number}.png", b"")


def _locked(path: Path) -> None:
    archive(path, things())
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    path.write_bytes(bytes(data))


def _half(path: Path) -> None:
    archive(path, things())
    path.write_bytes(path.read_bytes()[:-200])


REFUSED = (
    Refused("no zip", lambda path: path.write_bytes(b"These are my pictures."), "plain zip"),
    Refused("an empty file", lambda path: path.write_bytes(b""), "plain zip"),
    Refused("half a zip", _half, "plain zip"),
    Refused("a zip with a password", _locked, "without one"),
    Refused("50,000 files", _many, "Leave out some"),
    Refused("an empty zip", lambda path: archive(path, {}), "one folder for each thing"),
    Refused(
        "pictures without names",
        lambda path: archive(path, {f"{n}.png": png(n) for n in range(9)}),
        "captions.csv",
    ),
    Refused(
        "broken pictures alone",
        lambda path: archive(path, {f"cat/{n}.png": png(n)[:90] for n in range(9)}),
        "broken or cut off",
    ),
    Refused(
        "one picture of each thing",
        lambda path: archive(path, {f"thing {n}/0.png": png(n) for n in range(9)}),
        "Add pictures",
    ),
)
