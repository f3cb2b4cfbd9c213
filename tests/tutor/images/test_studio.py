"""What the drawing process makes of sketches: the same for the same seed, marked and signed."""

import io
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from tests.doubles.picture_atlas import DIGITS, STYLES
from tests.doubles.tiny_generator import save_tiny
from tutor.images.marking import look_at
from tutor.images.sketch import BIGGER, SHOWN, Sketch, sketch_from
from tutor.images.studio import Studio, UnknownThing
from tutor.images.weights import GeneratorDamaged

VOLCANO = Sketch(("volcano",), "noto", 7, fixed=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return save_tiny(tmp_path)


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def test_same_seed_draws_the_very_same(folder: Path) -> None:
    assert Studio(None).pictures(folder, [VOLCANO]) == Studio(None).pictures(folder, [VOLCANO])


def test_another_seed_another_style_and_another_thing_draw_something_else(folder: Path) -> None:
    sketches = [
        VOLCANO,
        VOLCANO.another(STYLES),
        VOLCANO.in_style("flat"),
        Sketch(("dog",), "noto", 7),
    ]
    assert len({opened(one).tobytes() for one in Studio(None).pictures(folder, sketches)}) == 4


def test_picture_is_as_wide_as_asked_and_says_what_it_is(folder: Path) -> None:
    small, large = Studio(None).pictures(folder, [VOLCANO, VOLCANO.another(STYLES).bigger()])
    assert look_at(small).width == SHOWN
    looked = look_at(large)
    assert looked.width == BIGGER
    assert looked.mark is not None
    assert (looked.mark.model, looked.mark.concepts, looked.mark.seed) == (
        "icons-1",
        ("volcano",),
        8,
    )
    assert looked.mark.style.startswith("noto 65% + ")


def test_digits_of_a_number_stand_side_by_side(tmp_path: Path) -> None:
    folder = save_tiny(tmp_path, "digits-1", DIGITS, ("handwritten",))
    four, both = Studio(None).pictures(
        folder,
        [
            Sketch(("digit-4",), "handwritten", 3, 16),
            Sketch(("digit-4", "digit-2"), "handwritten", 3, 16),
        ],
    )
    assert opened(both).size == (32, 16)
    left = opened(both).crop((0, 0, 16, 16))
    difference = ImageChops.difference(left, opened(four)).getextrema()
    assert max(most for _, most in difference) <= 1  # a batch may round otherwise


def test_morph_begins_at_one_thing_and_ends_at_the_other(folder: Path) -> None:
    studio = Studio(None)
    start, end = Sketch(("dog",), "noto", 5, 16), Sketch(("cat",), "noto", 5, 16)
    gif = Image.open(io.BytesIO(studio.morph(folder, start, end)))
    dog, cat = map(opened, studio.pictures(folder, [start, end]))
    first = gif.convert("RGB")
    gif.seek(19)
    for frame, whole in ((first, dog), (gif.convert("RGB"), cat)):
        difference = ImageChops.difference(frame, whole)
        assert sum(difference.convert("L").tobytes()) / 256 < 12  # of 255: a palette is coarse
    assert first.tobytes() != gif.convert("RGB").tobytes()
    assert gif.info["loop"] == 0


def test_unknown_things_and_damage_are_told_apart(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UnknownThing):
        Studio(None).pictures(folder, [Sketch(("dragon",), "noto", 1)])
    with pytest.raises(UnknownThing):
        Studio(None).pictures(folder, [VOLCANO.in_style("oil")])
    with pytest.raises(GeneratorDamaged):
        Studio(None).pictures(tmp_path / "nothing", [VOLCANO])


def test_style_that_a_thing_was_never_learnt_in_is_not_drawn(tmp_path: Path) -> None:
    folder = save_tiny(tmp_path, cells={"volcano": ["flat", "ink"]})
    studio = Studio(None)
    with pytest.raises(UnknownThing):
        studio.pictures(folder, [VOLCANO])
    varied = Sketch(("volcano",), "flat", 7, varied=True)
    drawn = [
        look_at(one).mark for one in studio.pictures(folder, [varied, varied.another(("ink",))])
    ]
    assert all(mark is not None and "noto" not in mark.style for mark in drawn)
    assert drawn[0] is not None and drawn[0].style == "flat 65% + ink 35%"


def test_sketch_survives_being_stored() -> None:
    assert sketch_from(VOLCANO.another(STYLES).to_json()) == VOLCANO.another(STYLES)
