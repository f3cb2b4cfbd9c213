"""The icons' set: the right icon for each emoji, whole, centred and on white."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
import resvg_py

from tests.doubles.npm_archive import icon_archive
from training.gan import icons
from training.gan.concepts import Concept, Concepts, read_concepts
from training.gan.icon_set import Icon, IconSet, hexcode_of, read_icon_set
from training.gan.icons import build, cells, summary
from training.gan.pictures import Label, PictureSet, Pixels
from training.gan.rasters import UnrenderableIcon, raster

RED = '<path fill="#f00" d="M4 6h8v4H4z"/>'  # 8 wide, 4 high, in the middle of 16 x 16
BLUE = '<path fill="#00f" d="M0 0h16v16H0z"/>'


def a_concept(name: str, emoji: str, **more: tuple[str, ...]) -> Concept:
    return Concept(Label(name, name, "词", "animals"), emoji, **more)


def a_set(folder: Path, name: str, icon_bodies: dict[str, str], **more: dict[str, str]) -> IconSet:
    bodies = {key: {"body": body} for key, body in icon_bodies.items()}
    package = icon_archive(folder, name, bodies, **more)
    return read_icon_set(package, folder / package.file_name)


def ink_box(picture: Pixels) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of what is clearly not white."""
    rows, columns = np.nonzero((picture < 250).any(axis=2))
    return columns.min(), rows.min(), columns.max() + 1, rows.max() + 1


def names_of(concept: Concept, **sets: IconSet) -> dict[str, str]:
    styles = list(sets)
    return {styles[cell.style]: cell.name for cell in cells([concept], sets)}


def test_a_set_that_knows_its_emoji_is_believed(tmp_path: Path) -> None:
    knowing = a_set(tmp_path, "noto", {"fox": RED, "firefox": BLUE}, chars={"1f98a": "firefox"})

    assert names_of(a_concept("fox", "🦊"), noto=knowing) == {"noto": "firefox"}


def test_other_sets_are_searched_by_label_and_by_what_the_knowing_ones_say(tmp_path: Path) -> None:
    knowing = a_set(tmp_path, "noto", {"target": RED}, chars={"1f3af": "target"})
    by_label = a_set(tmp_path, "blob", {"bullseye": RED, "target": BLUE})
    by_other = a_set(tmp_path, "flat", {"target": RED})
    by_name = a_set(tmp_path, "old", {"direct-hit": RED})
    concept = a_concept("bullseye", "🎯", names=("direct-hit",))

    found = names_of(concept, noto=knowing, blob=by_label, flat=by_other, old=by_name)
    assert found == {"noto": "target", "blob": "bullseye", "flat": "target", "old": "direct-hit"}


def test_variation_selectors_do_not_matter() -> None:
    assert hexcode_of("❄️") == "2744"
    assert hexcode_of("🐻‍❄️") == "1f43b-200d-2744"


def test_a_style_that_shows_something_else_is_left_out(tmp_path: Path) -> None:
    one = a_set(tmp_path, "noto", {"cricket": RED})
    other = a_set(tmp_path, "blob", {"cricket": BLUE})
    concept = a_concept("cricket", "🦗", without=("blob",))

    assert names_of(concept, noto=one, blob=other) == {"noto": "cricket"}


def test_an_icon_is_centred_and_fills_nine_tenths() -> None:
    left, top, right, bottom = ink_box(raster(Icon(RED, 16, 16), 40))

    assert (left, right) == (2, 38)
    assert (top, bottom) == (11, 29)


def test_white_shows_where_an_icon_is_transparent() -> None:
    half = '<path fill="#000" fill-opacity=".5" d="M0 0h16v16H0z"/>'
    picture = raster(Icon(half, 16, 16), 20)

    assert picture[0, 0].tolist() == [255, 255, 255]
    assert abs(int(picture[10, 10, 0]) - 128) <= 1


def test_edges_are_averages() -> None:
    slanted = raster(Icon('<path d="M0 16L16 3v13z"/>', 16, 16), 20)

    assert len(np.unique(slanted)) > 5


def test_scraps_beside_the_box_stay_hidden() -> None:
    scrap = '<path fill="#0f0" d="M20 0h4v4h-4z"/>'

    assert np.array_equal(raster(Icon(RED + scrap, 16, 16), 32), raster(Icon(RED, 16, 16), 32))


def test_an_icon_that_is_not_square_is_not_stretched() -> None:
    left, top, right, bottom = ink_box(raster(Icon('<path d="M0 0h8v16H0z"/>', 8, 16), 40))

    assert (right - left, bottom - top) == (18, 36)


def test_an_alias_may_be_mirrored(tmp_path: Path) -> None:
    corner = '<path d="M0 0h8v16H0z"/><path fill="#f00" d="M8 0h8v16H8z"/>'
    mirrored = {"left": {"parent": "right", "hFlip": True}, "west": {"parent": "left"}}
    one = a_set(tmp_path, "noto", {"right": corner}, aliases=mirrored)

    there, back = raster(one.icon("right"), 32), raster(one.icon("west"), 32)
    assert (there[16, 8].tolist(), there[16, 24].tolist()) == ([0, 0, 0], [255, 0, 0])
    assert (back[16, 8].tolist(), back[16, 24].tolist()) == ([255, 0, 0], [0, 0, 0])


def test_an_empty_icon_is_named(tmp_path: Path) -> None:
    empty = a_set(tmp_path, "noto", {"fox": "<g/>"})

    with pytest.raises(UnrenderableIcon) as raised:
        build(_listed(tmp_path, a_concept("fox", "🦊")), {"noto": empty}, 32)
    assert raised.value.__notes__ == ["fox of Noto"]


def test_a_width_at_which_the_renderer_panics_is_passed_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole, render = raster(Icon(BLUE, 16, 16), 32), resvg_py.svg_to_bytes

    class PanicException(BaseException):
        pass

    def stumbling(*, svg_string: str, **more: object) -> bytes:
        if 'width="128"' in svg_string or 'width="192"' in svg_string:
            raise PanicException
        return bytes(render(svg_string=svg_string, **more))

    monkeypatch.setattr(resvg_py, "svg_to_bytes", stumbling)
    again = raster(Icon(BLUE, 16, 16), 32)

    assert np.abs(again.astype(int) - whole.astype(int)).max() <= 40  # at the edges


def test_the_script_builds_what_the_list_names_and_counts_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    styles = {
        "noto": icon_archive(tmp_path, "noto", {"fox": {"body": RED}, "sun": {"body": BLUE}}),
        "blob": icon_archive(tmp_path, "blob", {"sun": {"body": BLUE}}),
    }
    monkeypatch.setattr(icons, "STYLES", styles)
    listed = _written(tmp_path, a_concept("fox", "🦊"), a_concept("sun", "☀️"))
    out = str(tmp_path / "out")
    options = ["--size", "16", "--concepts", str(listed), "--packages", str(tmp_path)]
    monkeypatch.setattr(sys, "argv", ["icons", out, *options])
    icons.main()

    pictures = PictureSet.load(tmp_path / "out")
    assert pictures.concepts.tolist() == [0, 1, 1]
    assert pictures.styles.tolist() == [0, 0, 1]
    assert pictures.style_names == ("noto", "blob")
    assert [source.licence for source in pictures.sources] == ["MIT", "MIT", "MIT"]
    assert pictures.sources[0].version == "noto 1.0.0"
    assert summary(pictures) in capsys.readouterr().out
    assert "blob: 1, 1 missing" in summary(pictures)


def test_our_own_list_has_words_for_everything_and_each_word_means_one_thing() -> None:
    labels = [concept.label for concept in read_concepts().listed]
    english = [word.lower() for one in labels for word in (one.en, *one.tags_en)]
    chinese = [word for one in labels for word in (one.zh, *one.tags_zh)]

    assert len(labels) > 500
    assert all(one.en and one.zh and one.category for one in labels)
    assert len(english) == len(set(english))
    assert len(chinese) == len(set(chinese))


def test_our_own_list_leaves_no_concept_with_fewer_than_four_styles_by_choice() -> None:
    styles = set(icons.STYLES)

    for concept in read_concepts().listed:
        assert set(concept.without) < styles
        assert len(styles - set(concept.without)) >= 4


def _written(folder: Path, *concepts: Concept) -> Path:
    source = {"name": "Words", "version": "1", "licence": "MIT", "attribution": "", "url": ""}
    listed = [
        {
            "label": {"id": one.label.id, "en": one.label.en, "zh": "词", "category": "animals"},
            "emoji": one.emoji,
        }
        for one in concepts
    ]
    file = folder / "concepts.json"
    file.write_text(json.dumps({"source": source, "concepts": listed}), "utf-8")
    return file


def _listed(folder: Path, *concepts: Concept) -> Concepts:
    return read_concepts(_written(folder, *concepts))
