"""Discord behind the port `bot.adapter.Adapter`: wires the parts of this room together."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from weakref import WeakValueDictionary

import discord
import structlog
from discord.http import HTTPClient

from bot.adapter import Address, Notice, SaveAddress
from bot.commands.command import Command
from bot.discord_app.attachments import allowed_hosts, download
from bot.discord_app.catch_up import CatchUp
from bot.discord_app.client import DaoshiClient, Endpoint, Listeners, Waits
from bot.discord_app.commands import menus, register
from bot.discord_app.finding import find_reply
from bot.discord_app.hints import Hints
from bot.discord_app.intake import Intake
from bot.discord_app.interactions import Interactions
from bot.discord_app.notices import Notices
from bot.discord_app.questions import Questions
from bot.discord_app.rest import Rest
from bot.discord_app.routes import Routes
from bot.discord_app.spots import Spots
from bot.discord_app.supervisor import keep_connected
from bot.discord_app.surface import FAILURES, DiscordSurface, Pace
from bot.discord_app.transport import AddressedHTTP
from bot.dispatch.dispatcher import Dispatcher
from bot.render.painter import FormulaPainter
from bot.settings import Settings
from tutor.messages import Attachment, Kind, Platform, Question

log = structlog.get_logger()

SETTLE_SECONDS = 10.0


def _utc_now() -> datetime:
    return datetime.now(UTC)


class DiscordAdapter:
    """One bot account. REST calls have their own session, which outlives any gateway client."""

    platform = Platform.DISCORD

    def __init__(
        self,
        settings: Settings,
        dispatcher: Dispatcher,
        commands: Sequence[Command],
        *,
        now: Callable[[], datetime] = _utc_now,
        pace: Pace | None = None,
        waits: Waits | None = None,
    ) -> None:
        self._token = settings.discord_token.get_secret_value()
        self._endpoint = Endpoint(
            api_base=settings.discord_api_base,
            gateway_url=settings.discord_gateway_url,
            message_content=settings.discord_message_content,
        )
        self._waits = waits or Waits()
        self._folder: Path = settings.data_dir
        self._menus = menus(commands)
        self._hosts = allowed_hosts(settings.discord_api_base)
        self._now = now
        self._pace = pace
        self._client: DaoshiClient | None = None
        self._http: HTTPClient | None = None
        self._me: int | None = None
        self._closing = False
        self._away_since: datetime | None = None
        # A surface lives as long as somebody shows something on it.
        self._surfaces: WeakValueDictionary[tuple[str, ...], DiscordSurface] = WeakValueDictionary()
        self._background: set[asyncio.Task[None]] = set()
        rest = self._rest = Rest(self._current_http)
        questions = Questions(settings.operators, now)
        self._painter = FormulaPainter(settings.data_dir / "formulas")
        self._routes = Routes(rest, self._painter, now)
        self._intake = Intake(dispatcher, questions, Spots(rest), Hints(rest), self._own_id, now)
        self._interactions = Interactions(dispatcher, rest, commands, settings.operators, now)
        self._catch_up = CatchUp(dispatcher, rest, self._intake.message)
        self._notices = Notices(rest, self._routes, self._painter)

    async def run(self) -> None:
        """Connects and keeps connected until cancelled.

        Raises DiscordTokenRefused or DiscordIntentsRefused.
        """
        first_seconds = self._waits.reconnect_seconds
        await keep_connected(self._session, lambda: self._closing, first_seconds=first_seconds)
        await asyncio.Event().wait()  # closed in good order; whoever runs this ends it

    async def close(self) -> None:
        self._closing = True
        settling = [asyncio.create_task(s.settle()) for s in list(self._surfaces.values())]
        if settling:
            await asyncio.wait(settling, timeout=SETTLE_SECONDS)
        for task in self._background:
            task.cancel()
        if self._client is not None:
            await self._client.close()
        if self._http is not None:
            await self._http.close()
        await self._painter.close()

    def ready(self) -> bool:
        return self._client is not None and not self._client.is_closed() and self._client.live

    def reaches(self, user_id: str) -> bool:
        return True

    def surface(
        self, question: Question, address: Address | None, save: SaveAddress
    ) -> DiscordSurface:
        ways = self._routes.ways(question, save, pending=address is None)
        key = _lane(question)
        earlier = self._surfaces.get(key)
        if earlier is not None and earlier.finished:
            earlier = None
        at_once = question.kind is Kind.MESSAGE
        surface = DiscordSurface(ways, address, earlier, self._pace, types_at_once=at_once)
        self._surfaces[key] = surface
        return surface

    async def find_reply(self, question: Question) -> Address | None:
        return await find_reply(self._rest, question, self._own_id())

    async def fetch(self, attachment: Attachment, limit_bytes: int) -> bytes:
        return await download(attachment, limit_bytes, self._hosts)

    async def deliver(self, notice: Notice) -> Address:
        return await self._notices.deliver(notice, self._own_id())

    def build_client(self) -> DaoshiClient:
        """A client that is not connected yet; REST calls go through it unless `run` is used."""
        self._client = DaoshiClient(
            self._endpoint,
            self._waits,
            Listeners(
                message=self._intake.message,
                edit=self._intake.edit,
                interaction=self._interactions.receive,
                joined=self._intake.joined,
                logged_in=self._logged_in,
                connecting=self._catch_up.remember,
                ready=self._is_ready,
            ),
        )
        return self._client

    async def _session(self) -> None:
        """One life of a client, from login to the end of its connection."""
        await self._open_http()
        client = self.build_client()
        try:
            async with client:
                await client.start(self._token)
        finally:
            self._away_since = self._now()

    async def _open_http(self) -> None:
        """Logs the REST session in, once; raises discord.LoginFailure for a wrong token."""
        if self._http is not None:
            return
        http = AddressedHTTP(asyncio.get_running_loop(), self._endpoint.api_base, "")
        try:
            user = await http.static_login(self._token)
        except BaseException:
            await http.close()
            raise
        self._me = int(user["id"])
        self._http = http

    def _current_http(self) -> HTTPClient:
        http = self._http or (self._client.http if self._client else None)
        assert http is not None, "the adapter has not been started"
        return http

    def _own_id(self) -> int:
        if self._me is None:
            assert self._client is not None and self._client.user is not None, "not logged in"
            self._me = self._client.user.id
        return self._me

    async def _logged_in(self, client: discord.Client) -> None:
        """Before the gateway opens: cursors first, menus beside it."""
        await self._catch_up.remember()
        application = str(client.application_id)
        self._start(self._register(application))

    async def _register(self, application: str) -> None:
        try:
            await register(self._rest, application, self._menus, self._folder)
        except FAILURES:
            log.exception("commands_not_registered")

    async def _is_ready(self) -> None:
        assert self._client is not None
        away_since, self._away_since = self._away_since, None
        await self._catch_up.run(self._client, away_since)

    def _start(self, work: object) -> None:
        task: asyncio.Task[None] = asyncio.create_task(work)  # type: ignore[arg-type]
        self._background.add(task)
        task.add_done_callback(self._background.discard)


def _lane(question: Question) -> tuple[str, ...]:
    """Messages of one person in one place are answered by one reply at a time."""
    place, author = question.place, question.author
    own = "" if question.kind is Kind.MESSAGE else question.message_id
    return (place.community, place.channel, place.thread or "", author.user_id, own)
