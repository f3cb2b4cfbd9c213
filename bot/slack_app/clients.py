"""Web API clients, one per workspace, with retries, a base address and one shared connection pool.

Knows tokens and who we are in a workspace; knows nothing of messages.
"""

import asyncio
import ipaddress
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack_app.errors import (
    BOT_TOKEN,
    INSTALLATION,
    REFUSED_TOKEN,
    NotInstalled,
    SlackTokenRefused,
    error_code,
)

TIMEOUT_SECONDS = 30
RATE_LIMIT_RETRIES = 8
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Workspace:
    """Who we are in one workspace, or in one organisation that installed us as a whole.

    `once` is a client that repeats a call only when Slack surely did nothing (rate limits): right
    for calls that create something. `client` also repeats after server and connection errors.
    """

    key: str  # team id, or enterprise id of an organisation-wide installation
    team: str
    bot_user: str
    bot_id: str
    token: str = field(repr=False)
    client: AsyncWebClient
    once: AsyncWebClient


class Tokens(Protocol):
    """Where the tokens of several workspaces are; `install.Installations` keeps them."""

    async def find_token(self, team: str | None, enterprise: str | None) -> tuple[str, str] | None:
        """The workspace's key and bot token, None where nobody installed us."""
        ...

    async def workspaces(self) -> list[tuple[str | None, str | None]]:
        """(team, enterprise) of everyone who has installed us; one of the two is None."""
        ...


class Workspaces:
    """Finds the workspace of an event or a stored question, and remembers it."""

    def __init__(self, api_base: str, bot_token: str, tokens: Tokens | None = None) -> None:
        assert bot_token or tokens, "neither a bot token nor an installation store"
        self.api_base = api_base if api_base.endswith("/") else api_base + "/"
        self._bot_token = bot_token
        self._tokens = tokens
        self._known: dict[str, Workspace] = {}
        self._session: aiohttp.ClientSession | None = None
        self._locks: dict[str, asyncio.Lock] = {}

    async def of(self, team: str | None, enterprise: str | None = None) -> Workspace:
        """The workspace with this team or enterprise id.

        Raises NotInstalled, SlackTokenRefused, or what the network raised.
        """
        if self._tokens is None:
            return await self._identified("", self._bot_token, BOT_TOKEN)
        for key in (team, enterprise):
            if key and key in self._known:
                return self._known[key]
        found = await self._tokens.find_token(team, enterprise)
        if found is not None:
            return await self._identified(*found, INSTALLATION)
        if self._bot_token:
            own = await self._identified("", self._bot_token, BOT_TOKEN)
            if team in (None, own.team):
                return own
        raise NotInstalled(f"Daoshi is not installed in {team or enterprise}.")

    def forget(self, *keys: str | None) -> None:
        """Drops what is known of a workspace, whose token changed or was revoked."""
        for key in keys:
            self._known.pop(key or "", None)

    async def all(self) -> list[Workspace]:
        """Every workspace that we serve; one whose token was revoked is left out."""
        installed = await self._tokens.workspaces() if self._tokens else []
        if self._bot_token:
            installed.append((None, None))
        found: dict[str, Workspace] = {}
        for team, enterprise in installed:
            try:
                workspace = await self.of(team, enterprise)
            except (NotInstalled, SlackTokenRefused) as error:
                log.warning("slack_workspace_left_out", why=type(error).__name__)
                continue
            found[workspace.key] = workspace
        return list(found.values())

    def client(self, token: str | None = None, *, creating: bool = False) -> AsyncWebClient:
        """A Web API client at the configured address; needs a running event loop."""
        client = AsyncWebClient(
            token=token,
            base_url=self.api_base,
            timeout=TIMEOUT_SECONDS,
            session=self.session(),
            retry_handlers=retry_handlers(creating=creating),
            user_agent_prefix="Daoshi",
        )
        client.proxy = proxy_for(self.api_base)
        return client

    def session(self) -> aiohttp.ClientSession:
        """The connection pool that all clients share."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS),
                connector=aiohttp.TCPConnector(limit=64, limit_per_host=64),
            )
        return self._session

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def _identified(self, key: str, token: str, which: str) -> Workspace:
        async with self._locks.setdefault(key, asyncio.Lock()):
            if key not in self._known:
                workspace = await self._identify(key, token, which)
                self._known[key] = self._known[workspace.key] = workspace
            return self._known[key]

    async def _identify(self, key: str, token: str, which: str) -> Workspace:
        client = self.client(token)
        try:
            me = await client.auth_test()
        except SlackApiError as error:
            if error_code(error) in REFUSED_TOKEN:
                raise SlackTokenRefused(which, error_code(error)) from error
            raise
        team = str(me.get("team_id") or "")
        return Workspace(
            key=key or team,
            team=team,
            bot_user=str(me.get("user_id") or ""),
            bot_id=str(me.get("bot_id") or ""),
            token=token,
            client=client,
            once=self.client(token, creating=True),
        )


class _ServerErrors(AsyncServerErrorRetryHandler):
    """Every 5xx, where the library's own handler knows only 500 and 503."""

    async def _can_retry_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        return response is not None and response.status_code >= 500


def retry_handlers(*, creating: bool = False) -> list[AsyncRetryHandler]:
    """What is repeated by itself; `creating` leaves out what might be done twice."""
    limits: list[AsyncRetryHandler] = [
        AsyncRateLimitErrorRetryHandler(max_retry_count=RATE_LIMIT_RETRIES)
    ]
    if creating:
        return limits
    return [*limits, _ServerErrors(max_retry_count=3), AsyncConnectionErrorRetryHandler(3)]


def proxy_for(address: str) -> str | None:
    """The proxy that the environment names for this address.

    The library takes HTTPS_PROXY for every address; this respects NO_PROXY and the loopback.
    """
    parts = urlsplit(address)
    host = parts.hostname or ""
    if is_loopback(host) or proxy_bypass(host):
        return None
    proxies = getproxies()
    return proxies.get(parts.scheme.replace("ws", "http")) or proxies.get("https")


def is_loopback(host: str) -> bool:
    """Whether this host name or address is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
