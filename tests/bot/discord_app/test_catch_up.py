"""Catching up: a place or message in trouble keeps no other waiting, and nothing is lost."""

from types import SimpleNamespace
from typing import Any, cast

import aiohttp
import discord

from bot.discord_app.rest import Rest
from bot.discord_app.spots import Spots
from tests.bot.discord_app.conftest import Running, Start
from tests.doubles import questions
from tests.doubles.discord_server import DiscordServer
from tests.doubles.discord_world import User, snowflake


async def leave_after_a_word_with(server: DiscordServer, start: Start, *people: User) -> Running:
    bot = await start()
    for person in people:
        await server.dm(person, "hello")
    await server.until(lambda: len(bot.dispatcher.addresses) == len(people))
    await bot.adapter.close()
    return bot


async def test_missed_message_that_nobody_can_read_holds_up_no_other(
    server: DiscordServer, start: Start
) -> None:
    ann, bob = server.user("Ann"), server.user("Bob")
    first = await leave_after_a_word_with(server, start, ann, bob)
    broken = await server.dm(ann, "broken")
    broken["edited_timestamp"] = "never"
    await server.dm(ann, "from Ann")
    await server.dm(bob, "from Bob")
    second = await start(first.dispatcher)
    await server.until(lambda: len(second.dispatcher.addresses) == 4)
    texts = {question.text for question in second.dispatcher.questions}
    assert texts == {"hello", "from Ann", "from Bob"}


async def test_place_that_could_not_be_read_is_caught_up_the_next_time(
    server: DiscordServer, start: Start
) -> None:
    ann, bob = server.user("Ann"), server.user("Bob")
    first = await leave_after_a_word_with(server, start, ann, bob)
    await server.dm(ann, "from Ann")
    await server.dm(bob, "from Bob")
    server.fail("GET", f"/channels/{server.world.dm(ann).id}/messages", status=400)
    second = await start(first.dispatcher)
    await server.until(lambda: len(second.dispatcher.addresses) == 3)
    assert "from Ann" not in [question.text for question in second.dispatcher.questions]
    await server.dm(ann, "live")  # a newer claim than the missed message
    await server.until(lambda: len(second.dispatcher.addresses) == 4)
    await server.invalidate_session()
    await server.until(lambda: len(second.dispatcher.addresses) == 5)
    assert second.dispatcher.questions[-1].text == "from Ann"


async def test_newer_question_in_the_channel_hides_no_missed_one_in_its_thread(
    server: DiscordServer, start: Start
) -> None:
    first = await start()
    ann = server.user("Ann")
    guild = server.guild("School", server.user("Owner"), ann)
    await server.show(guild)
    asked = await server.mention(guild.channels[0], ann, "hello")
    await server.until(lambda: first.dispatcher.addresses)
    await first.adapter.close()
    await server.mention(server.thread_on(asked), ann, "missed in the thread")
    newer = questions.question(
        "elsewhere", community=guild.id, channel=guild.channels[0].id, message_id=snowflake()
    )
    await first.dispatcher.claim(newer)
    second = await start(first.dispatcher)
    await server.until(lambda: len(second.dispatcher.questions) == 3)
    assert second.dispatcher.questions[-1].text == "missed in the thread"


class Unreachable:
    async def channel(self, _: str) -> Any:
        raise aiohttp.ServerDisconnectedError


async def test_message_is_placed_even_if_its_channel_can_not_be_looked_up() -> None:
    channel = discord.PartialMessageable(state=cast(Any, None), id=7, guild_id=1)
    message = SimpleNamespace(
        id=8,
        channel=channel,
        reference=None,
        guild=SimpleNamespace(id=1, filesize_limit=1000),
    )
    spots = Spots(cast(Rest, Unreachable()))
    spot = await spots.spot(cast(discord.Message, message), me=2)
    assert (spot.place.channel, spot.place.thread) == ("7", None)
