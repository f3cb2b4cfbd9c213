"""What staff can do: read reports, settle them, pause and block learners.

What the staff of a community decides about somebody holds there alone; what an operator decides
holds everywhere. Whoever reads a learner's words leaves a line in the audit log, in the same
transaction.
"""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from bot.commands.forms import REPORT_REASONS
from bot.commands.offers import offer
from bot.commands.permissions import has_role
from bot.services import Services
from storage import communities, conversations, learners, reports, standings
from storage.communities import Community
from storage.database import Session
from storage.learners import Learner
from storage.reports import Report, ReportedExchange
from tutor.i18n import mark, say
from tutor.language import Language
from tutor.messages import Button, Platform, ReplyPart, Role, Style, Text
from tutor.turn import Turn

SHOWN_REPORTS = 10
_QUOTED_CHARACTERS = 1200
_LOOKED_BACK_TURNS = 300
_OFFER_LASTS = timedelta(days=1)
_USER_ID = re.compile(r"<@!?([A-Za-z0-9]+)(?:\|[^>]*)?>|@?(\S+)")

ACTIVE, PAUSED, BLOCKED = "active", "paused", "blocked"
_CHANGED = {
    PAUSED: mark("{name} is paused until somebody resumes them."),
    BLOCKED: mark("{name} is blocked."),
    ACTIVE: mark("{name} can talk to me again."),
}


async def show_queue(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """The open reports, oldest first, without anybody's words."""
    async with services.database.read() as session:
        found: list[Report] = []
        for community in await _looked_after(session, turn):
            found += await reports.open_reports(session, community.id, SHOWN_REPORTS + 1)
    shown = sorted(found, key=lambda one: one.id)[:SHOWN_REPORTS]
    if not shown:
        yield Text(say(turn.language, "No open reports."))
        return
    lines = [say(turn.language, "**Open reports, the oldest first**")]
    lines += [_line(number, one, turn.language) for number, one in enumerate(shown, 1)]
    if len(found) > len(shown):
        lines.append(say(turn.language, "There are more; they follow when these are settled."))
    yield Text("\n".join(lines))
    buttons = [
        Button("report_read", say(turn.language, "Read {number}", number=number), _about(one))
        for number, one in enumerate(shown, 1)
    ]
    yield await offer(services, turn, buttons, valid=_OFFER_LASTS)


async def read_report(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """One report with the exchange it is about; that it was read is audited."""
    async with services.database.write() as session:
        found = await reports.read_report(
            session, payload["report_id"], reader_id=turn.learner.id, now=services.now()
        )
    if found is None:
        yield Text(say(turn.language, "That report is gone."))
        return
    yield Text(_exchange(found, turn.language))
    yield await offer(services, turn, _decisions(found, turn.language), valid=_OFFER_LASTS)


async def settle_report(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """Closes a report as handled or dismissed; the first of two moderators counts."""
    async with services.database.write() as session:
        closed = await reports.handle_report(
            session,
            payload["report_id"],
            by=turn.learner.id,
            outcome="",
            dismissed=payload["dismissed"],
            now=services.now(),
        )
    done = mark("Settled."), mark("Somebody has settled it already.")
    yield Text(say(turn.language, done[0] if closed else done[1]))


async def pause_reported(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """Pauses the learner whose question a report is about."""
    async with services.database.read() as session:
        learner = await learners.learner_by_id(session, payload["learner_id"])
    if learner is None:
        yield Text(say(turn.language, "That person is no longer known here."))
        return
    place = payload["community_id"]
    yield Text(await _set_status(services, turn, learner, PAUSED, "report", place))


async def pause(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    yield Text(await _change(services, turn, PAUSED))


async def resume(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    yield Text(await _change(services, turn, ACTIVE))


async def block(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    yield Text(await _change(services, turn, BLOCKED))


async def unblock(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    yield Text(await _change(services, turn, ACTIVE))


async def _change(services: Services, turn: Turn, status: str) -> str:
    call = turn.question.command
    assert call is not None, turn.question.event_id
    learner = await find_learner(services, turn, call.arguments["learner"])
    place = await _governed(services, turn)
    if learner is None or place is None:
        return say(
            turn.language,
            "I know nobody by that in this community. Please mention the person or give their "
            "user id.",
        )
    reason = call.arguments.get("reason", "")
    return await _set_status(services, turn, learner, status, reason, place)


async def _set_status(
    services: Services, turn: Turn, learner: Learner, status: str, reason: str, place: str
) -> str:
    """Staff decides for the community `place`, operators for all; they also resume in both."""
    if learner.id == turn.learner.id:
        return say(turn.language, "That is you yourself.")
    decided: Any = {"by": turn.learner.id, "reason": reason, "now": services.now()}
    is_operator = has_role(turn.question.roles, Role.OPERATOR)
    async with services.database.write() as session:
        if is_operator:
            await learners.set_status(session, learner.id, status, community_id=place, **decided)
        if not is_operator or status == ACTIVE:
            await standings.set_standing(session, place, learner.id, status, **decided)
    if status == ACTIVE and not is_operator and learner.status != ACTIVE:
        return say(
            turn.language,
            "You have lifted it for this community, but the operators of Daoshi have paused or "
            "blocked {name} everywhere; only they can end that.",
            name=learner.display_name,
        )
    return say(turn.language, _CHANGED[status], name=learner.display_name)


async def _governed(services: Services, turn: Turn) -> str | None:
    """The id of the community for which somebody decides: in a direct message their workspace.

    None for staff in direct messages that belong to no workspace.
    """
    author, operator = turn.question.author, has_role(turn.question.roles, Role.OPERATOR)
    if turn.community.external_id or (operator and not author.workspace):
        return turn.community.id
    if not author.workspace:
        return None
    async with services.database.write() as session:
        home = await communities.community_for(
            session,
            platform=turn.community.platform,
            external_id=author.workspace,
            now=services.now(),
        )
    return home.id


async def find_learner(services: Services, turn: Turn, written: str) -> Learner | None:
    """The learner behind a mention or a user id, if this community has to do with them."""
    match = _USER_ID.fullmatch(written.strip())
    if match is None:
        return None
    author = turn.question.author
    async with services.database.read() as session:
        identity = await learners.find_identity(
            session, author.platform, author.workspace, match[1] or match[2]
        )
        if identity is None:
            return None
        if not await _belongs_here(session, turn, identity.learner_id):
            return None
        return await learners.learner_by_id(session, identity.learner_id)


async def _belongs_here(session: Session, turn: Turn, learner_id: str) -> bool:
    """Discord's user ids are those of the whole platform, so there staff may only decide about
    people who have talked to the tutor in their own server, or about whom they have decided
    before; operators about everybody."""
    elsewhere = turn.question.author.platform is not Platform.DISCORD
    if elsewhere or has_role(turn.question.roles, Role.OPERATOR):
        return True
    here = turn.community
    if await standings.standing(session, here.platform, here.external_id, learner_id) != ACTIVE:
        return True
    said = await conversations.learner_history(session, learner_id, _LOOKED_BACK_TURNS)
    for conversation_id in {stored.conversation_id for stored in said}:
        conversation = await conversations.conversation_by_id(session, conversation_id)
        if conversation is not None and conversation.community_id == turn.community.id:
            return True
    return False


async def _looked_after(session: Session, turn: Turn) -> Sequence[Community]:
    """This community, or the workspace of somebody who asks in a direct message.

    Direct messages belong to no community, and those of all workspaces lie together: reports about
    them are for operators alone.
    """
    if turn.community.external_id and not has_role(turn.question.roles, Role.OPERATOR):
        return [turn.community]
    everywhere = await communities.communities(session)
    if has_role(turn.question.roles, Role.OPERATOR):
        direct = [one for one in everywhere if not one.external_id]
        return list({one.id: one for one in (turn.community, *direct)}.values())
    home = turn.question.author.workspace
    return [
        one
        for one in everywhere
        if home and one.platform == turn.community.platform and one.external_id == home
    ]


def _line(number: int, one: Report, language: Language) -> str:
    reason = say(language, dict(REPORT_REASONS)[one.reason])
    return f"{number}. {one.reported_at:%Y-%m-%d %H:%M} · {reason}"


def _about(one: Report) -> dict[str, Any]:
    return {"report_id": one.id, "community_id": one.community_id}


def _exchange(found: ReportedExchange, language: Language) -> str:
    heads = {"user": mark("**Question**"), "assistant": mark("**Reply**")}
    parts = [_line(1, found.report, language).partition(" ")[2]]
    if found.report.note:
        parts.append(say(language, "**Note**") + f"\n> {_quoted(found.report.note)}")
    parts += [f"{say(language, heads[t.role])}\n> {_quoted(t.text)}" for t in found.turns]
    if not found.turns:
        parts.append(say(language, "The reply itself is no longer stored."))
    return "\n\n".join(parts)


def _quoted(text: str) -> str:
    cut = text if len(text) <= _QUOTED_CHARACTERS else text[: _QUOTED_CHARACTERS - 1] + "…"
    return cut.replace("\n", "\n> ")


def _decisions(found: ReportedExchange, language: Language) -> list[Button]:
    about = _about(found.report)
    buttons = [
        Button(
            "report_settle",
            say(language, "Settled"),
            {**about, "dismissed": False},
            Style.PRIMARY,
            closes=True,
        ),
        Button(
            "report_settle", say(language, "Dismiss"), {**about, "dismissed": True}, closes=True
        ),
    ]
    learner_id = next((t.learner_id for t in found.turns if t.role == "user"), None)
    if learner_id is not None:
        pausing = {**about, "learner_id": learner_id}
        label = say(language, "Pause the learner")
        buttons.append(Button("report_pause", label, pausing, Style.DANGER, once=True))
    return buttons
