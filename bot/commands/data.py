"""A person's own data: a file with all of it, its erasure, and what it may be used for."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

from bot.commands.offers import SHORT, offer
from bot.commands.wording import typed
from bot.services import Services
from storage import consents
from storage.database import Session
from storage.erase import erase_learner
from storage.export import export_learner
from tutor.i18n import mark, say
from tutor.language import Language
from tutor.messages import Button, File, ReplyPart, Style, Text
from tutor.tuning.withdrawal import consequence_text, withdraw
from tutor.turn import Turn

EXPORT_NAME = "daoshi-data.json"
TRAINING = "training"
PURPOSES = {
    TRAINING: mark("Use my conversations to train Daoshi's models"),
}
"""What people can agree to. Without a recorded yes the answer is no."""


async def export_data(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """Everything about the person as one JSON file."""
    async with services.database.long_read() as session:
        everything = await export_learner(session, turn.learner.id, services.now(), services.blobs)
    data = await asyncio.to_thread(_as_json, everything)
    yield Text(say(turn.language, "This file holds everything that is stored about you."))
    yield File(data, EXPORT_NAME, "application/json")


def _as_json(everything: Mapping[str, Any]) -> bytes:
    """With files it can be many megabytes: too much for the event loop's own thread."""
    return json.dumps(everything, ensure_ascii=False, indent=1).encode()


async def delete_data(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """Says what would go, and asks."""
    yield Text(
        say(
            turn.language,
            "This deletes everything about you on every linked platform: conversations, "
            "settings, ratings, files. It can't be undone; {export} gives you a copy first.",
            export=typed(turn.question.place.platform, "data export"),
        )
    )
    buttons = [
        Button(
            "data_delete_confirm",
            say(turn.language, "Delete everything"),
            style=Style.DANGER,
            closes=True,
        ),
        Button("data_delete_keep", say(turn.language, "Keep it"), closes=True),
    ]
    yield await offer(services, turn, buttons, valid=SHORT)


async def confirm_deletion(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """Erases the person in one transaction."""
    operators = services.settings.operators
    async with services.database.long_write() as session:
        await withdraw(session, turn.learner.id, services.now(), operators=operators)
        await erase_learner(session, turn.learner.id, services.now())
    yield Text(
        say(
            turn.language,
            "Done. Everything about you is deleted here. Messages that your platform itself keeps "
            "are for you to delete there; if you write to me again, we start anew.",
        )
    )


async def keep_data(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    yield Text(say(turn.language, "Nothing was deleted."))


async def show_consent(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """What the person agreed to, with a button to change each."""
    async with services.database.read() as session:
        agreed = await consents.current_consents(session, turn.learner.id)
    yield Text(describe_consent(agreed, services, turn.language))
    yield await offer(services, turn, consent_buttons(agreed, turn.language))


async def change_consent(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """Records a yes or a no and shows what holds now."""
    assert payload["purpose"] in PURPOSES, payload
    async with services.database.write() as session:
        await consents.record_consent(
            session,
            turn.learner.id,
            payload["purpose"],
            granted=payload["granted"],
            source="settings",
            now=services.now(),
        )
        followed = await _withdrawn(services, turn, payload, session)
    yield Text(" ".join(filter(None, [say(turn.language, "Saved."), followed])) + "\n\n")
    async for part in show_consent(services, turn):
        yield part


async def _withdrawn(
    services: Services, turn: Turn, payload: Mapping[str, Any], session: Session
) -> str:
    """What follows from a no to training, in the same transaction; "" for anything else."""
    if payload["granted"] or payload["purpose"] != TRAINING:
        return ""
    operators = services.settings.operators
    withdrawn = await withdraw(session, turn.learner.id, services.now(), operators=operators)
    return consequence_text(turn.language, withdrawn)


def describe_consent(agreed: Mapping[str, bool], services: Services, language: Language) -> str:
    """What holds for each purpose, as a short list."""
    lines = [say(language, "**What your data may be used for**")]
    for purpose, label in PURPOSES.items():
        answer = say(language, _ANSWERS[agreed.get(purpose, False)])
        lines.append(f"- {say(language, label)}: **{answer}**")
    if not services.settings.train_on_chats:
        lines.append(
            say(language, "The operator has switched training on conversations off for everybody.")
        )
    return "\n".join(lines)


def consent_buttons(agreed: Mapping[str, bool], language: Language) -> list[Button]:
    """One button for each purpose, which turns it round."""
    return [
        Button(
            "consent_set",
            say(language, _SWITCHES[purpose][agreed.get(purpose, False)]),
            {"purpose": purpose, "granted": not agreed.get(purpose, False)},
        )
        for purpose in PURPOSES
    ]


_ANSWERS = {True: mark("yes"), False: mark("no")}
_SWITCHES = {
    TRAINING: {False: mark("Allow training"), True: mark("No training")},
}
