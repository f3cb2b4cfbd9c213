"""The gateway of the Discord double: sessions, heartbeats, resuming, compression."""

import asyncio
import json
import secrets
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import zstandard
from aiohttp import WSMsgType, web

from tests.doubles.discord_world import MESSAGE_CONTENT, World

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID, HELLO, ACK = 0, 1, 2, 6, 7, 9, 10, 11
PRIVILEGED = 1 << 1 | 1 << 8 | MESSAGE_CONTENT
GUILD_MESSAGES, DIRECT_MESSAGES = 1 << 9, 1 << 12

Json = dict[str, Any]


class Wire:
    """One connection with its compression."""

    def __init__(
        self, socket: web.WebSocketResponse, request: web.Request, compression: str
    ) -> None:
        self.socket = socket
        self._request = request
        self.compression = compression
        self._compress = _compressor(compression)

    @property
    def open(self) -> bool:
        transport = self._request.transport
        return not self.socket.closed and transport is not None and not transport.is_closing()

    def abort(self) -> None:
        if self._request.transport is not None:
            self._request.transport.abort()

    async def send(self, payload: Json) -> None:
        text = json.dumps(payload)
        if self._compress is None:
            await self.socket.send_str(text)
        else:
            await self.socket.send_bytes(self._compress(text.encode()))


def _compressor(name: str) -> Callable[[bytes], bytes] | None:
    if name == "zlib-stream":
        deflate = zlib.compressobj()
        return lambda data: deflate.compress(data) + deflate.flush(zlib.Z_SYNC_FLUSH)
    if name == "zstd-stream":
        stream = zstandard.ZstdCompressor().compressobj()
        block = zstandard.COMPRESSOBJ_FLUSH_BLOCK
        return lambda data: stream.compress(data) + stream.flush(block)
    assert not name, f"unknown compression {name}"
    return None


@dataclass(slots=True)
class Session:
    """What survives a connection, so that it can be resumed."""

    id: str
    intents: int
    shard: list[int]
    sequence: int = 0
    events: list[Json] = field(default_factory=list)
    wire: Wire | None = None

    async def dispatch(self, event: str, data: Json) -> None:
        self.sequence += 1
        payload = {"op": DISPATCH, "t": event, "s": self.sequence, "d": data}
        self.events.append(payload)
        if self.wire is not None and self.wire.open:
            await self.wire.send(payload)


class Gateway:
    """`public_url` is filled in when the server listens."""

    def __init__(self, world: World, token: str) -> None:
        self._world = world
        self._token = token
        self.public_url = ""
        self.sessions: dict[str, Session] = {}
        self.wires: list[Wire] = []
        self.approved_intents = ~PRIVILEGED
        self.heartbeat_seconds = 41.25
        self.refuse_handshakes = 0
        self.violations: list[str] = []
        self.log: list[Json] = []
        self.compressions: list[str] = []

    @property
    def content_intent(self) -> bool:
        return any(session.intents & MESSAGE_CONTENT for session in self.sessions.values())

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if self.refuse_handshakes:
            self.refuse_handshakes -= 1
            return web.Response(status=503, text="try again")
        if request.query.get("v") != "10" or request.query.get("encoding") != "json":
            self.violations.append(f"gateway opened with {request.query_string}")
        socket = web.WebSocketResponse(heartbeat=None)
        await socket.prepare(request)
        wire = Wire(socket, request, request.query.get("compress", ""))
        self.compressions.append(wire.compression)
        self.wires.append(wire)
        hello = {"heartbeat_interval": self.heartbeat_seconds * 1000}
        await wire.send({"op": HELLO, "t": None, "s": None, "d": hello})
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                await self._receive(wire, json.loads(message.data))
        self.wires.remove(wire)
        return socket

    async def _receive(self, wire: Wire, payload: Json) -> None:
        self.log.append(payload)
        if payload["op"] == HEARTBEAT:
            await wire.send({"op": ACK, "d": None})
        elif payload["op"] == IDENTIFY:
            await self._identify(wire, payload["d"])
        elif payload["op"] == RESUME:
            await self._resume(wire, payload["d"])

    async def _identify(self, wire: Wire, data: Json) -> None:
        if data["token"] != self._token:
            await wire.socket.close(code=4004, message=b"Authentication failed.")
            return
        if data["intents"] & ~self.approved_intents:
            await wire.socket.close(code=4014, message=b"Disallowed intent(s).")
            return
        session = Session(secrets.token_hex(8), data["intents"], data.get("shard", [0, 1]))
        session.wire = wire
        self.sessions[session.id] = session
        ready = {
            "v": 10,
            "user": self._world.bot.payload(),
            "guilds": [{"id": guild, "unavailable": True} for guild in self._world.guilds],
            "session_id": session.id,
            "resume_gateway_url": self.public_url,
            "shard": session.shard,
            "application": {"id": self._world.application_id, "flags": 0},
        }
        await session.dispatch("READY", ready)
        for guild in list(self._world.guilds.values()):
            await session.dispatch("GUILD_CREATE", guild.payload(self._world.bot.id))

    async def _resume(self, wire: Wire, data: Json) -> None:
        session = self.sessions.get(data["session_id"])
        if session is None or data["token"] != self._token:
            await wire.send({"op": INVALID, "d": False})
            return
        session.wire = wire
        for payload in [event for event in session.events if event["s"] > data["seq"]]:
            await wire.send(payload)
        await session.dispatch("RESUMED", {})

    async def dispatch_raw(self, event: str, data: Any) -> None:
        """Sends an event as it is, however wrong."""
        for session in list(self.sessions.values()):
            await session.dispatch(event, data)

    async def dispatch(self, event: str, data: Json) -> None:
        """Sends an event to every session that wants it, also to those that are away."""
        for session in list(self.sessions.values()):
            seen = self._filtered(session, event, data)
            if seen is not None:
                await session.dispatch(event, seen)

    def _filtered(self, session: Session, event: str, data: Json) -> Json | None:
        if event not in ("MESSAGE_CREATE", "MESSAGE_UPDATE"):
            return data
        wanted = GUILD_MESSAGES if "guild_id" in data else DIRECT_MESSAGES
        if not session.intents & wanted:
            return None
        content = bool(session.intents & MESSAGE_CONTENT)
        return self._world.seen_by_bot(data, content_intent=content)

    async def close(self, code: int) -> None:
        """Closes every connection, by 1006 without a word; sessions stay and can be resumed."""
        for wire in list(self.wires):
            if code == 1006:
                wire.abort()
            else:
                await wire.socket.close(code=code)

    async def send_all(self, payload: Json) -> None:
        for wire in list(self.wires):
            await wire.send(payload)

    async def invalidate(self, *, resumable: bool = False) -> None:
        if not resumable:
            self.sessions.clear()
        await self.send_all({"op": INVALID, "d": resumable})

    async def until_connected(self) -> None:
        while not any(s.wire and s.wire.open for s in self.sessions.values()):
            await asyncio.sleep(0.01)
