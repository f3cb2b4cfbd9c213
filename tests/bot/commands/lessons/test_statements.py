"""What a message costs the database: it must not grow unseen, whatever is built around it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from tests.bot.commands.lessons.test_lessons import solution
from tests.doubles.desk import Desk

ASIDE, ANSWER = 12, 40


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """Every statement that is sent to a database while a test runs."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield sent
    event.remove(Engine, "before_cursor_execute", note)


async def test_an_ordinary_message_takes_few_statements(
    desk: Desk, course_id: str, statements: list[str]
) -> None:
    await desk.say("Who was Napoleon?")
    statements.clear()
    await desk.say("Tell me about the Roman empire")
    assert 0 < len(statements) <= ASIDE, statements


async def test_an_answer_in_a_lesson_takes_few_statements(
    desk: Desk, course_id: str, statements: list[str]
) -> None:
    asked = await desk.give("learn")
    first = await desk.say(solution(asked))
    statements.clear()
    await desk.say(solution(first))
    assert 0 < len(statements) <= ANSWER, statements
