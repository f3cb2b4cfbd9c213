"""How good enlarged pictures are: near to the real ones, as sharp as these, seen as the same."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from training.gan.features import features
from training.gan.grid import sheet
from training.gan.measuring import SCORE, to_bytes
from tutor.images.upsampler import FACTOR, Upsampler, doubled

SAMPLE = 120
SHOWN = 12


@dataclass
class EnlargingMeasure:
    """Compares drawn icons (N, S, S, 3), enlarged, with the real ones (N, 4 S, 4 S, 3)."""

    icons: NDArray[np.uint8]
    drawn: NDArray[np.uint8]
    folder: Path | None = None
    _number: int = 0

    def __call__(self, upsampler: Upsampler) -> dict[str, float]:
        """`likeness` to the real ones in a classifier's features and `sharpness` (mean difference
        of neighbouring pixels) relative to theirs, beside those of Lanczos' smooth enlarging."""
        chosen = np.linspace(0, len(self.drawn) - 1, min(SAMPLE, len(self.drawn))).astype(int)
        small, width = self.drawn[chosen], self.drawn.shape[1] * FACTOR
        real = np.stack([_resized(self.icons[one], width, Image.Resampling.BOX) for one in chosen])
        smooth = np.stack([_resized(one, width, Image.Resampling.LANCZOS) for one in small])
        ours = enlarge_all(upsampler, small, 1)
        self._show(small[:SHOWN], smooth[:SHOWN], ours[:SHOWN], real[:SHOWN])
        seen = features(real)
        figures = {
            "likeness": float((features(ours) * seen).sum(1).mean()),
            "likeness_lanczos": float((features(smooth) * seen).sum(1).mean()),
            "sharpness": _sharpness(ours) / _sharpness(real),
            "sharpness_lanczos": _sharpness(smooth) / _sharpness(real),
        }
        return {**figures, SCORE: figures["likeness"]}

    def _show(self, *rows: NDArray[np.uint8]) -> None:
        if self.folder is None:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        width = rows[-1].shape[1]
        alike = [
            np.stack([_resized(one, width, Image.Resampling.NEAREST) for one in row])
            for row in rows
        ]
        (self.folder / f"sheet-{self._number:04d}.png").write_bytes(
            sheet(np.concatenate(alike), len(rows[0]))
        )
        self._number += 1


def enlarge_all(upsampler: Upsampler, pictures: NDArray[np.uint8], times: int) -> NDArray[np.uint8]:
    """Pictures (N, S, S, 3) made twice as wide so many times."""
    device = next(upsampler.parameters()).device
    found = []
    for start in range(0, len(pictures), 16):
        values = torch.from_numpy(pictures[start : start + 16].copy()).permute(0, 3, 1, 2)
        found.append(to_bytes(doubled(upsampler, values.to(device).float() / 127.5 - 1, times)))
    return np.concatenate(found)


def _resized(pixels: NDArray[np.uint8], width: int, how: Image.Resampling) -> NDArray[np.uint8]:
    return np.asarray(Image.fromarray(np.asarray(pixels)).resize((width, width), how))


def _sharpness(pictures: NDArray[np.uint8]) -> float:
    values = pictures.astype(np.float32)
    return float(np.abs(np.diff(values, axis=1)).mean() + np.abs(np.diff(values, axis=2)).mean())
