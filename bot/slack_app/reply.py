"""A reply that grows in a thread or direct message: streamed where Slack can, else edited.

Drafts may come faster than Slack takes them; the latest one counts.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.adapter import Draft, SaveAddress
from bot.render.long_text import rendered
from bot.render.slack_stream import whole_text
from bot.render.slack_text import render_slack
from bot.slack_app.content import Content, Payload, contents, tail_blocks, text_content
from bot.slack_app.errors import UNREACHABLE, error_code, is_unsupported
from bot.slack_app.messages import thread_messages
from bot.slack_app.ownership import Held, reply_messages, reply_metadata
from bot.slack_app.posted import Posted, Target
from bot.slack_app.posting import Pace
from bot.slack_app.presence import Features, Presence
from bot.slack_app.private import tell
from bot.slack_app.stream import StreamEnded, TextStream
from bot.slack_app.uploads import Painter, formula_blocks, share
from tutor.language import Language
from tutor.messages import Question

STREAM_SECONDS = 0.7
EDIT_SECONDS = 1.2
STREAMING = "chat.startStream"
log = structlog.get_logger()

StreamMaker = Callable[[Target, Posted, Question], TextStream]


@dataclass(frozen=True, slots=True)
class Tools:
    """What all replies share."""

    pace: Pace
    features: Features
    presence: Presence
    painter: Painter | None
    make_stream: StreamMaker
    stream_seconds: float = STREAM_SECONDS
    edit_seconds: float = EDIT_SECONDS


@dataclass
class GrowingReply:
    """One reply, for as long as it is being shown. `resumed` when its messages exist already."""

    question: Question
    target: Target
    posted: Posted
    tools: Tools
    language: Language
    resumed: bool
    _latest: Draft = field(default_factory=Draft)
    _shown: Draft = field(default_factory=Draft)
    _stream: TextStream | None = None
    _pump: asyncio.Task[None] | None = None
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def show(self, draft: Draft) -> None:
        """Shows an unfinished draft soon, a finished one before it returns."""
        self._latest = draft
        if draft.ending is not None:
            await self._finish(draft)
        elif self._pump is None or self._pump.done():
            self._pump = asyncio.create_task(self._keep_showing())
            self._pump.add_done_callback(_log_failure)

    async def whisper(self, text: str) -> None:
        await tell(
            self.target.workspace,
            self.target.channel,
            self.question.author.user_id,
            text,
            self.target.thread,
        )
        await self._end_presence()

    async def _keep_showing(self) -> None:
        while self._latest is not self._shown and self._latest.ending is None:
            async with self._lock:
                draft = self._latest
                if draft.ending is None:
                    await self._show_growing(draft)
                    self._shown = draft
            await asyncio.sleep(
                self.tools.stream_seconds if self._stream else self.tools.edit_seconds
            )

    async def _show_growing(self, draft: Draft) -> None:
        """One step; what fails here is made up for by the next step or the end."""
        try:
            if not draft.text:
                await self._show_status(draft)
            elif self._can_stream():
                await self._show_stream(draft)
            elif self.tools.pace.free(self.target.channel):
                await self.posted.settle(await self._contents(draft), final=False)
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            log.info("slack_draft_not_shown", error=error_code(error) or type(error).__name__)

    async def _show_status(self, draft: Draft) -> None:
        if not draft.status or self.posted.sent:
            return
        thread = self.target.thread
        if thread and await self.tools.presence.status(
            self.target.workspace, self.target.channel, thread, draft.status
        ):
            return
        await self.posted.settle([text_content(draft.status)], final=False)

    def _can_stream(self) -> bool:
        if self._stream is not None:
            return True
        workspace = self.target.workspace
        begun = bool(self.posted.sent) or self.resumed
        return (
            not begun and bool(self.target.thread) and self.tools.features.has(workspace, STREAMING)
        )

    async def _show_stream(self, draft: Draft) -> None:
        try:
            if self._stream is None:
                self._stream = self.tools.make_stream(self.target, self.posted, self.question)
            await self._stream.show(draft.text)
        except StreamEnded as ended:
            await self._go_on_editing(ended)
            await self.posted.settle(await self._contents(draft), final=False)

    async def _go_on_editing(self, ended: StreamEnded) -> None:
        log.info("slack_stream_ended", error=str(ended), refused=ended.refused)
        if ended.refused:
            self.tools.features.refuse(self.target.workspace, STREAMING, str(ended))
        stream, self._stream = self._stream, None
        if stream is not None:
            await stream.abandon()
        self.resumed = True
        if not ended.refused:
            await self._adopt_known()

    async def _adopt_known(self) -> None:
        """Takes over messages of this reply that stand in Slack already."""
        for ts in await self.posted.find():
            await self.posted.adopt(ts)

    async def _finish(self, draft: Draft) -> None:
        async with self._lock:
            if self.resumed and not self._stream:
                await self._adopt_known()
            pictures = await formula_blocks(self.target.workspace, self.tools.painter, draft)
            settled = await self._finish_stream(
                draft, rich=bool(pictures) or await rendered(draft.text, has_table, draft)
            )
            if not settled:
                await self.posted.settle(await self._contents(draft, pictures), final=True)
            self._shown = draft
        await share(self.target, draft, await self._shared_before(draft))
        await self._end_presence()

    async def _finish_stream(self, draft: Draft, *, rich: bool) -> bool:
        """Ends the stream; True if its messages need nothing more."""
        if self._stream is None and draft.text and self._can_stream():
            self._stream = self.tools.make_stream(self.target, self.posted, self.question)
        if self._stream is None:
            return False
        tail = [] if rich else tail_blocks(draft, self.language)
        status = "active" if self.tools.presence.has_stop(self.target.workspace) else None
        try:
            whole = await self._stream.finish(draft.text, tail, status)
        except StreamEnded as ended:
            await self._go_on_editing(ended)
            return False
        return whole and not rich and bool(whole_text(draft.text))

    async def _contents(
        self, draft: Draft, pictures: dict[int, list[Payload]] | None = None
    ) -> list[Content]:
        return await rendered(draft.text, contents, draft, self.language, pictures)

    async def _shared_before(self, draft: Draft) -> frozenset[str]:
        """The files that an interrupted start has shared already."""
        if not self.resumed or not (draft.files or draft.pictures) or not self.target.thread:
            return frozenset()
        messages = await thread_messages(
            self.target.workspace, self.target.channel, self.target.thread, self.target.thread
        )
        first = self.posted.sent[0] if self.posted.sent else ""
        later = [m for m in messages if str(m.get("ts")) > first]
        return frozenset(str(f.get("name")) for m in later for f in m.get("files") or ())

    async def _end_presence(self) -> None:
        if self.target.thread:
            await self.tools.presence.end(
                self.target.channel, self.target.thread, self.question.author.user_id
            )


def _log_failure(task: asyncio.Task[None]) -> None:
    """What stops the growing is made up for at the end, but the operator hears of it."""
    if not task.cancelled() and task.exception() is not None:
        log.error("slack_reply_stopped_growing", exc_info=task.exception())


def has_table(draft: Draft) -> bool:
    """Whether blocks show more than a stream can."""
    parts = render_slack(draft.text, final=True).parts
    return any(block["type"] == "table" for part in parts for block in part.blocks)


async def find_messages(target: Target, question: Question, held: Held) -> list[str]:
    """The messages of the reply to `question` that stand in Slack, the first part first.

    None where we may not read the channel: then nothing of ours can be recognised there.
    """
    try:
        messages = await _messages_around(target, question)
    except SlackApiError as error:
        if not is_unsupported(error) and error_code(error) not in UNREACHABLE:
            raise
        log.warning("slack_channel_unreadable", why=error_code(error))
        return []
    return reply_messages(messages, question, target.workspace, held)


async def _messages_around(target: Target, question: Question) -> list[dict[str, Any]]:
    if target.thread:
        return await thread_messages(target.workspace, target.channel, target.thread)
    after = question.handle.get("ts") or f"{question.received_at.timestamp() - 5:.6f}"
    answer = await target.workspace.client.conversations_history(
        channel=target.channel, oldest=after, limit=100, include_all_metadata=True
    )
    oldest_first = sorted(answer.get("messages") or [], key=lambda m: str(m.get("ts")))
    return [message for message in oldest_first if message.get("metadata")]


def new_posted(
    target: Target, question: Question, pace: Pace, held: Held, save: SaveAddress
) -> Posted:
    """The messages of a reply of which none is known yet."""
    return Posted(
        target=target,
        pace=pace,
        metadata=lambda part: reply_metadata(question, part),
        find=lambda: find_messages(target, question, held),
        save=save,
        hold=lambda channel, ts: held.hold(channel, ts, question.claim_key),
    )
