"""Routing of the Discord double: authorisation, content types, limits and faults before a call."""

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import BodyPartReader, web

from tests.doubles.discord_limits import Fault, RateLimits, Recorded, apply
from tests.doubles.discord_rest import Rest, Upload
from tests.doubles.discord_world import DiscordError

Json = dict[str, Any]
PREFIX = "/api/v10"
UNLIMITED = ("/interactions/", "/webhooks/", "/gateway", "/users/@me$", "/oauth2")


class Request:
    """A request as the handlers want it."""

    def __init__(self, args: dict[str, str], query: Json, body: Any, uploads: list[Upload]) -> None:
        self.args = args
        self.query = query
        self.body = body
        self.uploads = uploads


Handler = Callable[[Request], Any]


class Routes:
    """Answers `/api/v10/…`; everything that comes is kept in `requests`."""

    def __init__(self, rest: Rest, token: str) -> None:
        self._rest = rest
        self._token = token
        self.requests: list[Recorded] = []
        self.faults: list[Fault] = []
        self.limits = RateLimits()
        self.violations: list[str] = []
        self._table = [(m, re.compile(f"{p}$"), h) for m, p, h in self._routes()]

    def _routes(self) -> list[tuple[str, str, Handler]]:
        rest = self._rest
        channel, message = r"/channels/(?P<c>\d+)", r"/messages/(?P<m>\d+)"
        webhook = r"/webhooks/(?P<a>\d+)/(?P<t>[^/]+)"
        one = rf"{webhook}/messages/(?P<m>[^/]+)"
        commands = r"/applications/\d+/commands"
        return [
            ("GET", "/gateway/bot", lambda r: self._gateway_bot()),
            ("GET", "/users/@me", lambda r: rest.world.bot.payload()),
            ("GET", "/oauth2/applications/@me", lambda r: self._application()),
            ("POST", "/users/@me/channels", lambda r: rest.open_dm(r.body)),
            ("GET", commands, lambda r: rest.world.commands),
            ("PUT", commands, lambda r: rest.replace_commands(r.body)),
            ("GET", channel, lambda r: rest.world.readable(r.args["c"]).payload()),
            ("POST", rf"{channel}/typing", lambda r: rest.type_in(r.args["c"])),
            ("GET", rf"{channel}/messages", lambda r: rest.list_messages(r.args["c"], r.query)),
            (
                "POST",
                rf"{channel}/messages",
                lambda r: rest.create_message(r.args["c"], r.body, r.uploads),
            ),
            (
                "GET",
                channel + message,
                lambda r: rest.world.message(r.args["c"], r.args["m"]),
            ),
            (
                "PATCH",
                channel + message,
                lambda r: rest.edit_message(r.args["c"], r.args["m"], r.body, r.uploads),
            ),
            (
                "DELETE",
                channel + message,
                lambda r: rest.delete_message(r.args["c"], r.args["m"]),
            ),
            (
                "POST",
                rf"{channel}{message}/threads",
                lambda r: rest.start_thread(r.args["c"], r.args["m"], r.body),
            ),
            (
                "POST",
                r"/interactions/(?P<i>\d+)/(?P<t>[^/]+)/callback",
                lambda r: rest.callback(
                    r.args["i"], r.args["t"], r.body, with_response="with_response" in r.query
                ),
            ),
            ("POST", webhook, lambda r: rest.follow_up(r.args["t"], r.body, r.uploads)),
            ("GET", one, lambda r: rest.response(r.args["t"], r.args["m"])),
            (
                "PATCH",
                one,
                lambda r: rest.edit_response(r.args["t"], r.args["m"], r.body, r.uploads),
            ),
            ("DELETE", one, lambda r: rest.delete_response(r.args["t"], r.args["m"])),
            ("GET", r"/guilds/(?P<g>\d+)/members/(?P<u>\d+)", self._member),
        ]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        path = request.path.removeprefix(PREFIX)
        body, uploads = await self._read(request)
        record = Recorded(request.method, path, body, time.monotonic())
        self.requests.append(record)
        headers: dict[str, str] = {}
        try:
            faulty = await self._fault(request, path)
            if faulty is not None:
                record.status = faulty.status
                return faulty
            limited = self._limit(request.method, path, headers)
            if limited is not None:
                record.status = 429
                return limited
            result = await self._answer(request, path, body, uploads)
        except DiscordError as error:
            record.status = error.status
            return _json(error.body, error.status, headers)
        record.status = 204 if result is None else 200
        if result is None:
            return web.Response(status=204, headers=headers)
        return _json(result, 200, headers)

    async def _read(self, request: web.Request) -> tuple[Any, list[Upload]]:
        if request.content_type == "multipart/form-data":
            return await _multipart(request)
        text = await request.text()
        if not text:
            return None, []
        if request.headers.get("Content-Type") != "application/json":
            self.violations.append(f"{request.method} {request.path}: body without JSON type")
        return json.loads(text), []

    async def _fault(self, request: web.Request, path: str) -> web.Response | None:
        for fault in self.faults:
            if not fault.matches(request.method, path):
                continue
            error = await apply(fault)
            if fault.drop and request.transport is not None:
                request.transport.abort()
                return web.Response(status=500)
            if error is None:
                return None
            headers = {"Via": "1.1 google"} if fault.via else {}
            answer: Json = error.body
            if error.status == 429:
                headers["Retry-After"] = str(fault.retry_after)
                answer = {**error.body, "retry_after": fault.retry_after, "global": False}
            return _json(answer, error.status, headers)
        return None

    def _limit(self, method: str, path: str, headers: dict[str, str]) -> web.Response | None:
        if any(re.match(start, path) for start in UNLIMITED):
            return None
        channel = re.match(r"/channels/(\d+)", path)
        template = re.sub(r"\d{5,}", ":id", path)
        bucket = f"{method} {template}|{channel.group(1) if channel else ''}"
        given, wait = self.limits.take(bucket)
        headers |= given
        if wait is None:
            return None
        self.violations.append(f"{method} {path}: over the rate limit")
        answer = {"message": "You are being rate limited.", "retry_after": wait, "global": False}
        return _json(answer, 429, {**given, "Via": "1.1 google", "Retry-After": str(wait)})

    async def _answer(
        self, request: web.Request, path: str, body: Any, uploads: list[Upload]
    ) -> Any:
        needs_token = not path.startswith(("/interactions/", "/webhooks/"))
        if needs_token and request.headers.get("Authorization") != f"Bot {self._token}":
            raise DiscordError(401, 0, "401: Unauthorized")
        for method, pattern, handler in self._table:
            match = pattern.match(path)
            if match and method == request.method:
                given = Request(match.groupdict(), dict(request.query), body, uploads)
                result = handler(given)
                return await result if isinstance(result, Awaitable) else result
        self.violations.append(f"{request.method} {path}: no such route")
        raise DiscordError(404, 0, "404: Not Found")

    def _gateway_bot(self) -> Json:
        limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
        url = self._rest.gateway.public_url
        return {"url": url, "shards": 1, "session_start_limit": limit}

    def _application(self) -> Json:
        return {
            "id": self._rest.world.application_id,
            "name": "Daoshi",
            "description": "",
            "icon": None,
            "bot_public": False,
            "bot_require_code_grant": False,
            "owner": self._rest.world.bot.payload(),
            "verify_key": "00",
            "flags": 0,
        }

    def _member(self, request: Request) -> Json:
        guild = self._rest.world.guilds.get(request.args["g"])
        member = guild.members.get(request.args["u"]) if guild else None
        if member is None:
            raise DiscordError(404, 10007, "Unknown Member")
        return member.payload()


def _json(body: Any, status: int, headers: dict[str, str]) -> web.Response:
    """Discord names no charset, and clients compare the type as a whole."""
    raw = json.dumps(body).encode()
    response = web.Response(body=raw, status=status, headers=headers)
    response.headers["Content-Type"] = "application/json"
    return response


async def _multipart(request: web.Request) -> tuple[Any, list[Upload]]:
    body: Any = None
    uploads: list[Upload] = []
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader)
        if part.name == "payload_json":
            body = json.loads(await part.text())
        else:
            uploads.append(Upload(part.filename or "file", bytes(await part.read())))
    await asyncio.sleep(0)
    return body, uploads
