"""A Slack in the loopback, strict about limits, for tests and acceptance runs.

    async with SlackServer() as slack:
        ann = slack.user("Ann")
        settings = slack.settings()  # tokens and the address for Daoshi's settings
        ...
        await slack.dm(ann, "What is gravity?")
        await slack.until(lambda: slack.replies(slack.dm_channel(ann)))

Events go over the socket that is connected, or over signed HTTP when `events_url` is set. Every
call is recorded with its time (`calls`), every delivery with its acknowledgement (`sent`).
"""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

from tests.doubles.slack_limits import message_error
from tests.doubles.slack_socket import Sockets
from tests.doubles.slack_state import Call, Delivery, Fault, State, User
from tests.doubles.slack_web import WebApi

SIGNING_SECRET = "double-signing-secret"


class SlackServer:
    """One workspace (or several), its people, channels and messages."""

    def __init__(self, *, bot_token: str = "xoxb-double", app_token: str = "xapp-double") -> None:
        self.state = State(bot_token, app_token)
        self.signing_secret = SIGNING_SECRET
        self.events_url = ""
        self.sent: list[Delivery] = []
        self.forgotten: list[asyncio.Task[Any]] = []
        self._runner: web.AppRunner | None = None
        self._http: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> "SlackServer":
        app = web.Application(client_max_size=64 * 1024**2)
        self._runner = web.AppRunner(app, shutdown_timeout=0.2)
        self._prepare(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        self.api.address = self.address = f"http://127.0.0.1:{port}"
        self._http = aiohttp.ClientSession()
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._http is not None
        assert self._runner is not None
        await self._http.close()
        for socket in list(self.sockets.open):
            await socket.close()
        await self._runner.cleanup()

    def _prepare(self, app: web.Application) -> None:
        self.api = WebApi(self.state, "")
        self.sockets = Sockets(self.state, self.api)
        app.router.add_route("*", "/api/{method}", self.api.handle)
        app.router.add_get("/link/", self.sockets.handle)
        app.router.add_post("/upload/{file}", self.api.receive_upload)
        app.router.add_get("/files/{file}", self.api.download)
        app.router.add_post("/response/{number}", self._respond)

    # what Daoshi is told

    @property
    def api_base(self) -> str:
        return f"{self.address}/api/"

    def settings(self, *, http: bool = False) -> dict[str, str]:
        """The environment for Daoshi: Socket Mode, or HTTP events."""
        common = {"DAOSHI_SLACK_API_BASE": self.api_base, "SLACK_BOT_TOKEN": self.state.bot_token}
        if http:
            return {**common, "SLACK_SIGNING_SECRET": self.signing_secret}
        return {**common, "SLACK_APP_TOKEN": self.state.app_token}

    # people and places

    def user(
        self, name: str, *, locale: str = "en-US", admin: bool = False, bot: bool = False
    ) -> str:
        user = User(f"U{name.upper()}", name, locale, admin, bot)
        self.state.users[user.id] = user
        return user.id

    def channel(self, name: str, *, member: bool = True) -> str:
        channel = f"C{name.upper()}"
        self.state.channels[channel] = {"id": channel, "name": name, "member": member}
        return channel

    def dm_channel(self, user: str) -> str:
        channel = f"D{user}"
        self.state.channels.setdefault(channel, {"id": channel, "is_im": True, "user": user})
        return channel

    # what people do

    async def dm(self, user: str, text: str, *, thread: str = "", **more: Any) -> Delivery:
        return await self.say(user, self.dm_channel(user), text, thread=thread, **more)

    async def mention(
        self,
        user: str,
        channel: str,
        text: str,
        *,
        thread: str = "",
        both: bool = True,
        **more: Any,
    ) -> Delivery:
        """A message that mentions Daoshi; Slack tells it twice, as `message` and `app_mention`."""
        full = f"<@{self.state.bot_user}> {text}"
        event = self._written(user, channel, full, thread, **more)
        mention = {k: v for k, v in event.items() if k not in ("files", "channel_type", "subtype")}
        delivery = await self.event({**mention, "type": "app_mention"})
        return await self.event(event) if both else delivery

    async def say(
        self, user: str, channel: str, text: str, *, thread: str = "", **more: Any
    ) -> Delivery:
        return await self.event(self._written(user, channel, text, thread, **more))

    async def edit(self, user: str, channel: str, ts: str, text: str) -> Delivery:
        message = self.state.message(channel, ts)
        assert message is not None, ts
        before = dict(message)
        message.update(text=text, edited={"user": user, "ts": self.state.ts()})
        return await self.event(
            {
                "type": "message",
                "subtype": "message_changed",
                "channel": channel,
                "channel_type": _channel_type(channel),
                "ts": self.state.ts(),
                "message": dict(message),
                "previous_message": before,
            }
        )

    async def slash(
        self, user: str, text: str, *, channel: str = "", command: str = "/daoshi"
    ) -> Delivery:
        channel = channel or self.dm_channel(user)
        body = {
            "command": command,
            "text": text,
            "user_id": user,
            "user_name": self.state.users[user].name.lower(),
            "channel_id": channel,
            "team_id": self.state.team,
            "trigger_id": self.state.trigger(),
            "response_url": self._response_url(),
        }
        return await self._deliver("slash_commands", body)

    async def press(
        self, user: str, channel: str, ts: str, value: str, *, ephemeral: bool = False
    ) -> Delivery:
        """Presses the button (or feedback button, or option) whose value is `value`."""
        message = {} if ephemeral else _public(self.state.message(channel, ts) or {"ts": ts})
        return await self._deliver(
            "interactive", self.press_body(user, channel, message, ts, value, ephemeral)
        )

    def press_body(
        self, user: str, channel: str, message: dict[str, Any], ts: str, value: str, ephemeral: bool
    ) -> dict[str, Any]:
        return {
            "type": "block_actions",
            "user": {"id": user, "username": self.state.users[user].name.lower()},
            "team": {"id": self.state.team},
            "channel": {"id": channel},
            "message": message,
            "container": {
                "type": "message",
                "message_ts": ts,
                "channel_id": channel,
                "is_ephemeral": ephemeral,
                **({"thread_ts": message["thread_ts"]} if message.get("thread_ts") else {}),
            },
            "actions": [{"action_id": "choice:0:0", "type": "button", "value": value}],
            "trigger_id": self.state.trigger(),
            "response_url": self._response_url(),
        }

    async def submit_view(self, user: str, view: dict[str, Any], **values: str) -> Delivery:
        """Submits an opened modal; a value for a select is the value of its option."""
        inputs = {block["block_id"]: block["element"] for block in view["blocks"]}
        state = {
            name: {"value": _input_state(inputs[name], value)} for name, value in values.items()
        }
        body = {
            "type": "view_submission",
            "user": {"id": user, "name": self.state.users[user].name.lower()},
            "team": {"id": self.state.team},
            "trigger_id": self.state.trigger(),
            "view": {**view, "state": {"values": state}},
        }
        return await self._deliver("interactive", body)

    async def shortcut(self, user: str, channel: str, ts: str, callback: str) -> Delivery:
        body = {
            "type": "message_action",
            "callback_id": callback,
            "user": {"id": user, "name": self.state.users[user].name.lower()},
            "team": {"id": self.state.team},
            "channel": {"id": channel},
            "message": _public(self.state.message(channel, ts) or {}),
            "message_ts": ts,
            "trigger_id": self.state.trigger(),
            "response_url": self._response_url(),
        }
        return await self._deliver("interactive", body)

    async def stop(self, user: str, channel: str, thread: str) -> Delivery:
        return await self.event(
            {
                "type": "agent_session_stopped",
                "channel": channel,
                "thread_ts": thread,
                "user": user,
                "event_ts": self.state.ts(),
                "streaming_message_ts": [],
            }
        )

    async def press_home(self, user: str, value: str) -> Delivery:
        """Presses a button on the person's own page."""
        body = self.press_body(user, "", {}, "", value, ephemeral=False)
        del body["channel"], body["message"], body["response_url"]
        body["container"] = {"type": "view", "view_id": "VHOME"}
        return await self._deliver("interactive", {**body, "view": {"type": "home", "id": "VHOME"}})

    async def invite(self, inviter: str, channel: str, invited: str = "") -> Delivery:
        """Somebody brings Daoshi (or a person) into a channel."""
        return await self.event(
            {
                "type": "member_joined_channel",
                "user": invited or self.state.bot_user,
                "channel": channel,
                "inviter": inviter,
                "team": self.state.team,
            }
        )

    async def open_home(self, user: str, tab: str = "home") -> Delivery:
        channel = self.dm_channel(user)
        return await self.event(
            {"type": "app_home_opened", "user": user, "channel": channel, "tab": tab}
        )

    def file(
        self, name: str, content: bytes, *, mimetype: str = "text/plain", **more: Any
    ) -> dict[str, Any]:
        """A file that somebody can attach to a message."""
        file_id = f"F{self.state.number()}"
        described = {
            "id": file_id,
            "name": name,
            "mimetype": mimetype,
            "size": len(content),
            "url_private_download": f"{self.address}/files/{file_id}",
        }
        self.state.files[file_id] = {**described, "content": content, **more}
        return described

    async def event(self, event: dict[str, Any], **envelope: Any) -> Delivery:
        """Delivers any event."""
        body = {
            "type": "event_callback",
            "team_id": self.state.team,
            "event_id": f"Ev{self.state.number()}",
            "event": event,
            "authorizations": [{"team_id": self.state.team, "is_enterprise_install": False}],
            **envelope,
        }
        return await self._deliver("events_api", body)

    async def redeliver(self, delivery: Delivery, attempt: int = 1) -> Delivery:
        """The same body once more, as Slack does where no acknowledgement came."""
        kind = _kind(delivery.body)
        delivery.attempts += 1
        return await self._deliver(kind, delivery.body, attempt)

    # faults

    def fail(self, method: str, *faults: Fault) -> None:
        """The next calls of `method` ("*": of any) go wrong, one fault each."""
        self.state.faults[method].extend(faults)

    def lack(self, *methods: str) -> None:
        """This workspace does not have these methods."""
        self.state.missing_methods.update(methods)

    def end_streams(self) -> None:
        """Every running stream dies, as after five minutes."""
        self.state.streaming.clear()

    async def drop_socket(self) -> None:
        await self.sockets.drop()

    # what can be seen

    def messages(self, channel: str) -> list[dict[str, Any]]:
        return self.state.posted[channel]

    def replies(self, channel: str, thread: str = "") -> list[dict[str, Any]]:
        """What Daoshi wrote there, in order."""
        own = [m for m in self.state.posted[channel] if m.get("bot_id") == self.state.bot_id]
        return [m for m in own if not thread or m.get("thread_ts") == thread]

    def calls(self, method: str) -> list[Call]:
        return [call for call in self.state.calls if call.method == method]

    async def until(self, what: Callable[[], Any], seconds: float = 10.0) -> Any:
        """What `what` gives, once it gives anything."""
        async with asyncio.timeout(seconds):
            while not (found := what()):
                await asyncio.sleep(0.01)
        return found

    async def connected(self, at_least: int = 1) -> None:
        """Returns when a socket is open, after `at_least` connections in all."""
        await self.until(lambda: self.sockets.connections >= at_least and self.sockets.open)

    async def acknowledged(self, delivery: Delivery, seconds: float = 10.0) -> Delivery:
        await self.until(lambda: delivery.acknowledged_at is not None, seconds)
        return delivery

    # delivery

    async def _deliver(self, kind: str, body: dict[str, Any], attempt: int = 0) -> Delivery:
        if self.events_url:
            delivery = await self.post_signed(kind, body, attempt=attempt)
        else:
            delivery = await self.sockets.send(kind, body, attempt)
        self.sent.append(delivery)
        return delivery

    async def post_signed(
        self,
        kind: str,
        body: dict[str, Any],
        *,
        attempt: int = 0,
        timestamp: int | None = None,
        signature: str = "",
    ) -> Delivery:
        """Sends over HTTP as Slack does; a wrong or old signature can be given."""
        text, content_type = _encoded(kind, body)
        stamp = str(int(time.time()) if timestamp is None else timestamp)
        headers = {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": signature or self.signature(text, stamp),
        }
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": "http_error"}
        return await self.post_raw(text, headers, body)

    async def post_raw(self, text: str, headers: dict[str, str], body: Any = None) -> Delivery:
        assert self._http is not None
        delivery = Delivery(body or {}, time.monotonic())
        async with self._http.post(self.events_url, data=text.encode(), headers=headers) as answer:
            delivery.status = answer.status
            delivery.acknowledgement = await answer.text()
        if delivery.status == 200:
            delivery.acknowledged_at = time.monotonic()
        return delivery

    def signature(self, text: str, stamp: str) -> str:
        signed = f"v0:{stamp}:{text}".encode()
        return "v0=" + hmac.new(self.signing_secret.encode(), signed, hashlib.sha256).hexdigest()

    def _written(
        self, user: str, channel: str, text: str, thread: str, **more: Any
    ) -> dict[str, Any]:
        kind = {"subtype": "file_share"} if more.get("files") else {}
        thread_ts = {"thread_ts": thread} if thread else {}
        message = self.state.add_message(channel, user=user, text=text, **thread_ts, **kind, **more)
        return {**message, "channel": channel, "channel_type": _channel_type(channel)}

    def _response_url(self) -> str:
        return f"{self.address}/response/{self.state.number()}"

    async def _respond(self, request: web.Request) -> web.Response:
        payload = await request.json()
        uses = [e for e in self.state.ephemeral if e.get("url") == request.path]
        error = message_error(payload, list(self.state.files))
        if error or len(uses) >= 5:
            return web.Response(status=400, text=error or "used_url")
        self.state.ephemeral.append({**payload, "via": "response_url", "url": request.path})
        return web.Response(text="ok")


def _channel_type(channel: str) -> str:
    return "im" if channel.startswith("D") else "channel"


def _public(message: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in message.items() if k not in ("streamed", "versions")}


def _kind(body: dict[str, Any]) -> str:
    if "command" in body:
        return "slash_commands"
    return "events_api" if body.get("type") == "event_callback" else "interactive"


def _encoded(kind: str, body: dict[str, Any]) -> tuple[str, str]:
    if kind == "events_api":
        return json.dumps(body), "application/json"
    form = body if kind == "slash_commands" else {"payload": json.dumps(body)}
    return urlencode(form), "application/x-www-form-urlencoded"


def _input_state(element: dict[str, Any], value: str) -> dict[str, Any]:
    if element["type"] == "static_select":
        return {"type": "static_select", "selected_option": {"value": value}}
    return {"type": element["type"], "value": value}
