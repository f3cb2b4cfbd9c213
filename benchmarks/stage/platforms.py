"""Both platforms on the loopback at once, and everything that Daoshi shows on them.

Slack's part here also sends an event again that nobody acknowledged, as the real one does, only
sooner.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from tests.doubles.discord_server import DiscordServer
from tests.doubles.discord_world import EPHEMERAL, LOADING
from tests.doubles.slack_server import SlackServer
from tests.doubles.slack_state import Delivery

REDELIVERIES = 3
REDELIVER_AFTER_SECONDS = 3.0


@dataclass
class Shown:
    """One message of Daoshi's: where, what it says now, and whether it may be rated.

    The rating buttons stand under a reply that has ended, and under its last message only.
    """

    place: str
    text: str
    ended: bool
    private: bool = False


@dataclass
class Platforms:
    """`settings` is the environment that points Daoshi at both."""

    discord: DiscordServer
    slack: SlackServer
    redelivered: int = 0
    _tries: dict[int, int] = field(default_factory=dict)

    @property
    def settings(self) -> dict[str, str]:
        return {**self.discord_settings, **self.slack.settings()}

    @property
    def discord_settings(self) -> dict[str, str]:
        return {
            "DISCORD_TOKEN": self.discord.token,
            "DAOSHI_DISCORD_API_BASE": self.discord.api_base,
            "DAOSHI_DISCORD_GATEWAY_URL": self.discord.gateway_url,
        }

    def shown(self) -> Iterator[Shown]:
        """Everything that people can read of Daoshi's on both platforms."""
        bot = self.discord.bot.id
        for channel in list(self.discord.world.channels.values()):
            for message in list(channel.messages.values()):
                if message["author"]["id"] == bot and not message["flags"] & LOADING:
                    hidden = bool(message["flags"] & EPHEMERAL)
                    yield Shown(channel.id, message["content"], bool(thumb_of(message)), hidden)
        for place in list(self.slack.state.posted):
            for message in self.slack.replies(place):
                yield Shown(place, slack_text(message), has_thumbs(message))
        for message in list(self.slack.state.ephemeral):
            place = str(message.get("channel") or message.get("url"))
            yield Shown(place, slack_text(message), has_thumbs(message), private=True)

    def saying(self, words: str) -> list[Shown]:
        """The messages of ours that contain these words."""
        return [shown for shown in self.shown() if words in shown.text]

    async def until(self, true: Callable[[], Any], seconds: float = 60.0) -> bool:
        """Whether it came true in time."""
        end = time.monotonic() + seconds
        while not true():
            if time.monotonic() > end:
                return False
            await asyncio.sleep(0.05)
        return True

    async def redeliver(self) -> None:
        """Sends unacknowledged deliveries again, until cancelled."""
        while True:
            await asyncio.sleep(0.5)
            for delivery in list(self.slack.sent):
                if self._is_due(delivery):
                    self._tries[id(delivery)] = self._tries.get(id(delivery), 0) + 1
                    self.redelivered += 1
                    await self._send_again(delivery)

    def _is_due(self, delivery: Delivery) -> bool:
        tried = self._tries.get(id(delivery), 0)
        if delivery.acknowledged_at is not None or tried >= REDELIVERIES:
            return False
        waited = time.monotonic() - delivery.sent_at
        return bool(waited > REDELIVER_AFTER_SECONDS * 3**tried)

    async def _send_again(self, delivery: Delivery) -> None:
        """In place, so that its acknowledgement counts for the first sending too."""
        delivery.attempts += 1
        tried = self._tries[id(delivery)]
        with suppress(ConnectionError):
            await self.slack.sockets.resend(delivery, kind_of(delivery.body), tried)


@asynccontextmanager
async def platforms() -> AsyncIterator[Platforms]:
    """Both doubles, listening."""
    async with DiscordServer() as discord, SlackServer() as slack:
        both = Platforms(discord, slack)
        chore = asyncio.create_task(both.redeliver())
        try:
            yield both
        finally:
            chore.cancel()
            await asyncio.gather(chore, return_exceptions=True)


def kind_of(body: dict[str, Any]) -> str:
    """The envelope in which Slack sends such a body."""
    if "command" in body:
        return "slash_commands"
    return "events_api" if body.get("type") == "event_callback" else "interactive"


def slack_text(message: dict[str, Any]) -> str:
    """What a message says, in its text or its blocks."""
    parts = [str(message.get("text") or ""), str(message.get("markdown_text") or "")]
    for block in message.get("blocks") or []:
        text = block.get("text")
        parts.append(text if isinstance(text, str) else str((text or {}).get("text") or ""))
    return "\n".join(dict.fromkeys(filter(None, parts)))


def has_thumbs(message: dict[str, Any]) -> bool:
    """Whether a message in Slack can be rated."""
    return any(block.get("type") == "context_actions" for block in message.get("blocks") or [])


def thumb_of(message: dict[str, Any]) -> str:
    """The custom id of the button 👍 under a message on Discord; "" if there is none."""
    buttons = [button for row in message["components"] for button in row["components"]]
    thumbs = [b for b in buttons if (b.get("emoji") or {}).get("name") == "👍"]
    return str(thumbs[0]["custom_id"]) if thumbs else ""
