"""What can be done about an open question: commands (`/hint`, `/reveal`), buttons and forms.

A button of an earlier question changes nothing: its place in the practice has passed.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

from bot.commands.wording import typed
from bot.services import Services
from storage import disputes
from storage.attempts import attempt_by_id
from tutor.i18n import say
from tutor.messages import ReplyPart, Text
from tutor.pedagogy.course_choice import usable_course
from tutor.pedagogy.dialogue import Intent
from tutor.pedagogy.plan import PracticeKind
from tutor.pedagogy.running import Running
from tutor.pedagogy.starting import Wish
from tutor.turn import Turn

Payload = Mapping[str, Any]
Press = Callable[[Services, Turn, Payload], AsyncIterator[ReplyPart]]


async def hint(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    async for part in _command(services, turn, Intent.HINT):
        yield part


async def reveal(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    async for part in _command(services, turn, Intent.REVEAL):
        yield part


async def choose(services: Services, turn: Turn, payload: Payload) -> AsyncIterator[ReplyPart]:
    """One of the lettered choices."""
    running = await _pressed(services, turn, payload)
    if running is None or not (running.asks or running.counted(turn)):
        yield Text(_passed(turn))
        return
    put = running.asks and not running.outdated
    text = running.step.answer.choices[payload["choice"]] if put else ""
    async for part in services.lessons.answer(turn, running, text):
        yield part


async def answer(services: Services, turn: Turn, payload: Payload) -> AsyncIterator[ReplyPart]:
    """What was written into the form."""
    running = await _pressed(services, turn, payload)
    if running is None:
        yield Text(_passed(turn))
        return
    text = _field(turn, "text")
    async for part in services.lessons.message(turn, running, text, services.tutor.beside):
        yield part


async def alone(services: Services, turn: Turn, payload: Payload) -> AsyncIterator[ReplyPart]:
    """Goes on in private with a problem that was brought in a channel."""
    running = await services.lessons.named(turn, payload["practice"])
    if running is None:
        yield Text(_passed(turn))
        return
    async for part in services.lessons.resume(turn, running):
        yield part


async def start(services: Services, turn: Turn, payload: Payload) -> AsyncIterator[ReplyPart]:
    """Begins what the button names."""
    course = None
    if payload.get("course_id"):
        async with services.database.read() as session:
            course = await usable_course(session, turn, payload["course_id"])
        if course is None:
            yield Text(say(turn.language, "That course is no longer open to you."))
            return
    wish = Wish(
        PracticeKind(payload["kind"]),
        course,
        tuple(payload.get("skill_ids", ())),
        payload.get("length"),
        tuple(payload.get("queue", ())),
    )
    async for part in services.lessons.start(turn, wish):
        yield part


async def contest(services: Services, turn: Turn, payload: Payload) -> AsyncIterator[ReplyPart]:
    """Puts a grade into the teachers' queue, once."""
    async with services.database.write() as session:
        attempt = await attempt_by_id(session, payload["attempt_id"])
        opened = None
        if attempt is not None and attempt.learner_id == turn.learner.id:
            opened = await disputes.open_dispute(
                session,
                attempt.id,
                learner_id=turn.learner.id,
                course_id=attempt.course_id,
                reason=_field(turn, "reason"),
                now=services.now(),
            )
    if opened is None:
        yield Text(say(turn.language, "You have already asked about this answer."))
        return
    yield Text(
        say(
            turn.language,
            "Thank you for saying so. I have passed on the question, your answer and what you "
            "wrote; if you are right, your grade is corrected and I tell you.",
        )
    )


def act_on(intent: Intent) -> Press:
    """The handler of a button whose intent is plain."""

    async def press(services: Services, turn: Turn, payload: Payload) -> AsyncIterator[ReplyPart]:
        running = await _pressed(services, turn, payload)
        if running is None:
            yield Text(_passed(turn))
            return
        async for part in services.lessons.act(turn, running, intent, services.tutor.beside):
            yield part

    return press


async def _command(services: Services, turn: Turn, intent: Intent) -> AsyncIterator[ReplyPart]:
    running = await services.lessons.here(turn) or await services.lessons.latest(turn)
    if running is None:
        yield Text(
            say(
                turn.language,
                "No question is open. {learn} begins a lesson, {practice} gives you questions.",
                learn=typed(turn.question.place.platform, "learn"),
                practice=typed(turn.question.place.platform, "practice"),
            )
        )
        return
    async for part in services.lessons.act(turn, running, intent, services.tutor.beside):
        yield part


async def _pressed(services: Services, turn: Turn, payload: Payload) -> Running | None:
    """The practice that a button belongs to, if its question is still the open one, or was left
    behind by this very press, whose reply broke off."""
    running = await services.lessons.named(turn, payload["practice"])
    if running is None or running.counted(turn):
        return running
    return running if running.place == payload["place"] else None


def _passed(turn: Turn) -> str:
    return say(turn.language, "That question is behind us already.")


def _field(turn: Turn, name: str) -> str:
    press = turn.question.press
    return press.fields.get(name, "") if press else ""
