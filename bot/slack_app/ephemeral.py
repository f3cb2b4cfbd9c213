"""A private reply in a shared place: only its author sees it, and it can't be edited."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.adapter import Address, Draft, SaveAddress
from bot.render.long_text import rendered
from bot.slack_app.clients import Workspaces, proxy_for
from bot.slack_app.content import Content, contents
from bot.slack_app.errors import UNREACHABLE, error_code
from bot.slack_app.files import is_slack_address
from bot.slack_app.posted import TOO_RICH, Target
from bot.slack_app.private import QUIET
from bot.slack_app.uploads import Painter, formula_blocks, share
from tutor.i18n import mark, say
from tutor.language import Language
from tutor.messages import Question

PATIENCE_SECONDS = 2.0
RESPONSE_URL_SECONDS = 28 * 60
RESPONSE_URL_USES = 5
UNREAD = mark(
    "I could not read the whole thread, so this is about that one message. "
    "Invite me to the channel first, then I can."
)
EPHEMERAL = "ephemeral"
"""Stands for the message id of what has none."""

log = structlog.get_logger()


@dataclass
class EphemeralReply:
    """Shows the finished reply, and a word in between if it takes long."""

    question: Question
    target: Target
    workspaces: Workspaces
    language: Language
    painter: Painter | None
    save: SaveAddress
    patience_seconds: float = PATIENCE_SECONDS
    _waiting: asyncio.Task[None] | None = None
    _uses_left: int = RESPONSE_URL_USES
    _said: set[str] = field(default_factory=set)

    async def show(self, draft: Draft) -> None:
        if draft.ending is None:
            if self._waiting is None:
                self._waiting = asyncio.create_task(self._ask_for_patience())
            return
        if self._waiting is not None:
            self._waiting.cancel()
        pictures = await formula_blocks(self.target.workspace, self.painter, draft)
        shown = await rendered(draft.text, contents, draft, self.language, pictures)
        if draft.pictures or draft.files:
            await self._send_files(draft)
            shown.append(self._words(say(self.language, "I sent it to you in a direct message.")))
        if self.question.handle.get("unread"):
            shown.append(self._words(say(self.language, UNREAD)))
        for content in shown:
            await self._send(content)
        await self.save(Address(self.target.channel, EPHEMERAL))

    async def whisper(self, text: str) -> None:
        if text not in self._said:
            self._said.add(text)
            await self._send(self._words(text))

    async def _ask_for_patience(self) -> None:
        await asyncio.sleep(self.patience_seconds)
        await self.whisper(say(self.language, "One moment, I am working on it…"))

    async def _send(self, content: Content) -> None:
        for blocks in (content.blocks, content.simple, ()):
            if await self._by_response_url(content, list(blocks)):
                return
            try:
                await self._by_method(content, list(blocks))
                return
            except SlackApiError as error:
                if error_code(error) not in TOO_RICH or not blocks:
                    raise

    async def _by_response_url(self, content: Content, blocks: list[dict[str, object]]) -> bool:
        url = self.question.handle.get("response_url", "")
        age = datetime.now(UTC) - self.question.received_at
        if not url or self._uses_left <= 0 or age.total_seconds() > RESPONSE_URL_SECONDS:
            return False
        if not is_slack_address(url, self.workspaces.api_base):
            return False
        self._uses_left -= 1
        client = AsyncWebhookClient(url, session=self.workspaces.session())
        client.proxy = proxy_for(url)
        try:
            answer = await client.send(
                text=content.text,
                blocks=blocks,
                response_type="ephemeral",
                replace_original=False,
                unfurl_links=False,
                unfurl_media=False,
            )
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            log.info("slack_response_url_failed", error=type(error).__name__)
            return False
        return bool(answer.status_code == 200)

    async def _by_method(self, content: Content, blocks: list[dict[str, object]]) -> None:
        workspace, user = self.target.workspace, self.question.author.user_id
        try:
            await workspace.client.chat_postEphemeral(
                channel=self.target.channel,
                user=user,
                thread_ts=self.target.thread or None,
                text=content.text,
                blocks=blocks,
                link_names=False,
            )
        except SlackApiError as error:
            if error_code(error) not in UNREACHABLE:
                raise
            await workspace.once.chat_postMessage(
                channel=await self._direct_channel(), text=content.text, blocks=blocks, **QUIET
            )

    async def _send_files(self, draft: Draft) -> None:
        target = Target(self.target.workspace, await self._direct_channel(), "")
        await share(target, draft)

    async def _direct_channel(self) -> str:
        user = self.question.author.user_id
        opened = await self.target.workspace.client.conversations_open(users=[user])
        return str(opened["channel"]["id"])

    def _words(self, text: str) -> Content:
        return contents(Draft(text=text), self.language)[0]
