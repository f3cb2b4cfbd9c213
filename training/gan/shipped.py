"""`python -m training.gan.shipped icons|digits SET FOLDER`: trains a generator that ships.

Goes on from the checkpoints in FOLDER. Sheets and figures are written there; at the end FOLDER/best
holds weights and card.
"""

import argparse
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import torch

from training.gan.bar import shown
from training.gan.discriminator import Discriminator
from training.gan.labelled import labelled
from training.gan.loop import Loop
from training.gan.measuring import Measure
from training.gan.pictures import PictureSet
from training.gan.recipe import GanProgress, GanRecipe, Kind, Phase, to_json
from training.gan.texts import whitened
from tutor.images.network import Generator, GeneratorConfig
from tutor.images.weights import save_generator

LICENCE = "Apache-2.0"


@dataclass(frozen=True, slots=True)
class Own:
    """How one of ours is trained."""

    name: str
    recipe: GanRecipe
    generator_channels: tuple[int, ...]
    discriminator_channels: tuple[int, ...]
    noise_size: int = 32


ICONS = Own(
    "icons-1",
    GanRecipe(
        (
            Phase(Kind.REGRESSION, 32, 60),
            Phase(Kind.REGRESSION, 64, 45, last_share=0.05),
            Phase(
                Kind.ADVERSARIAL,
                64,
                10,
                learning_rate=3e-4,
                discriminator_rate=1e-3,
                last_share=0.1,
            ),
        ),
        gamma=0.05,  # after the regression there is little left to tell apart
    ),
    (256, 192, 128, 64, 32),
    (16, 32, 64, 96, 128),
)
DIGITS = Own(
    "digits-1",
    GanRecipe(
        (
            Phase(
                Kind.ADVERSARIAL,
                32,
                16,
                batch=64,
                learning_rate=1e-3,
                discriminator_rate=1e-3,
                last_share=0.1,
            ),
        ),
        target_weight=0.0,
        variety_weight=0.02,
    ),
    (64, 64, 32, 16),
    (16, 32, 64, 64),
    noise_size=64,
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.gan.shipped", description=__doc__)
    parser.add_argument("which", choices=["icons", "digits"])
    parser.add_argument("set", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--threads", type=int, default=0, help="of the processor (else all)")
    options = parser.parse_args()
    if options.threads:
        torch.set_num_threads(options.threads)
    own = ICONS if options.which == "icons" else DIGITS
    pictures = PictureSet.load(options.set)
    loop = prepared(own, pictures, options.folder)
    with (options.folder / "progress.jsonl").open("a", encoding="utf-8") as lines, shown() as show:

        def report(progress: GanProgress) -> None:
            lines.write(json.dumps(asdict(progress)) + "\n")
            lines.flush()
            show(progress)

        loop.run(report)
    save_generator(options.folder / "best", loop.best, card_of(own, pictures, loop), half=True)


def prepared(own: Own, pictures: PictureSet, folder: Path) -> Loop[Generator]:
    """The training, ready to run or to go on."""
    torch.manual_seed(own.recipe.seed)
    texts = torch.from_numpy(whitened([one.en for one in pictures.labels]))
    concepts, styles = len(pictures.labels), len(pictures.style_names)
    config = GeneratorConfig(
        concepts, styles, texts.shape[1], own.generator_channels, noise_size=own.noise_size
    )
    pictures = pictures.resized(config.size)
    folder.mkdir(parents=True, exist_ok=True)
    return Loop(
        own.recipe,
        Generator(config, texts),
        Discriminator(concepts, styles, own.discriminator_channels),
        labelled(pictures),
        folder / "checkpoints",
        "cuda" if torch.cuda.is_available() else "cpu",
        Measure(pictures, folder=folder / "sheets"),
    )


def card_of(own: Own, pictures: PictureSet, loop: Loop[Generator]) -> dict[str, object]:
    """Where it comes from and how good it was when it was measured last."""
    progress = loop.progress()
    return {
        "kind": "image_generator",
        "name": own.name,
        "licence": LICENCE,
        "labels": [asdict(one) for one in pictures.labels],
        "styles": list(pictures.style_names),
        "attribution": [asdict(one) for one in pictures.sources],
        "recipe": to_json(own.recipe),
        "seed": own.recipe.seed,
        "pictures": len(pictures),
        "training_seconds": progress.seconds,
        "metrics": progress.metrics,
        "command": f"python -m training.gan.shipped {own.name.partition('-')[0]} SET FOLDER",
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


if __name__ == "__main__":
    main()
