"""What Daoshi says on its own: delivered once, into a place or to somebody alone."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import discord

from bot.adapter import Address, DeliveryImpossible, Notice
from bot.discord_app.composing import Composer
from bot.discord_app.handles import Handle, snowflake_at
from bot.discord_app.outgoing import Outgoing
from bot.discord_app.posts import ChannelPost, Gone, Post, Unreachable
from bot.discord_app.rest import Rest
from bot.discord_app.routes import Routes
from bot.render.painter import FormulaPainter
from tutor.language import Language, detect

NONCE_LIFE = timedelta(seconds=60)  # how long Discord surely remembers a nonce
LOOK_BACK = timedelta(seconds=5)


class Notices:
    def __init__(self, rest: Rest, routes: Routes, painter: FormulaPainter) -> None:
        self._rest = rest
        self._painter = painter
        self._routes = routes

    async def deliver(self, notice: Notice, me: int) -> Address:
        """Raises DeliveryImpossible where nobody can ever be reached."""
        language = detect(notice.draft.text) or Language.ENGLISH
        messages = await Composer(self._painter, language, Handle().file_bytes).compose(
            notice.draft
        )
        assert messages, notice.id
        post = self._post(notice)
        try:
            if notice.edits is not None:
                return await self._edit(post, notice.edits, messages)
            return await self._send(post, notice, messages, me)
        except Unreachable as error:
            raise DeliveryImpossible(str(error)) from error

    def _post(self, notice: Notice) -> ChannelPost:
        key = f"notice:{notice.id}"
        if notice.place is None:
            assert notice.recipient is not None, notice.id
            return self._routes.direct_post(notice.recipient, key)
        target = notice.place.thread or notice.place.channel

        async def channel() -> str:
            return target

        return ChannelPost(self._rest, channel, key)

    async def _edit(self, post: Post, card: Address, messages: Sequence[Outgoing]) -> Address:
        try:
            await post.edit(card, messages[0], files=bool(messages[0].uploads))
        except Gone:
            return await post.create(0, messages[0])
        return card

    async def _send(
        self, post: ChannelPost, notice: Notice, messages: Sequence[Outgoing], me: int
    ) -> Address:
        found = await self._sent_before(post, notice, messages[0], me)
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
            if sent["author"]["id"] == str(me) and sent.get("content") == message.content:
                return Address(channel, str(sent["id"]))
        return None
