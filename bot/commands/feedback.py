"""What people say about a reply: thumbs, why it did not help, and having it written again."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from bot.commands.arguments import form_field
from bot.commands.data import TRAINING
from bot.commands.offers import offer
from bot.commands.settings import store
from bot.commands.wording import typed
from bot.services import Services
from storage import audit, conversations
from storage.consents import has_consent
from storage.conversations import StoredTurn
from storage.corrections import correct_turn
from tutor.i18n import mark, say
from tutor.messages import Button, ReplyPart, Text
from tutor.turn import Turn

REASONS = (
    ("too_hard", mark("Too hard")),
    ("too_easy", mark("Too easy")),
    ("wrong", mark("Wrong")),
    ("other", mark("Something else")),
)
_LEVEL_FOR = {"too_hard": "simple", "too_easy": "detailed"}
_THANKS = {
    "too_hard": mark("Thank you. From now on I explain in simpler words; {settings} undoes it."),
    "too_easy": mark("Thank you. From now on I go into more detail; {settings} undoes it."),
    "wrong": mark("Thank you. I can try again, and a report lets a person look at it."),
    "other": mark("Thank you, noted. A report lets you say more to a person."),
}


async def rate_up(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    rated = await _rate(services, turn, payload["turn_id"], 1)
    yield Text(say(turn.language, "Thank you!") if rated else _gone(turn))


async def rate_down(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """Counts the thumb and asks why, in one tap."""
    if not await _rate(services, turn, payload["turn_id"], -1):
        yield Text(_gone(turn))
        return
    yield Text(say(turn.language, "Thank you for telling me. What was it?"))
    buttons = [
        Button(
            "rate_reason",
            say(turn.language, label),
            {"turn_id": payload["turn_id"], "reason": reason},
            closes=True,
        )
        for reason, label in REASONS
    ]
    yield await offer(services, turn, buttons, turn_id=payload["turn_id"])


async def rate_reason(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """Notes why, acts on it where that is possible, and offers what helps."""
    reason, turn_id = payload["reason"], payload["turn_id"]
    async with services.database.write() as session:
        await audit.record(
            session,
            actor_id=turn.learner.id,
            action="turn.rated_down",
            community_id=turn.community.id,
            details={"turn_id": turn_id, "reason": reason},
            now=services.now(),
        )
    if reason in _LEVEL_FOR:
        await store(services, turn.learner, {"level": _LEVEL_FOR[reason]})
    settings = typed(turn.question.place.platform, "settings")
    yield Text(say(turn.language, _THANKS[reason], settings=settings))
    report = Button("report", say(turn.language, "Report"), {"turn_id": turn_id}, emoji="🚩")
    better = say(turn.language, "Write a better answer")
    correct = Button("correct", better, {"turn_id": turn_id}, emoji="✏️")
    yield await offer(services, turn, [report, correct], turn_id=turn_id)


async def correct(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """Keeps the answer that somebody would have liked, and says what it may be used for."""
    text, turn_id = form_field(turn, "text"), payload["turn_id"]
    if not text:
        yield Text(say(turn.language, "You wrote nothing, so nothing was kept."))
        return
    async with services.database.write() as session:
        stored = await conversations.turn_by_id(session, turn_id)
        if stored is not None:
            await correct_turn(session, turn_id, turn.learner.id, text, services.now())
        agreed = await has_consent(session, turn.learner.id, TRAINING)
    if stored is None:
        yield Text(_gone(turn))
        return
    yield Text(_kept_for(services, turn, agreed=agreed))


async def regenerate(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """Another answer to the same question."""
    question = await _stored(services, payload["question_id"])
    if question is None:
        yield Text(_gone(turn))
        return
    async for part in services.tutor.regenerate(turn, question):
        yield part


async def go_on(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """The rest of a reply that was cut at the length limit."""
    reply = await _stored(services, payload["turn_id"])
    if reply is None:
        yield Text(_gone(turn))
        return
    async for part in services.tutor.go_on(turn, reply):
        yield part


async def _rate(services: Services, turn: Turn, turn_id: str, rating: int) -> bool:
    """False when the reply no longer exists."""
    async with services.database.write() as session:
        if await conversations.turn_by_id(session, turn_id) is None:
            return False
        await conversations.rate_turn(session, turn_id, turn.learner.id, rating, services.now())
    return True


async def _stored(services: Services, turn_id: str) -> StoredTurn | None:
    async with services.database.read() as session:
        return await conversations.turn_by_id(session, turn_id)


def _kept_for(services: Services, turn: Turn, *, agreed: bool) -> str:
    """What becomes of a better answer: training needs the operator's switch and one's consent."""
    thanks = say(turn.language, "Thank you, your answer is kept with that reply.")
    consent = typed(turn.question.place.platform, "data consent")
    if not services.settings.train_on_chats:
        use = say(turn.language, "It is not used for training: the operator has not allowed that.")
    elif agreed:
        use = say(
            turn.language,
            "Since you agreed to it, it may be used to train Daoshi; {consent} changes that.",
            consent=consent,
        )
    else:
        use = say(
            turn.language,
            "It is not used for training unless you agree with {consent}.",
            consent=consent,
        )
    return f"{thanks} {use}"


def _gone(turn: Turn) -> str:
    return say(turn.language, "That reply is no longer stored, so nothing can be done with it.")
