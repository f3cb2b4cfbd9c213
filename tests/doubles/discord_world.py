"""What the Discord double remembers: users, servers, channels, messages. Knows no HTTP."""

import itertools
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

EPOCH_MILLISECONDS = 1_420_070_400_000
TEXT, DM, NEWS_THREAD, THREAD, PRIVATE_THREAD = 0, 1, 10, 11, 12
EPHEMERAL, LOADING = 1 << 6, 1 << 7
MANAGE_GUILD = 1 << 5
MEMBER_PERMISSIONS = 0x0000_0800_0000_0C00 | 0x0000_0060_0000_8840  # write, read, threads, files
MESSAGE_CONTENT = 1 << 15

Json = dict[str, Any]
_counter = itertools.count()


def snowflake() -> str:
    """An id that tells its time, as Discord's do."""
    milliseconds = int(time.time() * 1000) - EPOCH_MILLISECONDS
    return str(milliseconds << 22 | next(_counter) & 0x3FFFFF)


def timestamp() -> str:
    return datetime.now(UTC).isoformat()


class DiscordError(Exception):
    """What the API answers instead of a result."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(f"{status} {code} {message}")
        self.status = status
        self.body = {"code": code, "message": message}


@dataclass(slots=True)
class User:
    id: str
    name: str
    bot: bool = False
    dms_closed: bool = False

    def payload(self) -> Json:
        return {
            "id": self.id,
            "username": self.name.lower(),
            "global_name": None if self.bot else self.name,
            "discriminator": "0",
            "avatar": None,
            "bot": self.bot,
        }


@dataclass(slots=True)
class Channel:
    """`denied` holds what the bot may not do here: view, send, threads, history."""

    id: str
    type: int
    guild_id: str | None = None
    name: str = ""
    parent_id: str | None = None
    owner_id: str | None = None
    recipient: User | None = None
    last_message_id: str | None = None
    denied: set[str] = field(default_factory=set)
    messages: dict[str, Json] = field(default_factory=dict)

    @property
    def is_thread(self) -> bool:
        return self.type in (NEWS_THREAD, THREAD, PRIVATE_THREAD)

    def payload(self) -> Json:
        data: Json = {"id": self.id, "type": self.type, "last_message_id": self.last_message_id}
        if self.recipient is not None:
            return {**data, "recipients": [self.recipient.payload()]}
        data |= {"guild_id": self.guild_id, "name": self.name, "parent_id": self.parent_id}
        if self.is_thread:
            metadata = {
                "archived": False,
                "auto_archive_duration": 1440,
                "archive_timestamp": timestamp(),
                "locked": False,
            }
            return {
                **data,
                "owner_id": self.owner_id,
                "message_count": len(self.messages),
                "member_count": 1,
                "thread_metadata": metadata,
            }
        return {**data, "position": 0, "permission_overwrites": [], "nsfw": False, "topic": None}


@dataclass(slots=True)
class Member:
    user: User
    permissions: int = MEMBER_PERMISSIONS
    roles: list[str] = field(default_factory=list)

    def payload(self, *, with_user: bool = True) -> Json:
        data: Json = {
            "roles": self.roles,
            "nick": None,
            "avatar": None,
            "joined_at": "2026-01-01T00:00:00+00:00",
            "premium_since": None,
            "deaf": False,
            "mute": False,
            "flags": 0,
        }
        return {**data, "user": self.user.payload()} if with_user else data


@dataclass(slots=True)
class Guild:
    id: str
    name: str
    owner: User
    locale: str = "en-US"
    channels: list[Channel] = field(default_factory=list)
    threads: list[Channel] = field(default_factory=list)
    members: dict[str, Member] = field(default_factory=dict)
    roles: dict[str, int] = field(default_factory=dict)

    def payload(self, bot_id: str) -> Json:
        everyone = {self.id: MEMBER_PERMISSIONS, **self.roles}
        roles = [
            {
                "id": role,
                "name": "@everyone" if role == self.id else f"role-{role}",
                "permissions": str(permissions),
                "position": position,
                "color": 0,
                "colors": {
                    "primary_color": 0,
                    "secondary_color": None,
                    "tertiary_color": None,
                },
                "hoist": False,
                "managed": False,
                "mentionable": False,
                "flags": 0,
            }
            for position, (role, permissions) in enumerate(everyone.items())
        ]
        return {
            "id": self.id,
            "name": self.name,
            "owner_id": self.owner.id,
            "preferred_locale": self.locale,
            "roles": roles,
            "channels": [channel.payload() for channel in self.channels],
            "threads": [thread.payload() for thread in self.threads],
            "members": [self.members[bot_id].payload()] if bot_id in self.members else [],
            "member_count": len(self.members),
            "system_channel_id": self.channels[0].id if self.channels else None,
            "joined_at": timestamp(),
            "large": False,
            "unavailable": False,
            "verification_level": 0,
            "default_message_notifications": 0,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "nsfw_level": 0,
            "premium_tier": 0,
            "afk_timeout": 300,
            "system_channel_flags": 0,
            "features": [],
            "emojis": [],
            "stickers": [],
            "presences": [],
            "voice_states": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
        }


class World:
    """Everything that exists. `bot` is the account that the program under test logs in as."""

    def __init__(self) -> None:
        self.bot = User(snowflake(), "Daoshi", bot=True)
        self.application_id = self.bot.id
        self.users: dict[str, User] = {self.bot.id: self.bot}
        self.guilds: dict[str, Guild] = {}
        self.channels: dict[str, Channel] = {}
        self.commands: list[Json] = []
        self.blobs: dict[str, bytes] = {}

    def channel(self, channel_id: str) -> Channel:
        if channel_id not in self.channels:
            raise DiscordError(404, 10003, "Unknown Channel")
        return self.channels[channel_id]

    def readable(self, channel_id: str) -> Channel:
        channel = self.channel(channel_id)
        if "view" in channel.denied:
            raise DiscordError(403, 50001, "Missing Access")
        return channel

    def message(self, channel_id: str, message_id: str) -> Json:
        channel = self.readable(channel_id)
        found = channel.messages.get(message_id)
        if found is None or found["flags"] & EPHEMERAL:
            raise DiscordError(404, 10008, "Unknown Message")
        return found

    def dm(self, user: User) -> Channel:
        for channel in self.channels.values():
            if channel.recipient is user:
                return channel
        channel = Channel(snowflake(), DM, recipient=user)
        self.channels[channel.id] = channel
        return channel

    def new_message(self, channel: Channel, author: User, content: str, **more: Any) -> Json:
        """Puts a message into a channel; returns the payload that everybody shares."""
        mentions = [u for u in self.users.values() if f"<@{u.id}>" in content]
        message: Json = {
            "id": snowflake(),
            "channel_id": channel.id,
            "author": author.payload(),
            "content": content,
            "timestamp": timestamp(),
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [user.payload() for user in mentions],
            "mention_roles": [],
            "attachments": [],
            "embeds": [],
            "pinned": False,
            "type": 0,
            "flags": 0,
            "components": [],
            **more,
        }
        reference = message.get("message_reference")
        if reference is not None:
            replied = channel.messages.get(str(reference["message_id"]))
            message["type"] = 19
            message["referenced_message"] = replied
            if replied and not author.bot and replied["author"]["id"] == self.bot.id:
                message["mentions"].append(self.bot.payload())
        channel.messages[message["id"]] = message
        if not message["flags"] & EPHEMERAL:
            channel.last_message_id = message["id"]
        return message

    def start_thread(self, channel: Channel, message_id: str, name: str, owner: User) -> Channel:
        if message_id in self.channels:
            raise DiscordError(400, 160004, "A thread has already been created for this message")
        guild = self.guilds[channel.guild_id or ""]
        thread = Channel(message_id, THREAD, channel.guild_id, name, channel.id, owner.id)
        self.channels[thread.id] = thread
        guild.threads.append(thread)
        return thread

    def seen_by_bot(self, message: Json, *, content_intent: bool) -> Json:
        """A message as the bot gets it: without content that its intents do not cover."""
        channel = self.channels[message["channel_id"]]
        mentioned = any(user["id"] == self.bot.id for user in message["mentions"])
        own = message["author"]["id"] == self.bot.id
        if content_intent or channel.type == DM or mentioned or own:
            return message
        return {**message, "content": "", "attachments": [], "embeds": [], "components": []}

    def delivered(self, message: Json) -> Json:
        """What the gateway adds to a message in a server."""
        channel = self.channels[message["channel_id"]]
        if channel.guild_id is None:
            return message
        member = self.guilds[channel.guild_id].members.get(message["author"]["id"])
        extra: Json = {"guild_id": channel.guild_id}
        if member is not None:
            extra["member"] = member.payload(with_user=False)
        return {**message, **extra}
