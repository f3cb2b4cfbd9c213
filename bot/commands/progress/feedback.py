"""`/feedback`: how the last seven days went, and what to do next; every week for who wants that."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any

from bot.commands.arguments import argument
from bot.commands.progress.buttons import next_buttons
from bot.commands.wording import typed
from bot.services import Services
from storage import learners
from storage.database import Session
from storage.learners import Learner
from tutor.i18n import say
from tutor.learner.digest import set_digest, wants_digest
from tutor.learner.facts import SEEN_AT, Facts, gather
from tutor.learner.feedback import DEFAULT_LEVEL, weekly
from tutor.learner.paraphrase import every_name
from tutor.messages import Button, Offer, ReplyPart, Status, Text
from tutor.pedagogy.dialogue import Policy
from tutor.turn import Turn


async def show_feedback(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """The week in words, by the model if it keeps to the facts; `weekly` asks for it every week."""
    if turn.policy is Policy.EXAM:
        yield Text(after_exam(turn))
        return
    if wish := argument(turn, "weekly"):
        async for part in _set_weekly(services, turn, wanted=wish == "yes"):
            yield part
        return
    async with services.database.read() as session:
        facts = await gather(session, turn.learner, services.now())
    yield Status(say(turn.language, "Looking at your last days…"))
    yield Text(await _worded(services, turn, facts))
    yield Offer((*next_buttons(facts, turn.language), _weekly_button(turn)))
    async with services.database.write() as session:
        await _remember(session, turn.learner.id, services)


async def change_weekly(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """A pressed button: every week from now on, or no longer."""
    async for part in _set_weekly(services, turn, wanted=payload["wanted"]):
        yield part


def after_exam(turn: Turn) -> str:
    """While an exam runs nothing is said about right and wrong."""
    return say(turn.language, "An exam is on. Your results and feedback come when it is over.")


async def _worded(services: Services, turn: Turn, facts: Facts) -> str:
    platform = turn.question.place.platform
    level = turn.learner.settings.get("level", DEFAULT_LEVEL)
    text = weekly(facts, turn.language, level=level, typed=lambda command: typed(platform, command))
    return await services.paraphraser.paraphrase(
        text,
        turn.language,
        every_name(facts.names),
        level=level,
        learner_id=turn.learner.id,
    )


async def _set_weekly(services: Services, turn: Turn, *, wanted: bool) -> AsyncIterator[ReplyPart]:
    async with services.database.write() as session:
        learner = await _fresh(session, turn.learner.id)
        await set_digest(session, learner, wanted, services.now())
        learner = await _fresh(session, turn.learner.id)
    settings = typed(turn.question.place.platform, "settings")
    if wanted:
        yield Text(
            say(
                turn.language,
                "Gladly: every Sunday I tell you how your week went, at the hour and in the time "
                "zone of your {settings}.",
                settings=settings,
            )
        )
    else:
        yield Text(say(turn.language, "All right, I no longer write to you every week."))
    yield Offer((_weekly_button(replace(turn, learner=learner)),))


def _weekly_button(turn: Turn) -> Button:
    wanted = not wants_digest(turn.learner)
    label = say(turn.language, "Every week") if wanted else say(turn.language, "No longer weekly")
    return Button("feedback_weekly", label, {"wanted": wanted}, emoji="📬")


async def _remember(session: Session, learner_id: str, services: Services) -> None:
    """When this was read, so that the next feedback can say what changed since."""
    learner = await _fresh(session, learner_id)
    settings = {**learner.settings, SEEN_AT: services.now().isoformat()}
    await learners.set_settings(session, learner_id, settings)


async def _fresh(session: Session, learner_id: str) -> Learner:
    learner = await learners.learner_by_id(session, learner_id)
    assert learner is not None, learner_id
    return learner
