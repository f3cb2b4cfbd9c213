"""Which way a reply is shown: growing in a thread or direct message, or for its author alone."""

import asyncio
import time
from collections.abc import Coroutine
from dataclasses import dataclass, field

import structlog
from slack_sdk.errors import SlackApiError

from bot.adapter import Address, Draft, SaveAddress
from bot.slack_app.clients import Workspaces
from bot.slack_app.ephemeral import EPHEMERAL, EphemeralReply
from bot.slack_app.errors import UNREACHABLE, error_code
from bot.slack_app.home import Home
from bot.slack_app.ownership import Held, reply_metadata
from bot.slack_app.posted import Posted, Target
from bot.slack_app.posting import Pace
from bot.slack_app.presence import Features, Presence
from bot.slack_app.reply import GrowingReply, Tools, new_posted
from bot.slack_app.stream import TextStream
from bot.slack_app.uploads import Painter
from tutor.language import Language, choose
from tutor.messages import Kind, Question, Visibility

DRAIN_SECONDS = 5.0
BEGIN_SECONDS = 0.4  # acknowledgements go first, and some replies need no sign at all
log = structlog.get_logger()


class Surfaces:
    """Makes surfaces and keeps what they share."""

    def __init__(self, workspaces: Workspaces, home: Home, painter: Painter | None) -> None:
        features = Features()
        self.workspaces = workspaces
        self.home = home
        self.pace = Pace()
        self.held = Held()
        self.presence = Presence(features)
        self.painter = painter
        self.tools = Tools(self.pace, features, self.presence, painter, make_stream)
        self._chores: set[asyncio.Task[None]] = set()
        self._signs: dict[tuple[str, str], asyncio.Task[None]] = {}

    def begin(self, question: Question) -> None:
        """Shows soon that we are at work on a message, the latest of a burst."""
        self.take_sign_back(question)
        self._signs[_who_and_where(question)] = self._start(self._begin(question))

    def take_sign_back(self, question: Question) -> None:
        """The sign that is about to be shown is not needed any more."""
        sign = self._signs.pop(_who_and_where(question), None)
        if sign is not None:
            sign.cancel()

    def renew_home(self, question: Question) -> None:
        """Shows the author's own page as it is after what they just did on it."""
        self._start(self._renew_home(question))

    async def idle(self) -> None:
        if self._chores:
            await asyncio.wait(self._chores, timeout=DRAIN_SECONDS)

    def _start(self, chore: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(chore)
        self._chores.add(task)
        task.add_done_callback(self._chores.discard)
        task.add_done_callback(_log_failure)
        return task

    async def _renew_home(self, question: Question) -> None:
        target = await target_of(self.workspaces, question)
        await self.home.publish(target.workspace, question.author)

    async def _begin(self, question: Question) -> None:
        await asyncio.sleep(BEGIN_SECONDS)
        self._signs.pop(_who_and_where(question), None)
        target = await target_of(self.workspaces, question)
        title = question.text if question.handle.get("dm") else ""
        user = question.author.user_id
        await self.presence.begin(target.workspace, target.channel, target.thread, user, title)


@dataclass
class SlackSurface:
    """Implements `bot.adapter.Surface`; finds its workspace when it first shows something."""

    surfaces: Surfaces
    question: Question
    address: Address | None
    save: SaveAddress
    _way: GrowingReply | EphemeralReply | None = None
    _opening: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        if self.question.kind is Kind.MESSAGE and self.question.handle.get("thread_ts"):
            self.surfaces.begin(self.question)

    async def show(self, draft: Draft) -> None:
        if draft.ending is not None:
            self.surfaces.take_sign_back(self.question)
        way = await self._opened()
        try:
            await way.show(draft)
        except SlackApiError as error:
            if isinstance(way, EphemeralReply) or error_code(error) not in UNREACHABLE:
                raise
            log.info("slack_place_closed", error=error_code(error))
            self._way = self._alone(way.target)
            await self._way.show(draft)
        if draft.ending is not None and self.question.handle.get("home"):
            self.surfaces.renew_home(self.question)

    async def whisper(self, text: str) -> None:
        self.surfaces.take_sign_back(self.question)
        await (await self._opened()).whisper(text)

    async def _opened(self) -> GrowingReply | EphemeralReply:
        async with self._opening:
            if self._way is None:
                target = await target_of(self.surfaces.workspaces, self.question)
                self._way = await self._make(target)
            return self._way

    async def _make(self, target: Target) -> GrowingReply | EphemeralReply:
        question = self.question
        if question.visibility is Visibility.PRIVATE and not question.handle.get("dm"):
            return self._alone(target)
        posted = new_posted(target, question, self.surfaces.pace, self.surfaces.held, self.save)
        known = self.address if self.address and self.address.message_id != EPHEMERAL else None
        if known:
            posted.sent.append(known.message_id)
            posted.hold(target.channel, known.message_id)
        return GrowingReply(
            question, target, posted, self.surfaces.tools, language_of(question), known is not None
        )

    def _alone(self, target: Target) -> EphemeralReply:
        """The way to the author alone, which is open also where we are no member."""
        return EphemeralReply(
            self.question,
            target,
            self.surfaces.workspaces,
            language_of(self.question),
            self.surfaces.painter,
            self.save,
        )


def _who_and_where(question: Question) -> tuple[str, str]:
    return question.place.channel, question.author.user_id


def _log_failure(task: asyncio.Task[None]) -> None:
    """The reply goes on without it."""
    if not task.cancelled() and (error := task.exception()) is not None:
        log.warning("slack_sign_not_shown", why=error_code(error) or type(error).__name__)


async def target_of(workspaces: Workspaces, question: Question) -> Target:
    """Where the reply to `question` goes."""
    key = question.author.workspace
    workspace = await workspaces.of(question.handle.get("team") or key, key)
    channel = question.place.channel
    if not channel:  # a press on their own page, or the first words after being invited
        opened = await workspace.client.conversations_open(users=[question.author.user_id])
        channel = str(opened["channel"]["id"])
    return Target(workspace, channel, question.handle.get("thread_ts", ""))


def language_of(question: Question) -> Language:
    """The language for the few words that the adapter itself adds."""
    return choose(None, question.text, question.author.locale)


def make_stream(target: Target, posted: Posted, question: Question) -> TextStream:
    """A stream for a reply; outside of direct messages Slack wants to know for whom."""
    team = question.handle.get("team") or target.workspace.team
    recipient = None if question.handle.get("dm") else (team, question.author.user_id)
    return TextStream(
        target,
        posted,
        recipient,
        lambda part: reply_metadata(question, part),
        clock=time.monotonic,
    )
