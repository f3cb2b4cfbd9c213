"""A loopback Discord for tests: REST and gateway on one port, and people who use them.

`async with DiscordServer() as server:` listens; `server.api_base` and `server.gateway_url` are what
the settings take. What people do (`message`, `slash`, `press`, …) arrives through the gateway;
what the bot did is in `requests`, and what of it was wrong in `violations`.
"""

import asyncio
import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any, Self

from aiohttp import web

from tests.doubles.discord_gateway import RECONNECT, Gateway
from tests.doubles.discord_limits import Fault, RateLimits, Recorded
from tests.doubles.discord_rest import COMMAND, COMPONENT, MODAL_SUBMIT, Interaction, Rest
from tests.doubles.discord_routes import PREFIX, Routes
from tests.doubles.discord_world import (
    EPHEMERAL,
    LOADING,
    MANAGE_GUILD,
    MEMBER_PERMISSIONS,
    TEXT,
    Channel,
    Guild,
    Member,
    User,
    World,
    snowflake,
    timestamp,
)

Json = dict[str, Any]
TOKEN = "double.token.secret"


class DiscordServer:
    """One world with one bot account."""

    def __init__(self, token: str = TOKEN) -> None:
        self.token = token
        self.world = World()
        self.gateway = Gateway(self.world, token)
        self.rest = Rest(self.world, self.gateway)
        self.routes = Routes(self.rest, token)
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_get("/gw", self.gateway.handle)
        app.router.add_get("/gw/", self.gateway.handle)
        app.router.add_get("/files/{key:.+}", self._file)
        app.router.add_route("*", PREFIX + "/{tail:.*}", self.routes.handle)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.api_base = f"http://{host}:{port}{PREFIX}"
        self.gateway_url = self.gateway.public_url = f"ws://{host}:{port}/gw"
        self.rest.public_url = f"http://{host}:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.gateway.close(1001)
        assert self._runner is not None
        await self._runner.cleanup()

    async def _file(self, request: web.Request) -> web.StreamResponse:
        data = self.world.blobs.get(request.match_info["key"])
        return web.Response(status=404) if data is None else web.Response(body=data)

    # The world

    @property
    def bot(self) -> User:
        return self.world.bot

    @property
    def limits(self) -> RateLimits:
        return self.routes.limits

    @property
    def requests(self) -> list[Recorded]:
        return self.routes.requests

    @property
    def violations(self) -> list[str]:
        return self.routes.violations + self.gateway.violations

    def user(self, name: str, *, dms_closed: bool = False) -> User:
        user = User(snowflake(), name, dms_closed=dms_closed)
        self.world.users[user.id] = user
        return user

    def guild(self, name: str, owner: User, *members: User, locale: str = "en-US") -> Guild:
        guild = Guild(snowflake(), name, owner, locale)
        for user in (self.bot, owner, *members):
            guild.members[user.id] = Member(user)
        self.world.guilds[guild.id] = guild
        self.channel(guild, "general")
        return guild

    async def show(self, guild: Guild) -> None:
        """Tells a connected bot of a server in which it has been all along."""
        await self.gateway.dispatch("GUILD_CREATE", guild.payload(self.bot.id))

    async def join(self, guild: Guild) -> None:
        """Somebody installs the bot in a server; such an event says nothing of availability."""
        payload = guild.payload(self.bot.id)
        del payload["unavailable"]
        await self.gateway.dispatch("GUILD_CREATE", payload)

    def channel(self, guild: Guild, name: str, type_: int = TEXT) -> Channel:
        channel = Channel(snowflake(), type_, guild.id, name)
        guild.channels.append(channel)
        self.world.channels[channel.id] = channel
        return channel

    def make_manager(self, guild: Guild, user: User) -> None:
        """Gives somebody a role that may manage the server."""
        role = snowflake()
        guild.roles[role] = MANAGE_GUILD
        guild.members[user.id].roles.append(role)
        guild.members[user.id].permissions = MEMBER_PERMISSIONS | MANAGE_GUILD

    def messages(self, channel: Channel, *, ephemeral: bool = False) -> list[Json]:
        """What the bot has in a channel, oldest first."""
        own = [m for m in channel.messages.values() if m["author"]["id"] == self.bot.id]
        shown = [m for m in own if not m["flags"] & LOADING]
        return [m for m in shown if bool(m["flags"] & EPHEMERAL) is ephemeral]

    def dms(self, user: User) -> list[Json]:
        return self.messages(self.world.dm(user))

    def thread_on(self, message: Mapping[str, Any]) -> Channel:
        return self.world.channels[message["id"]]

    # What people do

    async def message(
        self,
        channel: Channel,
        author: User,
        content: str,
        *,
        files: Mapping[str, bytes] | None = None,
        reply_to: str | None = None,
    ) -> Json:
        """Somebody writes in a channel or thread."""
        more: Json = {}
        if files:
            more["attachments"] = [self.rest.attachment(n, data) for n, data in files.items()]
        if reply_to:
            more["message_reference"] = {"message_id": reply_to, "channel_id": channel.id}
        message = self.world.new_message(channel, author, content, **more)
        await self.gateway.dispatch("MESSAGE_CREATE", self.world.delivered(message))
        return message

    async def dm(self, author: User, content: str, **more: Any) -> Json:
        return await self.message(self.world.dm(author), author, content, **more)

    async def mention(self, channel: Channel, author: User, content: str, **more: Any) -> Json:
        return await self.message(channel, author, f"<@{self.bot.id}> {content}", **more)

    async def edit(self, message: Json, content: str) -> None:
        message |= {"content": content, "edited_timestamp": timestamp()}
        await self.gateway.dispatch("MESSAGE_UPDATE", self.world.delivered(message))

    async def slash(
        self, channel: Channel, user: User, name: str, options: Json | None = None, **more: Any
    ) -> Interaction:
        """Somebody uses a registered command, `data export` with a space before a subcommand."""
        root, *rest = name.split()
        command = next(c for c in self.world.commands if (c["name"], c["type"]) == (root, 1))
        leaf = command
        for word in rest:
            leaf = next(o for o in leaf["options"] if o["name"] == word)
        kinds = {o["name"]: o["type"] for o in leaf.get("options") or []}
        given: list[Json] = [
            {"name": n, "type": kinds[n], "value": v} for n, v in (options or {}).items()
        ]
        for depth, word in enumerate(reversed(rest)):
            given = [{"name": word, "type": 2 if depth else 1, "options": given}]
        data = {"id": command["id"], "name": root, "type": 1, "options": given}
        return await self._interact(COMMAND, channel, user, data, **more)

    async def menu(self, message: Json, user: User, title: str) -> Interaction:
        """Somebody opens a message's menu and chooses a command of ours."""
        command = next(c for c in self.world.commands if (c["name"], c["type"]) == (title, 3))
        target = message["id"]
        resolved = {"messages": {target: message}}
        data = {"id": command["id"], "name": title, "type": 3, "target_id": target}
        channel = self.world.channels[message["channel_id"]]
        return await self._interact(COMMAND, channel, user, {**data, "resolved": resolved})

    async def press(
        self, message: Json, user: User, custom_id: str, *chosen: str, locale: str = "en-US"
    ) -> Interaction:
        """Somebody presses a button of a message that they see, or chooses from a menu."""
        data: Json = {"custom_id": custom_id, "component_type": 3 if chosen else 2}
        if chosen:
            data["values"] = list(chosen)
        channel = self.world.channels[message["channel_id"]]
        return await self._interact(COMPONENT, channel, user, data, message=message, locale=locale)

    async def submit(
        self, opened: Interaction, fields: Mapping[str, str], *, locale: str = "en-US"
    ) -> Interaction:
        """Fills in and sends the form that `opened` was answered with."""
        assert opened.modal is not None, opened
        rows = []
        for label in opened.modal["components"]:
            control = label["component"]
            name = control["custom_id"]
            entered: Json = {"type": control["type"], "custom_id": name}
            if control["type"] == 3:
                entered["values"] = [fields[name]] if name in fields else []
            else:
                entered["value"] = fields.get(name, "")
            rows.append({"type": 18, "component": entered})
        data = {"custom_id": opened.modal["custom_id"], "components": rows}
        channel = self.world.channels[opened.channel_id]
        on = channel.messages.get(opened.on_message or "")
        return await self._interact(
            MODAL_SUBMIT, channel, opened.user, data, message=on, locale=locale
        )

    async def _interact(
        self,
        kind: int,
        channel: Channel,
        user: User,
        data: Json,
        *,
        message: Json | None = None,
        locale: str = "en-US",
    ) -> Interaction:
        on_message = message["id"] if message else None
        interaction = Interaction(
            snowflake(), secrets.token_hex(16), kind, user, channel.id, channel.guild_id, on_message
        )
        interaction.sent_at = time.monotonic()
        self.rest.interactions[interaction.token] = interaction
        payload: Json = {
            "id": interaction.id,
            "application_id": self.world.application_id,
            "type": kind,
            "token": interaction.token,
            "version": 1,
            "data": data,
            "channel_id": channel.id,
            "channel": channel.payload(),
            "locale": locale,
            "entitlements": [],
            "authorizing_integration_owners": {},
            "context": 0 if channel.guild_id else 1,
            "attachment_size_limit": 10 * 1024 * 1024,
            "app_permissions": str(MEMBER_PERMISSIONS),
        }
        if message is not None:
            payload["message"] = message
        if channel.guild_id is not None:
            member = self.world.guilds[channel.guild_id].members[user.id]
            given = {**member.payload(), "permissions": str(member.permissions)}
            payload |= {"guild_id": channel.guild_id, "member": given, "guild_locale": "en-US"}
        else:
            payload["user"] = user.payload()
        await self.gateway.dispatch("INTERACTION_CREATE", payload)
        return interaction

    # Trouble

    def fail(self, method: str, path: str, **fault: Any) -> Fault:
        """Makes the next matching requests fail; `path` is a glob behind `/api/v10`."""
        made = Fault(method, path, **fault)
        self.routes.faults.append(made)
        return made

    async def close_gateway(self, code: int = 1006) -> None:
        await self.gateway.close(code)

    async def reconnect(self) -> None:
        await self.gateway.send_all({"op": RECONNECT, "d": None})

    async def invalidate_session(self, *, resumable: bool = False) -> None:
        await self.gateway.invalidate(resumable=resumable)

    async def until(self, true: Callable[[], Any], seconds: float = 10.0) -> Any:
        """Waits until something is so; fails with what the server saw otherwise."""
        end = time.monotonic() + seconds
        while not (found := true()):
            if time.monotonic() > end:
                seen = [f"{r.method} {r.path} → {r.status}" for r in self.requests[-15:]]
                raise AssertionError(f"it never happened; the last requests: {seen}")
            await asyncio.sleep(0.01)
        return found
