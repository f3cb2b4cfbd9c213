"""The whole path of a message: loopback Discord, adapter, dispatcher, database, fake engine."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.commands import COMMANDS
from bot.discord_app.adapter import DiscordAdapter
from bot.dispatch.dispatcher import Dispatcher
from bot.wiring import now
from storage.database import Database
from storage.migrate import upgrade
from tests.bot.discord_app.conftest import FAST, SHORT, make_settings
from tests.doubles.assembled import assembled
from tests.doubles.discord_server import DiscordServer
from tests.doubles.fake_engine import FakeEngine
from tutor.engine.profiles import ModelProfile, Quality

PROFILE = ModelProfile("whole", frozenset({"en", "zh"}), 2048, Quality.GOOD)


@dataclass
class Life:
    """One run of the program."""

    dispatcher: Dispatcher
    adapter: DiscordAdapter
    engine: FakeEngine
    tasks: list[asyncio.Task[None]]


@asynccontextmanager
async def living(
    server: DiscordServer, folder: Path, engine: FakeEngine, quiet_seconds: float
) -> AsyncIterator[Life]:
    url = f"sqlite:///{folder / 'daoshi.db'}"
    await upgrade(url, folder / "backups")
    database = await Database.open(url)
    settings = make_settings(server, folder)
    services = assembled(database, engine, now, folder, settings=settings, profile=PROFILE)
    dispatcher = Dispatcher(services, quiet_seconds=quiet_seconds)
    adapter = DiscordAdapter(settings, dispatcher, COMMANDS, pace=FAST, waits=SHORT)
    dispatcher.register(adapter)
    tasks = [asyncio.create_task(adapter.run()), asyncio.create_task(dispatcher.run())]
    await server.until(lambda: adapter.ready() and server.world.commands)
    try:
        yield Life(dispatcher, adapter, engine, tasks)
    finally:
        await dispatcher.close(1.0)
        await adapter.close()
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        await database.close()


@pytest.fixture
async def live(server: DiscordServer, tmp_path: Path) -> AsyncIterator[Any]:
    async with AsyncExitStack() as stack:

        async def begin(engine: FakeEngine | None = None, quiet_seconds: float = 0.3) -> Life:
            life = living(server, tmp_path, engine or FakeEngine(), quiet_seconds)
            return await stack.enter_async_context(life)

        yield begin


async def test_burst_of_short_messages_gets_one_answer(server: DiscordServer, live: Any) -> None:
    life = await live()
    ann = server.user("Ann")
    for text in ("hi", "why is", "the sky", "blue?"):
        await server.dm(ann, text)
    await server.until(lambda: server.dms(ann))
    await life.dispatcher.idle()
    (answer,) = server.dms(ann)
    assert "blue?" in answer["content"]
    assert not server.violations


async def test_burst_of_mentions_gets_one_answer_in_one_thread(
    server: DiscordServer, live: Any
) -> None:
    life = await live()
    ann = server.user("Ann")
    guild = server.guild("School", server.user("Owner"), ann)
    await server.show(guild)
    general = guild.channels[0]
    sent = [await server.mention(general, ann, text) for text in ("hi", "why is", "it blue?")]
    await server.until(lambda: sent[-1]["id"] in server.world.channels)
    await life.dispatcher.idle()
    assert len(guild.threads) == 1
    assert len(server.messages(guild.threads[0])) == 1


async def test_fifty_conversations_at_once_are_each_answered_once(
    server: DiscordServer, live: Any
) -> None:
    life = await live(quiet_seconds=0.1)
    people = [server.user(f"Ann{number}") for number in range(50)]
    for person in people:
        await server.dm(person, f"I am {person.name}")
    used = [await server.slash(server.world.dm(person), person, "help") for person in people]
    await server.until(lambda: all(len(server.dms(person)) == 2 for person in people), 60)
    await life.dispatcher.idle()
    for person in people:
        texts = [message["content"] for message in server.dms(person)]
        assert sum(f"I am {person.name}" in text for text in texts) == 1
        assert len(texts) == 2
    assert all(interaction.response == 5 for interaction in used)
    assert not server.violations


async def test_reply_cut_by_a_shutdown_says_so_in_its_own_message(
    server: DiscordServer, live: Any
) -> None:
    engine = FakeEngine(gate=asyncio.Event())
    first = await live(engine)
    ann = server.user("Ann")
    await server.dm(ann, "What is gravity?")
    await server.until(lambda: server.dms(ann))  # half an answer is there
    (begun,) = server.dms(ann)
    await first.dispatcher.close(0.0)
    assert [m["id"] for m in server.dms(ann)] == [begun["id"]]
    assert "interrupted" in server.dms(ann)[0]["content"]


async def test_unexpected_words_of_a_model_ping_nobody(server: DiscordServer, live: Any) -> None:
    await live(FakeEngine("@everyone <@&5> <@7> @here look"))
    ann = server.user("Ann")
    await server.dm(ann, "ping everybody")
    (answer,) = await server.until(lambda: server.dms(ann))
    assert "@everyone" not in answer["content"]
    assert "<@7>" not in answer["content"]
    for request in server.requests:
        if request.path.endswith("/messages") and request.method == "POST":
            assert request.body["allowed_mentions"]["parse"] == []
