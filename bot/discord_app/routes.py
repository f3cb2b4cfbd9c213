"""Which ways lead to the author of a question, best first.

In a shared channel a reply goes into the thread that is opened on the question; where that is not
allowed, under the question; where nothing is allowed, to the author directly. Private replies go
to the interaction while its token lives, else by direct message.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

import discord
import structlog

from bot.adapter import Address, SaveAddress
from bot.discord_app.buttons import shorten
from bot.discord_app.composing import Composer
from bot.discord_app.failures import named
from bot.discord_app.handles import TOKEN_LIFE, Handle, Mode
from bot.discord_app.outgoing import TEXT_CHARACTERS, Outgoing
from bot.discord_app.posts import ChannelPost, InteractionPost, Post, Unreachable, is_out_of_reach
from bot.discord_app.rest import Rest
from bot.discord_app.surface import FAILURES, Retract, Ways
from bot.render.painter import FormulaPainter
from tutor.i18n import say
from tutor.language import Language, choose
from tutor.messages import Question, Visibility

log = structlog.get_logger()

THREAD_NAME_CHARACTERS = 80
NO_THREADS_HERE = 50024  # the channel's type has none


class Routes:
    """Makes the ways of each question from what is stored with it, so also after a restart."""

    def __init__(self, rest: Rest, painter: FormulaPainter, now: Callable[[], datetime]) -> None:
        self._rest = rest
        self._painter = painter
        self._now = now
        self._dms: dict[str, str] = {}

    def ways(self, question: Question, save: SaveAddress, *, pending: bool) -> Ways:
        """`pending` says that nothing of this reply has been shown yet."""
        handle = Handle.of(question)
        language = language_of(question)
        interaction = self._interaction(question, handle, pending=pending)
        direct = self._direct(question)
        posts = self._posts(question, handle, interaction, direct)

        async def whisper(text: str) -> Retract | None:
            return await self._whisper(question, interaction, text)

        async def open_thread(address: Address) -> None:
            await self._continue_in_thread(question, address)

        continues = bool(handle.opens_on_reply) and question.visibility is Visibility.SHARED
        return Ways(
            posts=posts,
            compose=Composer(self._painter, language, handle.file_bytes).compose,
            whisper=whisper,
            save=save,
            after=open_thread if continues else None,
        )

    def direct_post(self, user_id: str, key: str) -> ChannelPost:
        """Messages to somebody alone."""

        async def channel() -> str:
            return await self.dm_channel(user_id)

        return ChannelPost(self._rest, channel, key)

    async def dm_channel(self, user_id: str) -> str:
        if user_id not in self._dms:
            self._dms[user_id] = await self._rest.open_dm(user_id)
        return self._dms[user_id]

    def _posts(
        self,
        question: Question,
        handle: Handle,
        interaction: InteractionPost | None,
        direct: ChannelPost,
    ) -> Sequence[Post]:
        in_public = question.visibility is Visibility.SHARED
        if not in_public and _others_read_along(question, handle):
            found: list[Post] = [interaction] if interaction else []
            found.append(direct)
            if handle.fallback_channel:
                found.append(self._in_channel(question, handle.fallback_channel))
            return found
        channel = self._place_post(question, handle)
        if interaction is None:
            return [channel, direct] if in_public else [channel]
        if handle.mode is Mode.UPDATE and handle.bot_can_post:
            return [channel, interaction, direct]
        return [interaction, channel, direct]

    def _interaction(
        self, question: Question, handle: Handle, *, pending: bool
    ) -> InteractionPost | None:
        late = self._now() - question.received_at > TOKEN_LIFE
        if late or handle.mode in (Mode.NONE, Mode.MESSAGE):
            return None
        ephemeral = handle.ephemeral
        if handle.mode is Mode.UPDATE:
            private = question.visibility is Visibility.PRIVATE
            ephemeral = private and _others_read_along(question, handle)
        return InteractionPost(
            rest=self._rest,
            application=handle.application,
            token=handle.token,
            channel_id=question.place.thread or question.place.channel,
            ephemeral=ephemeral,
            pending=pending and handle.mode is Mode.ORIGINAL,
        )

    def _direct(self, question: Question) -> ChannelPost:
        return self.direct_post(question.author.user_id, question.claim_key)

    def _in_channel(self, question: Question, channel: str) -> ChannelPost:
        async def here() -> str:
            return channel

        return ChannelPost(self._rest, here, question.claim_key)

    def _place_post(self, question: Question, handle: Handle) -> ChannelPost:
        async def channel() -> str:
            return await self._channel_for(question, handle)

        return ChannelPost(
            self._rest,
            channel,
            question.claim_key,
            reference=handle.reference,
            typing_channel=_typing_channel(question, handle),
        )

    async def _channel_for(self, question: Question, handle: Handle) -> str:
        place = question.place
        if not handle.thread_on:
            return handle.channel or place.channel
        try:
            return await self._rest.start_thread(
                place.channel, handle.thread_on, thread_name(question)
            )
        except discord.HTTPException as error:
            if not is_out_of_reach(error) and error.code != NO_THREADS_HERE:
                raise
            log.info("no_thread_here", code=error.code)
            return place.channel

    async def _continue_in_thread(self, question: Question, address: Address) -> None:
        """Opens a thread under the response to a shared command, to go on talking there."""
        try:
            await self._rest.start_thread(
                address.channel, address.message_id, thread_name(question)
            )
        except FAILURES as error:
            log.info("no_thread_here", error=named(error))

    async def _whisper(
        self, question: Question, interaction: InteractionPost | None, text: str
    ) -> Retract | None:
        message = Outgoing(shorten(text, TEXT_CHARACTERS))
        if interaction is not None:
            try:
                address = await interaction.whisper(message)
                return partial(interaction.delete, address)
            except Unreachable as error:
                log.info("way_closed", error=str(error))
        handle = Handle.of(question)
        key = f"{question.claim_key}:whisper:{text}"
        if not question.place.community and handle.mode is Mode.MESSAGE:
            post = self._in_place(question, key)
        else:
            post = self.direct_post(question.author.user_id, key)
        try:
            return partial(post.delete, await post.create(0, message))
        except Unreachable:
            await self._ask_to_open_dms(question, key)
            return None

    def _in_place(self, question: Question, key: str) -> ChannelPost:
        async def channel() -> str:
            return question.place.thread or question.place.channel

        return ChannelPost(self._rest, channel, key, reference=Handle.of(question).reference)

    async def _ask_to_open_dms(self, question: Question, key: str) -> None:
        """Says in the open nothing but that there was something to say."""
        sentence = say(
            language_of(question),
            "I have a note for you alone, but I may not write to you. Please allow direct messages "
            "from members of this server, then ask again.",
        )
        try:
            await self._in_place(question, key).create(0, Outgoing(sentence))
        except Unreachable as error:
            log.warning("whisper_undeliverable", event_id=question.event_id, error=str(error))


def _others_read_along(question: Question, handle: Handle) -> bool:
    """Whether the place is no conversation with us alone: also people among themselves, who called
    us in, have no server."""
    among_people = handle.mode is not Mode.MESSAGE and not handle.bot_can_post
    return bool(question.place.community) or among_people


def language_of(question: Question) -> Language:
    """The language of the adapter's own few words."""
    return choose(None, question.text, question.author.locale)


def thread_name(question: Question) -> str:
    text = " ".join(question.text.split())
    if question.command and not text:
        text = " ".join(" ".join(question.command.arguments.values()).split())
    if not text:
        text = say(language_of(question), "Question of {name}", name=question.author.display_name)
    return shorten(text, THREAD_NAME_CHARACTERS)


def _typing_channel(question: Question, handle: Handle) -> str | None:
    if handle.mode is Mode.MESSAGE or handle.bot_can_post:
        return handle.channel or question.place.channel
    return None
