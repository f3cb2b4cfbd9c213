"""Words for an open question where none is open: answered by code, without a model."""

import pytest

from tests.doubles.desk import Desk
from tutor.engine.contract import EngineUnavailable


@pytest.mark.parametrize(
    "text",
    [
        "hint",
        "Hint please!",
        "提示",
        "给我提示",
        "answer",
        "答案",
        "skip",
        "跳过",
        "12",
        "b",
        "(C)",
        "3/4",
    ],
)
async def test_a_word_for_a_question_leads_to_one(desk: Desk, text: str) -> None:
    desk.engine.default = EngineUnavailable("off")
    answer = await desk.say(text)
    assert answer.move == "decline"
    assert answer.labels


async def test_after_a_question_that_was_just_done_it_goes_on(desk: Desk) -> None:
    desk.engine.default = EngineUnavailable("off")
    await desk.say("solve 2x + 3 = 13")
    await desk.say("5")
    await desk.say("stop")
    assert "Shall we go on?" in (await desk.say("hint")).text


@pytest.mark.parametrize(
    "text",
    ["12 is my lucky number", "what is a hint?", "the answer to life", "I want to skip school"],
)
async def test_real_chat_is_answered_as_such(desk: Desk, text: str) -> None:
    desk.engine.default = "Fine."
    assert (await desk.say(text)).move == "answer"


async def test_a_figure_in_a_chat_belongs_to_the_chat(desk: Desk) -> None:
    desk.engine.default = "How old are you?"
    await desk.say("Guess whether I am a child.")
    assert (await desk.say("12")).move == "answer"


async def test_every_button_leads_on(desk: Desk, course_id: str) -> None:
    answer = await desk.say("hint")
    assert len(answer.choices) == 2
    for choice in answer.choices:
        assert (await desk.press(choice)).text
