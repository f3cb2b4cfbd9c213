"""Connecting, losing the connection and coming back without losing or repeating anything."""

import asyncio
from pathlib import Path

import pytest

from bot.discord_app.adapter import DiscordAdapter
from bot.discord_app.client import DaoshiClient
from bot.discord_app.supervisor import DiscordIntentsRefused, DiscordTokenRefused, back_off
from tests.bot.discord_app.conftest import FAST, SHORT, Running, Start, make_settings
from tests.doubles.discord_server import DiscordServer
from tests.doubles.fake_dispatcher import FakeDispatcher, as_dispatcher


async def exchange(server: DiscordServer, bot: Running, text: str = "still there?") -> None:
    """Asks in a new conversation and waits for the answer."""
    ann = server.user("Ann")
    await server.dm(ann, text)
    (answer,) = await server.until(lambda: server.dms(ann))
    assert answer["content"] == f"You said: {text}"


@pytest.mark.parametrize("compression", ["zlib-stream", "zstd-stream"])
async def test_both_compressions_of_the_gateway_are_understood(
    server: DiscordServer, start: Start, monkeypatch: pytest.MonkeyPatch, compression: str
) -> None:
    import zlib

    from discord import utils

    class Zlib:
        COMPRESSION_TYPE = "zlib-stream"

        def __init__(self) -> None:
            self._stream = zlib.decompressobj()

        def decompress(self, data: bytes) -> str:
            return self._stream.decompress(data).decode()

    if compression == "zlib-stream":
        monkeypatch.setattr(utils, "_ActiveDecompressionContext", Zlib)
    bot = await start()
    await exchange(server, bot)
    assert server.gateway.compressions == [compression]


async def test_no_privileged_intent_is_asked_for(server: DiscordServer, bot: Running) -> None:
    (session,) = server.gateway.sessions.values()
    assert not session.intents & (1 << 1 | 1 << 8 | 1 << 15)


async def test_closed_gateway_is_resumed_with_what_was_missed(
    server: DiscordServer, bot: Running
) -> None:
    ann = server.user("Ann")
    await server.close_gateway(1006)
    await server.dm(ann, "said while away")
    await server.until(lambda: server.dms(ann))
    assert [p["op"] for p in server.gateway.log if p["op"] in (2, 6)] == [2, 6]
    assert len(bot.dispatcher.questions) == 1
    await server.until(bot.adapter.ready)


async def test_reconnect_request_is_followed(server: DiscordServer, bot: Running) -> None:
    await server.reconnect()
    await server.until(lambda: any(p["op"] == 6 for p in server.gateway.log))
    await exchange(server, bot)


async def test_invalid_session_is_begun_anew_and_caught_up(
    server: DiscordServer, bot: Running
) -> None:
    ann = server.user("Ann")
    await server.dm(ann, "one")
    await server.until(lambda: server.dms(ann))
    await server.invalidate_session()
    await server.dm(ann, "two")  # no session is there to hear it
    await server.until(lambda: len(server.dms(ann)) == 2)
    assert [q.text for q in bot.dispatcher.questions] == ["one", "two"]
    assert [p["op"] for p in server.gateway.log if p["op"] in (2, 6)] == [2, 2]


async def test_restart_catches_up_threads_channels_and_direct_messages(
    server: DiscordServer, start: Start
) -> None:
    first = await start()
    ann = server.user("Ann")
    guild = server.guild("School", server.user("Owner"), ann)
    await server.show(guild)
    general = guild.channels[0]
    await server.dm(ann, "hello")
    asked = await server.mention(general, ann, "hello")
    await server.until(lambda: len(first.dispatcher.addresses) == 2)
    await first.adapter.close()
    await server.dm(ann, "missed in private")
    await server.mention(general, ann, "missed in the channel")
    await server.mention(server.thread_on(asked), ann, "missed in the thread")
    await server.message(general, ann, "not for us")
    second = await start(first.dispatcher)
    await server.until(lambda: len(second.dispatcher.addresses) == 5)
    texts = [q.text for q in second.dispatcher.questions]
    assert sorted(texts) == [
        "hello",
        "hello",
        "missed in private",
        "missed in the channel",
        "missed in the thread",
    ]
    await second.dispatcher.idle()
    assert len(server.dms(ann)) == 2


async def test_malformed_event_is_dropped_and_the_session_lives(
    server: DiscordServer, bot: Running
) -> None:
    await server.gateway.dispatch_raw("MESSAGE_CREATE", {"id": "nonsense"})
    await server.gateway.dispatch_raw("INTERACTION_CREATE", {"type": 3})
    await exchange(server, bot)
    assert [p["op"] for p in server.gateway.log if p["op"] in (2, 6)] == [2]


async def test_malformed_ready_is_survived_by_a_new_client(
    server: DiscordServer, start: Start
) -> None:
    real = server.gateway._identify
    broken = iter([True])

    async def identify(wire, data) -> None:
        if next(broken, False):
            await wire.send({"op": 0, "t": "READY", "s": 1, "d": {"user": 5}})
        else:
            await real(wire, data)

    server.gateway._identify = identify  # type: ignore[method-assign]
    bot = await start()
    await exchange(server, bot)


async def test_refused_token_ends_with_what_to_do(server: DiscordServer, start: Start) -> None:
    bot = await start(ready=False, discord_token="wrong.token.here")
    with pytest.raises(DiscordTokenRefused, match="DISCORD_TOKEN"):
        await bot.task


async def test_token_refused_by_the_gateway_ends_with_what_to_do(
    server: DiscordServer, bot: Running
) -> None:
    await server.close_gateway(4004)
    with pytest.raises(DiscordTokenRefused, match="DISCORD_TOKEN"):
        await bot.task


async def test_refused_intent_ends_with_what_to_do(server: DiscordServer, start: Start) -> None:
    bot = await start(ready=False, discord_message_content=True)
    with pytest.raises(DiscordIntentsRefused, match="DAOSHI_DISCORD_MESSAGE_CONTENT"):
        await bot.task


async def test_login_is_tried_again_while_discord_fails(
    server: DiscordServer, start: Start
) -> None:
    server.fail("GET", "/users/@me", status=400, times=1)
    server.fail("GET", "/gateway/bot", status=403, times=1)
    bot = await start()
    await exchange(server, bot)


async def test_unexpected_end_of_a_client_is_followed_by_another(
    server: DiscordServer, bot: Running
) -> None:
    client = bot.adapter._client
    assert isinstance(client, DaoshiClient)
    await client.close()
    await server.until(lambda: bot.adapter._client is not client and bot.adapter.ready())
    await exchange(server, bot)


async def test_commands_are_registered_only_when_they_changed(
    server: DiscordServer, start: Start
) -> None:
    first = await start()
    await first.adapter.close()
    await start()
    await server.until(lambda: _registrations(server, "GET"))
    assert len(_registrations(server, "PUT")) == 1


async def test_lost_commands_are_registered_again(server: DiscordServer, start: Start) -> None:
    first = await start()
    await first.adapter.close()
    server.world.commands = []
    await start()
    assert len(_registrations(server, "PUT")) == 2


def _registrations(server: DiscordServer, method: str) -> list[str]:
    return [r.path for r in server.requests if r.method == method and "/commands" in r.path]


async def test_two_bots_of_one_process_use_their_own_addresses(
    server: DiscordServer, bot: Running, tmp_path: Path
) -> None:
    async with DiscordServer() as other:
        dispatcher = FakeDispatcher()
        settings = make_settings(other, tmp_path)
        adapter = DiscordAdapter(settings, as_dispatcher(dispatcher), (), pace=FAST, waits=SHORT)
        dispatcher.register(adapter)
        running = asyncio.create_task(adapter.run())
        await other.until(adapter.ready)
        await exchange(server, bot, "one")
        await exchange(other, Running(other, adapter, dispatcher, running), "two")
        assert [q.text for q in bot.dispatcher.questions] == ["one"]
        assert [q.text for q in dispatcher.questions] == ["two"]
        await adapter.close()
        running.cancel()


def test_pauses_grow_to_two_minutes_and_differ() -> None:
    pauses = [back_off(failures) for failures in range(1, 20)]
    assert all(0.5 <= pause <= 120 for pause in pauses)
    assert max(pauses) >= 60
    assert len({back_off(5) for _ in range(10)}) > 1


async def test_readiness_follows_the_connection(server: DiscordServer, bot: Running) -> None:
    assert bot.adapter.ready()
    server.gateway.refuse_handshakes = 1
    await server.close_gateway(1006)
    await server.until(lambda: not bot.adapter.ready())
