"""One Socket Mode connection: a ticket, a websocket, envelopes in, acknowledgements out.

It never reconnects by itself: `watchdog` replaces it by a fresh one, and keeps it until then.
"""

import asyncio
import logging
import time
from enum import StrEnum
from typing import Any

import aiohttp
import structlog
from aiohttp import ClientWebSocketResponse, WSMessage, WSMsgType
from slack_bolt.adapter.socket_mode.async_internals import (
    run_async_bolt_app,
    send_async_response,
)
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack_app.clients import proxy_for
from bot.slack_app.errors import APP_TOKEN, REFUSED_TOKEN, SlackTokenRefused, error_code

PING_SECONDS = 10.0
CONNECT_SECONDS = 10.0
log = structlog.get_logger()
_sdk_log = logging.getLogger("slack_sdk.socket_mode")
_sdk_log.setLevel(logging.CRITICAL)  # what it tells of each attempt, the watchdog tells once


class Over(StrEnum):
    """Why a connection has to be replaced."""

    CLOSED = "closed"
    REFRESH = "refresh"  # Slack asked for it, and still delivers until then
    SILENT = "silent"


class _HeardSocket(ClientWebSocketResponse):
    """A websocket that knows when the other side last said something of its own accord.

    Answers to our own pings do not count: a socket may answer them and yet deliver nothing.
    """

    heard_at: float = 0.0

    async def receive(self, timeout: float | None = None) -> WSMessage:  # noqa: ASYNC109 - theirs
        message = await super().receive(timeout)
        if message.type is not WSMsgType.PONG:
            self.heard_at = time.monotonic()
        return message


class Connection(SocketModeClient):
    """The library's client for the length of one websocket."""

    def __init__(self, app: AsyncApp, app_token: str, web_client: AsyncWebClient) -> None:
        super().__init__(
            app_token=app_token,
            logger=_sdk_log,
            web_client=web_client,
            auto_reconnect_enabled=False,
            ping_interval=PING_SECONDS,
        )
        self.proxy = proxy_for(web_client.base_url)
        self._unused_session = self.aiohttp_client_session
        self.aiohttp_client_session = aiohttp.ClientSession(ws_response_class=_HeardSocket)
        self._app = app
        self._hello = asyncio.Event()
        self._asked_to_leave = asyncio.Event()
        self._envelopes: set[asyncio.Task[Any] | None] = set()
        self.message_listeners.append(self._on_message)
        self.socket_mode_request_listeners.append(self._on_request)

    async def open(self) -> None:
        """Connects with a fresh ticket and waits for Slack's hello.

        Raises SlackTokenRefused, TimeoutError, or what the network raised.
        """
        await self._unused_session.close()
        try:
            self.wss_uri = await self.issue_new_wss_url()
        except SlackApiError as error:
            if error_code(error) in REFUSED_TOKEN:
                raise SlackTokenRefused(APP_TOKEN, error_code(error)) from error
            raise
        async with asyncio.timeout(CONNECT_SECONDS):
            await self.connect()  # type: ignore[no-untyped-call]
            await self._hello.wait()

    async def shut(self) -> None:
        """Closes at once."""
        await self.close()  # type: ignore[no-untyped-call]

    def over(self, silence_seconds: float) -> Over | None:
        """Why this connection has to be replaced; None while it is well."""
        session = self.current_session
        if session is None or session.closed:
            return Over.CLOSED
        if self._asked_to_leave.is_set():
            return Over.REFRESH
        assert isinstance(session, _HeardSocket), session
        silent = time.monotonic() - session.heard_at > silence_seconds
        return Over.SILENT if silent else None

    async def retire(self, grace_seconds: float) -> None:
        """Acknowledges what has arrived, then closes."""
        pending = {task for task in self._envelopes if task is not None}
        if pending:
            await asyncio.wait(pending, timeout=grace_seconds)
        await self.shut()

    async def connect_to_new_endpoint(self, force: bool = False) -> None:
        """The library calls this when Slack asks to reconnect; the watchdog does it."""
        self._asked_to_leave.set()

    async def _on_message(
        self, client: AsyncBaseSocketModeClient, message: dict[str, Any], raw: str | None = None
    ) -> None:
        if message.get("type") == "hello":
            self._hello.set()

    async def _on_request(
        self, client: AsyncBaseSocketModeClient, request: SocketModeRequest
    ) -> None:
        task = asyncio.current_task()
        self._envelopes.add(task)
        try:
            response = await run_async_bolt_app(self._app, request)
            await send_async_response(self, request, response, time.time())
        except ConnectionError:
            log.info("slack_not_acknowledged", envelope_id=request.envelope_id)
        finally:
            self._envelopes.discard(task)
