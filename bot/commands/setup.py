"""Setting a community up: three questions with buttons, each answer stored at once.

The first run asks one question after the other. Later runs show what is set, every answer one tap
away. Whoever installs Daoshi is asked in a direct message, where a platform tells nothing about
roles: so the stored payload names the community, and for a day it stands for the right to set it up
that its owner had when it was offered.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.commands import community as about
from bot.commands.community import (
    CHANNELS_SETTING,
    CHOSEN_SETTING,
    MODERATORS_SETTING,
    Where,
)
from bot.commands.offers import AUTOMATIC_LANGUAGE, offer
from bot.services import Services
from storage import audit, communities
from storage.communities import Community
from storage.database import Session
from tutor.i18n import mark, say, say_count
from tutor.language import Language
from tutor.messages import Button, Choices, Platform, ReplyPart, Style, Text
from tutor.turn import Turn

OFFER_LASTS = timedelta(days=1)
_SWITCHES = {True: mark("On in this channel"), False: mark("Off in this channel")}


@dataclass(frozen=True, slots=True)
class Step:
    """Where a setup stands: for which community, and whether the next question follows."""

    community: Community
    guided: bool

    def payload(self, **values: Any) -> dict[str, Any]:
        return {
            "community_id": self.community.id,
            "guided": self.guided,
            **values,
        }


async def setup(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """The first question where nothing is set yet, else how things stand."""
    if not turn.question.place.community and turn.question.place.platform is not Platform.TERMINAL:
        yield Text(
            say(
                turn.language,
                "Please run this in the server or workspace that you want to set up, in a "
                "channel there.",
            )
        )
        return
    step = Step(turn.community, guided=turn.community.kind is None)
    if step.guided:
        yield Text(say(turn.language, "Hello! Three questions, and I'm ready.") + "\n\n")
    async for part in (_ask_kind if step.guided else _show)(services, turn, step):
        yield part


async def choose_kind(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """Stores the kind, and the policy that follows from it."""
    kind = payload["value"]
    changes = {"kind": kind, "policy": about.POLICY_OF_KIND[kind]}
    step = await _configure(services, turn, payload, **changes)
    async for part in (_ask_language if step.guided else _show)(services, turn, step):
        yield part


async def choose_language(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    value = payload["value"]
    language = None if value == AUTOMATIC_LANGUAGE else Language(value).value
    step = await _configure(services, turn, payload, language=language)
    async for part in (_ask_channels if step.guided else _show)(services, turn, step):
        yield part


async def choose_channels(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """Everywhere, or only where it is switched on; the channel of the press may be the first."""
    value = Where(payload["value"])
    community = await _community(services, payload)
    settings = {**community.settings, CHANNELS_SETTING: value.value}
    step = await _configure(services, turn, payload, settings=settings)
    if payload.get("here"):
        await _switch_channel(services, turn, step.community, on=True)
    async for part in _show(services, turn, step):
        yield part


async def switch_channel(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """Switches the channel in which the button was pressed on or off."""
    step = _step(await _community(services, payload), payload)
    await _switch_channel(services, turn, step.community, on=payload["value"] == "on")
    async for part in _show(services, turn, step):
        yield part


async def choose_policy(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    step = await _configure(services, turn, payload, policy=payload["value"])
    async for part in _show(services, turn, step):
        yield part


async def choose_retention(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    step = await _configure(services, turn, payload, retention_days=payload["value"])
    async for part in _show(services, turn, step):
        yield part


async def choose_reports(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """Reports are told in the channel of the press, or nowhere."""
    community = await _community(services, payload)
    channel = turn.question.place.channel if payload["value"] == "here" else None
    settings = {**community.settings, MODERATORS_SETTING: channel}
    step = await _configure(services, turn, payload, settings=settings)
    async for part in _show(services, turn, step):
        yield part


async def ask_again(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """One question by itself: what is to be changed."""
    step = _step(await _community(services, payload), payload)
    questions = {
        "kind": _ask_kind,
        "language": _ask_language,
        "channels": _ask_channels,
        "retention": _ask_retention,
    }
    async for part in questions[payload["value"]](services, turn, step):
        yield part


async def _ask_kind(services: Services, turn: Turn, step: Step) -> AsyncIterator[ReplyPart]:
    yield Text(say(turn.language, "What is this place?"))
    yield await _answers(
        services,
        turn,
        [
            Button("setup_kind", say(turn.language, label), step.payload(value=kind))
            for kind, label in about.KINDS.items()
        ],
    )


async def _ask_language(services: Services, turn: Turn, step: Step) -> AsyncIterator[ReplyPart]:
    yield Text(say(turn.language, "Which language shall I speak here?"))
    names = [(language.value, language.native_name) for language in Language]
    names.append((AUTOMATIC_LANGUAGE, say(turn.language, "That of each person")))
    yield await _answers(
        services,
        turn,
        [Button("setup_language", name, step.payload(value=value)) for value, name in names],
    )


async def _ask_channels(services: Services, turn: Turn, step: Step) -> AsyncIterator[ReplyPart]:
    yield Text(say(turn.language, "In which channels may I answer?"))
    choices = [(say(turn.language, "In all of them"), Where.EVERYWHERE, False)]
    if _is_here(turn, step.community):
        choices.append((say(turn.language, "Only in this one"), Where.CHOSEN, True))
    else:
        choices.append((say(turn.language, "Only where I'm switched on"), Where.CHOSEN, False))
    yield await _answers(
        services,
        turn,
        [
            Button("setup_channels", label, step.payload(value=where.value, here=here))
            for label, where, here in choices
        ],
    )


async def _ask_retention(services: Services, turn: Turn, step: Step) -> AsyncIterator[ReplyPart]:
    yield Text(say(turn.language, "How long shall I keep what people write to me?"))
    yield await _answers(
        services,
        turn,
        [
            Button(
                "setup_retention",
                say_count(turn.language, "{count} day", "{count} days", days),
                step.payload(value=days),
            )
            for days in about.RETENTION_DAYS
        ],
    )


async def _show(services: Services, turn: Turn, step: Step) -> AsyncIterator[ReplyPart]:
    """How things stand, with a button for everything that can be changed."""
    yield Text(about.describe(step.community, services.settings, turn.language))
    yield await _answers(services, turn, await _changes(services, turn, step))


async def _changes(services: Services, turn: Turn, step: Step) -> list[Button]:
    later = Step(step.community, guided=False)
    questions = {
        "kind": say(turn.language, "Kind"),
        "language": say(turn.language, "Language"),
        "channels": say(turn.language, "Channels"),
        "retention": say(turn.language, "How long to keep"),
    }
    buttons = [
        Button("setup_ask", label, later.payload(value=name)) for name, label in questions.items()
    ]
    guided = about.policy_in_force(step.community) == about.GUIDED
    other = about.OPEN if guided else about.GUIDED
    label = say(turn.language, about.POLICIES[other])
    buttons.append(Button("setup_policy", label, later.payload(value=other)))
    if _is_here(turn, step.community):
        buttons.append(await _channel_button(services, turn, later))
        buttons.append(_reports_button(turn, later))
    return buttons


async def _channel_button(services: Services, turn: Turn, step: Step) -> Button:
    async with services.database.read() as session:
        channel = await communities.channel_settings(
            session, step.community.id, turn.question.place.channel
        )
    on = about.answers_here(step.community, channel)
    label = say(turn.language, _SWITCHES[not on])
    value = "off" if on else "on"
    style = Style.DANGER if on else Style.PRIMARY
    return Button("setup_channel", label, step.payload(value=value), style)


def _reports_button(turn: Turn, step: Step) -> Button:
    told = step.community.settings.get(MODERATORS_SETTING) == turn.question.place.channel
    label = mark("No reports here") if told else mark("Tell reports here")
    value = "nowhere" if told else "here"
    return Button("setup_reports", say(turn.language, label), step.payload(value=value))


async def _answers(services: Services, turn: Turn, buttons: Sequence[Button]) -> Choices:
    return await offer(services, turn, buttons, valid=OFFER_LASTS)


async def _community(services: Services, payload: Mapping[str, Any]) -> Community:
    async with services.database.read() as session:
        return await _stored(session, payload)


async def _stored(session: Session, payload: Mapping[str, Any]) -> Community:
    found = await communities.community_by_id(session, payload["community_id"])
    assert found is not None, payload
    return found


async def _configure(
    services: Services, turn: Turn, payload: Mapping[str, Any], **changes: Any
) -> Step:
    """Stores an answer at once, with a line in the audit log."""
    async with services.database.write() as session:
        stored = await communities.configure_community(session, payload["community_id"], **changes)
        await audit.record(
            session,
            actor_id=turn.learner.id,
            action="community.configured",
            community_id=stored.id,
            details=changes,
            now=services.now(),
        )
    return _step(stored, payload)


async def _switch_channel(
    services: Services, turn: Turn, community: Community, *, on: bool
) -> None:
    channel = turn.question.place.channel
    async with services.database.write() as session:
        stored = await communities.channel_settings(session, community.id, channel)
        settings = {**stored.settings, CHOSEN_SETTING: on}
        await communities.configure_channel(
            session, community.id, channel, enabled=on, settings=settings
        )
        await audit.record(
            session,
            actor_id=turn.learner.id,
            action="channel.switched",
            community_id=community.id,
            details={"channel": channel, "on": on},
            now=services.now(),
        )


def _step(community: Community, payload: Mapping[str, Any]) -> Step:
    return Step(community, bool(payload["guided"]))


def _is_here(turn: Turn, community: Community) -> bool:
    """Whether this is a channel of the community, and no direct message."""
    return bool(community.external_id) and turn.community.id == community.id
