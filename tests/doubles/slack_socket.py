"""Socket Mode of the Slack double: single-use tickets, hello, envelopes, redelivery, silence."""

import asyncio
import json
import time
from contextlib import suppress
from typing import Any

from aiohttp import WSMsgType, web

from tests.doubles.slack_state import Delivery, State
from tests.doubles.slack_web import WebApi


class Sockets:
    """Every open websocket; an envelope goes to the newest that is not silent."""

    def __init__(self, state: State, api: WebApi) -> None:
        self.state = state
        self.api = api
        self.open: list[web.WebSocketResponse] = []
        self.connections = 0
        self.most_open = 0
        self.refused_tickets = 0
        self.silent: set[int] = set()
        self.hello = True
        self.deliveries: dict[str, Delivery] = {}
        self.changed = asyncio.Event()
        self.ping_seconds = 5.0

    async def handle(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self.api.tickets:
            self.refused_tickets += 1
            return web.Response(status=401, text="this ticket was used or never given")
        self.api.tickets.discard(ticket)
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        self.connections += 1
        if self.hello:
            await socket.send_json({"type": "hello", "num_connections": len(self.open) + 1})
        self.open.append(socket)
        self.most_open = max(self.most_open, len(self.open))
        self._changed()
        pinging = asyncio.create_task(self._ping(socket))
        try:
            await self._read(socket)
        finally:
            pinging.cancel()
            self.open.remove(socket)
            self._changed()
        return socket

    async def _read(self, socket: web.WebSocketResponse) -> None:
        async for message in socket:
            if message.type is WSMsgType.PING:
                await socket.pong(message.data)  # a silent socket answers pings all the same
            elif message.type is WSMsgType.TEXT and id(socket) not in self.silent:
                self._acknowledged(json.loads(message.data))

    async def _ping(self, socket: web.WebSocketResponse) -> None:
        while not socket.closed:
            await asyncio.sleep(self.ping_seconds)
            if id(socket) not in self.silent:
                await socket.ping(b"Ping from the double")

    def _acknowledged(self, answer: dict[str, Any]) -> None:
        delivery = self.deliveries[answer["envelope_id"]]
        if delivery.acknowledged_at is None:
            delivery.acknowledged_at = time.monotonic()
            delivery.acknowledgement = answer.get("payload")
        self._changed()

    async def send(self, kind: str, payload: dict[str, Any], attempt: int = 0) -> Delivery:
        """Sends an envelope; it is acknowledged, or not, later."""
        delivery = Delivery(payload, time.monotonic(), f"envelope-{self.state.number()}")
        self.deliveries[delivery.envelope_id] = delivery
        await self.resend(delivery, kind, attempt)
        return delivery

    async def resend(self, delivery: Delivery, kind: str, attempt: int) -> None:
        sockets = [s for s in self.open if not s.closed]
        if not sockets:
            return
        socket = sockets[-1]
        if id(socket) in self.silent:
            return
        envelope = {
            "envelope_id": delivery.envelope_id,
            "type": kind,
            "payload": delivery.body,
            "accepts_response_payload": kind != "events_api",
        }
        if attempt:
            envelope |= {"retry_attempt": attempt, "retry_reason": "timeout"}
        with suppress(ConnectionError):  # it was cut just now: nobody will acknowledge this
            await socket.send_json(envelope)

    async def refresh(self) -> None:
        """Asks every client to reconnect, as Slack does about once an hour."""
        for socket in list(self.open):
            await socket.send_json({"type": "disconnect", "reason": "refresh_requested"})

    async def drop(self) -> None:
        """Cuts every connection without a word."""
        for socket in list(self.open):
            transport = socket._req.transport if socket._req else None
            if transport is not None:
                transport.abort()

    def fall_silent(self) -> None:
        """Present sockets stay open, answer pings, and deliver nothing any more."""
        self.silent.update(id(socket) for socket in self.open)

    def _changed(self) -> None:
        self.changed.set()
        self.changed = asyncio.Event()
