"""The calls of Discord's REST API that Daoshi makes: by ids alone, so any process can make them.

Retries what the library does not: a 429 without a `Via` header, 503, and a broken connection.
Every creation that could be repeated that way carries a nonce.
"""

import asyncio
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp
import discord
import structlog
from discord.http import HTTPClient, Route

log = structlog.get_logger()

TRIES = 5
LONGEST_WAIT_SECONDS = 60.0
NOBODY: Mapping[str, Any] = {"parse": [], "replied_user": False}

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a message; `description` is its alt text."""

    name: str
    data: bytes
    description: str = ""


class Rest:
    """`http` gives the client to send with: our own, or the simulator's."""

    def __init__(self, http: Callable[[], HTTPClient]) -> None:
        self._http = http

    async def call(
        self,
        route: Route,
        *,
        body: Any = None,
        uploads: Sequence[Upload] = (),
        params: Mapping[str, Any] | None = None,
        tries: int = TRIES,
    ) -> Any:
        """One request; raises discord.HTTPException or, when all tries are used, aiohttp's."""
        for attempt in range(1, tries + 1):
            try:
                return await self._send(route, body, uploads, params)
            except discord.HTTPException as error:
                if attempt == tries or error.status not in (429, 503):
                    raise
                pause = _retry_after(error, attempt)
                log.warning("discord_pause", status=error.status, seconds=pause, path=route.path)
            except (aiohttp.ClientConnectionError, TimeoutError) as error:
                if attempt == tries:
                    raise
                pause = float(attempt)
                log.warning("discord_unreachable", error=type(error).__name__, path=route.path)
            await asyncio.sleep(pause)
        raise AssertionError(tries)

    async def _send(
        self,
        route: Route,
        body: Any,
        uploads: Sequence[Upload],
        params: Mapping[str, Any] | None,
    ) -> Any:
        again = Route.__new__(Route)
        again.__dict__.update(route.__dict__)  # the transport changes the address in place
        options: Json = {"params": dict(params)} if params else {}
        if not uploads:
            if body is not None:
                options["json"] = body
            return await self._http().request(again, **options)
        files = [
            discord.File(io.BytesIO(u.data), u.name, description=u.description[:1024] or None)
            for u in uploads
        ]
        attachments = [file.to_dict(index) for index, file in enumerate(files)]
        payload = json.dumps({**body, "attachments": attachments}, ensure_ascii=False)
        form = [{"name": "payload_json", "value": payload}]
        form += [_file_field(index, file) for index, file in enumerate(files)]
        return await self._http().request(again, files=files, form=form, **options)

    async def create_message(
        self, channel: str, body: Json, uploads: Sequence[Upload], nonce: str
    ) -> Json:
        """Creates a message once: the same nonce gives the message that is there already."""
        route = Route("POST", "/channels/{channel_id}/messages", channel_id=channel)
        whole = {**body, "nonce": nonce, "enforce_nonce": True}
        message: Json = await self.call(route, body=whole, uploads=uploads)
        return message

    async def edit_message(
        self, channel: str, message: str, body: Json, uploads: Sequence[Upload] = ()
    ) -> None:
        await self.call(_message("PATCH", channel, message), body=body, uploads=uploads)

    async def delete_message(self, channel: str, message: str) -> None:
        await self.call(_message("DELETE", channel, message))

    async def message(self, channel: str, message: str) -> Json:
        found: Json = await self.call(_message("GET", channel, message))
        return found

    async def messages_after(self, channel: str, after: str, limit: int = 100) -> list[Json]:
        """Messages that came after an id, oldest first."""
        route = Route("GET", "/channels/{channel_id}/messages", channel_id=channel)
        found: list[Json] = await self.call(route, params={"after": after, "limit": limit})
        return sorted(found, key=lambda message: int(message["id"]))

    async def latest_messages(self, channel: str, limit: int = 50) -> list[Json]:
        """The newest messages, newest first."""
        route = Route("GET", "/channels/{channel_id}/messages", channel_id=channel)
        found: list[Json] = await self.call(route, params={"limit": limit})
        return found

    async def channel(self, channel: str) -> Json:
        found: Json = await self.call(Route("GET", "/channels/{channel_id}", channel_id=channel))
        return found

    async def start_thread(self, channel: str, message: str, name: str) -> str:
        """Opens the thread of a message, whose id is that of the message; or finds it open."""
        route = Route(
            "POST",
            "/channels/{channel_id}/messages/{message_id}/threads",
            channel_id=channel,
            message_id=message,
        )
        try:
            thread = await self.call(route, body={"name": name, "auto_archive_duration": 1440})
        except discord.HTTPException as error:
            if error.code != THREAD_EXISTS:
                raise
            return message
        return str(thread["id"])

    async def open_dm(self, user: str) -> str:
        channel = await self.call(Route("POST", "/users/@me/channels"), body={"recipient_id": user})
        return str(channel["id"])

    async def type_in(self, channel: str) -> None:
        await self.call(Route("POST", "/channels/{channel_id}/typing", channel_id=channel), tries=1)

    async def respond(
        self, interaction: str, token: str, body: Json, *, with_response: bool = False
    ) -> Json:
        """The first response to an interaction, due within three seconds."""
        route = Route(
            "POST",
            "/interactions/{webhook_id}/{webhook_token}/callback",
            webhook_id=interaction,
            webhook_token=token,
        )
        params = {"with_response": "true"} if with_response else None
        answer = await self.call(route, body=body, params=params, tries=2)
        return answer if isinstance(answer, dict) else {}

    async def follow_up(
        self, application: str, token: str, body: Json, uploads: Sequence[Upload]
    ) -> Json:
        route = _webhook("POST", "", application, token)
        message: Json = await self.call(route, body=body, uploads=uploads, params={"wait": "true"})
        return message

    async def edit_response(
        self,
        application: str,
        token: str,
        message: str,
        body: Json,
        uploads: Sequence[Upload] = (),
    ) -> Json:
        """Edits a response by its id; `@original` is the first one."""
        route = _webhook("PATCH", f"/messages/{message}", application, token)
        edited: Json = await self.call(route, body=body, uploads=uploads)
        return edited

    async def response(self, application: str, token: str, message: str) -> Json:
        route = _webhook("GET", f"/messages/{message}", application, token)
        found: Json = await self.call(route)
        return found

    async def delete_response(self, application: str, token: str, message: str) -> None:
        await self.call(_webhook("DELETE", f"/messages/{message}", application, token))

    async def commands(self, application: str) -> list[Json]:
        route = Route("GET", "/applications/{application_id}/commands", application_id=application)
        found: list[Json] = await self.call(route)
        return found

    async def replace_commands(self, application: str, commands: list[Json]) -> None:
        route = Route("PUT", "/applications/{application_id}/commands", application_id=application)
        await self.call(route, body=commands)


THREAD_EXISTS = 160004
UNKNOWN_INTERACTION = 10062
ALREADY_ACKNOWLEDGED = 40060


def _message(method: str, channel: str, message: str) -> Route:
    return Route(
        method,
        "/channels/{channel_id}/messages/{message_id}",
        channel_id=channel,
        message_id=message,
    )


def _webhook(method: str, rest: str, application: str, token: str) -> Route:
    return Route(
        method,
        "/webhooks/{webhook_id}/{webhook_token}" + rest,
        webhook_id=application,
        webhook_token=token,
    )


def _file_field(index: int, file: discord.File) -> Json:
    return {
        "name": f"files[{index}]",
        "value": file.fp,
        "filename": file.filename,
        "content_type": "application/octet-stream",
    }


def _retry_after(error: discord.HTTPException, attempt: int) -> float:
    given = error.response.headers.get("Retry-After", "")
    try:
        seconds = float(given)
    except ValueError:
        seconds = float(attempt)
    return min(seconds, LONGEST_WAIT_SECONDS)
