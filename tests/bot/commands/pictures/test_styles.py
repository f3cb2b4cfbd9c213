"""Things that were not learnt in every style are never drawn or offered in those that they lack."""

import pytest

from tests.bot.commands.pictures.test_imagine import beginning, pictures
from tests.doubles.desk import Desk
from tests.doubles.fake_artist import FakeArtist
from tests.doubles.picture_atlas import an_atlas
from tutor.i18n import say
from tutor.images.atlas import Atlas
from tutor.language import Language


@pytest.fixture(scope="module")
def atlas() -> Atlas:
    """The dog is not known in ink, the cat in ink alone."""
    return an_atlas({"dog": ("flat", "noto"), "cat": ("ink",)})


async def test_style_that_a_thing_lacks_is_said_and_another_one_taken(
    desk: Desk, artist: FakeArtist, language: Language
) -> None:
    answer = await desk.give("imagine", {"what": "a dog and a volcano", "style": "ink"})
    assert [one.style for one in artist.sketches] == ["flat", "ink"]
    dog = "狗" if language is Language.CHINESE else "dog"
    told = "I don't have this in that style, so I took another one: {things}"
    assert say(language, told, things=dog) in answer.text
    assert len(pictures(answer)) == 2


async def test_style_that_is_there_is_not_spoken_of(desk: Desk) -> None:
    answer = await desk.give("imagine", {"what": "a dog", "style": "noto"})
    assert "another one" not in answer.text


async def test_short_wish_for_a_style_that_the_thing_lacks_is_answered_as_honestly(
    desk: Desk, artist: FakeArtist
) -> None:
    await desk.say("draw a dog")
    answer = await desk.say("in ink style please")
    assert artist.sketches[-1].style != "ink"
    assert "I don't have this in that style" in answer.text


async def test_buttons_stay_within_the_styles_of_a_thing(desk: Desk, artist: FakeArtist) -> None:
    answer = await desk.say("draw a cat")
    assert not any(one.label.startswith("Change style") for one in answer.choices)
    answer = await desk.say("draw a dog")
    await desk.press(beginning(answer, "Change style"))
    assert [one.style for one in artist.sketches] == ["ink", "flat", "noto"]


async def test_morph_ends_in_a_style_that_the_other_thing_has(
    desk: Desk, artist: FakeArtist
) -> None:
    answer = await desk.say("draw a dog")
    await desk.press(beginning(answer, "into cat"))
    start, end = artist.sketches[-2:]
    assert (start.concept, start.style) == ("dog", "flat")
    assert (end.concept, end.style) == ("cat", "ink")
