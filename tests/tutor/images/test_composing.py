"""From requests to pictures, and what is offered by whom."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.doubles.picture_atlas import DIGITS, KNOWN, OFFERED, STYLES, an_atlas
from tests.doubles.tiny_generator import save_tiny
from tutor.images.atlas import atlas_from
from tutor.images.card import read_card
from tutor.images.composing import (
    MOST_PICTURES,
    changed,
    composed,
    seed_of,
    styles_of,
    without_style,
)
from tutor.images.concepts import Concepts
from tutor.images.request import PictureRequest, Style, Wanted
from tutor.images.sketch import BIGGER, Sketch

ATLAS = an_atlas()
VOLCANO, _, DOG, CAT, *_ = OFFERED


def request(*wanted: Wanted, style: Style | None = None) -> PictureRequest:
    return PictureRequest(wanted, style)


def test_every_thing_comes_as_often_as_it_is_wanted_and_never_the_same_twice() -> None:
    made = composed(request(Wanted(DOG, 3), Wanted(CAT)), ATLAS, 5)
    assert [one.concept for one in made.sketches] == ["dog", "dog", "dog", "cat"]
    assert len(set(made.sketches)) == 4


def test_wanted_style_holds_for_all_and_another_picture_is_varied() -> None:
    made = composed(request(Wanted(DOG, 2), style=Style.INK), ATLAS, 5)
    assert {one.style for one in made.sketches} == {"ink"}
    assert [one.varied for one in made.sketches] == [False, True]
    assert not without_style(request(Wanted(DOG), style=Style.INK), made.sketches, ATLAS)


def test_style_that_no_generator_has_is_said_to_be_unknown() -> None:
    wish = request(Wanted(DOG), style=Style.BLOB)
    made = composed(wish, ATLAS, 5)
    assert without_style(wish, made.sketches, ATLAS) == made.sketches
    assert made.sketches[0].style == STYLES[0]


def test_thing_is_drawn_only_in_the_styles_that_it_was_learnt_in() -> None:
    atlas = an_atlas({"dog": ("flat", "noto"), "cat": ("ink",)})
    made = composed(request(Wanted(DOG, 4), Wanted(CAT, 2)), atlas, 5)
    assert {one.style for one in made.sketches[:4]} == {"flat", "noto"}
    assert made.sketches[0].style == "flat"
    assert {one.style for one in made.sketches[4:]} == {"ink"}
    assert styles_of(made.sketches[5], atlas) == ("ink",)


def test_thing_that_lacks_the_wanted_style_comes_in_another_one() -> None:
    atlas = an_atlas({"dog": ("flat", "noto")})
    wish = request(Wanted(DOG), Wanted(CAT), style=Style.INK)
    made = composed(wish, atlas, 5)
    assert [one.style for one in made.sketches] == ["flat", "ink"]
    assert without_style(wish, made.sketches, atlas) == made.sketches[:1]
    [after] = changed(replace(wish, again=True), made.sketches[:1], atlas) or ()
    assert after.style in {"flat", "noto"}


def test_picture_from_before_the_generator_changed_moves_to_a_style_that_there_is() -> None:
    atlas = an_atlas({"dog": ("flat", "noto")})
    [large] = (
        changed(replace(request(Wanted(DOG)), bigger=True), (Sketch(("dog",), "ink", 5),), atlas)
        or ()
    )
    assert (large.style, large.size) == ("flat", BIGGER)


def test_digits_that_follow_each_other_are_one_number() -> None:
    wanted = [Wanted(DIGITS[4]), Wanted(DIGITS[2]), Wanted(DOG), Wanted(DIGITS[7], 2)]
    made = composed(request(*wanted), ATLAS, 5)
    shown = [one.concepts for one in made.sketches]
    assert shown == [("digit-4", "digit-2"), ("dog",), ("digit-7",), ("digit-7",)]


def test_one_message_holds_only_so_many() -> None:
    made = composed(request(*(Wanted(one, 4) for one in OFFERED)), ATLAS, 5)
    assert len(made.sketches) == MOST_PICTURES
    assert made.left == 4 * len(OFFERED) - MOST_PICTURES


def test_short_wish_changes_the_pictures_before() -> None:
    before = (Sketch(("dog",), "noto", 5),)
    wish = request(Wanted(DOG))
    [again] = changed(replace(wish, again=True), before, ATLAS) or ()
    assert (again.concept, again.style != "noto") == ("dog", True)
    [styled] = changed(replace(wish, other_style=True), before, ATLAS) or ()
    assert styled.style == STYLES[1]
    [large] = changed(replace(wish, bigger=True), before, ATLAS) or ()
    assert large.size == BIGGER
    [inked] = changed(replace(wish, again=True, style=Style.INK), before, ATLAS) or ()
    assert (inked.style, inked.fixed) == ("ink", True)
    assert changed(wish, before, ATLAS) is None
    assert changed(replace(wish, again=True), (), ATLAS) is None


def test_seed_belongs_to_the_message() -> None:
    assert seed_of("discord:m:1") == seed_of("discord:m:1") != seed_of("discord:m:2")
    assert 0 <= seed_of("x") < 2**31


def test_nearest_things_come_first() -> None:
    assert [one.id for one in ATLAS.neighbours(DOG, 2)] == ["cat", "elephant"]
    assert ATLAS.neighbours(VOLCANO, 1)[0].id == "mountain"


def test_only_what_a_generator_draws_is_offered(tmp_path: Path) -> None:
    folder = save_tiny(tmp_path, concepts=OFFERED[:2])
    atlas = atlas_from(Concepts(OFFERED, KNOWN), [folder, tmp_path / "missing"])
    assert atlas is not None
    assert [one.id for one in atlas.concepts.offered] == ["volcano", "mountain"]
    assert atlas.generator_of("dog") is None
    assert atlas.concepts.get("dog") is not None
    assert atlas_from(Concepts(OFFERED), [tmp_path / "missing"]) is None


@pytest.mark.parametrize("text", ["", "[]", "{}", json.dumps({"name": "x", "labels": 3})])
def test_card_that_can_not_be_read_is_none(text: str, tmp_path: Path) -> None:
    (tmp_path / "card.json").write_text(text)
    assert read_card(tmp_path) is None
