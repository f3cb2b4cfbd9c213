"""The REST API of the Discord double: one method for each route that a bot may use."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

from tests.doubles.discord_gateway import Gateway
from tests.doubles.discord_limits import check_commands, check_message, check_modal
from tests.doubles.discord_world import (
    DM,
    EPHEMERAL,
    LOADING,
    DiscordError,
    User,
    World,
    snowflake,
    timestamp,
)

Json = dict[str, Any]
COMMAND, COMPONENT, MODAL_SUBMIT = 2, 3, 5
MESSAGE, DEFERRED_MESSAGE, DEFERRED_UPDATE, UPDATE, MODAL = 4, 5, 6, 7, 9


@dataclass(slots=True)
class Upload:
    name: str
    data: bytes


@dataclass(slots=True)
class Interaction:
    """One use of a command, button or form, and how the bot answered."""

    id: str
    token: str
    type: int
    user: User
    channel_id: str
    guild_id: str | None
    on_message: str | None = None
    sent_at: float = 0.0
    response: int | None = None
    acknowledged_after: float | None = None
    modal: Json | None = None
    original: str | None = None
    followups: list[str] = field(default_factory=list)
    acknowledged: asyncio.Event = field(default_factory=asyncio.Event)


class Rest:
    """Raises DiscordError for what Discord would refuse."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        self.world = world
        self.gateway = gateway
        self.public_url = ""
        self.interactions: dict[str, Interaction] = {}
        self.interaction_seconds = 3.0
        self.token_seconds = 900.0
        self.typed: list[tuple[str, float]] = []
        self._nonces: dict[tuple[str, str], str] = {}

    # Channels and messages

    async def create_message(self, channel_id: str, body: Json, uploads: list[Upload]) -> Json:
        channel = self.world.readable(channel_id)
        if "send" in channel.denied:
            raise DiscordError(403, 50013, "Missing Permissions")
        if channel.recipient is not None and channel.recipient.dms_closed:
            raise DiscordError(403, 50007, "Cannot send messages to this user")
        check_message(body, len(uploads))
        nonce = str(body.get("nonce", ""))
        if nonce and body.get("enforce_nonce") and (channel_id, nonce) in self._nonces:
            return channel.messages[self._nonces[channel_id, nonce]]
        reference = body.get("message_reference")
        if reference and str(reference["message_id"]) not in channel.messages:
            if reference.get("fail_if_not_exists", True):
                raise DiscordError(400, 50035, "message_reference: Unknown message")
            reference = None
        more = {"message_reference": reference} if reference else {}
        message = self.world.new_message(
            channel,
            self.world.bot,
            body.get("content") or "",
            components=body.get("components") or [],
            attachments=self._store(channel_id, body, uploads),
            flags=body.get("flags", 0) & ~(EPHEMERAL | LOADING),
            **more,
        )
        if nonce:
            self._nonces[channel_id, nonce] = message["id"]
        await self.gateway.dispatch("MESSAGE_CREATE", self.world.delivered(message))
        return {**message, "nonce": nonce} if nonce else message

    async def edit_message(
        self, channel_id: str, message_id: str, body: Json, uploads: list[Upload]
    ) -> Json:
        message = self.world.message(channel_id, message_id)
        if message["author"]["id"] != self.world.bot.id:
            raise DiscordError(403, 50005, "Cannot edit a message authored by another user")
        return await self._edit(message, body, uploads)

    async def _edit(self, message: Json, body: Json, uploads: list[Upload]) -> Json:
        check_message(body, len(uploads), partial=True)
        if "content" in body:
            message["content"] = body["content"] or ""
        if "components" in body:
            message["components"] = body["components"] or []
        if uploads:
            message["attachments"] = self._store(message["channel_id"], body, uploads)
        elif "attachments" in body:
            kept = {str(a["id"]) for a in body["attachments"]}
            message["attachments"] = [a for a in message["attachments"] if a["id"] in kept]
        message["flags"] &= ~LOADING
        message["edited_timestamp"] = timestamp()
        if not message["flags"] & EPHEMERAL:
            await self.gateway.dispatch("MESSAGE_UPDATE", self.world.delivered(message))
        return message

    def _store(self, channel_id: str, body: Json, uploads: list[Upload]) -> list[Json]:
        described = {str(a["id"]): a for a in body.get("attachments") or []}
        stored = []
        for index, upload in enumerate(uploads):
            if len(upload.data) > 10 * 1024 * 1024:
                raise DiscordError(413, 40005, "Request entity too large")
            said = described.get(str(index), {})
            stored.append(self.attachment(upload.name, upload.data, said.get("description")))
        return stored

    def attachment(self, name: str, data: bytes, description: str | None = None) -> Json:
        key = f"{snowflake()}/{name}"
        self.world.blobs[key] = data
        url = f"{self.public_url}/files/{key}"
        return {
            "id": key.split("/")[0],
            "filename": name,
            "description": description,
            "content_type": "text/plain" if name.endswith(".txt") else "application/octet-stream",
            "size": len(data),
            "url": url,
            "proxy_url": url,
        }

    async def delete_message(self, channel_id: str, message_id: str) -> None:
        self.world.message(channel_id, message_id)
        del self.world.channels[channel_id].messages[message_id]

    def list_messages(self, channel_id: str, query: Json) -> list[Json]:
        channel = self.world.readable(channel_id)
        if "history" in channel.denied:
            return []
        limit = int(query.get("limit", 50))
        if not 1 <= limit <= 100:
            raise DiscordError(400, 50035, "limit: between 1 and 100")
        found = [m for m in channel.messages.values() if not m["flags"] & EPHEMERAL]
        found.sort(key=lambda m: int(m["id"]))
        if "after" in query:
            found = [m for m in found if int(m["id"]) > int(query["after"])][:limit]
        intent = self.gateway.content_intent
        seen = [self.world.seen_by_bot(m, content_intent=intent) for m in found[-limit:]]
        return list(reversed(seen))

    async def start_thread(self, channel_id: str, message_id: str, body: Json) -> Json:
        channel = self.world.readable(channel_id)
        if channel.type == DM or channel.is_thread:
            raise DiscordError(400, 50024, "Cannot execute action on this channel type")
        self.world.message(channel_id, message_id)
        if "threads" in channel.denied:
            raise DiscordError(403, 50013, "Missing Permissions")
        if not 1 <= len(body["name"]) <= 100:
            raise DiscordError(400, 50035, "name: Must be between 1 and 100 in length.")
        thread = self.world.start_thread(channel, message_id, body["name"], self.world.bot)
        await self.gateway.dispatch("THREAD_CREATE", {**thread.payload(), "newly_created": True})
        return thread.payload()

    def open_dm(self, body: Json) -> Json:
        user = self.world.users.get(str(body["recipient_id"]))
        if user is None:
            raise DiscordError(400, 50033, "Invalid Recipient(s)")
        return self.world.dm(user).payload()

    def type_in(self, channel_id: str) -> None:
        self.world.readable(channel_id)
        self.typed.append((channel_id, time.monotonic()))

    # Commands

    def replace_commands(self, commands: list[Json]) -> list[Json]:
        check_commands(commands)
        self.world.commands = [{**c, "id": snowflake()} for c in commands]
        return self.world.commands

    # Interactions

    async def callback(
        self, interaction_id: str, token: str, body: Json, *, with_response: bool = False
    ) -> Json | None:
        """Without `with_response` there is nothing to read, as with the real one."""
        interaction = self.interactions.get(token)
        late = interaction and time.monotonic() - interaction.sent_at > self.interaction_seconds
        if interaction is None or interaction.id != interaction_id or late:
            raise DiscordError(404, 10062, "Unknown interaction")
        if interaction.response is not None:
            raise DiscordError(400, 40060, "Interaction has already been acknowledged.")
        self._respond(interaction, body)
        interaction.response = body["type"]
        interaction.acknowledged_after = time.monotonic() - interaction.sent_at
        interaction.acknowledged.set()
        if not with_response:
            return None
        about: Json = {"id": interaction.id, "type": interaction.type}
        if interaction.original and body["type"] != DEFERRED_UPDATE:
            about["response_message_id"] = interaction.original
        return {"interaction": about}

    def _respond(self, interaction: Interaction, body: Json) -> None:
        kind, data = body["type"], body.get("data") or {}
        if kind in (MESSAGE, DEFERRED_MESSAGE):
            flags = data.get("flags", 0) & EPHEMERAL
            if kind == MESSAGE:
                check_message(data, 0)
            made = self._reply(interaction, data, flags | (LOADING if kind == 5 else 0), [])
            interaction.original = made["id"]
        elif kind in (DEFERRED_UPDATE, UPDATE):
            if interaction.on_message is None:
                raise DiscordError(400, 50035, "type: there is no message to update")
            interaction.original = interaction.on_message
        elif kind == MODAL:
            if interaction.type == MODAL_SUBMIT:
                raise DiscordError(400, 50035, "type: a form cannot open a form")
            check_modal(data)
            interaction.modal = data
        else:
            raise DiscordError(400, 50035, "type: unknown")

    def _reply(
        self, interaction: Interaction, body: Json, flags: int, uploads: list[Upload]
    ) -> Json:
        metadata = {
            "id": interaction.id,
            "type": interaction.type,
            "user": interaction.user.payload(),
            "authorizing_integration_owners": {},
        }
        return self.world.new_message(
            self.world.channels[interaction.channel_id],
            self.world.bot,
            body.get("content") or "",
            components=body.get("components") or [],
            attachments=self._store(interaction.channel_id, body, uploads),
            flags=flags,
            interaction_metadata=metadata,
            type=20 if interaction.type == COMMAND else 0,
            webhook_id=self.world.application_id,
        )

    def _living(self, token: str) -> Interaction:
        interaction = self.interactions.get(token)
        if interaction is None or interaction.response is None:
            raise DiscordError(404, 10015, "Unknown Webhook")
        if time.monotonic() - interaction.sent_at > self.token_seconds:
            raise DiscordError(401, 50027, "Invalid Webhook Token")
        return interaction

    def _response(self, token: str, message_id: str) -> Json:
        interaction = self._living(token)
        wanted = interaction.original if message_id == "@original" else message_id
        messages = self.world.channels[interaction.channel_id].messages
        if wanted not in messages or wanted not in (interaction.original, *interaction.followups):
            raise DiscordError(404, 10008, "Unknown Message")
        return messages[wanted]

    async def follow_up(self, token: str, body: Json, uploads: list[Upload]) -> Json:
        interaction = self._living(token)
        check_message(body, len(uploads))
        messages = self.world.channels[interaction.channel_id].messages
        original = messages.get(interaction.original or "")
        if original is not None and original["flags"] & LOADING:
            return await self._edit(original, body, uploads)
        message = self._reply(interaction, body, body.get("flags", 0) & EPHEMERAL, uploads)
        interaction.followups.append(message["id"])
        return message

    def response(self, token: str, message_id: str) -> Json:
        return self._response(token, message_id)

    async def edit_response(
        self, token: str, message_id: str, body: Json, uploads: list[Upload]
    ) -> Json:
        return await self._edit(self._response(token, message_id), body, uploads)

    async def delete_response(self, token: str, message_id: str) -> None:
        message = self._response(token, message_id)
        del self.world.channels[message["channel_id"]].messages[message["id"]]
