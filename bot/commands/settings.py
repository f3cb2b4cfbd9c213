"""A learner's own settings: language, level of explanation, pictures, name and reminders."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any

from bot.commands.forms import NAME_CHARACTERS
from bot.commands.offers import AUTOMATIC_LANGUAGE, language_buttons, offer
from bot.commands.options import LEVELS
from bot.commands.reminding import (
    NAMES,
    NotUnderstood,
    describe_reminders,
    reminder_buttons,
    store_reminders,
)
from bot.commands.wording import typed
from bot.services import Services
from storage import learners
from storage.learners import Learner
from tutor.i18n import mark, say
from tutor.language import Language
from tutor.messages import Button, ReplyPart, Text
from tutor.turn import Turn

DEFAULT_LEVEL = "normal"
_ON_OFF = {True: mark("on"), False: mark("off")}


async def show_settings(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """Stores what the options say, if anything, and shows how things stand."""
    call = turn.question.command
    async for part in _store_and_show(services, turn, dict(call.arguments) if call else {}):
        yield part


async def change_setting(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """A pressed setting: language, level or pictures."""
    async for part in _store_and_show(services, turn, dict(payload)):
        yield part


async def change_name(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """The submitted form with a name; where no form could open, how to type it."""
    fields = turn.question.press.fields if turn.question.press else {}
    if "name" in fields:
        async for part in _store_and_show(services, turn, {"name": fields["name"]}):
            yield part
        return
    form = typed(turn.question.place.platform, "settings name=…")
    yield Text(say(turn.language, "Type {form} to set it.", form=form))


async def change_times(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """The submitted form with the times of reminders; where no form could open, how to type it."""
    fields = turn.question.press.fields if turn.question.press else {}
    changes = {name: fields[name] for name in NAMES if name in fields}
    if changes:
        async for part in _store_and_show(services, turn, changes):
            yield part
        return
    form = typed(turn.question.place.platform, "settings at=18:30 zone=Europe/Berlin")
    yield Text(say(turn.language, "Type {form} to set it.", form=form))


def describe(learner: Learner, language: Language) -> str:
    """A learner's settings as a short list."""
    chosen = Language(learner.language).native_name if learner.language else None
    level = dict(LEVELS)[learner.settings.get("level", DEFAULT_LEVEL)]
    pictures = _ON_OFF[learner.settings.get("pictures", True)]
    return "\n".join(
        [
            say(language, "**Your settings**"),
            say(language, "- Language: {value}", value=chosen or say(language, "Automatic")),
            say(language, "- Name: {value}", value=learner.display_name),
            say(language, "- Explanations: {value}", value=say(language, level)),
            say(language, "- Pictures: {value}", value=say(language, pictures)),
            describe_reminders(learner, language),
        ]
    )


def buttons(learner: Learner, language: Language) -> list[Button]:
    """Everything that can be changed in one tap; the present values are left out."""
    level = learner.settings.get("level", DEFAULT_LEVEL)
    pictures = learner.settings.get("pictures", True)
    switch = mark("Pictures off") if pictures else mark("Pictures on")
    return [
        *language_buttons(learner.language, language),
        *(
            Button("set_level", say(language, label), {"level": value})
            for value, label in LEVELS
            if value != level
        ),
        Button("set_pictures", say(language, switch), {"pictures": "no" if pictures else "yes"}),
        Button("set_name", say(language, "Change name")),
        *reminder_buttons(learner, language),
    ]


async def store(services: Services, learner: Learner, changes: Mapping[str, str]) -> Learner:
    """Writes the named settings (language, level, pictures, name, those of reminders) and returns
    the learner anew. Raises NotUnderstood."""
    own = dict(learner.settings)
    if "level" in changes:
        own["level"] = changes["level"]
    if "pictures" in changes:
        own["pictures"] = changes["pictures"] == "yes"
    name = " ".join(changes.get("name", "").split())[:NAME_CHARACTERS]
    async with services.database.write() as session:
        if "language" in changes:
            wanted = changes["language"]
            language = None if wanted == AUTOMATIC_LANGUAGE else Language(wanted).value
            await learners.set_language(session, learner.id, language)
        if name:
            await learners.set_display_name(session, learner.id, name)
        if own != learner.settings:
            await learners.set_settings(session, learner.id, own)
        await store_reminders(session, learner.id, changes, services.now())
        stored = await learners.learner_by_id(session, learner.id)
    assert stored is not None, learner.id
    return stored


async def _store_and_show(
    services: Services, turn: Turn, changes: Mapping[str, str]
) -> AsyncIterator[ReplyPart]:
    if changes:
        try:
            stored = await store(services, turn.learner, changes)
        except NotUnderstood as error:
            yield Text(error.say(turn.language))
            return
        turn = _renewed(turn, stored)
        yield Text(say(turn.language, "Saved.") + "\n\n")
    yield Text(describe(turn.learner, turn.language))
    yield await offer(services, turn, buttons(turn.learner, turn.language))


def _renewed(turn: Turn, learner: Learner) -> Turn:
    """The turn as it would be opened now; a language that was chosen holds at once."""
    language = Language(learner.language) if learner.language else turn.language
    return replace(turn, learner=learner, language=language)
