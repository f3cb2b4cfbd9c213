"""Streams a text into a thread, rolling over to a new message before Slack would end the stream.

Nothing that was streamed is taken back. A stream that Slack refuses or ends raises StreamEnded;
whoever holds the messages then goes on by editing them.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress

import aiohttp
from slack_sdk.errors import SlackClientError
from slack_sdk.models.metadata import Metadata
from slack_sdk.web.async_chat_stream import AsyncChatStream

from bot.render.slack_stream import rollover, stream_text, whole_text
from bot.slack_app.content import Payload
from bot.slack_app.errors import error_code, is_unsupported
from bot.slack_app.posted import Posted, Target

MESSAGE_CHARACTERS = 9_000  # well under the 12,000 that one append and one message may have
SPARE_CHARACTERS = 1_500  # may be used to end a message with a paragraph
MESSAGE_SECONDS = 240.0  # Slack ends a stream after about five minutes


class StreamEnded(Exception):
    """Slack refused or ended the stream; `refused` if it will refuse the next one too."""

    def __init__(self, error: Exception, *, refused: bool) -> None:
        super().__init__(error_code(error) or type(error).__name__)
        self.refused = refused


class TextStream:
    """One reply's text in one or several streamed messages.

    `recipient` (team, user) is required by Slack outside of direct messages.
    """

    def __init__(
        self,
        target: Target,
        posted: Posted,
        recipient: tuple[str, str] | None,
        metadata: Callable[[int], Metadata],
        *,
        clock: Callable[[], float] = time.monotonic,
        message_characters: int = MESSAGE_CHARACTERS,
        message_seconds: float = MESSAGE_SECONDS,
    ) -> None:
        self._target = target
        self._posted = posted
        self._recipient = recipient
        self._metadata = metadata
        self._clock = clock
        self._most_characters = message_characters
        self._most_seconds = message_seconds
        self._live: AsyncChatStream | None = None
        self._started_at = 0.0
        self._message = ""  # what the present message shows
        self._opening = ""  # what the next message starts with
        self._shown = ""  # the whole reply as far as it is shown

    async def show(self, text: str) -> None:
        """Streams what of an unfinished `text` is settled. Raises StreamEnded."""
        shown = stream_text(text, self._shown)
        await self._append(shown[len(self._shown) :])
        self._shown = shown

    async def finish(
        self, text: str, blocks: Sequence[Payload], session_status: str | None
    ) -> bool:
        """Streams the rest and ends; False where what was shown is no beginning of `text`.

        Raises StreamEnded.
        """
        whole = whole_text(text)
        continues = whole.startswith(self._shown)
        if continues:
            await self._append(whole[len(self._shown) :])
            self._shown = whole
        await self._stop(blocks if continues else (), session_status)
        return continues

    async def abandon(self) -> None:
        """Ends the stream as far as Slack still knows it, so that its message can be edited."""
        if self._live is None or self._live.ts is None:
            return
        # Where it has ended already, so much the better.
        with suppress(SlackClientError, aiohttp.ClientError, TimeoutError):
            await self._target.workspace.once.chat_stopStream(
                channel=self._target.channel, ts=self._live.ts
            )
        self._live = None

    async def _append(self, delta: str) -> None:
        while delta:
            room = self._most_characters - len(self._message)
            old = self._live and self._clock() - self._started_at > self._most_seconds
            piece, delta = ("", delta) if old or room <= 0 else _cut(delta, room)
            if piece:
                await self._write(piece)
            if delta:
                await self._roll_over()

    async def _write(self, piece: str) -> None:
        if self._live is None:
            piece = self._opening + piece.lstrip("\n")
            self._opening = ""
        try:
            if self._live is None:
                await self._start(piece)
            else:
                await self._live.append(markdown_text=piece)
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            unheard = self._live is None or self._live.ts is None
            raise StreamEnded(error, refused=unheard and is_unsupported(error)) from error
        self._message += piece

    async def _start(self, piece: str) -> None:
        team, user = self._recipient or (None, None)
        stream = await self._target.workspace.once.chat_stream(
            buffer_size=1,
            channel=self._target.channel,
            thread_ts=self._target.thread,
            recipient_team_id=team,
            recipient_user_id=user,
        )
        self._live = stream
        self._started_at = self._clock()
        await stream.append(markdown_text=piece)
        assert stream.ts, "chat.startStream gave no timestamp"
        await self._posted.adopt(stream.ts)

    async def _roll_over(self) -> None:
        context = rollover(self._message)
        if context.closer:
            await self._write(context.closer)
        await self._stop((), None)
        self._opening = context.opener

    async def _stop(self, blocks: Sequence[Payload], session_status: str | None) -> None:
        if self._live is None:
            return
        try:
            await self._live.stop(
                blocks=list(blocks) or None,
                metadata=self._metadata(len(self._posted.sent) - 1),
                session_status=session_status,
            )
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            raise StreamEnded(error, refused=False) from error
        self._live = None
        self._message = ""


def _cut(text: str, room: int) -> tuple[str, str]:
    """`text` up to the best place within `room` or a little beyond, and the rest."""
    if len(text) <= room:
        return text, ""
    for end in ("\n\n", "\n", " "):
        at = text.rfind(end, 0, room)
        if at < 0:
            at = text.find(end, room, room + SPARE_CHARACTERS)
        if at >= 0:
            return text[:at], text[at:].lstrip("\n" if "\n" in end else " ")
    return text[:room], text[room:]
