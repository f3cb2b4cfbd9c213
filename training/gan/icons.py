"""`python -m training.gan.icons OUT --size 64`: the set of icons that our own generator learns.

Each concept in up to seven styles, from icon sets with permissive licences. The packages are named
with their versions and digests; what a set doesn't have is a missing cell, and counted.
"""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.progress import track

from training.gan.concepts import CONCEPTS_FILE, Concept, Concepts, read_concepts
from training.gan.icon_set import IconSet, hexcode_of, read_icon_set
from training.gan.npm import CACHE, NpmPackage, PackageUnavailable, fetched
from training.gan.pictures import PictureSet, Pixels
from training.gan.rasters import UnrenderableIcon, raster

SIZE = 64
STYLES: Mapping[str, NpmPackage] = {
    "noto": NpmPackage(
        "@iconify-json/noto",
        "1.2.9",
        "sha512-DQiuXENbun41ch+XPSV55H9FaWKpHTyz46YIKtSaKYD4fIDDzL1tR6H4np/T38jfrTAeI3rcKF0mqHYeZVAuaw==",
    ),
    "blob": NpmPackage(
        "@iconify-json/noto-v1",
        "1.2.5",
        "sha512-/DsVMius69Q0fRS53z7QK1TROSuar606jiIx+laXtdsYGMXpf6LtHBx6CGfoo3UHHb/XpBsw+1L1x3eyPqMuVA==",
    ),
    "fluent": NpmPackage(
        "@iconify-json/fluent-emoji",
        "1.2.7",
        "sha512-D8G6bKAyIsyxP1rzZtIWr/gg/fO4Rg1+DyCWlfqKK4h8W+4Em/Y0P6QYgJUQTlUcagzJvSyg+9OBv4hz4Hc/QA==",
    ),
    "flat": NpmPackage(
        "@iconify-json/fluent-emoji-flat",
        "1.2.6",
        "sha512-RY47RgPb47fYUiyrA64sIOL0+UU02s29sXpNBbIQRBUlPlfNFTKUmZDERGuxDs/7yNGWqQYvuaSYM1M4fRXlUw==",
    ),
    "twemoji": NpmPackage(
        "@iconify-json/twemoji",
        "1.2.5",
        "sha512-uKpuIEV0v6K5BW3Mjdyl+XKFVAbbcPxAgifKvEMtZoUZB5+YiY5zaMm2uNNCxyXzAWU9yNLlj41WU6/mvgALsw==",
    ),
    "emojione": NpmPackage(
        "@iconify-json/emojione",
        "1.2.3",
        "sha512-T9+T3HIbJNLKKsmxYKlaYhvnHYkz/HNYTV7SHCXVZPfeUi4FqskY70YeN8yYAZT8cCv7w5vJxS4Q1m8zb9CMMg==",
    ),
    "ink": NpmPackage(
        "@iconify-json/fluent-emoji-high-contrast",
        "1.2.6",
        "sha512-esqhZPpkrF7sNX3NsLoh8KW64okEr/bzko7WNnFP+qTJGAqDPDYjp0925yxuivXy3HtVQB8xhIKu3+Nq1byX5w==",
    ),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A concept in a style, by their numbers, and the name of the icon there."""

    concept: int
    style: int
    name: str


def cells(concepts: Sequence[Concept], icon_sets: Mapping[str, IconSet]) -> Iterator[Cell]:
    """Every cell that has an icon, concept by concept."""
    for number, concept in enumerate(concepts):
        hexcode = hexcode_of(concept.emoji)
        told = [one.names[hexcode] for one in icon_sets.values() if hexcode in one.names]
        guesses = [concept.label.id, *concept.names, *told]
        for style, (style_name, icon_set) in enumerate(icon_sets.items()):
            name = icon_set.name_of(hexcode, guesses)
            if name is not None and style_name not in concept.without:
                yield Cell(number, style, name)


def build(concepts: Concepts, icon_sets: Mapping[str, IconSet], size: int) -> PictureSet:
    """The set, with a picture for each cell that has an icon."""
    sets = tuple(icon_sets.values())
    found = list(cells(concepts.listed, icon_sets))
    images: Pixels = np.empty((len(found), size, size, 3), np.uint8)
    for place, cell in enumerate(track(found, "Rendering")):
        try:
            images[place] = raster(sets[cell.style].icon(cell.name), size)
        except UnrenderableIcon as error:
            error.add_note(f"{cell.name} of {sets[cell.style].source.name}")
            raise
    return PictureSet(
        images=images,
        concepts=np.array([cell.concept for cell in found], np.int16),
        styles=np.array([cell.style for cell in found], np.int8),
        labels=tuple(one.label for one in concepts.listed),
        style_names=tuple(icon_sets),
        sources=(*(one.source for one in sets), concepts.source),
    )


def summary(pictures: PictureSet) -> str:
    """How many concepts and styles there are, and how many cells are missing in each style."""
    of_style = np.bincount(pictures.styles, minlength=len(pictures.style_names))
    of_concept = np.bincount(pictures.concepts, minlength=len(pictures.labels))
    whole = int((of_concept == len(pictures.style_names)).sum())
    lines = [
        f"{len(pictures)} pictures of {pictures.size} pixels, {len(pictures.labels)} concepts, "
        f"{whole} of them in all {len(pictures.style_names)} styles"
    ]
    for name, count in zip(pictures.style_names, of_style, strict=True):
        lines.append(f"  {name}: {count}, {len(pictures.labels) - count} missing")
    return "\n".join(lines)


def main() -> None:
    """Fetches the packages, renders the icons and says what there is."""
    parser = argparse.ArgumentParser(description="Build the set of icons.")
    parser.add_argument("out", type=Path, help="the folder to write")
    parser.add_argument("--size", type=int, default=SIZE, help="pixels (default: %(default)s)")
    parser.add_argument("--concepts", type=Path, default=CONCEPTS_FILE, help="the list to build")
    parser.add_argument("--packages", type=Path, default=CACHE, help="where the packages are kept")
    arguments = parser.parse_args()
    try:
        archives = {style: fetched(one, arguments.packages) for style, one in STYLES.items()}
    except PackageUnavailable as error:
        parser.exit(1, f"{error}\n")
    icon_sets = {style: read_icon_set(STYLES[style], file) for style, file in archives.items()}
    pictures = build(read_concepts(arguments.concepts), icon_sets, arguments.size)
    pictures.save(arguments.out)
    print(summary(pictures))


if __name__ == "__main__":
    main()
