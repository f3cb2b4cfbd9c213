"""Messages that come close together, or at the same time as a press, while a question is open."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.dispatch.dispatcher import Dispatcher
from storage.attempts import latest_attempts
from tests.bot.commands.lessons.test_lessons import solution
from tests.doubles import questions
from tests.doubles.desk import Answer, Desk
from tests.doubles.fake_adapter import FakeAdapter

QUIET_SECONDS = 1.0


@pytest.fixture
async def platform(desk: Desk) -> AsyncIterator[tuple[Dispatcher, FakeAdapter]]:
    dispatcher, adapter = Dispatcher(desk.services, quiet_seconds=QUIET_SECONDS), FakeAdapter()
    dispatcher.register(adapter)
    yield dispatcher, adapter
    await dispatcher.close(0.1)


async def answers(desk: Desk, asked: Answer) -> list[str]:
    """Every counted answer of that learner, oldest first."""
    async with desk.services.database.read() as session:
        found = await latest_attempts(session, asked.turn.learner.id)
    return [one.answer for one in reversed(found)]


async def test_a_second_thought_in_the_same_burst_is_one_answer_with_the_first(
    desk: Desk, course_id: str, platform: tuple[Dispatcher, FakeAdapter]
) -> None:
    """Nothing is counted before the burst is over: else the rest would meet the next question."""
    dispatcher, adapter = platform
    asked = await desk.give("quiz", {"skill": "adding numbers", "n": "3"})
    await dispatcher.receive(questions.question(solution(asked)))
    await asyncio.sleep(QUIET_SECONDS / 2)
    await dispatcher.receive(questions.question("i think"))
    await dispatcher.idle()
    assert len(await answers(desk, asked)) == 1
    [shown] = adapter.messages.values()
    assert "✅" in shown.final.text
