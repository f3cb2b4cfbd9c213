"""`/class queue`: grades that learners contest, settled one by one.

A teacher accepts the answer, corrects the key (which grades every answer to the question again),
or rejects with a sentence. The learner is told in their language, whatever is decided.
"""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from bot.commands.arguments import form_field
from bot.commands.courses.approving import described, key_button, split_answers
from bot.commands.courses.teaching import Taught, for_teachers, for_teachers_pressing
from bot.commands.offers import offer
from bot.services import Services
from storage import attempts, disputes, members
from storage.attempts import Attempt
from storage.database import Session
from storage.disputes import ACCEPTED, REJECTED, Dispute
from tutor.bank.item import StoredItem
from tutor.bank.store import load_item
from tutor.classes.naming import Register, register_for
from tutor.classes.regrading import accept_answer, correct_key, quoted, tell
from tutor.grading.verdict import Outcome
from tutor.i18n import say, say_count
from tutor.language import Language
from tutor.messages import Button, Platform, ReplyPart, Style, Text
from tutor.turn import Turn


async def _queue(services: Services, turn: Turn, teaching: Taught) -> AsyncIterator[ReplyPart]:
    async for part in _next(services, turn, teaching):
        yield part


async def _next(services: Services, turn: Turn, teaching: Taught) -> AsyncIterator[ReplyPart]:
    """The oldest open dispute with all that a teacher needs to decide it."""
    course_id = teaching.course.id
    async with services.database.read() as session:
        found = await disputes.open_disputes(session, course_id, limit=1)
        waiting = await disputes.count_open_disputes(session, course_id)
        register = await register_for(
            session, course_id, turn.language, sees_names=teaching.sees_names
        )
        seen = await _case(session, found[0], register) if found else None
    if seen is None:
        yield Text(say(turn.language, "No contested grades in this course."))
        return
    dispute, attempt, item, who = seen
    head = say_count(turn.language, "{count} contested grade", "{count} contested grades", waiting)
    yield Text(f"{head}\n\n{_shown(dispute, attempt, item, who, turn.language)}")
    yield await offer(services, turn, _decisions(dispute, attempt, item, course_id, turn.language))


async def _accept(
    services: Services, turn: Turn, teaching: Taught, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """This one answer counts as right; the key stays."""
    now, by = services.now(), turn.learner.id
    async with services.database.write() as session:
        settled = await _settle(session, teaching, payload, ACCEPTED, by, "", services)
        attempt = await attempts.attempt_by_id(session, settled.attempt_id) if settled else None
        if settled and attempt:
            await accept_answer(session, attempt, by=by, reason="contested", now=now)
            await _tell_settled(session, settled, attempt, services, right=True)
    yield Text(_done(turn, settled) + "\n\n")
    async for part in _next(services, turn, teaching):
        yield part


async def _correct(
    services: Services, turn: Turn, teaching: Taught, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """A corrected key grades every answer to the question again, the contested one among them."""
    answers = split_answers(form_field(turn, f"step{payload['step']}"))
    if not answers or answers == list(payload["answers"][payload["step"]]):
        yield Text(say(turn.language, "The key is as it was."))
        return
    by = turn.learner.id
    async with services.database.write() as session:
        settled = await _settle(session, teaching, payload, ACCEPTED, by, "", services)
    if settled is None:
        yield Text(_done(turn, None))
        return
    correction = await correct_key(
        services.database,
        services.grader,
        payload["item_id"],
        payload["step"],
        answers,
        by=by,
        reason="contested",
        now=services.now(),
    )
    async with services.database.write() as session:
        attempt = await attempts.attempt_by_id(session, settled.attempt_id)
        if attempt is not None and attempt.id not in {one.id for one in correction.changed}:
            right = attempt.outcome == Outcome.RIGHT
            await _tell_settled(session, settled, attempt, services, right=right)
    yield Text(
        say_count(
            turn.language,
            "The key is corrected. {count} answer has another grade now; its learner is told.",
            "The key is corrected. {count} answers have another grade now; their learners are "
            "told.",
            len(correction.changed),
        )
        + "\n\n"
    )
    async for part in _next(services, turn, teaching):
        yield part


async def _reject(
    services: Services, turn: Turn, teaching: Taught, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """The grade stays; the learner reads why."""
    why, by = form_field(turn, "answer"), turn.learner.id
    async with services.database.write() as session:
        settled = await _settle(session, teaching, payload, REJECTED, by, why, services)
        attempt = await attempts.attempt_by_id(session, settled.attempt_id) if settled else None
        if settled and attempt:
            await _tell_settled(session, settled, attempt, services, right=False)
    yield Text(_done(turn, settled) + "\n\n")
    async for part in _next(services, turn, teaching):
        yield part


queue = for_teachers(_queue)
accept = for_teachers_pressing(_accept)
correct = for_teachers_pressing(_correct)
reject = for_teachers_pressing(_reject)


async def _settle(
    session: Session,
    teaching: Taught,
    payload: Mapping[str, Any],
    state: str,
    by: str,
    answer: str,
    services: Services,
) -> Dispute | None:
    """None where another teacher was faster, or the dispute is of another course."""
    dispute = await disputes.dispute_by_id(session, payload["dispute_id"])
    if dispute is None or dispute.course_id != teaching.course.id:
        return None
    return await disputes.settle_dispute(
        session, dispute.id, state, by=by, answer=answer, now=services.now()
    )


async def _tell_settled(
    session: Session, settled: Dispute, attempt: Attempt, services: Services, *, right: bool
) -> None:
    """`right`: the answer counts as right now."""

    def sentence(language: Language, _: Platform) -> str:
        if right:
            return say(
                language,
                "You were right to ask: your teacher counts your answer “{answer}” as **right**.",
                answer=quoted(attempt.answer),
            )
        said = say(
            language,
            "Your teacher looked at your answer “{answer}”; the grade stays.",
            answer=quoted(attempt.answer),
        )
        return f"{said}\n> {settled.answer}" if settled.answer else said

    key = f"dispute:{settled.id}"
    await tell(session, settled.learner_id, sentence, key=key, now=services.now())


async def _case(
    session: Session, dispute: Dispute, register: Register
) -> tuple[Dispute, Attempt, StoredItem, str] | None:
    attempt = await attempts.attempt_by_id(session, dispute.attempt_id)
    item = await load_item(session, attempt.item_id) if attempt else None
    if attempt is None or item is None:
        return None
    known = await members.member(session, dispute.course_id or "", dispute.learner_id)
    who = register.call(known) if known else say(register.language, "A former member")
    return dispute, attempt, item, who


def _shown(
    dispute: Dispute, attempt: Attempt, item: StoredItem, who: str, language: Language
) -> str:
    lines = [
        described(item, language),
        say(
            language,
            "{learner} answered question {step}: “{answer}”",
            learner=who,
            step=attempt.step + 1,
            answer=quoted(attempt.answer),
        ),
    ]
    if dispute.reason:
        lines.append(f"> {quoted(dispute.reason)}")
    return "\n\n".join(lines)


def _decisions(
    dispute: Dispute, attempt: Attempt, item: StoredItem, course_id: str, language: Language
) -> list[Button]:
    about = {"course_id": course_id, "dispute_id": dispute.id, "step": attempt.step}
    accept_it = say(language, "Count it as right")
    return [
        Button("dispute_accept", accept_it, about, Style.PRIMARY, emoji="✅", closes=True),
        key_button(item, "dispute_correct", about, say(language, "Correct the key")),
        Button("dispute_reject", say(language, "Keep the grade"), about),
    ]


def _done(turn: Turn, settled: Dispute | None) -> str:
    if settled is None:
        return say(turn.language, "Somebody has settled it already.")
    return say(turn.language, "Settled; the learner is told.")
