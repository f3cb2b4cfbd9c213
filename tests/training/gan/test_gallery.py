"""The sheets in the documentation show every thing that ships, and nothing else."""

import io
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from tests.doubles.picture_atlas import DIGITS, OFFERED
from tests.doubles.tiny_generator import save_tiny
from training.gan import gallery
from tutor.images.atlas import Atlas, atlas_from
from tutor.images.concepts import Concepts
from tutor.images.legible import legible

MANY = tuple(replace(OFFERED[2], id=f"dog-{n}", en=f"dog {n}", zh=f"狗{n}") for n in range(60))
PAGE = f"# Generators\n\nBefore.\n\n{gallery.BEGIN}\n\nOld.\n\n{gallery.END}\n\nAfter.\n"


def an_atlas(folder: Path) -> Atlas:
    folders = [
        save_tiny(folder, concepts=(*OFFERED, *MANY), cells={"cat": ["flat"]}),
        save_tiny(folder, "digits-1", DIGITS, ("handwritten",)),
    ]
    concepts = Concepts((*OFFERED[1:], *MANY, *DIGITS), OFFERED[:1])
    (folder / "concepts.json").write_text(legible(concepts.to_json()), "utf-8")
    atlas = atlas_from(concepts, folders)
    assert atlas is not None
    return atlas


def test_every_offered_thing_is_on_one_sheet_of_its_category(tmp_path: Path) -> None:
    sheets = gallery.write_sheets(an_atlas(tmp_path), tmp_path / "sheets")
    shown = [one for sheet in sheets for one in sheet.concepts]
    assert sorted(one.id for one in shown) == sorted(
        one.id for one in (*OFFERED[1:], *MANY, *DIGITS)
    )
    assert [one.name for one in sheets] == [
        "geography.webp",
        "animals-1.webp",
        "animals-2.webp",
        "food.webp",
        "digits.webp",
    ]
    assert all(one.category == sheet.category for sheet in sheets for one in sheet.concepts)
    sizes = [(tmp_path / "sheets" / one.name).stat().st_size for one in sheets]
    assert max(sizes) <= gallery.MOST_BYTES


def test_style_that_a_thing_lacks_is_an_empty_place(tmp_path: Path) -> None:
    atlas = an_atlas(tmp_path)
    cat = [one for one in atlas.concepts.offered if one.id == "cat"]
    [row] = gallery._rows(atlas.generators[0], cat)
    assert [one is not None for one in row.pictures] == [False, True, False]
    shown = Image.open(io.BytesIO(gallery._drawn([row], atlas.generators[0].styles)))
    assert shown.width == gallery._MARGIN + 3 * (16 + gallery._GAP)


def test_sheets_of_before_are_gone(tmp_path: Path) -> None:
    folder = tmp_path / "sheets"
    folder.mkdir()
    (folder / "weather.webp").write_bytes(b"old")
    gallery.write_sheets(an_atlas(tmp_path), folder)
    assert not (folder / "weather.webp").exists()


def test_pages_name_every_thing_in_their_language_and_keep_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_atlas(tmp_path)
    docs = tmp_path / "docs"
    docs.mkdir()
    for page in gallery.PAGES.values():
        (docs / page).write_text(PAGE, "utf-8")
    monkeypatch.setattr(sys, "argv", ["gallery", str(tmp_path), str(docs)])
    assert gallery.main() == 0
    english, chinese = ((docs / page).read_text("utf-8") for page in gallery.PAGES.values())
    for text in (english, chinese):
        assert text.startswith("# Generators\n\nBefore.") and text.endswith("After.\n")
        assert "Old." not in text
        assert all((docs / one).is_file() for one in _pictures(text))
    assert "![dog, cat, elephant, dog 0," in english and "**handwritten digits**" in english
    assert "![狗、猫、大象、狗0、" in chinese and "**手写数字**" in chinese
    assert "volcano" not in english


def test_without_a_generator_there_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["gallery", str(tmp_path), str(tmp_path)])
    assert gallery.main() == 1
    assert "publish one first" in capsys.readouterr().err


@pytest.mark.parametrize("page", gallery.PAGES.values())
def test_documentation_has_a_place_for_the_sheets(page: str) -> None:
    text = (gallery.DOCS / page).read_text("utf-8")
    assert text.count(gallery.BEGIN) == text.count(gallery.END) == 1


def _pictures(text: str) -> list[str]:
    return [line.rpartition("(")[2].rstrip(")") for line in text.splitlines() if "![" in line]
