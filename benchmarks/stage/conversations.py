"""The ways in which somebody talks to Daoshi, each with a count of the answers they got.

An answer is a reply with its buttons; a long one may be several messages, of which the last has
them.
"""

import asyncio
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any

from benchmarks.stage.platforms import Platforms, has_thumbs, thumb_of
from tests.doubles.discord_rest import Interaction
from tests.doubles.discord_world import Channel, User
from tests.doubles.slack_state import Delivery

BURST = ("hi!", "i have a question", "why is the sky", "blue? one sentence please")
BURST_GAPS_SECONDS = (0.9, 0.4, 1.2)


@dataclass
class Conversation(ABC):
    platforms: Platforms
    name: str
    expected: int = 0
    interactions: list[Interaction] = field(default_factory=list)

    @abstractmethod
    async def write(self, text: str) -> None: ...

    @abstractmethod
    def answers(self) -> int: ...

    async def rate(self) -> None:  # noqa: B027 - most ways need nothing more
        """Presses the thumb under the answer, where this way of talking tries that too."""

    async def ask(self, text: str) -> None:
        self.expected += 1
        await self.write(text)

    async def burst(self) -> None:
        """Four short messages that want one answer."""
        self.expected += 1
        for text, gap in zip(BURST, (*BURST_GAPS_SECONDS, 0.0), strict=True):
            await self.write(text)
            await asyncio.sleep(gap)

    @property
    def served(self) -> bool:
        return self.answers() >= self.expected


@dataclass
class DiscordDirect(Conversation):
    def __post_init__(self) -> None:
        self.user = self.platforms.discord.user(self.name)

    async def write(self, text: str) -> None:
        await self.platforms.discord.dm(self.user, text)

    def answers(self) -> int:
        return sum(bool(thumb_of(m)) for m in self.platforms.discord.dms(self.user))

    async def rate(self) -> None:
        message = self.platforms.discord.dms(self.user)[-1]
        await _press_thumb(self, message, self.user)


@dataclass
class DiscordThread(Conversation):
    """Begins with a mention in a channel; the answer opens a thread on it."""

    channel: Channel | None = None
    user: User | None = None

    async def write(self, text: str) -> None:
        assert self.channel is not None and self.user is not None
        server = self.platforms.discord
        self.message = await server.mention(self.channel, self.user, text)

    def answers(self) -> int:
        server = self.platforms.discord
        if self.message["id"] not in server.world.channels:
            return 0
        return sum(bool(thumb_of(m)) for m in server.messages(server.thread_on(self.message)))

    async def rate(self) -> None:
        assert self.user is not None
        server = self.platforms.discord
        message = server.messages(server.thread_on(self.message))[-1]
        await _press_thumb(self, message, self.user)


@dataclass
class DiscordCommand(Conversation):
    """`/ask` in a channel of a server."""

    channel: Channel | None = None
    user: User | None = None

    async def write(self, text: str) -> None:
        assert self.channel is not None and self.user is not None
        server = self.platforms.discord
        asked = await server.slash(self.channel, self.user, "ask", {"question": text})
        self.interactions.append(asked)

    def answers(self) -> int:
        assert self.channel is not None
        ours = {interaction.id for interaction in self.interactions}
        messages = self.platforms.discord.messages(self.channel)
        return sum(
            bool(thumb_of(m)) and m.get("interaction_metadata", {}).get("id") in ours
            for m in messages
        )


@dataclass
class SlackDirect(Conversation):
    def __post_init__(self) -> None:
        self.user = self.platforms.slack.user(self.name)

    async def write(self, text: str) -> None:
        await self.platforms.slack.dm(self.user, text)

    def answers(self) -> int:
        place = self.platforms.slack.dm_channel(self.user)
        return sum(has_thumbs(message) for message in self.platforms.slack.replies(place))


@dataclass
class SlackThread(Conversation):
    """A mention in a channel, which Slack tells as two events."""

    channel: str = ""

    def __post_init__(self) -> None:
        self.user = self.platforms.slack.user(self.name)
        self.sent: Delivery | None = None

    async def write(self, text: str) -> None:
        self.sent = await self.platforms.slack.mention(self.user, self.channel, text)

    def answers(self) -> int:
        assert self.sent is not None
        thread = self.sent.body["event"]["ts"]
        replies = self.platforms.slack.replies(self.channel, thread)
        return sum(has_thumbs(message) for message in replies)


async def _press_thumb(conversation: Conversation, message: dict[str, Any], user: User) -> None:
    server = conversation.platforms.discord
    pressed = await server.press(message, user, thumb_of(message))
    conversation.interactions.append(pressed)
