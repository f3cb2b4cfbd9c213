"""A learner's own page."""

import pytest

from bot.commands.home import home_page
from tests.doubles import questions
from tests.doubles.desk import BOB, Answer, Desk, shared
from tutor.i18n import say
from tutor.language import Language


async def page(desk: Desk, **more: object) -> Answer:
    turn = await desk.turn(questions.question("", **more))
    return Answer(turn, [part async for part in home_page(desk.services, turn)])


async def test_page_holds_questions_settings_consent_and_links(
    desk: Desk, language: Language
) -> None:
    await desk.say("my last question")
    await desk.say("not mine", author=BOB, channel="dm-bob")
    shown = await page(desk)
    assert "my last question" in shown.text
    assert "not mine" not in shown.text
    for head in ("**Your settings**", "**What your data may be used for**"):
        assert say(language, head) in shown.text
    assert "`/link`" in shown.text


async def test_everything_on_the_page_changes_in_one_tap(desk: Desk, language: Language) -> None:
    shown = await page(desk)
    await desk.press(shown.button("简体中文"))
    await desk.press(shown.button(say(language, "Allow training")))
    again = await page(desk)
    assert say(Language.CHINESE, "**Your settings**") in again.text
    assert say(Language.CHINESE, "No training") in again.labels


async def test_page_is_never_made_for_a_shared_place(desk: Desk) -> None:
    with pytest.raises(AssertionError):
        await page(desk, **shared())


async def test_page_of_a_newcomer_says_how_to_begin(desk: Desk, language: Language) -> None:
    shown = await page(desk)
    assert say(language, "Write to me under Messages; I'm glad to help.") in shown.text
