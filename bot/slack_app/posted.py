"""The messages of one reply or notice as they stand in Slack, made to show what they should."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.models.metadata import Metadata

from bot.adapter import Address, SaveAddress
from bot.slack_app.clients import Workspace
from bot.slack_app.content import Content
from bot.slack_app.errors import error_code
from bot.slack_app.posting import Pace, post

GONE = frozenset(
    {
        "message_not_found",
        "cant_update_message",
        "edit_window_closed",
        "cant_edit_streaming_message",
    }
)
STILL_STREAMING = "streaming_state_conflict"
TOO_RICH = frozenset(
    {"invalid_blocks", "invalid_blocks_format", "invalid_attachments", "msg_blocks_too_long",
     "msg_too_long", "invalid_slack_file", "no_text", "markdown_text_conflict"}
)  # fmt: skip
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Target:
    """Where messages go: a channel, and a thread in it or ""."""

    workspace: Workspace
    channel: str
    thread: str


@dataclass(slots=True)
class Posted:
    """`find` looks in Slack for messages of ours whose timestamps we never heard.

    `hold` is told of every message that belongs here, so that nobody else takes it for theirs.
    """

    target: Target
    pace: Pace
    metadata: Callable[[int], Metadata]
    find: Callable[[], Awaitable[list[str]]]
    save: SaveAddress
    hold: Callable[[str, str], None] = lambda channel, ts: None
    sent: list[str] = field(default_factory=list)
    _shown: dict[str, Content] = field(default_factory=dict)
    _simple: bool = False

    async def settle(self, wanted: Sequence[Content], *, final: bool) -> None:
        """Makes the messages show `wanted`; when final, deletes what is left over."""
        for number, content in enumerate(wanted):
            if number >= len(self.sent):
                await self._post(number, content)
            elif self._shown.get(self.sent[number]) != content:
                await self._edit(number, content)
        if final:
            while len(self.sent) > max(len(wanted), 1):
                await self._delete(self.sent.pop())

    async def adopt(self, ts: str) -> None:
        """A message of this reply that exists already or was made elsewhere (a stream)."""
        if ts in self.sent:
            return
        self.sent.append(ts)
        self.hold(self.target.channel, ts)
        if len(self.sent) == 1:
            await self.save(Address(self.target.channel, ts))

    async def _post(self, number: int, content: Content) -> None:
        async def found() -> str | None:
            known = await self.find()
            return known[number] if number < len(known) else None

        ts = await self._with_blocks(
            content,
            lambda payload: post(
                self.target.workspace,
                self.pace,
                self.target.channel,
                found,
                thread_ts=self.target.thread or None,
                metadata=self.metadata(number),
                **payload,
            ),
        )
        self._shown[ts] = content
        await self.adopt(ts)

    async def _edit(self, number: int, content: Content) -> None:
        await self.pace.turn(self.target.channel)
        try:
            await self._update(number, content)
        except SlackApiError as error:
            if error_code(error) == STILL_STREAMING:
                await self._end_stream(self.sent[number])
                await self._update(number, content)
            elif error_code(error) in GONE:
                log.info("slack_message_gone", error=error_code(error))
                await self._replace(number, content)
            else:
                raise

    async def _update(self, number: int, content: Content) -> None:
        ts = self.sent[number]
        await self._with_blocks(
            content,
            lambda payload: self.target.workspace.client.chat_update(
                channel=self.target.channel,
                ts=ts,
                metadata=self.metadata(number),
                link_names=False,
                **payload,
            ),
        )
        self._shown[ts] = content

    async def _end_stream(self, ts: str) -> None:
        """A crash or an unheard answer left this message streaming."""
        with suppress(SlackApiError):  # it may end by itself in between
            await self.target.workspace.client.chat_stopStream(channel=self.target.channel, ts=ts)

    async def _replace(self, number: int, content: Content) -> None:
        """Somebody deleted the message: what belongs there is said in a new one."""
        rest, self.sent = self.sent[number + 1 :], self.sent[:number]
        await self._post(number, content)
        self.sent += rest

    async def _with_blocks(
        self, content: Content, send: Callable[[dict[str, Any]], Awaitable[Any]]
    ) -> Any:
        """Sends with the newest blocks that are taken, down to the text alone."""
        versions = [content.simple] if self._simple else [content.blocks, content.simple]
        for blocks in versions:
            try:
                return await send({"text": content.text, "blocks": list(blocks)})
            except SlackApiError as error:
                if error_code(error) not in TOO_RICH:
                    raise
                log.info("slack_blocks_refused", error=error_code(error), blocks=len(blocks))
                self._simple = True
        return await send({"text": content.text, "blocks": []})

    async def _delete(self, ts: str) -> None:
        try:
            await self.target.workspace.client.chat_delete(channel=self.target.channel, ts=ts)
        except SlackApiError as error:
            log.info("slack_message_not_deleted", error=error_code(error))
