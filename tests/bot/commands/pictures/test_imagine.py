"""Pictures on request: by command, by a plain message, and by the buttons under one."""

from tests.doubles.desk import Answer, Desk, shared
from tests.doubles.fake_artist import FakeArtist
from tutor.i18n import say
from tutor.images.captions import note
from tutor.images.marking import look_at
from tutor.images.sketch import BIGGER, SHOWN
from tutor.language import Language
from tutor.messages import Choice, Picture, Visibility


def pictures(answer: Answer) -> list[Picture]:
    return [part for part in answer.parts if isinstance(part, Picture)]


def beginning(answer: Answer, label: str) -> Choice:
    return next(choice for choice in answer.choices if choice.label.startswith(label))


async def test_command_draws_with_alt_text_and_a_visible_note(
    desk: Desk, language: Language
) -> None:
    answer = await desk.give("imagine", {"what": "a volcano", "style": "flat"})
    [picture] = pictures(answer)
    thing = "火山" if language is Language.CHINESE else "volcano"
    assert thing in picture.alt
    assert say(language, "flat") in picture.alt
    assert f"**{thing}**" in answer.text
    assert note(language) in answer.text
    looked = look_at(picture.data)
    assert looked.mark is not None
    assert (looked.mark.concepts, looked.mark.style) == (("volcano",), "flat")
    assert answer.move == "draw"


async def test_plain_messages_in_both_languages_are_drawn_without_the_model(desk: Desk) -> None:
    for text, thing in (("show me a volcano", "volcano"), ("画一座火山", "volcano")):
        answer = await desk.say(text)
        [picture] = pictures(answer)
        assert picture.name.startswith(f"{thing}-")
        assert answer.move == "draw"
    assert desk.engine.requests == []


async def test_several_things_come_in_one_message(desk: Desk) -> None:
    answer = await desk.say("draw a dog and two cats")
    assert [one.name.split("-")[0] for one in pictures(answer)] == ["dog", "cat", "cat"]
    assert len({one.name for one in pictures(answer)}) == 3
    assert len({one.data for one in pictures(answer)}) == 3


async def test_number_is_one_picture_of_its_digits(desk: Desk, artist: FakeArtist) -> None:
    answer = await desk.say("draw a handwritten 42")
    [picture] = pictures(answer)
    assert "42" in picture.alt
    assert artist.sketches[0].concepts == ("digit-4", "digit-2")


async def test_same_message_draws_the_same_picture(desk: Desk) -> None:
    answers = [await desk.say("show me a dog", message_id="m1") for _ in range(2)]
    first, second = (pictures(answer)[0].data for answer in answers)
    assert first == second


async def test_what_can_not_be_drawn_is_said_with_the_nearest_as_buttons(desk: Desk) -> None:
    answer = await desk.say("draw a unicorn")
    assert not pictures(answer)
    assert "unicorn" in answer.text
    assert answer.choices
    drawn = await desk.press(answer.choices[0])
    assert len(pictures(drawn)) == 1
    assert answer.choices[0].label in pictures(drawn)[0].alt


async def test_people_are_not_drawn(desk: Desk) -> None:
    answer = await desk.say("draw a picture of my teacher")
    assert not pictures(answer)
    assert "people" in answer.text


async def test_another_changes_the_picture_and_keeps_a_style_that_was_asked_for(
    desk: Desk, artist: FakeArtist
) -> None:
    answer = await desk.give("imagine", {"what": "a dog", "style": "ink"})
    again = await desk.press(answer.button("Another"))
    more = await desk.press(again.button("Another"))
    assert len({pictures(one)[0].data for one in (answer, again, more)}) == 3
    assert {sketch.style for sketch in artist.sketches} == {"ink"}


async def test_style_changes_with_a_press_and_picture_grows_once(
    desk: Desk, artist: FakeArtist
) -> None:
    answer = await desk.say("show me a dog")
    styled = await desk.press(answer.button("Change style"))
    large = await desk.press(styled.button("Bigger"))
    assert [one.size for one in artist.sketches] == [SHOWN, SHOWN, BIGGER]
    assert artist.sketches[0].style != artist.sketches[1].style == artist.sketches[2].style
    assert "Bigger" not in large.labels


async def test_another_one_repeats_what_was_drawn_last(desk: Desk, artist: FakeArtist) -> None:
    await desk.say("show me a dog")
    await desk.say("another one")
    await desk.say("make it bigger")
    assert [one.concepts for one in artist.sketches] == [("dog",)] * 3
    assert artist.sketches[0].seed != artist.sketches[1].seed
    assert artist.sketches[2].size == BIGGER


async def test_morph_turns_one_thing_into_a_near_one(desk: Desk, artist: FakeArtist) -> None:
    answer = await desk.say("show me a dog")
    nearest = beginning(answer, "into ")
    assert nearest.label == "into cat"
    assert nearest.menu
    morphed = await desk.press(nearest)
    [gif] = pictures(morphed)
    assert gif.name == "dog-cat.gif"
    assert "dog" in gif.alt and "cat" in gif.alt
    assert look_at(gif.data).media_type == "image/gif"
    assert [one.concepts for one in artist.sketches[1:]] == [("dog",), ("cat",)]


async def test_pictures_of_a_channel_stay_in_it_and_the_word_is_private(desk: Desk) -> None:
    answer = await desk.give("imagine", {"what": "a dog"}, **shared())
    assert answer.turn.question.visibility is Visibility.SHARED
    again = await desk.press(answer.button("Another"), **shared())
    assert again.turn.question.visibility is Visibility.SHARED
    named = await desk.press(answer.button("What is this?"), **shared())
    assert named.private


async def test_artist_that_is_away_ends_in_a_sentence(desk: Desk, artist: FakeArtist) -> None:
    artist.broken = True
    answer = await desk.say("show me a dog")
    assert not pictures(answer)
    assert "can't draw just now" in answer.text
    artist.broken = False
    assert pictures(await desk.say("show me a dog"))


async def test_button_of_a_generator_that_is_gone_says_so(desk: Desk) -> None:
    answer = await desk.say("show me a dog")
    desk.services.picturing.atlases.shipped = None
    pressed = await desk.press(answer.button("Another"))
    assert not pictures(pressed)
    assert "any more" in pressed.text


async def test_without_a_generator_the_command_says_so_and_messages_go_to_the_model(
    desk: Desk,
) -> None:
    desk.services.picturing.atlases.shipped = None
    answer = await desk.give("imagine", {"what": "a dog"})
    assert "no picture generator" in answer.text
    desk.engine.default = "A volcano is a mountain."
    assert not pictures(await desk.say("show me a volcano"))
    assert desk.engine.requests
