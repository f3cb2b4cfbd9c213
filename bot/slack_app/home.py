"""What people see before they write: suggested prompts, the pane's title, and their own page."""

from collections.abc import Awaitable, Callable

import aiohttp
import structlog
from slack_sdk.errors import SlackClientError
from slack_sdk.models.views import View

from bot.adapter import Draft
from bot.slack_app.clients import Workspace
from bot.slack_app.content import home_blocks
from bot.slack_app.errors import error_code
from bot.slack_app.payloads import Body
from bot.slack_app.profiles import Profiles
from tutor.i18n import mark, say
from tutor.language import Language, choose
from tutor.messages import Person, Platform

HomePage = Callable[[Person], Awaitable[Draft]]
"""The learner's own page: where they stand and what they can do next."""

PROMPTS: tuple[tuple[str, str], ...] = (
    (mark("Explain something"), mark("Explain photosynthesis to me in simple words.")),
    (mark("Practise with me"), mark("Ask me three questions about fractions, one at a time.")),
    (mark("Check my solution"), mark("I solved 3x + 5 = 20 and got x = 5. Is that right?")),
    (mark("Help me write"), mark("Help me write a short, friendly message.")),
)
LOOK_UP_SECONDS = 5.0
log = structlog.get_logger()


class Home:
    """Answers the events of opening Daoshi; none of them is a question."""

    def __init__(self, profiles: Profiles, home_page: HomePage | None) -> None:
        self._profiles = profiles
        self._home_page = home_page

    async def opened(self, body: Body, workspace: Workspace) -> None:
        """Shows what belongs to the event; a workspace without the feature goes without."""
        event = body.get("event") or {}
        try:
            if event.get("type") == "app_home_opened":
                await self._app_home(event, workspace)
            elif event.get("type") == "assistant_thread_started":
                await self._pane(event.get("assistant_thread") or {}, workspace)
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            why = error_code(error) or type(error).__name__
            log.info("slack_home_unavailable", event_type=event.get("type"), why=why)

    async def _app_home(self, event: Body, workspace: Workspace) -> None:
        user = str(event.get("user") or "")
        person = await self._person(workspace, user)
        if event.get("tab") == "messages":
            language = choose(None, "", person.locale)
            await self._prompts(workspace, str(event.get("channel") or ""), language)
        else:
            await self.publish(workspace, person)

    async def publish(self, workspace: Workspace, person: Person) -> None:
        """Shows the person's own page as it is now."""
        if self._home_page is None:
            return
        page = await self._home_page(person)
        blocks = home_blocks(page, choose(None, "", person.locale))
        await workspace.client.views_publish(
            user_id=person.user_id, view=View(type="home", blocks=blocks)
        )

    async def _pane(self, thread: Body, workspace: Workspace) -> None:
        """The older pane, which is a thread of its own with a title."""
        person = await self._person(workspace, str(thread.get("user_id") or ""))
        language = choose(None, "", person.locale)
        channel, ts = str(thread.get("channel_id") or ""), str(thread.get("thread_ts") or "")
        await self._prompts(workspace, channel, language, ts)
        await workspace.client.assistant_threads_setTitle(
            channel_id=channel, thread_ts=ts, title=say(language, "Learning with Daoshi")
        )

    async def _prompts(
        self, workspace: Workspace, channel: str, language: Language, thread: str = ""
    ) -> None:
        """At most four; an agent's messages tab wants them without a thread."""
        await workspace.client.assistant_threads_setSuggestedPrompts(
            channel_id=channel,
            thread_ts=thread or None,
            title=say(language, "What shall we do?"),
            prompts=[
                {"title": say(language, title), "message": say(language, message)}
                for title, message in PROMPTS
            ],
        )

    async def _person(self, workspace: Workspace, user: str) -> Person:
        profile = await self._profiles.of(workspace, user, "", LOOK_UP_SECONDS)
        return Person(Platform.SLACK, workspace.key, user, profile.display_name, profile.locale)
