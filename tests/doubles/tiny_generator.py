"""A generator with random weights in a folder, and what it offers: for tests of what draws."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from tests.doubles.picture_atlas import DIGITS, KNOWN, OFFERED, SOURCE, STYLES
from tutor.images.atlas import Atlas, atlas_from
from tutor.images.concepts import Concept, Concepts
from tutor.images.network import Generator, GeneratorConfig
from tutor.images.weights import save_generator


def save_tiny(
    folder: Path,
    name: str = "icons-1",
    concepts: tuple[Concept, ...] = OFFERED,
    styles: tuple[str, ...] = STYLES,
    **more: Any,
) -> Path:
    """A folder with a whole generator that was never trained; `more` for its card."""
    torch.manual_seed(1)
    config = GeneratorConfig(
        len(concepts),
        len(styles),
        4,
        (8, 8, 8),
        concept_size=6,
        style_size=4,
        cell_size=4,
        noise_size=4,
        width=8,
    )
    card = {
        "kind": "image_generator",
        "name": name,
        "licence": "Apache-2.0",
        "labels": [asdict(one) for one in concepts],
        "styles": list(styles),
        "attribution": [SOURCE],
        **more,
    }
    save_generator(folder / name, Generator(config, torch.randn(len(concepts), 4)), card)
    return folder / name


def tiny_atlas(folder: Path) -> Atlas:
    """Two generators, one for things and one for digits, and what they offer."""
    folders = [
        save_tiny(folder),
        save_tiny(folder, "digits-1", DIGITS, ("handwritten",)),
    ]
    atlas = atlas_from(Concepts((*OFFERED, *DIGITS), KNOWN), folders)
    assert atlas is not None
    return atlas
