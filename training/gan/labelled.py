"""Pictures of concepts in styles, as the conditional generator learns them."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from training.gan.batches import Batch
from training.gan.pictures import PictureSet
from tutor.images.network import Generator


@dataclass(frozen=True, slots=True)
class LabelledPictures:
    """Pictures (N, 3, S, S) as bytes, with their concepts (N) and styles (N) of `style_count`."""

    pictures: Tensor
    concepts: Tensor
    styles: Tensor
    style_count: int

    def __len__(self) -> int:
        return len(self.pictures)

    def batch(self, rows: Tensor, size: int, random: torch.Generator) -> Batch:
        """The pictures in these rows with concepts (B) and styles (B, styles), one of them 1."""
        pictures = self.pictures[rows].float() / 127.5 - 1
        if pictures.shape[-1] != size:
            pictures = functional.avg_pool2d(pictures, pictures.shape[-1] // size)
        styles = functional.one_hot(self.styles[rows].long(), self.style_count)
        return Batch(pictures, (self.concepts[rows].long(), styles.float()))

    def draw(self, network: Generator, batch: Batch, random: torch.Generator) -> Tensor:
        """Pictures of the same concepts and styles, each with noise of its own."""
        concepts, styles = batch.inputs
        noise = torch.randn(len(concepts), network.config.noise_size, generator=random)
        pictures: Tensor = network(
            concepts, styles, noise.to(concepts.device), batch.pictures.shape[-1]
        )
        return pictures

    def tensors(self) -> Iterable[Tensor]:
        return self.pictures, self.concepts, self.styles


def labelled(pictures: PictureSet) -> LabelledPictures:
    """The set as tensors."""
    images = torch.from_numpy(np.array(pictures.images)).permute(0, 3, 1, 2).contiguous()
    concepts, styles = torch.from_numpy(pictures.concepts), torch.from_numpy(pictures.styles)
    return LabelledPictures(images, concepts, styles, len(pictures.style_names))
