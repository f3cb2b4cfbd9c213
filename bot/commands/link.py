"""Linking two platforms: one person shows that two identities are theirs, and has one history.

One side gets a code and tells it to the other. The one who enters it confirms both names first,
then the one who got it; only then the two become one.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.commands.offers import SHORT, offer, offer_in
from bot.commands.wording import typed
from bot.services import Services
from storage import learners, links
from storage.learners import Identity
from storage.links import LinkOffer, LinkOutcome
from tutor.i18n import mark, say
from tutor.language import Language, choose
from tutor.messages import Button, Platform, ReplyPart, Style, Text
from tutor.notices import tell_learner
from tutor.turn import Turn

_SHOWN_NAME_CHARACTERS = 40
_FAILURES = {
    LinkOutcome.WRONG: mark(
        "That code is not right. Please compare it with the one you were shown."
    ),
    LinkOutcome.EXPIRED: mark(
        "That code no longer works. {link} on the other side makes a new one."
    ),
    LinkOutcome.OWN: mark(
        "That is your own code. Please send it to me on your other platform, not here."
    ),
    LinkOutcome.TOO_MANY: mark("Those were too many tries. Please wait ten minutes."),
}
_GONE = mark("That code no longer works, so nothing was linked. {link} makes a new one.")


async def link(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """Without a code it gives one; with a code it asks whether the two belong together."""
    call = turn.question.command
    code = call.arguments.get("code", "") if call else ""
    async for part in _enter(services, turn, code) if code else _give(services, turn):
        yield part


async def confirm_as_guest(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """Who entered the code has confirmed; now the other side is asked, wherever it can be told."""
    asked = {**payload, "guest_id": turn.learner.id}
    async with services.database.write() as session:
        host = await learners.learner_by_id(session, payload["host_id"])
        hosts = await learners.identities(session, payload["host_id"])
        guests = await learners.identities(session, turn.learner.id)
        if host is not None:
            language = _language_of(host.language, hosts)
            buttons = _yes_no(language, "link_accept", asked)
            choices = await offer_in(
                session,
                services,
                turn,
                buttons,
                learner_id=host.id,
                valid=SHORT,
                language=language,
            )
            await tell_learner(
                session,
                hosts,
                _both_names(language, hosts, guests),
                choices,
                now=services.now(),
                key=f"link:{payload['code_id']}:{turn.learner.id}",
            )
    if host is None:
        yield Text(_gone(turn))
        return
    yield Text(
        say(
            turn.language,
            "Thank you. I have asked {names} to confirm as well; then the two are one.",
            names=_names(turn.language, hosts),
        )
    )


async def accept_as_host(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """Both have confirmed: the two become one, in one transaction."""
    async with services.database.write() as session:
        guests = await learners.identities(session, payload["guest_id"])
        merged = await links.confirm_link(
            session, payload["code_id"], payload["guest_id"], services.now()
        )
        if merged is not None:
            language = _language_of(merged.language, guests)
            await tell_learner(
                session,
                [replace(identity, learner_id=merged.id) for identity in guests],
                say(language, "Linked. From now on you have one history on both sides."),
                now=services.now(),
                key=f"linked:{payload['code_id']}",
            )
    if merged is None:
        yield Text(_gone(turn))
        return
    yield Text(say(turn.language, "Linked. From now on you have one history on both sides."))


async def reject(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    yield Text(say(turn.language, "Nothing was linked."))


async def link_state(services: Services, turn: Turn) -> str:
    """Which identities belong together, as one line."""
    async with services.database.read() as session:
        known = await learners.identities(session, turn.learner.id)
    if len(known) > 1:
        return say(turn.language, "Linked: {names}", names=_names(turn.language, known))
    return say(
        turn.language,
        "Not linked with another platform; {link} does it.",
        link=typed(turn.question.place.platform, "link"),
    )


async def _give(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    async with services.database.write() as session:
        code = await links.create_link_code(session, turn.learner.id, services.now())
    platform = turn.question.place.platform
    other = Platform.DISCORD if platform is Platform.SLACK else Platform.SLACK
    yield Text(
        say(
            turn.language,
            "Your code is **{code}**. Within 10 minutes, send me {command} on your other platform "
            "(for example {other}). Tell it to nobody: whoever enters it asks for your history.",
            code=code,
            command=typed(other, f"link {code}"),
            other=_PLATFORMS[other],
        )
        + "\n\n"
        + await link_state(services, turn)
    )


async def _enter(services: Services, turn: Turn, code: str) -> AsyncIterator[ReplyPart]:
    async with services.database.write() as session:
        tried = await links.try_link_code(session, code, turn.learner.id, services.now())
    if tried.offer is None:
        command = typed(turn.question.place.platform, "link")
        yield Text(say(turn.language, _FAILURES[tried.outcome], link=command))
        return
    yield Text(
        _both_names(turn.language, tried.offer.host_identities, tried.offer.guest_identities)
    )
    payload = _payload(tried.offer)
    buttons = _yes_no(turn.language, "link_confirm", payload)
    yield await offer(services, turn, buttons, valid=SHORT)


def _payload(found: LinkOffer) -> dict[str, Any]:
    return {"code_id": found.code_id, "host_id": found.host.id, "guest_id": found.guest.id}


def _yes_no(language: Language, action: str, payload: Mapping[str, Any]) -> list[Button]:
    yes = say(language, "Yes, both are me")
    return [
        Button(action, yes, payload, Style.PRIMARY, closes=True),
        Button("link_reject", say(language, "No"), payload, closes=True),
    ]


def _both_names(language: Language, hosts: Sequence[Identity], guests: Sequence[Identity]) -> str:
    return say(
        language,
        "Link {host} with {guest}? Afterwards both have one history, and where one of them had "
        "agreed to less, that holds.",
        host=_names(language, hosts),
        guest=_names(language, guests),
    )


_PLATFORMS = {
    Platform.DISCORD: "Discord",
    Platform.SLACK: "Slack",
    Platform.TERMINAL: mark("Terminal"),
}


def _names(language: Language, known: Sequence[Identity]) -> str:
    return ", ".join(
        f"{say(language, _PLATFORMS[Platform(one.platform)])} "
        f"“{one.display_name[:_SHOWN_NAME_CHARACTERS]}”"
        for one in known
    )


def _language_of(setting: str | None, known: Sequence[Identity]) -> Language:
    locale = next((identity.locale for identity in known if identity.locale), None)
    return choose(Language(setting) if setting else None, "", locale)


def _gone(turn: Turn) -> str:
    command = typed(turn.question.place.platform, "link")
    return say(turn.language, _GONE, link=command)
