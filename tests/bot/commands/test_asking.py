"""Commands that hand a text to the tutor."""

import pytest

from bot.commands.forms import form_for
from bot.commands.offers import language_choices, reading_choices
from bot.commands.translating import target_language
from storage.conversations import learner_history
from tests.doubles.desk import BOB, Desk, shared
from tutor.i18n import say
from tutor.language import Language

ENGLISH, CHINESE = Language.ENGLISH, Language.CHINESE


async def test_ask_is_answered_where_it_was_asked_and_remembered(desk: Desk) -> None:
    answer = await desk.give("ask", {"question": "Why is the sky blue?"}, **shared())
    assert not answer.private
    assert "Why is the sky blue?" in answer.text
    async with desk.services.database.read() as session:
        turns = await learner_history(session, answer.turn.learner.id, 10)
    assert [stored.text for stored in turns if stored.role == "user"] == ["Why is the sky blue?"]


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("explain", {"text": "E = mc²"}),
        ("translate", {"text": "good morning", "language": "zh-CN"}),
        ("rewrite", {"text": "plz send doc", "kind": "formal"}),
        ("rewrite", {"text": "plz send doc"}),
        ("summarise", {"text": "a long thread"}),
    ],
)
async def test_text_is_worked_on_in_private(
    desk: Desk, language: Language, name: str, arguments: dict[str, str]
) -> None:
    desk.engine.answers.append("The result.")
    answer = await desk.give(name, arguments, **shared())
    assert answer.private
    assert answer.text == "The result."
    assert arguments["text"] in desk.engine.requests[-1].messages[-1].content


@pytest.mark.parametrize(
    ("wanted", "text", "own", "target"),
    [
        ("zh-CN", "hello", ENGLISH, CHINESE),
        ("", "你好", ENGLISH, ENGLISH),
        ("", "hello there", ENGLISH, CHINESE),
        ("", "hello there", CHINESE, CHINESE),
        ("", "你好世界", CHINESE, ENGLISH),
    ],
)
def test_translation_goes_to_the_language_that_helps(
    wanted: str, text: str, own: Language, target: Language
) -> None:
    assert target_language(wanted, text, own) is target


async def test_reading_that_is_right_becomes_the_question(desk: Desk, language: Language) -> None:
    turn = (await desk.say("hi")).turn
    yes, correct = (await reading_choices(desk.services, turn, "3x + 5 = 20")).options
    answer = await desk.press(yes)
    assert "3x + 5 = 20" in answer.text
    assert await desk.outcome(correct, turn.question.author) == "already"


async def test_reading_is_corrected_in_a_form_that_holds_what_was_read(
    desk: Desk, language: Language
) -> None:
    turn = (await desk.say("hi")).turn
    _, correct = (await reading_choices(desk.services, turn, "3x + S = 20")).options
    assert correct.form is not None
    assert correct.form.fields[0].value == "3x + S = 20"
    answer = await desk.press(correct, {"text": "3x + 5 = 20"})
    assert "3x + 5 = 20" in answer.text


async def test_correction_without_a_form_asks_for_a_message(desk: Desk) -> None:
    turn = (await desk.say("hi")).turn
    _, correct = (await reading_choices(desk.services, turn, "x")).options
    answer = await desk.press(correct)
    assert answer.text == say(ENGLISH, "Then please write it to me as a message.")


async def test_language_can_be_offered_in_one_tap_wherever_it_seems_to_have_changed(
    desk: Desk,
) -> None:
    turn = (await desk.say("hi")).turn
    choices = await language_choices(desk.services, turn)
    assert [c.label for c in choices.options] == ["English", "简体中文"]
    answer = await desk.press(choices.options[1])
    assert answer.private
    assert answer.turn.learner.id == turn.learner.id
    assert await desk.outcome(choices.options[0], BOB) == "foreign"


@pytest.mark.parametrize("action", ["report", "answer", "ocr_correct", "set_name"])
def test_every_form_fits_the_platforms(action: str) -> None:
    for language in Language:
        form = form_for(action, {"text": "x" * 9000}, language)
        assert form is not None
        assert len(form.title) <= 24  # Slack's limit; Discord's is 45
        assert len(form.submit) <= 24
        assert len(form.fields) <= 5
        for field in form.fields:
            assert len(field.label) <= 45
            assert field.max_length <= 4000
            assert len(field.value) <= field.max_length


def test_most_actions_open_no_form() -> None:
    assert form_for("rate_up", {}, ENGLISH) is None
