"""The ways a reply can reach its reader: in a channel, by direct message, or to an interaction.

Each creates, edits and deletes single messages. `Unreachable` means: try the next way.
"""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

import discord
import structlog

from bot.adapter import Address
from bot.discord_app.outgoing import EPHEMERAL, SILENT, SUPPRESS_EMBEDS, Outgoing
from bot.discord_app.rest import Rest

log = structlog.get_logger()

NONCE_CHARACTERS = 25
UNKNOWN_MESSAGE = 10008
UNKNOWN_WEBHOOK = 10015
INVALID_WEBHOOK_TOKEN = 50027

Json = dict[str, Any]


class Unreachable(Exception):
    """Nothing can be shown this way (any more)."""


class Gone(Exception):
    """The message that should be edited was deleted by somebody."""


class Post(Protocol):
    async def create(self, index: int, message: Outgoing) -> Address: ...

    async def edit(self, address: Address, message: Outgoing, *, files: bool) -> None:
        """`files` says that the files differ from those that are there."""
        ...

    async def delete(self, address: Address) -> None: ...

    async def read(self, address: Address) -> str:
        """What a message of ours says now."""
        ...

    async def type(self) -> None:
        """Shows that Daoshi is typing, where the platform can."""
        ...

    async def discard(self) -> None:
        """Takes back whatever promises a reply, since there is none."""
        ...


def nonce_of(key: str, index: int | str) -> str:
    """A nonce that is the same after a restart."""
    return hashlib.sha256(f"{key}:{index}".encode()).hexdigest()[:NONCE_CHARACTERS]


def _shows(made: Json, message: Outgoing) -> bool:
    return (
        str(made.get("content") or "").strip() == message.content.strip()
        and len(made.get("components") or ()) == len(message.components)
        and len(made.get("attachments") or ()) == len(message.uploads)
    )


def is_out_of_reach(error: discord.HTTPException) -> bool:
    return isinstance(error, discord.Forbidden) or (
        isinstance(error, discord.NotFound) and error.code != UNKNOWN_MESSAGE
    )


class ChannelPost:
    """Messages in a channel, thread or DM, which `channel` finds or opens when first needed."""

    def __init__(
        self,
        rest: Rest,
        channel: Callable[[], Awaitable[str]],
        key: str,
        reference: str | None = None,
        typing_channel: str | None = None,
    ) -> None:
        self._rest = rest
        self._open = channel
        self._channel: str | None = None
        self._key = key
        self._reference = reference
        self._typing_channel = typing_channel

    async def channel(self) -> str:
        if self._channel is None:
            try:
                self._channel = await self._open()
            except discord.HTTPException as error:
                if not is_out_of_reach(error):
                    raise
                raise Unreachable(str(error)) from error
        return self._channel

    async def create(self, index: int, message: Outgoing) -> Address:
        channel = await self.channel()
        flags = SUPPRESS_EMBEDS | (SILENT if index else 0)
        body = {**message.body(), "flags": flags}
        if index == 0 and self._reference and self._reference != channel:
            body["message_reference"] = {
                "message_id": self._reference,
                "channel_id": channel,
                "fail_if_not_exists": False,
            }
        try:
            made = await self._rest.create_message(
                channel, body, message.uploads, nonce_of(self._key, index)
            )
        except discord.HTTPException as error:
            if not is_out_of_reach(error):
                raise
            raise Unreachable(str(error)) from error
        address = Address(channel, str(made["id"]))
        if not _shows(made, message):  # the nonce gave the message of an earlier, broken try
            await self.edit(address, message, files=bool(message.uploads))
        return address

    async def edit(self, address: Address, message: Outgoing, *, files: bool) -> None:
        await edit_as_bot(self._rest, address, message, files=files)

    async def delete(self, address: Address) -> None:
        await self._rest.delete_message(address.channel, address.message_id)

    async def read(self, address: Address) -> str:
        found = await self._rest.message(address.channel, address.message_id)
        return str(found["content"])

    async def type(self) -> None:
        channel = self._channel or self._typing_channel
        if channel:
            await self._rest.type_in(channel)

    async def discard(self) -> None:
        return None


async def edit_as_bot(rest: Rest, address: Address, message: Outgoing, *, files: bool) -> None:
    body = message.body()
    if files and not message.uploads:
        body["attachments"] = []
    try:
        await rest.edit_message(
            address.channel, address.message_id, body, message.uploads if files else ()
        )
    except discord.NotFound as error:
        if error.code == UNKNOWN_MESSAGE:
            raise Gone(str(error)) from error
        raise Unreachable(str(error)) from error
    except discord.Forbidden as error:
        raise Unreachable(str(error)) from error


@dataclass(slots=True)
class InteractionPost:
    """Responses to an interaction, for as long as its token lives.

    `pending`: it was deferred with a message that still says "thinking". A shared response can be
    edited as the bot's own message when the token is dead; a private one cannot.
    """

    rest: Rest
    application: str
    token: str
    channel_id: str
    ephemeral: bool
    pending: bool

    async def create(self, index: int, message: Outgoing) -> Address:
        flags = SUPPRESS_EMBEDS | (EPHEMERAL if self.ephemeral else 0)
        body = {**message.body(), "flags": flags | (SILENT if index else 0)}
        try:
            made = await self._create(body, message)
        except discord.HTTPException as error:
            if not _is_dead(error):
                raise
            raise Unreachable(str(error)) from error
        return Address(str(made.get("channel_id") or self.channel_id), str(made["id"]))

    async def _create(self, body: Json, message: Outgoing) -> Json:
        if self.pending:
            try:
                made = await self.rest.edit_response(
                    self.application,
                    self.token,
                    "@original",
                    {**body, "flags": SUPPRESS_EMBEDS},
                    message.uploads,
                )
                self.pending = False
                return made
            except discord.NotFound as error:
                if error.code != UNKNOWN_MESSAGE:
                    raise
                self.pending = False  # somebody deleted it, or it was taken back before a restart
        return await self.rest.follow_up(self.application, self.token, body, message.uploads)

    async def edit(self, address: Address, message: Outgoing, *, files: bool) -> None:
        body = message.body()
        if files and not message.uploads:
            body["attachments"] = []
        uploads = message.uploads if files else ()
        try:
            await self.rest.edit_response(
                self.application, self.token, address.message_id, body, uploads
            )
            self.pending = False
        except discord.HTTPException as error:
            if isinstance(error, discord.NotFound) and error.code == UNKNOWN_MESSAGE:
                raise Gone(str(error)) from error
            if not _is_dead(error):
                raise
            if self.ephemeral:
                raise Unreachable(str(error)) from error
            await edit_as_bot(self.rest, address, message, files=files)

    async def delete(self, address: Address) -> None:
        await self.rest.delete_response(self.application, self.token, address.message_id)

    async def read(self, address: Address) -> str:
        found = await self.rest.response(self.application, self.token, address.message_id)
        return str(found["content"])

    async def type(self) -> None:
        """Discord itself shows that the app is thinking."""

    async def whisper(self, message: Outgoing) -> Address:
        """To the author alone; a shared "thinking" goes first, or it would become the whisper."""
        if self.pending and not self.ephemeral:
            await self.discard()
        alone = replace(self, ephemeral=True)
        address = await alone.create(0, message)
        self.pending = alone.pending
        return address

    async def discard(self) -> None:
        if self.pending:
            self.pending = False
            try:
                await self.rest.delete_response(self.application, self.token, "@original")
            except discord.NotFound as error:
                log.info("nothing_to_discard", code=error.code)


def _is_dead(error: discord.HTTPException) -> bool:
    """The token has expired, or the interaction was never acknowledged."""
    return error.status in (401, 403, 404) or error.code in (
        UNKNOWN_WEBHOOK,
        INVALID_WEBHOOK_TOKEN,
    )
