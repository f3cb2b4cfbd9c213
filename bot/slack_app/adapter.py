"""The Slack adapter: connects, takes what arrives, shows replies. Decides nothing about them."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime

import aiohttp
import structlog
from aiohttp import web
from slack_sdk.errors import SlackClientError
from slack_sdk.oauth.installation_store import Installation

from bot.adapter import Address, Notice, SaveAddress, Surface
from bot.dispatch.dispatcher import Dispatcher
from bot.render.painter import FormulaPainter
from bot.settings import Settings
from bot.slack_app import files
from bot.slack_app.app import make_app
from bot.slack_app.catchup import CatchUp
from bot.slack_app.clients import Workspaces
from bot.slack_app.errors import SlackTokenRefused, error_code
from bot.slack_app.home import Home, HomePage
from bot.slack_app.http_events import HttpEvents, InstallPages
from bot.slack_app.install import Installations, oauth_flow
from bot.slack_app.messages import Messages
from bot.slack_app.middleware import Intake
from bot.slack_app.modals import Modals
from bot.slack_app.notices import Notices
from bot.slack_app.profiles import Profiles
from bot.slack_app.questions import Questions
from bot.slack_app.reply import find_messages
from bot.slack_app.signatures import Signatures
from bot.slack_app.socket_mode import Connection, Over
from bot.slack_app.surface import SlackSurface, Surfaces, target_of
from bot.slack_app.threads import Threads
from bot.slack_app.uploads import Painter
from bot.slack_app.watchdog import SILENCE_SECONDS, Watchdog
from storage.database import Database
from tutor.messages import Attachment, Platform, Question, Visibility

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1.0, 60.0
CATCH_UP_PAUSE_SECONDS = 300.0
log = structlog.get_logger()


def _utc_now() -> datetime:
    return datetime.now(UTC)


class SlackAdapter:
    """Implements `bot.adapter.Adapter`. Made inside a running event loop.

    With an app token it opens a socket, otherwise it takes signed HTTP events: `http_routes` are
    for the one HTTP server. `database` keeps installations where the app serves several workspaces.
    """

    platform = Platform.SLACK

    def __init__(
        self,
        settings: Settings,
        dispatcher: Dispatcher,
        *,
        database: Database | None = None,
        home_page: HomePage | None = None,
        painter: Painter | None = None,
        now: Callable[[], datetime] = _utc_now,
        wall_clock: Callable[[], float] = time.time,
        silence_seconds: float = SILENCE_SECONDS,
        first_pause_seconds: float = FIRST_PAUSE_SECONDS,
    ) -> None:
        self._settings = settings
        self._painter = painter or FormulaPainter(settings.data_dir / "formulas")
        self._installations = installations = (
            Installations.of(settings, database) if settings.slack_client_id else None
        )
        bot_token = settings.slack_bot_token.get_secret_value()
        self._app_token = settings.slack_app_token.get_secret_value()
        self.workspaces = Workspaces(settings.slack_api_base, bot_token, installations)
        if installations:
            installations.changed = self.workspaces.forget
            installations.installed = self._installed
        profiles, self._threads = Profiles(settings.operators), Threads()
        messages = Messages(profiles)
        home = Home(profiles, home_page)
        self._intake = Intake(
            dispatcher,
            self.workspaces,
            Questions(profiles, self._threads, messages, now),
            Modals(profiles),
            home,
            installations,
        )
        flow = oauth_flow(settings, installations, self.workspaces) if installations else None
        signing_secret = settings.slack_signing_secret.get_secret_value()
        app = make_app(self.workspaces, self._intake, signing_secret, flow)
        self._surfaces = Surfaces(self.workspaces, home, self._painter)
        self._notices = Notices(self.workspaces, profiles, self._surfaces.pace)
        self._catch_up = CatchUp(self._intake.take, dispatcher)
        self._routes = InstallPages(flow).routes() if flow else []
        self._first_pause_seconds = first_pause_seconds
        self._watchdog: Watchdog | None = None
        self._serving = False
        self._caught_up_at = 0.0
        if self._app_token:
            self._watchdog = Watchdog(
                lambda: Connection(app, self._app_token, self.workspaces.client(self._app_token)),
                self._catch_up.remember,
                self._connected,
                silence_seconds=silence_seconds,
                first_pause_seconds=first_pause_seconds,
            )
        elif signing_secret:
            self._routes += HttpEvents(app, Signatures(signing_secret, wall_clock)).routes()

    async def run(self) -> None:
        """Stays connected until cancelled. Raises SlackTokenRefused, which no patience mends."""
        await self._know_ourselves()
        self._serving = True
        if self._watchdog is not None:
            await self._watchdog.run()
        else:
            await self._catch_up.remember()
            await self._caught_up()
            await asyncio.Event().wait()

    async def close(self) -> None:
        """Takes nothing more, finishes what was taken, and disconnects."""
        self._intake.closing = True
        self._serving = False
        if self._watchdog is not None:
            await self._watchdog.close()
        await self._intake.idle()
        await self._surfaces.idle()
        await self.workspaces.close()
        await self._painter.close()

    def ready(self) -> bool:
        return self._watchdog.ready() if self._watchdog is not None else self._serving

    def reaches(self, user_id: str) -> bool:
        return True

    def http_routes(self) -> list[web.RouteDef]:
        """The routes that Slack needs of our HTTP server; none in Socket Mode without OAuth."""
        return list(self._routes)

    def surface(self, question: Question, address: Address | None, save: SaveAddress) -> Surface:
        return SlackSurface(self._surfaces, question, address, save)

    async def find_reply(self, question: Question) -> Address | None:
        """Looks in the thread or channel for a reply of ours to `question`."""
        if question.visibility is Visibility.PRIVATE and not question.handle.get("dm"):
            return None  # nobody can find an ephemeral message again
        target = await target_of(self.workspaces, question)
        found = await find_messages(target, question, self._surfaces.held)
        return Address(target.channel, found[0]) if found else None

    async def fetch(self, attachment: Attachment, limit_bytes: int) -> bytes:
        return await files.fetch(self.workspaces, attachment, limit_bytes)

    async def deliver(self, notice: Notice) -> Address:
        return await self._notices.deliver(notice)

    def _installed(self, installation: Installation) -> None:
        """Whoever installed us is asked how to set up, as if they had invited us."""
        event = {
            "type": "member_joined_channel",
            "user": installation.bot_user_id,
            "inviter": installation.user_id,
        }
        self._intake.take_later(
            {"type": "event_callback", "team_id": installation.team_id, "event": event}
        )

    async def _know_ourselves(self) -> None:
        """Checks the token of a single workspace; waits for a network that is not there yet."""
        pause = self._first_pause_seconds
        while self._settings.slack_bot_token.get_secret_value():
            try:
                await self.workspaces.of(None)
                return
            except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as error:
                why = error_code(error) or type(error).__name__
                log.warning("slack_unreachable", why=why, next_try_seconds=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    async def _connected(self, why: Over) -> None:
        """Catches up where something may be missing: not after a change of sockets that overlap.

        A socket that is silent for want of anything to say would have us read all channels again
        and again, so after silence this is done once in a while.
        """
        if why is Over.REFRESH:
            return
        moment = asyncio.get_running_loop().time()
        if why is Over.SILENT and moment - self._caught_up_at < CATCH_UP_PAUSE_SECONDS:
            return
        self._caught_up_at = moment
        await self._caught_up()

    async def _caught_up(self) -> None:
        await self._catch_up.run(await self.workspaces.all())


__all__ = ["SlackAdapter", "SlackTokenRefused"]
