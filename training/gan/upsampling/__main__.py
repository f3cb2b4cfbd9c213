"""`python -m training.gan.upsampling SET GENERATOR FOLDER`: trains the upsampler that ships.

SET is a set of icons four times as wide as GENERATOR draws them. Goes on from the checkpoints in
FOLDER; sheets and figures are written there, and at the end FOLDER/best holds weights and card.
"""

import argparse
import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import torch

from training.gan.bar import shown
from training.gan.loop import Loop
from training.gan.measuring import draw_all
from training.gan.pictures import PictureSet
from training.gan.recipe import GanProgress, GanRecipe, Kind, Phase, to_json
from training.gan.shipped import LICENCE
from training.gan.upsampling.discriminator import PatchDiscriminator
from training.gan.upsampling.measuring import EnlargingMeasure
from training.gan.upsampling.patches import IconPatches
from tutor.images.network import Generator
from tutor.images.upsampler import Upsampler, UpsamplerConfig
from tutor.images.weights import load_generator, save_generator

NAME = "upsampler-1"
RECIPE = GanRecipe(
    (
        Phase(Kind.REGRESSION, 64, 10, learning_rate=1e-3),
        Phase(Kind.ADVERSARIAL, 64, 6, learning_rate=5e-4, discriminator_rate=5e-4, last_share=0.1),
    ),
    gamma=0.05,
    augmented=False,  # patches are many, and the small one beside each would betray a change
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.gan.upsampling", description=__doc__)
    parser.add_argument("set", type=Path)
    parser.add_argument("generator", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--threads", type=int, default=0, help="of the processor (else all)")
    options = parser.parse_args()
    if options.threads:
        torch.set_num_threads(options.threads)
    pictures = PictureSet.load(options.set)
    generator = load_generator(options.generator)
    loop = prepared(pictures, generator.generator, options.folder)
    with (options.folder / "progress.jsonl").open("a", encoding="utf-8") as lines, shown() as show:

        def report(progress: GanProgress) -> None:
            lines.write(json.dumps(asdict(progress)) + "\n")
            lines.flush()
            show(progress)

        loop.run(report)
    card = card_of(pictures, loop, generator.card["weights_sha256"])
    save_generator(options.folder / "best", loop.best, card, half=True)


def prepared(pictures: PictureSet, generator: Generator, folder: Path) -> Loop[Upsampler]:
    """The training, ready to run or to go on."""
    torch.manual_seed(RECIPE.seed)
    folder.mkdir(parents=True, exist_ok=True)
    drawn = draw_all(generator, pictures.concepts, pictures.styles)
    return Loop(
        RECIPE,
        Upsampler(UpsamplerConfig()),
        PatchDiscriminator(),
        IconPatches(pictures.images, drawn),
        folder / "checkpoints",
        "cuda" if torch.cuda.is_available() else "cpu",
        EnlargingMeasure(pictures.images, drawn, folder / "sheets"),
    )


def card_of(
    pictures: PictureSet, loop: Loop[Upsampler], generator_sha256: str
) -> dict[str, object]:
    """Where it comes from and how good it was when it was measured last."""
    progress = loop.progress()
    return {
        "kind": "image_upsampler",
        "name": NAME,
        "licence": LICENCE,
        "attribution": [asdict(one) for one in pictures.sources],
        "recipe": to_json(RECIPE),
        "seed": RECIPE.seed,
        "pictures": len(pictures),
        "generator_sha256": generator_sha256,
        "training_seconds": progress.seconds,
        "metrics": progress.metrics,
        "command": "python -m training.gan.upsampling SET GENERATOR FOLDER",
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


if __name__ == "__main__":
    main()
