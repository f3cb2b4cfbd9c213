"""Which ways lead to the author of a question: never through others for what is private."""

from datetime import timedelta
from typing import Any, cast

import pytest

from bot.adapter import Address
from bot.discord_app.handles import Handle, Mode
from bot.discord_app.posts import ChannelPost, InteractionPost
from bot.discord_app.rest import Rest
from bot.discord_app.routes import Routes
from bot.render.painter import FormulaPainter
from tests.doubles.questions import press
from tutor.messages import Visibility


class DirectMessages:
    """Opens direct conversations, as far as these tests look."""

    async def open_dm(self, user: str) -> str:
        return f"dm-{user}"


async def forget(_: Address) -> None:
    return None


def ways(mode: Mode, *, with_bot: bool) -> Any:
    handle = Handle(
        mode=mode, channel="77", application="1", token="t", interaction="2", bot_can_post=with_bot
    )
    question = press("choice", channel="77", visibility=Visibility.PRIVATE, handle=handle.stored())
    now = question.received_at + timedelta(seconds=1)
    routes = Routes(cast(Rest, DirectMessages()), cast(FormulaPainter, None), lambda: now)
    return routes.ways(question, forget, pending=True).posts


@pytest.mark.parametrize("mode", [Mode.UPDATE, Mode.ORIGINAL, Mode.NONE])
async def test_private_word_among_people_who_called_us_in_is_for_its_reader_alone(
    mode: Mode,
) -> None:
    *by_interaction, direct = ways(mode, with_bot=False)
    assert isinstance(direct, ChannelPost)
    assert await direct.channel() == "dm-ann"
    assert not any(isinstance(post, ChannelPost) for post in by_interaction)
    if mode is Mode.UPDATE:
        assert [post.ephemeral for post in by_interaction] == [True]


async def test_press_in_a_direct_message_is_answered_there_to_stay() -> None:
    channel, interaction, *_ = ways(Mode.UPDATE, with_bot=True)
    assert isinstance(channel, ChannelPost)
    assert await channel.channel() == "77"
    assert isinstance(interaction, InteractionPost)
    assert not interaction.ephemeral
