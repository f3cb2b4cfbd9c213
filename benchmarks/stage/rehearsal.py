"""The product in this process: the real adapters, dispatcher and tutor, under a clock of ours.

What a script needs that moves the clock by days; everything else plays against `daoshi serve` as
its operator runs it (`benchmarks.stage.stage`). Without a language model.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.stage.front_ends import Discord, Slack, Terminal
from benchmarks.stage.moved_clock import MovedClock
from benchmarks.stage.platforms import Platforms, platforms
from benchmarks.stage.prepared_model import lend_model
from benchmarks.stage.serving import end_engine
from bot.connections import make_adapters
from bot.dispatch.dispatcher import Dispatcher
from bot.services import Services
from bot.settings import Settings
from bot.wiring import assemble, database_url
from storage.blobs import BlobStore
from storage.database import Database
from storage.migrate import upgrade
from tests.doubles.postgres_server import free_port
from tutor.bank.starter.installing import ensure_starter
from tutor.engine.connect import connect
from tutor.engine.profiles import profile_for
from tutor.language import Language
from tutor.messages import Role

CLOSE_SECONDS = 5.0
SEED = 7


@dataclass
class Rehearsal:
    services: Services
    dispatcher: Dispatcher
    platforms: Platforms
    clock: MovedClock
    folder: Path
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    @property
    def database(self) -> Database:
        return self.services.database

    def terminal(self, name: str, language: Language, *roles: Role) -> Terminal:
        """Somebody at a terminal; one only, since a process has one."""
        files, rights = self.folder / "files", frozenset({Role.LEARNER, *roles})
        front = Terminal(name, language, self.dispatcher, self.clock, files, rights)
        self.dispatcher.register(front.adapter)
        self.run(front.sit())
        return front

    def discord(self, name: str, language: Language) -> Discord:
        return Discord(name, language, self.platforms, self.dispatcher.running)

    def slack(self, name: str, language: Language) -> Slack:
        return Slack(name, language, self.platforms, self.dispatcher.running)

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        self.tasks.append(asyncio.create_task(work))


@asynccontextmanager
async def rehearsal(
    clock: MovedClock, *, embedded: bool = False, operator: str = ""
) -> AsyncIterator[Rehearsal]:
    """Everything connected; everything ended and removed afterwards.

    `embedded`: the embedded model speaks. `operator` is the name of somebody on either platform
    who may do everything.
    """
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="daoshi-accept-")))
        both = await stack.enter_async_context(platforms())
        given = {**both.settings, "DAOSHI_DATA_DIR": str(folder)}
        if embedded:
            lend_model(folder)
            stack.callback(end_engine, folder)
        else:
            given["DAOSHI_ENGINE_URL"] = f"http://127.0.0.1:{free_port()}/v1"
        if operator:
            given["DAOSHI_OPERATORS"] = _operators(both, operator)
        settings = _settings_of(given)
        services = await _services(settings, clock, stack)
        dispatcher = Dispatcher(services)
        adapters = make_adapters(services, dispatcher)
        scene = Rehearsal(services, dispatcher, both, clock, folder)
        for adapter in adapters:
            stack.push_async_callback(adapter.close)
            scene.run(adapter.run())
        scene.run(dispatcher.run())
        stack.push_async_callback(_end, scene)
        await both.until(lambda: all(adapter.ready() for adapter in adapters))
        await both.until(lambda: both.discord.world.commands)
        yield scene


def _operators(both: Platforms, name: str) -> str:
    """That person as the settings name operators; they come into being here."""
    slack = both.slack.state.team, both.slack.user(name)
    return f"discord:{both.discord.user(name).id},slack:{slack[0]}/{slack[1]}"


def _settings_of(environment: Mapping[str, str]) -> Settings:
    """The settings that these variables mean; nothing else of the environment counts."""
    values: Any = {name.lower().removeprefix("daoshi_"): v for name, v in environment.items()}
    values["_env_file"] = None
    return Settings(**values)


async def _services(settings: Settings, clock: MovedClock, stack: AsyncExitStack) -> Services:
    """As `bot.wiring.open_services` makes them, but for the clock and the chance."""
    engine = connect(
        data_dir=settings.data_dir,
        model=settings.model,
        engine_url=settings.engine_url,
        engine_api_key="",
    )
    stack.push_async_callback(engine.close)
    url = database_url(settings)
    await upgrade(url, settings.data_dir / "backups")
    database = await Database.open(url)
    stack.push_async_callback(database.close)
    await ensure_starter(database, clock())
    blobs = BlobStore(settings.data_dir / "blobs")
    profile = profile_for(settings.model)
    services = assemble(settings, database, blobs, engine, profile, clock, Random(SEED))
    stack.push_async_callback(services.close)
    return services


async def _end(scene: Rehearsal) -> None:
    await scene.dispatcher.close(CLOSE_SECONDS)
    for task in scene.tasks:
        task.cancel()
    await asyncio.gather(*scene.tasks, return_exceptions=True)
