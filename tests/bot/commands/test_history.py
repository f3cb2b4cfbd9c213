"""A learner's latest questions."""

from storage.database import Database
from tests.doubles.desk import BOB, Desk, shared
from tests.doubles.small_course import bring_in
from tutor.i18n import say
from tutor.language import Language


def questions_in(text: str) -> list[str]:
    return [line.split(" · ")[1] for line in text.splitlines() if line.startswith("- ")]


async def test_history_is_empty_at_first(desk: Desk, language: Language) -> None:
    answer = await desk.give("history")
    assert answer.text == say(language, "There are no questions of yours here yet.")


async def test_history_shows_the_newest_first_and_pages_back(
    desk: Desk, language: Language
) -> None:
    for number in range(7):
        await desk.say(f"question {number}")
    first = await desk.give("history", {"count": "3"})
    assert questions_in(first.text) == ["question 6", "question 5", "question 4"]
    second = await desk.press(first.choices[0])
    assert questions_in(second.text) == ["question 3", "question 2", "question 1"]
    last = await desk.press(second.choices[0])
    assert questions_in(last.text) == ["question 0"]
    assert not last.choices


async def test_history_holds_only_ones_own_questions(desk: Desk) -> None:
    await desk.say("mine")
    await desk.say("not mine", author=BOB, channel="dm-bob")
    await desk.say("mine in public", **shared(thread="t1"))
    await desk.say("not mine in public", author=BOB, **shared(thread="t1"))
    answer = await desk.give("history", **shared())
    assert answer.private
    assert questions_in(answer.text) == ["mine in public", "mine"]


async def test_history_is_bounded_however_much_is_asked_for(desk: Desk) -> None:
    for number in range(25):
        await desk.say(f"{number} " + "long words " * 50)
    answer = await desk.give("history", {"count": "999999999"})
    assert len(questions_in(answer.text)) == 20
    assert len(answer.text) < 4000


async def test_nobody_else_can_page_through_it(desk: Desk) -> None:
    for number in range(3):
        await desk.say(f"question {number}")
    answer = await desk.give("history", {"count": "1"})
    assert await desk.outcome(answer.choices[0], BOB) == "foreign"


async def test_new_conversation_forgets_what_was_said_but_keeps_it_in_the_history(
    desk: Desk, language: Language
) -> None:
    said = await desk.say("the first topic")
    answer = await desk.give("new")
    assert answer.text
    again = await desk.say("the second topic")
    assert again.turn.conversation.id != said.turn.conversation.id
    assert "first topic" not in str(desk.engine.requests[-1].messages)
    assert "the first topic" in (await desk.give("history")).text


async def test_stop_ends_the_open_lesson_with_its_summary(desk: Desk, database: Database) -> None:
    await bring_in(database, desk.clock[0])
    asked = await desk.give("learn")
    assert await desk.services.lessons.here(asked.turn) is not None
    ended = await desk.give("stop")
    assert ended.move == "finish"
    assert await desk.services.lessons.here(asked.turn) is None


async def test_stop_without_a_running_reply_says_so(desk: Desk, language: Language) -> None:
    answer = await desk.give("stop")
    assert answer.text == say(language, "There is nothing to stop.")
