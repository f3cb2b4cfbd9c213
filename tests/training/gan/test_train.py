"""One call trains a generator from a folder, and shows how far it is."""

from contextlib import redirect_stderr
from pathlib import Path

import numpy as np
import torch

from tests.training.gan.test_bar import Terminal
from training.gan.pictures import Label, PictureSet
from training.gan.recipe import GanProgress
from training.gan.train import new_networks, train_gan

SIDE, THINGS = 8, 2


def a_set() -> PictureSet:
    """One flat picture of each thing."""
    shades = np.array([40, 200], np.uint8)[:, None, None, None]
    return PictureSet(
        np.broadcast_to(shades, (THINGS, SIDE, SIDE, 3)).copy(),
        np.arange(THINGS, dtype=np.int16),
        np.zeros(THINGS, np.int8),
        tuple(Label(f"t{n}", f"thing {n}", f"东西{n}", "own") for n in range(THINGS)),
        ("flat",),
        (),
    )


def test_notebook_trains_from_a_folder_under_a_bar(tmp_path: Path) -> None:
    pictures = a_set()
    pictures.save(tmp_path / "set")
    generator, discriminator = new_networks(pictures)
    before = generator.layout.weight.clone()
    with redirect_stderr(Terminal()) as terminal:
        trained = train_gan(
            generator, discriminator, tmp_path / "set", epochs=16, folder=tmp_path / "run"
        )
    assert not torch.equal(trained.layout.weight, before)
    assert "3/3 adversarial 8 px" in terminal.getvalue()
    assert "concept_accuracy" in terminal.getvalue()
    assert (tmp_path / "run" / "sheets" / "sheet-0000.png").is_file()


def test_report_of_one_s_own_takes_the_place_of_the_bar() -> None:
    pictures = a_set()
    told: list[GanProgress] = []
    with redirect_stderr(Terminal()) as terminal:
        train_gan(*new_networks(pictures), pictures, epochs=1, report=told.append)
    assert terminal.getvalue() == ""
    assert [told[0].step, told[-1].step] == [0, told[-1].steps]
