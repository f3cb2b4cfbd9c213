"""Words behind pictures: told in both languages, kept for review, asked for in quizzes."""

import pytest

from storage.database import Database
from storage.reviews import cards_of
from tests.bot.commands.pictures.test_imagine import pictures
from tests.doubles.desk import Answer, Desk
from tests.doubles.fake_artist import FakeArtist
from tutor.i18n import say
from tutor.images.concepts import Concept
from tutor.images.marking import look_at
from tutor.language import Language

pytestmark = pytest.mark.usefixtures("starter")


def shown(desk: Desk, answer: Answer) -> Concept:
    """What the picture of a question really shows: its own mark says it."""
    mark = look_at(pictures(answer)[0].data).mark
    assert mark is not None
    atlas = desk.services.picturing.atlases.shipped
    assert atlas is not None
    concept = atlas.concepts.get(mark.concepts[0])
    assert concept is not None
    return concept


async def test_what_is_this_tells_the_word_in_both_languages_and_keeps_it(
    desk: Desk, database: Database, language: Language
) -> None:
    answer = await desk.say("show me a volcano" if language is Language.ENGLISH else "画一座火山")
    named = await desk.press(answer.button(say(language, "What is this?")))
    assert "**volcano** · **火山** (huǒshān)" in named.text
    async with database.read() as session:
        cards = await cards_of(session, named.turn.learner.id)
    assert len(cards) == 2
    assert all(card.item_id for card in cards)
    desk.wait(days=2)
    review = await desk.give("review")
    assert len(pictures(review)) == 1
    assert shown(desk, review).id == "volcano"


async def test_word_is_practised_by_naming_the_picture(desk: Desk) -> None:
    answer = await desk.say("show me a volcano")
    named = await desk.press(answer.button("What is this?"))
    asked = await desk.press(named.button("Practise this word"))
    [picture] = pictures(asked)
    assert "volcano" not in picture.alt + picture.name + asked.text
    assert (await desk.say("a volcano")).move == "confirm"


@pytest.mark.parametrize("words", ["pictures", "看图识物"])
async def test_quiz_of_pictures_is_graded_and_moves_mastery(
    desk: Desk, database: Database, words: str
) -> None:
    asked = await desk.give("quiz", {"skill": words, "n": "2"})
    first = shown(desk, asked)
    assert first.en not in asked.text
    wrong = await desk.say("bicycle")
    assert wrong.move == "correct"
    done = await desk.say(shown(desk, wrong).en)
    assert done.move == "confirm"
    assert "1 of 2" in done.text
    progress = await desk.give("progress")
    assert "Vocabulary: " in progress.text


async def test_other_words_count_and_words_of_several_things_do_not(desk: Desk) -> None:
    answer = await desk.say("show me a dog")
    named = await desk.press(answer.button("What is this?"))
    await desk.press(named.button("Practise this word"))
    wrong = await desk.say("pet")  # a cat is one as well
    assert wrong.move != "confirm"
    assert (await desk.say("puppy")).move == "confirm"


async def test_open_question_does_not_tell_its_own_word(desk: Desk) -> None:
    answer = await desk.say("show me a volcano")
    named = await desk.press(answer.button("What is this?"))
    await desk.press(named.button("Practise this word"))
    told = await desk.press(answer.button("What is this?"))
    assert "volcano" not in told.text
    assert "火山" not in told.text


async def test_picture_beside_an_open_question_counts_as_no_answer(
    desk: Desk, artist: FakeArtist
) -> None:
    asked = await desk.give("quiz", {"skill": "pictures", "n": "1"})
    concept = shown(desk, asked)
    other = "elephant" if concept.id != "elephant" else "dog"
    beside = await desk.say(f"show me a {other}")
    assert shown(desk, beside).id == other
    assert "Skip" in beside.labels
    assert "Another" not in beside.labels
    done = await desk.say(concept.en)
    assert done.move == "confirm"
    assert "1 of 1" in done.text


async def test_question_without_its_picture_names_the_thing_in_the_other_language(
    desk: Desk, artist: FakeArtist
) -> None:
    artist.broken = True
    asked = await desk.give("quiz", {"skill": "pictures", "n": "1"})
    assert not pictures(asked)
    assert "In Chinese it is" in asked.text
