"""Claims a question before Slack hears that it arrived; the one door for everything that arrives.

No claim, no acknowledgement: then Slack sends the event again, and nothing is lost.
"""

import asyncio
from collections.abc import Awaitable, Callable

import aiohttp
import structlog
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackClientError

from bot.dispatch.dispatcher import Dispatcher
from bot.slack_app import payloads
from bot.slack_app.clients import Workspace, Workspaces
from bot.slack_app.errors import NotInstalled, NotYetKnown, SlackTokenRefused, error_code
from bot.slack_app.home import Home
from bot.slack_app.install import Installations
from bot.slack_app.modals import Modals
from bot.slack_app.payloads import Body, Incoming, What
from bot.slack_app.questions import Questions
from storage.failures import StorageUnavailable
from tutor.messages import Question

CLAIM_SECONDS = 2.3
REVOKED = ("app_uninstalled", "tokens_revoked")
log = structlog.get_logger()


class Intake:
    """Takes whatever Slack sends, from a socket, over HTTP or from catching up."""

    def __init__(
        self,
        dispatcher: Dispatcher,
        workspaces: Workspaces,
        questions: Questions,
        modals: Modals,
        home: Home,
        installations: Installations | None,
    ) -> None:
        self._dispatcher = dispatcher
        self._workspaces = workspaces
        self._questions = questions
        self._modals = modals
        self._home = home
        self._installations = installations
        self._chores: set[asyncio.Task[None]] = set()
        self.closing = False

    async def take(self, body: Body) -> bool:
        """Whether `body` may be acknowledged."""
        try:
            return await self._take(body)
        except NotInstalled as error:
            log.warning("slack_not_installed", error=str(error))
            return True
        except (StorageUnavailable, NotYetKnown, SlackTokenRefused) as error:
            log.warning("slack_not_claimed", why=type(error).__name__, event_id=_event_id(body))
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            why = error_code(error) or type(error).__name__
            log.warning("slack_unreachable", why=why, event_id=_event_id(body))
        return False

    def take_later(self, body: Body) -> None:
        """Takes something that Slack did not send and will not repeat."""
        self._start(self._take_once(body))

    async def idle(self) -> None:
        """Returns when nothing that arrived is still being worked on."""
        while self._chores:
            await asyncio.gather(*self._chores, return_exceptions=True)

    async def _take(self, body: Body) -> bool:
        if self.closing:
            return False
        if (body.get("event") or {}).get("type") in REVOKED:
            await self._revoked(body)
            return True
        if body.get("type") == "app_rate_limited":
            log.warning("slack_events_limited", team=body.get("team_id"))
            return True
        incoming = payloads.read(body)
        team = incoming.team if incoming else str(body.get("team_id") or "")
        workspace = await self._workspaces.of(team, payloads.enterprise_of(body))
        if incoming is None:
            self._start(self._home.opened(body, workspace))
            return True
        if incoming.what is What.PRESS and await self._opened_form(incoming, workspace):
            return True
        question = await self._questions.of(incoming, workspace)
        return True if question is None else await self._claim(question)

    async def _take_once(self, body: Body) -> None:
        await self.take(body)

    async def _claim(self, question: Question) -> bool:
        """Stores the claim; a slow one goes on, and the event is then known when it comes again."""
        task = asyncio.create_task(self._claim_and_accept(question))
        self._chores.add(task)
        task.add_done_callback(self._chores.discard)
        done, _ = await asyncio.wait({task}, timeout=CLAIM_SECONDS)
        if not done:
            task.add_done_callback(_log_failure)
            return False
        task.result()
        return True

    async def _claim_and_accept(self, question: Question) -> None:
        if await self._dispatcher.claim(question):
            self._dispatcher.accept(question)

    async def _opened_form(self, incoming: Incoming, workspace: Workspace) -> bool:
        """Opens a press's form. True: the press is done with, its form will be the question."""
        author = await self._questions.author(incoming, workspace)
        form = author and await self._dispatcher.form_of(incoming.callback, author)
        if not form:
            return False
        self._start(self._modals.open(form, incoming, workspace))
        return True

    async def _revoked(self, body: Body) -> None:
        team, enterprise = str(body.get("team_id") or ""), payloads.enterprise_of(body)
        event = body.get("event") or {}
        if event.get("type") == "tokens_revoked" and not (event.get("tokens") or {}).get("bot"):
            return
        if self._installations is not None:
            await self._installations.async_delete_all(enterprise_id=enterprise, team_id=team)

    def _start(self, chore: Awaitable[None]) -> None:
        task = asyncio.ensure_future(chore)
        self._chores.add(task)
        task.add_done_callback(self._chores.discard)
        task.add_done_callback(_log_failure)


class IntakeMiddleware(AsyncMiddleware):
    """The end of bolt's chain: nothing behind it, since everything is a question or a page."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[BoltResponse]],
    ) -> BoltResponse:
        taken = await self._intake.take(req.body)
        return BoltResponse(status=200 if taken else 503, body="")


def _event_id(body: Body) -> str:
    return str(body.get("event_id") or body.get("trigger_id") or "")


def _log_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and task.exception() is not None:
        log.error("slack_chore_failed", exc_info=task.exception())
