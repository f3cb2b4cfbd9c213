"""Picture files as people and attackers make them, and archives of them."""

import struct
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

PNG = "PNG"


def drawing(seed: int, size: int = 40, mode: str = "RGB") -> Image.Image:
    """A picture unlike those of other seeds."""
    chance = np.random.default_rng(seed)
    picture = Image.new("RGB", (size, size), "white")
    pen = ImageDraw.Draw(picture)
    for _ in range(6):
        corners = (
            sorted(chance.integers(0, size, 2).tolist()),
            sorted(chance.integers(0, size, 2).tolist()),
        )
        (left, right), (top, bottom) = corners
        pen.rectangle((left, top, right, bottom), fill=tuple(chance.integers(0, 255, 3).tolist()))
    return picture.convert(mode)


def file_of(picture: Image.Image, kind: str = PNG, **options: object) -> bytes:
    target = BytesIO()
    picture.save(target, kind, **options)
    return target.getvalue()


def png(seed: int, size: int = 40) -> bytes:
    return file_of(drawing(seed, size))


def animated_gif(seed: int) -> bytes:
    frames = [drawing(seed + 100 * number).convert("P") for number in range(3)]
    return file_of(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=50)


def announced_png(width: int, height: int) -> bytes:
    """A few bytes that unfold to a picture of any size: the header says so, and zeros follow."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(min(width * height * 3, 10_000_000)), 9)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


def archive(path: Path, files: Mapping[str, bytes], kind: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", kind) as target:
        for name, data in files.items():
            target.writestr(zipfile.ZipInfo(name), data, kind)
    return path


def things(count: int = 2, each: int = 6, first_seed: int = 0) -> dict[str, bytes]:
    """Folders of pictures: "thing a/0.png" and so on."""
    return {
        f"thing {'abcdefghijklmnop'[thing]}/{number}.png": png(first_seed + 50 * thing + number)
        for thing in range(count)
        for number in range(each)
    }
