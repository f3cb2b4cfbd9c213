"""Reporting a reply: a form where there is one, else one tap; then a line to the moderators."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from bot.commands.community import MODERATORS_SETTING
from bot.commands.forms import NOTE_CHARACTERS, REPORT_REASONS
from bot.commands.offers import offer
from bot.commands.wording import typed
from bot.services import Services
from storage import communities, conversations, reports
from storage.communities import Community
from storage.database import Session
from storage.turns import StoredTurn
from tutor.i18n import say
from tutor.language import Language
from tutor.messages import Button, Place, Platform, ReplyPart, Text
from tutor.notices import tell_place
from tutor.turn import Turn

_LOOKED_BACK_TURNS = 20


async def report(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """The command: about the latest reply to this person, wherever that was."""
    call = turn.question.command
    note = call.arguments.get("note", "") if call else ""
    async with services.database.read() as session:
        turns = await conversations.learner_history(session, turn.learner.id, _LOOKED_BACK_TURNS)
    latest = next((stored for stored in turns if stored.role == "assistant"), None)
    if latest is None:
        yield Text(say(turn.language, "There is no reply of mine to report yet."))
        return
    async for part in _ask_reason(services, turn, latest.id, note):
        yield part


async def report_reply(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """The button under a reply: its submitted form, or one tap where no form could open."""
    fields = turn.question.press.fields if turn.question.press else {}
    reason = fields.get("reason", "")
    if reason not in reports.REASONS:
        async for part in _ask_reason(services, turn, payload["turn_id"], ""):
            yield part
        return
    yield Text(await _send(services, turn, payload["turn_id"], reason, fields.get("note", "")))


async def send_report(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """The reason was chosen by a button."""
    sent = await _send(services, turn, payload["turn_id"], payload["reason"], payload["note"])
    yield Text(sent)


async def _ask_reason(
    services: Services, turn: Turn, turn_id: str, note: str
) -> AsyncIterator[ReplyPart]:
    yield Text(say(turn.language, "What is wrong with my reply?"))
    buttons = [
        Button(
            "report_send",
            say(turn.language, label),
            {"turn_id": turn_id, "reason": reason, "note": note[:NOTE_CHARACTERS]},
            closes=True,
        )
        for reason, label in REPORT_REASONS
    ]
    yield await offer(services, turn, buttons, turn_id=turn_id)


async def _send(services: Services, turn: Turn, turn_id: str, reason: str, note: str) -> str:
    """Puts the reply into the queue of the community in which it was given."""
    async with services.database.write() as session:
        reported = await conversations.turn_by_id(session, turn_id)
        if reported is None:
            return say(
                turn.language,
                "That reply is no longer stored, so nothing can be done with it.",
            )
        community = await _community_of(session, reported, turn)
        report_id = await reports.report_turn(
            session,
            turn_id=turn_id,
            community_id=community.id,
            reporter_id=turn.learner.id,
            reason=reason,
            note=note[:NOTE_CHARACTERS],
            now=services.now(),
        )
        await _tell_moderators(session, services, community, reason, report_id)
    return say(
        turn.language,
        "Thank you. A person will look at it. They can read this reply and your question.",
    )


async def _community_of(session: Session, reported: StoredTurn, turn: Turn) -> Community:
    conversation = await conversations.conversation_by_id(session, reported.conversation_id)
    found = conversation and await communities.community_by_id(session, conversation.community_id)
    return found or turn.community


async def _tell_moderators(
    session: Session, services: Services, community: Community, reason: str, report_id: str
) -> None:
    """A line without anybody's words, in the channel that was set up for it."""
    channel = community.settings.get(MODERATORS_SETTING)
    if not channel:
        return
    language = Language(community.language) if community.language else Language.ENGLISH
    platform = Platform(community.platform)
    text = say(
        language,
        "A reply of mine was reported ({reason}). {queue} shows it.",
        reason=say(language, dict(REPORT_REASONS)[reason]),
        queue=typed(platform, "queue"),
    )
    place = Place(platform, community.external_id, channel)
    await tell_place(session, place, text, now=services.now(), key=f"report:{report_id}")
