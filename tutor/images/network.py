"""The conditional generator: concept, style and noise in, a square RGB picture out.

Knows nothing of training. A condition is first made into a code, which can be mixed with others (a
morph is a straight line between two codes), and the code into a picture. The picture grows from
4 x 4: each stage doubles it by repeating pixels and convolves, and adds its part to the picture of
the stage before, so that a coarse picture is whole as well ("skip" generator: Karras et al.,
"Analyzing and Improving the Image Quality of StyleGAN", 2020). The code acts on every stage through
FiLM (Perez et al., 2018): a scale and a shift for each channel.
"""

from dataclasses import asdict, dataclass
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.nn import functional

FIRST_SIZE = 4
SLOPE = 0.2  # of the leaky rectifiers


@dataclass(frozen=True, slots=True)
class GeneratorConfig:
    """`channels` are those of the stages at 4, 8, 16, … pixels, the last one `size` pixels wide."""

    concepts: int
    styles: int
    text_size: int  # of the whitened sentence embedding of a concept's label
    channels: tuple[int, ...] = (192, 192, 96, 48, 24)
    concept_size: int = 128
    style_size: int = 32
    cell_size: int = 64  # what is particular to a concept in a style
    noise_size: int = 32
    width: int = 256  # of what FiLM reads

    @property
    def size(self) -> int:
        return FIRST_SIZE << (len(self.channels) - 1)

    @property
    def code_size(self) -> int:
        return self.concept_size + self.style_size + self.cell_size

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def config_from_json(record: dict[str, Any]) -> GeneratorConfig:
    """What `to_json` wrote."""
    return GeneratorConfig(**{**record, "channels": tuple(record["channels"])})


class Film(nn.Module):
    """Scale and shift of each channel, read from the condition; at first it changes nothing."""

    def __init__(self, width: int, channels: int) -> None:
        super().__init__()
        self.read = nn.Linear(width, 2 * channels)
        nn.init.normal_(self.read.weight, std=0.02)
        nn.init.zeros_(self.read.bias)

    def forward(self, picture: Tensor, condition: Tensor) -> Tensor:
        scale, shift = self.read(condition)[:, :, None, None].chunk(2, 1)
        return torch.addcmul(shift, picture, 1 + scale)


class Stage(nn.Module):
    """Two convolutions at one size, each followed by FiLM, around a short cut."""

    def __init__(self, before: int, channels: int, width: int, *, doubles: bool) -> None:
        super().__init__()
        self.doubles = doubles
        # Before the picture grows, where it costs a quarter.
        self.enter = nn.Conv2d(before, channels, 1) if before != channels else nn.Identity()
        self.convolutions = nn.ModuleList(
            nn.Conv2d(channels, channels, 3, padding=1) for _ in range(2)
        )
        self.norms = nn.ModuleList(nn.GroupNorm(max(1, channels // 16), channels) for _ in range(2))
        self.films = nn.ModuleList(Film(width, channels) for _ in range(2))
        self.to_rgb = nn.Conv2d(channels, 3, 1)
        nn.init.normal_(self.to_rgb.weight, std=0.02)

    def forward(self, picture: Tensor, condition: Tensor) -> Tensor:
        picture = self.enter(picture)
        if self.doubles:
            picture = functional.interpolate(picture, scale_factor=2.0, mode="nearest")
        before = picture
        for convolve, norm, film in zip(self.convolutions, self.norms, self.films, strict=True):
            picture = functional.leaky_relu(film(norm(convolve(picture)), condition), SLOPE)
        together: Tensor = (picture + before) * 0.5**0.5
        return together


class Generator(nn.Module):
    """`texts` (concepts, text_size) are the whitened embeddings of the concepts' labels."""

    texts: Tensor

    def __init__(self, config: GeneratorConfig, texts: Tensor | None = None) -> None:
        super().__init__()
        self.config = config
        if texts is None:
            texts = torch.zeros(config.concepts, config.text_size)
        assert texts.shape == (config.concepts, config.text_size), texts.shape
        self.register_buffer("texts", texts.float())
        self.concepts = nn.Embedding(config.concepts, config.concept_size)
        self.read_text = nn.Linear(config.text_size, config.concept_size, bias=False)
        self.styles = nn.Embedding(config.styles, config.style_size)
        self.cells = nn.Embedding(config.concepts * config.styles, config.cell_size)
        first = config.channels[0]
        self.layout = nn.Linear(config.code_size, first * FIRST_SIZE**2)
        self.condition = nn.Sequential(
            nn.Linear(config.code_size + config.noise_size, config.width),
            nn.LeakyReLU(SLOPE),
            nn.Linear(config.width, config.width),
            nn.LeakyReLU(SLOPE),
        )
        before = (first, *config.channels[:-1])
        self.stages = nn.ModuleList(
            Stage(old, new, config.width, doubles=number > 0)
            for number, (old, new) in enumerate(zip(before, config.channels, strict=True))
        )

    def codes(self, concepts: Tensor, styles: Tensor) -> Tensor:
        """Codes (B, code_size) of concepts (B) in mixtures of styles (B, styles) that sum to 1."""
        first = concepts[:, None] * self.config.styles
        every = torch.arange(self.config.styles, device=concepts.device)
        cells = torch.einsum("bs,bsc->bc", styles, self.cells(first + every))
        concept = self.concepts(concepts) + self.read_text(self.texts[concepts])
        return torch.cat([concept, styles @ self.styles.weight, cells], 1)

    def forward(
        self, concepts: Tensor, styles: Tensor, noise: Tensor, size: int | None = None
    ) -> Tensor:
        """Pictures (B, 3, size, size), white 1 and black -1; `size` may be a coarser stage's."""
        return self.draw(self.codes(concepts, styles), noise, size)

    def draw(self, codes: Tensor, noise: Tensor, size: int | None = None) -> Tensor:
        """The same from codes. Values a little outside -1 … 1 are possible and to be clamped."""
        condition = self.condition(torch.cat([codes, noise], 1))
        features = self.layout(codes).unflatten(1, (-1, FIRST_SIZE, FIRST_SIZE))
        features = features.contiguous(memory_format=torch.channels_last)
        picture: Tensor | None = None
        for stage in self.stages:
            features = stage(features, condition)
            part: Tensor = cast(Stage, stage).to_rgb(features)
            if picture is None:
                picture = part
            else:
                larger = functional.interpolate(picture, scale_factor=2.0, mode="bilinear")
                picture = larger + part
            if picture.shape[-1] == size:
                break
        assert picture is not None
        return picture
