"""Questions from Discord's messages: whether one is for us, and what it asks. No network."""

from collections.abc import Callable, Collection
from datetime import datetime

import discord

from bot.discord_app.people import person_of, role_ids_of, roles_of
from bot.discord_app.spots import Spot, resolved_reply
from tutor.messages import Attachment, Kind, Question

PEOPLE_WRITE = (discord.MessageType.default, discord.MessageType.reply)


def is_by_person(message: discord.Message) -> bool:
    """Written by a human hand, not by a bot, a webhook or Discord itself."""
    return not message.author.bot and not message.webhook_id and message.type in PEOPLE_WRITE


def addresses_us(message: discord.Message, me: int) -> bool:
    """A direct message, a mention of us or of our own role, or a reply to us."""
    if message.guild is None or any(user.id == me for user in message.mentions):
        return True
    if f"<@{me}>" in message.content or f"<@!{me}>" in message.content:
        return True
    if any(role.tags and role.tags.bot_id == me for role in message.role_mentions):
        return True
    replied = resolved_reply(message)
    return replied is not None and replied.author.id == me and bool(message.content)


def is_readable(message: discord.Message) -> bool:
    """Discord delivers no content that our intents do not cover."""
    return bool(message.content or message.attachments)


class Questions:
    """Makes Questions; `operators` are those of the settings."""

    def __init__(self, operators: Collection[str], now: Callable[[], datetime]) -> None:
        self._operators = operators
        self._now = now

    def from_message(
        self, message: discord.Message, spot: Spot, me: int, edited_at: str = ""
    ) -> Question:
        guild = message.guild
        locale = locale_of(guild)
        reference = message.reference
        more = {"edited_at": edited_at} if edited_at else {}
        return Question(
            event_id=f"discord-{message.id}" + (f"-{edited_at}" if edited_at else ""),
            kind=Kind.EDIT if edited_at else Kind.MESSAGE,
            place=spot.place,
            message_id=str(message.id),
            author=person_of(message.author, locale),
            visibility=spot.visibility,
            received_at=self._now(),
            text=text_of(message, me),
            roles=roles_of(message.author.id, _permissions(message), self._operators),
            attachments=tuple(attachment_of(a) for a in message.attachments),
            reply_to=str(reference.message_id) if reference and reference.message_id else None,
            handle=spot.handle.stored(**more),
            platform_roles=role_ids_of(message.author),
        )


def locale_of(guild: discord.Guild | None) -> str | None:
    """A server's language; American English says nothing, since it is what nobody has chosen."""
    if guild is None or guild.preferred_locale is discord.Locale.american_english:
        return None
    return str(guild.preferred_locale)


def text_of(message: discord.Message, me: int) -> str:
    """What was written, without the mention of us, with names for other mentions."""
    own_roles = [r.id for r in message.role_mentions if r.tags and r.tags.bot_id == me]
    text = message.content
    for token in (f"<@{me}>", f"<@!{me}>", *(f"<@&{role}>" for role in own_roles)):
        text = text.replace(token, " ")
    for user in message.mentions:
        for token in (f"<@{user.id}>", f"<@!{user.id}>"):
            text = text.replace(token, f"@{user.display_name}")
    return text.strip()


def attachment_of(attachment: discord.Attachment) -> Attachment:
    media_type = attachment.content_type or "application/octet-stream"
    return Attachment(attachment.filename, media_type, attachment.size, attachment.url)


def _permissions(message: discord.Message) -> discord.Permissions | None:
    author = message.author
    return author.guild_permissions if isinstance(author, discord.Member) else None
