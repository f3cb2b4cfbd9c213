"""Messages, edits and new servers: decides what is for us and hands it to the dispatcher."""

from collections.abc import Callable
from datetime import datetime

import aiohttp
import discord
import structlog

from bot.discord_app.failures import named
from bot.discord_app.handles import Handle
from bot.discord_app.hints import Hints
from bot.discord_app.people import person_of
from bot.discord_app.questions import (
    Questions,
    addresses_us,
    is_by_person,
    is_readable,
    locale_of,
)
from bot.discord_app.spots import Spots
from bot.dispatch.dispatcher import Dispatcher
from tutor.messages import CommandCall, Kind, Place, Platform, Question, Role, Visibility

log = structlog.get_logger()


class Intake:
    """`me` gives the bot's own user id."""

    def __init__(
        self,
        dispatcher: Dispatcher,
        questions: Questions,
        spots: Spots,
        hints: Hints,
        me: Callable[[], int],
        now: Callable[[], datetime],
    ) -> None:
        self._dispatcher = dispatcher
        self._questions = questions
        self._spots = spots
        self._hints = hints
        self._me = me
        self._now = now

    async def message(self, message: discord.Message) -> None:
        """Receives a message that is for us; hints where it is for us but can't be read."""
        question = await self._question(message)
        if question is not None:
            await self._dispatcher.receive(question)

    async def edit(self, message: discord.Message, edited_at: str) -> None:
        """The author changed what was written; link previews change it too, and do not count."""
        question = await self._question(message, edited_at)
        if question is not None:
            await self._dispatcher.receive(question)

    async def _question(self, message: discord.Message, edited_at: str = "") -> Question | None:
        me = self._me()
        if not is_by_person(message):
            return None
        addressed = addresses_us(message, me)
        if not addressed and not await self._in_our_thread(message):
            return None
        if not is_readable(message):
            if not addressed and not edited_at:
                await self._hints.show(message)
            return None
        spot = await self._spots.spot(message, me)
        return self._questions.from_message(message, spot, me, edited_at)

    async def _in_our_thread(self, message: discord.Message) -> bool:
        try:
            thread = await self._spots.thread(message.channel)
        except (discord.HTTPException, aiohttp.ClientError, TimeoutError) as error:
            log.warning("channel_unknown", channel=message.channel.id, error=named(error))
            return False
        return thread is not None and thread.owner == str(self._me())

    async def joined(self, guild: discord.Guild) -> None:
        """Asks the one who installed us for the three things we need to know."""
        installer = await _installer(guild, self._me())
        if installer is None:
            log.warning("installer_unknown", guild=guild.id)
            return
        joined_at = guild.me.joined_at if guild.me else None
        moment = int((joined_at or self._now()).timestamp())
        system = guild.system_channel
        channel = str(system.id) if system else ""
        await self._dispatcher.receive(
            Question(
                event_id=f"discord-joined-{guild.id}-{moment}",
                kind=Kind.COMMAND,
                place=Place(Platform.DISCORD, str(guild.id), channel),
                message_id=f"joined-{moment}",
                author=person_of(installer, locale_of(guild)),
                visibility=Visibility.PRIVATE,
                received_at=self._now(),
                roles=frozenset({Role.LEARNER, Role.ADMIN}),
                command=CommandCall("setup"),
                handle=Handle(fallback_channel=channel).stored(),
            )
        )


async def _installer(guild: discord.Guild, me: int) -> discord.abc.User | None:
    """Who added us, by the audit log where we may read it; else the owner."""
    if guild.me is not None and guild.me.guild_permissions.view_audit_log:
        async for entry in guild.audit_logs(limit=10, action=discord.AuditLogAction.bot_add):
            if entry.target is not None and entry.target.id == me and entry.user is not None:
                return entry.user
    if guild.owner is not None:
        return guild.owner
    if guild.owner_id is None:
        return None
    try:
        return await guild.fetch_member(guild.owner_id)
    except discord.HTTPException as error:
        log.info("owner_not_found", guild=guild.id, code=error.code)
        return None
