"""Commands, menus, buttons and forms: acknowledged first, then claimed and answered.

Discord waits three seconds for the first response. A press that opens a form must be answered with
that form; everything else is told "later" at once, in private where the command is private.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import aiohttp
import discord
import structlog

from bot.commands.command import Command
from bot.discord_app.buttons import menu_choice, modal, submitted_fields
from bot.discord_app.failures import named
from bot.discord_app.handles import Handle, Mode
from bot.discord_app.hints import FIELD, WRITE_HERE, write_here_form
from bot.discord_app.invocations import invocation_of
from bot.discord_app.outgoing import EPHEMERAL
from bot.discord_app.people import person_of, role_ids_of, roles_of
from bot.discord_app.rest import ALREADY_ACKNOWLEDGED, Rest
from bot.discord_app.spots import THREADED
from bot.dispatch.dispatcher import Dispatcher
from tutor.language import Language, from_locale
from tutor.messages import (
    Form,
    Kind,
    Person,
    Place,
    Platform,
    Press,
    Question,
    Visibility,
)

log = structlog.get_logger()

DEFERRED_MESSAGE, DEFERRED_UPDATE, MODAL = 5, 6, 9
ACKNOWLEDGE_SECONDS = 2.8
FORM_SECONDS = 0.8


class Interactions:
    """Answers Discord at once and hands the question to the dispatcher."""

    def __init__(
        self,
        dispatcher: Dispatcher,
        rest: Rest,
        commands: Sequence[Command],
        operators: Collection[str],
        now: Callable[[], datetime],
    ) -> None:
        self._dispatcher = dispatcher
        self._rest = rest
        self._commands = {command.name: command for command in commands}
        self._menus = {c.menu_title: c.name for c in commands if c.menu_title}
        self._operators = operators
        self._now = now

    async def receive(self, interaction: discord.Interaction[Any]) -> None:
        match interaction.type:
            case discord.InteractionType.application_command:
                await self._command(interaction)
            case discord.InteractionType.component:
                await self._press(interaction)
            case discord.InteractionType.modal_submit:
                await self._submit(interaction)

    async def _command(self, interaction: discord.Interaction[Any]) -> None:
        invocation = invocation_of(_data(interaction), self._menus)
        command = self._commands.get(invocation.call.name)
        shared = command is not None and not command.private
        ephemeral = not shared and not _is_dm(interaction)
        threads = shared and getattr(interaction.channel, "type", None) in THREADED
        acknowledged, begun = await self._defer(interaction, ephemeral, with_id=threads)
        handle = replace(
            self._handle(interaction),
            mode=Mode.ORIGINAL if acknowledged else Mode.NONE,
            ephemeral=ephemeral,
            opens_on_reply=threads and acknowledged,
        )
        question = self._question(interaction, Kind.COMMAND, handle)
        private = ephemeral or _is_dm(interaction)
        place = question.place
        await self._dispatcher.receive(
            replace(
                question,
                place=replace(place, thread=begun) if begun and not place.thread else place,
                visibility=Visibility.PRIVATE if private else Visibility.SHARED,
                text=invocation.text,
                command=invocation.call,
                attachments=invocation.attachments,
                reply_to=invocation.target,
            )
        )

    async def _press(self, interaction: discord.Interaction[Any]) -> None:
        choice = menu_choice(_data(interaction))
        form = await self._form(choice, self._person(interaction))
        if form is not None:
            await self._respond(interaction, {"type": MODAL, "data": modal(choice, form)})
            return
        acknowledged = await self._respond(interaction, {"type": DEFERRED_UPDATE})
        question = self._question(
            interaction, Kind.ACTION, self._pressed(interaction, acknowledged)
        )
        await self._dispatcher.receive(replace(question, press=Press(choice)))

    async def _submit(self, interaction: discord.Interaction[Any]) -> None:
        data = _data(interaction)
        choice = str(data["custom_id"])
        fields = submitted_fields(data.get("components") or [])
        on_message = interaction.message is not None
        ephemeral = {"type": DEFERRED_MESSAGE, "data": {"flags": EPHEMERAL}}
        body = {"type": DEFERRED_UPDATE} if on_message else ephemeral
        acknowledged = await self._respond(interaction, body)
        handle = self._pressed(interaction, acknowledged)
        if acknowledged and not on_message:
            handle = replace(handle, mode=Mode.ORIGINAL, ephemeral=True)
        question = self._question(interaction, Kind.FORM, handle)
        if choice == WRITE_HERE:
            question = replace(question, kind=Kind.MESSAGE, text=fields.get(FIELD, ""))
        else:
            question = replace(question, press=Press(choice, fields))
        await self._dispatcher.receive(question)

    async def _form(self, choice: str, person: Person) -> Form | None:
        if choice == WRITE_HERE:
            return write_here_form(from_locale(person.locale) or Language.ENGLISH)
        try:
            return await asyncio.wait_for(self._dispatcher.form_of(choice, person), FORM_SECONDS)
        except TimeoutError:
            log.warning("form_too_slow")
            return None

    async def _defer(
        self, interaction: discord.Interaction[Any], ephemeral: bool, *, with_id: bool
    ) -> tuple[bool, str]:
        """Whether it worked, and the id of the message that now says "thinking" if asked for."""
        body: dict[str, Any] = {"type": DEFERRED_MESSAGE}
        if ephemeral:
            body["data"] = {"flags": EPHEMERAL}
        answer = await self._answer(interaction, body, with_id=with_id)
        if answer is None:
            return False, ""
        if not with_id:
            return True, ""
        found = (answer.get("interaction") or {}).get("response_message_id")
        found = found or ((answer.get("resource") or {}).get("message") or {}).get("id")
        return True, str(found or "")

    async def _respond(self, interaction: discord.Interaction[Any], body: dict[str, Any]) -> bool:
        return await self._answer(interaction, body) is not None

    async def _answer(
        self, interaction: discord.Interaction[Any], body: dict[str, Any], *, with_id: bool = False
    ) -> Mapping[str, Any] | None:
        """None where Discord no longer waits; the reply then goes another way."""
        sending = self._rest.respond(
            str(interaction.id), interaction.token, body, with_response=with_id
        )
        try:
            return await asyncio.wait_for(sending, ACKNOWLEDGE_SECONDS)
        except discord.HTTPException as error:
            if error.code == ALREADY_ACKNOWLEDGED:
                return {}  # the event came twice; the claim will tell
            log.warning("interaction_expired", code=error.code, status=error.status)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            log.warning("interaction_not_acknowledged", error=named(error))
        return None

    def _handle(self, interaction: discord.Interaction[Any]) -> Handle:
        guild = interaction.guild
        present = guild is not None and not guild.unavailable and guild.me is not None
        known = guild is not None and interaction.client.get_guild(guild.id) is not None
        return Handle(
            channel=str(_channel_id(interaction)),
            reference=str(interaction.message.id) if interaction.message else "",
            application=str(interaction.application_id),
            token=interaction.token,
            interaction=str(interaction.id),
            bot_can_post=_is_dm(interaction) or (present and known),
            file_bytes=interaction.filesize_limit,
        )

    def _pressed(self, interaction: discord.Interaction[Any], acknowledged: bool) -> Handle:
        mode = Mode.UPDATE if acknowledged else Mode.NONE
        return replace(self._handle(interaction), mode=mode)

    def _question(
        self, interaction: discord.Interaction[Any], kind: Kind, handle: Handle
    ) -> Question:
        on = interaction.message
        hidden = on is not None and on.flags.ephemeral
        private = hidden or _is_dm(interaction)
        return Question(
            event_id=f"discord-{interaction.id}",
            kind=kind,
            place=_place(interaction),
            message_id=str(interaction.id),
            author=self._person(interaction),
            visibility=Visibility.PRIVATE if private else Visibility.SHARED,
            received_at=self._now(),
            roles=roles_of(interaction.user.id, interaction.permissions, self._operators),
            reply_to=str(on.id) if on else None,
            handle=handle.stored(),
            platform_roles=role_ids_of(interaction.user),
        )

    @staticmethod
    def _person(interaction: discord.Interaction[Any]) -> Person:
        return person_of(interaction.user, str(interaction.locale))


def _data(interaction: discord.Interaction[Any]) -> Mapping[str, Any]:
    assert interaction.data is not None, interaction.id
    return interaction.data


def _is_dm(interaction: discord.Interaction[Any]) -> bool:
    """A conversation with the bot alone, not one between two people who call it in."""
    if interaction.guild_id is not None or interaction.context.private_channel:
        return False
    return not isinstance(interaction.channel, discord.GroupChannel)


def _channel_id(interaction: discord.Interaction[Any]) -> int:
    assert interaction.channel_id is not None, interaction.id
    return interaction.channel_id


def _place(interaction: discord.Interaction[Any]) -> Place:
    community = str(interaction.guild_id or "")
    channel = interaction.channel
    if isinstance(channel, discord.Thread):
        return Place(Platform.DISCORD, community, str(channel.parent_id), str(channel.id))
    return Place(Platform.DISCORD, community, str(_channel_id(interaction)))
