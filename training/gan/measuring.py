"""How good a generator is while it is being trained: figures, and a sheet for the eye.

Measured are pictures of a part of the conditions, always the same, so that figures can be compared.
"""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from training.gan.features import Features, features
from training.gan.grid import beside
from training.gan.measures import kernel_distance, recognised, variety
from training.gan.pictures import PictureSet
from tutor.images.network import Generator

SCORE = "score"  # the figure by which the best generator is kept
SHOWN = 48  # pairs on a sheet
_BATCH = 32
_DRAWS = 8  # of a concept with many right pictures


@dataclass
class Measure:
    """Compares a generator with a set at its own size; with `folder`, sheets are written there."""

    pictures: PictureSet
    sample: int = 300
    folder: Path | None = None
    seed: int = 0
    _real: Features | None = field(default=None, repr=False)
    _number: int = 0

    def __call__(self, generator: Generator) -> dict[str, float]:
        """Figures by name; SCORE is the larger the better."""
        if self._real is None:
            self._real = features(self.pictures.images)
        rng = np.random.default_rng(self.seed)
        count = len(self.pictures.concepts)
        rows = np.sort(rng.choice(count, min(self.sample, count), replace=False))
        concepts, styles = self.pictures.concepts[rows], self.pictures.styles[rows]
        drawn = draw_all(generator, concepts, styles, self.seed)
        seen = features(drawn)
        self._show(self.pictures.images[rows], drawn, rng)
        paired = one_right_picture(self.pictures)
        # Where noise chooses among many right pictures, none of them is a drawing's own target.
        own = styles if paired else np.full_like(styles, -1)
        named = recognised(
            seen, concepts, own, self._real, self.pictures.concepts, self.pictures.styles
        )
        figures = {
            "concept_accuracy": float(named.mean()),
            "kernel_distance": kernel_distance(seen, self._real[rows]),
        }
        if paired:
            figures["target_likeness"] = float((seen * self._real[rows]).sum(1).mean())
            figures[SCORE] = figures["concept_accuracy"] + figures["target_likeness"]
            return figures
        share = variety(drawn, concepts) / max(variety(self.pictures.images[rows], concepts), 1e-9)
        figures["variety_ratio"] = share
        figures[SCORE] = figures["concept_accuracy"] + min(1.0, share)
        figures[SCORE] -= figures["kernel_distance"] / 100
        return figures

    def _show(
        self, real: NDArray[np.uint8], drawn: NDArray[np.uint8], rng: np.random.Generator
    ) -> None:
        if self.folder is None:
            return
        chosen = np.sort(rng.choice(len(real), min(SHOWN, len(real)), replace=False))
        self.folder.mkdir(parents=True, exist_ok=True)
        file = self.folder / f"sheet-{self._number:04d}.png"
        file.write_bytes(beside(real[chosen], drawn[chosen], 6))
        self._number += 1


def one_right_picture(pictures: PictureSet) -> bool:
    """Whether every concept has one picture in each style, as icons do and handwriting does not."""
    pairs = np.stack([pictures.concepts, pictures.styles], 1)
    return len(np.unique(pairs, axis=0)) == len(pictures)


@torch.no_grad()
def draw_all(
    generator: Generator,
    concepts: NDArray[np.integer],
    styles: NDArray[np.integer],
    seed: int = 0,
) -> NDArray[np.uint8]:
    """Pictures (N, S, S, 3) of conditions (N), each with noise of its own."""
    device = next(generator.parameters()).device
    random = torch.Generator().manual_seed(seed)
    training = generator.training
    generator.eval()
    found = []
    for start in range(0, len(concepts), _BATCH):
        asked = torch.from_numpy(concepts[start : start + _BATCH].astype(np.int64))
        chosen = torch.from_numpy(styles[start : start + _BATCH].astype(np.int64))
        noise = torch.randn(len(asked), generator.config.noise_size, generator=random)
        mixture = torch.nn.functional.one_hot(chosen, generator.config.styles).float()
        pictures = generator(asked.to(device), mixture.to(device), noise.to(device))
        found.append(to_bytes(pictures))
    generator.train(training)
    return np.concatenate(found)


def to_bytes(pictures: torch.Tensor) -> NDArray[np.uint8]:
    """(B, S, S, 3) in 0 … 255 of what a generator draws."""
    scaled = ((pictures.clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8)
    return np.ascontiguousarray(scaled.permute(0, 2, 3, 1).cpu().numpy())
