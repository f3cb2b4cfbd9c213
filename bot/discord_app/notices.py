"""What Daoshi says on its own: delivered once, into a place or to somebody alone."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import discord

from bot.adapter import Address, Card, DeliveryImpossible, Notice
from bot.discord_app.composing import Composer
from bot.discord_app.handles import Handle, snowflake_at
from bot.discord_app.outgoing import Outgoing
from bot.discord_app.posts import ChannelPost, Gone, Unreachable
from bot.discord_app.rest import Rest
from bot.discord_app.routes import Routes
from bot.render.painter import FormulaPainter
from tutor.language import Language, detect

NONCE_LIFE = timedelta(seconds=60)  # how long Discord surely remembers a nonce
LOOK_BACK = timedelta(seconds=5)
CARDS_REMEMBERED = 200

Json = dict[str, Any]


class Notices:
    def __init__(self, rest: Rest, routes: Routes, painter: FormulaPainter) -> None:
        self._rest = rest
        self._painter = painter
        self._routes = routes
        self._pictured: dict[str, str] = {}  # what files each card has, so that none goes twice

    async def deliver(self, notice: Notice, me: int) -> Address:
        """Raises DeliveryImpossible where nobody can ever be reached."""
        language = detect(notice.draft.text) or Language.ENGLISH
        messages = await Composer(self._painter, language, Handle().file_bytes).compose(
            notice.draft
        )
        assert messages, notice.id
        try:
            if notice.edits is not None:
                address = await self._edit(notice, notice.edits, messages, me)
            else:
                address = await self._send(self._post(notice), notice, messages, me)
        except Unreachable as error:
            raise DeliveryImpossible(str(error)) from error
        self._remember(notice, messages[0])
        return address

    def _post(self, notice: Notice, key: str = "") -> ChannelPost:
        key = key or f"notice:{notice.id}"
        if notice.place is None:
            assert notice.recipient is not None, notice.id
            return self._routes.direct_post(notice.recipient, key)
        target = notice.place.thread or notice.place.channel

        async def channel() -> str:
            return target

        return ChannelPost(self._rest, channel, key)

    async def _edit(
        self, notice: Notice, card: Address, messages: Sequence[Outgoing], me: int
    ) -> Address:
        """Somebody may have deleted the message: then there is a new one, and only one."""
        files = self._new_files(notice, messages)
        try:
            await self._post(notice).edit(card, messages[0], files=files)
        except Gone:
            anew = self._post(notice, f"notice:{notice.id}:after:{card.message_id}")
            return await self._send(anew, notice, messages[:1], me)
        return card

    def _new_files(self, notice: Notice, messages: Sequence[Outgoing]) -> bool:
        if notice.card is None:
            return bool(messages[0].uploads)
        return self._pictured.get(notice.id, "") != messages[0].files_key

    def _remember(self, notice: Notice, shown: Outgoing) -> None:
        if notice.card is not None:
            self._pictured.pop(notice.id, None)
            self._pictured[notice.id] = shown.files_key
            if len(self._pictured) > CARDS_REMEMBERED:
                del self._pictured[next(iter(self._pictured))]

    async def _send(
        self, post: ChannelPost, notice: Notice, messages: Sequence[Outgoing], me: int
    ) -> Address:
        found = await self._sent_before(post, notice, messages[0], me)
        if found is not None and notice.card is not None:
            await post.edit(found, messages[0], files=True)
        first = found or await post.create(0, messages[0])
        for index, message in enumerate(messages[1:], 1):
            await post.create(index, message)
        return first

    async def _sent_before(
        self, post: ChannelPost, notice: Notice, message: Outgoing, me: int
    ) -> Address | None:
        """Discord forgets a nonce; an older notice is looked for by what it says."""
        created = notice.created_at
        if created is None or datetime.now(UTC) - created < NONCE_LIFE:
            return None
        channel = await post.channel()
        try:
            later = await self._rest.messages_after(channel, snowflake_at(created - LOOK_BACK))
        except (discord.NotFound, discord.Forbidden) as error:
            raise Unreachable(str(error)) from error
        for sent in later:
            if sent["author"]["id"] == str(me) and _is_it(sent, message, notice.card):
                return Address(channel, str(sent["id"]))
        return None


def _is_it(sent: Json, message: Outgoing, card: Card | None) -> bool:
    """Whether a message of ours is this notice; what a card says may have changed since."""
    content = str(sent.get("content") or "")
    return content == message.content or (
        card is not None and content.splitlines()[:1] == message.content.splitlines()[:1]
    )
