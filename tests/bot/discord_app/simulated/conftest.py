"""Daoshi in a simulated Discord: real adapter, dispatcher, commands and database, a fake engine."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.commands import COMMANDS
from bot.discord_app.adapter import DiscordAdapter
from bot.discord_app.surface import Pace
from bot.dispatch.dispatcher import Dispatcher
from bot.services import Services
from bot.settings import Settings
from storage.choices import peek_choice
from storage.database import Database
from storage.migrate import upgrade
from tests.doubles.assembled import assembled
from tests.doubles.fake_adapter import FakeAdapter
from tests.doubles.fake_artist import FakeArtist
from tests.doubles.fake_engine import FakeEngine
from tests.doubles.picture_atlas import an_atlas
from tutor.engine.profiles import ModelProfile, Quality
from tutor.messages import Attachment, Platform

PROFILE = ModelProfile("simulated", frozenset({"en", "zh"}), 2048, Quality.GOOD)
MANAGER = discord.Permissions(manage_guild=True)


@dataclass
class School:
    """A server with one channel, its owner Olga, the admin Adam and the learners Ann and Bob."""

    env: Any
    guild: Any
    channel: Any
    stage: "Stage"
    engine: FakeEngine
    people: Mapping[str, Any] = field(default_factory=dict)  # as members
    users: Mapping[str, Any] = field(default_factory=dict)  # as themselves, in direct messages

    @property
    def ann(self) -> Any:
        return self.people["ann"]

    @property
    def bob(self) -> Any:
        return self.people["bob"]

    @property
    def adam(self) -> Any:
        return self.people["adam"]

    async def done(self) -> None:
        """Returns when everything is answered; or as far as it can be while the engine waits."""
        if self.engine.gate is None or self.engine.gate.is_set():
            await self.stage.dispatcher.idle()
        await self.env.settle()

    async def deliver(self) -> None:
        """Delivers what Daoshi has to say unasked."""
        while await self.stage.dispatcher._delivery.deliver_due():
            pass
        await self.env.settle()

    async def find(self, message: Any, action: str) -> str:
        """The custom id of the first button of a message that has this action."""
        async with self.stage.services.database.read() as session:
            for custom_id in buttons(message).values():
                option = await peek_choice(session, custom_id)
                if option is not None and option.action == action:
                    return custom_id
        raise AssertionError(f"no button {action} in {buttons(message)}")

    def wait(self, **time: float) -> None:
        """Lets time pass for whatever expires."""
        self.stage.clock[0] += timedelta(**time)

    async def ask(self, text: str = "What is gravity?", who: Any = None) -> discord.Message:
        """A learner mentions Daoshi in the channel; returns the answer in its thread."""
        who = who or self.ann
        before = {thread.id for thread in self.channel.threads}
        await who.send(self.channel, f"<@{self.env.bot.user.id}> {text}")
        await self.done()
        (thread,) = [t for t in self.channel.threads if t.id not in before]
        return own(self, thread)[-1]

    async def slash(self, who: Any, name: str, /, **options: Any) -> Any:
        """A command in the channel, and everything that it was answered with."""
        result = await who.slash(self.channel, name, **options)
        await self.done()
        return result

    async def click(self, who: Any, message: Any, custom_id: str) -> Any:
        result = await who.click(message, custom_id=custom_id)
        await self.done()
        return result

    async def submit(self, who: Any, shown: Any, values: dict[str, Any]) -> Any:
        result = await who.submit_modal(shown, values)
        await self.done()
        return result


def own(school: School, channel: Any) -> list[discord.Message]:
    """What Daoshi has written in a channel or thread."""
    me = school.env.bot.user.id
    return [message for message in channel.history() if message.author.id == me]


def said(result: Any) -> str:
    """Everything that the answer to an interaction says."""
    shown = [result.response, *result.followups]
    return "\n".join(message.content for message in shown if message is not None)


def buttons(message: Any) -> dict[str, str]:
    """Label (or emoji) → custom id of a message's buttons."""
    found = {}
    for row in message.components:
        children = row["components"] if isinstance(row, dict) else row.children
        for child in children:
            if not isinstance(child, dict):
                child = child.to_dict()
            if child["type"] == discord.ComponentType.button.value:
                found[child.get("label") or child["emoji"]["name"]] = child["custom_id"]
    return found


@dataclass
class Stage:
    """What stands behind the platform. `clock` is the time that choices and claims go by."""

    dispatcher: Dispatcher
    services: Services
    adapter: DiscordAdapter
    slack: FakeAdapter
    clock: list[datetime]


class SimulatedAdapter(DiscordAdapter):
    """Files come from the simulator, which has no address that could be fetched from."""

    async def fetch(self, attachment: Attachment, limit_bytes: int) -> bytes:
        assert self._client is not None
        return await self._client.http.get_from_cdn(attachment.reference)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database with the newest schema, to be copied for each test."""
    folder = tmp_path_factory.mktemp("migrated")
    asyncio.run(upgrade(f"sqlite:///{folder / 'daoshi.db'}", folder))
    return folder / "daoshi.db"


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
async def stage(tmp_path: Path, migrated: Path, engine: FakeEngine) -> AsyncIterator[Stage]:
    shutil.copy(migrated, tmp_path / "daoshi.db")
    database = await Database.open(f"sqlite:///{tmp_path / 'daoshi.db'}")
    settings = Settings(data_dir=tmp_path, _env_file=None)
    clock = [datetime.now(UTC)]

    def now() -> datetime:
        return clock[0]

    services = assembled(
        database,
        engine,
        now,
        tmp_path,
        settings=settings,
        profile=PROFILE,
        atlas=an_atlas(),
        artist=FakeArtist(),
    )
    dispatcher = Dispatcher(services, quiet_seconds=0.0)
    pace = Pace(first=0.01, edit=0.01, typing=86_400.0)
    adapter = SimulatedAdapter(settings, dispatcher, COMMANDS, now=now, pace=pace)
    slack = FakeAdapter(Platform.SLACK)
    dispatcher.register(adapter)
    dispatcher.register(slack)
    yield Stage(dispatcher, services, adapter, slack, clock)
    await adapter.close()
    await database.close()


@pytest.fixture
def simcord_bot(stage: Stage) -> discord.Client:
    return stage.adapter.build_client()


@pytest.fixture
async def school(simcord_env: Any, stage: Stage, engine: FakeEngine) -> AsyncIterator[School]:
    env = simcord_env
    guild = env.create_guild("School", owner=env.create_user("Olga"))
    users = {name: env.create_user(name.title()) for name in ("ann", "bob", "adam")}
    people = {name: guild.add_member(users[name]) for name in ("ann", "bob")}
    managers = guild.create_role("Managers", permissions=MANAGER)
    people["adam"] = guild.add_member(users["adam"], roles=[managers])
    channel = guild.create_text_channel("general")
    await env.settle()
    yield School(env, guild, channel, stage, engine, people, users)
    await stage.dispatcher.close(1.0)
