"""The one place where everything is put together; everything else is given what it needs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime

from bot.dispatch.dispatcher import Dispatcher
from bot.services import Services
from bot.settings import Settings
from storage.blobs import BlobStore
from storage.database import Database
from storage.migrate import upgrade
from tutor.engine.connect import connect
from tutor.engine.contract import Engine
from tutor.engine.profiles import profile_for
from tutor.tutor import Tutor

SQLITE_FILE = "daoshi.db"
STRONGER_MODEL = "Qwen/Qwen3-4B-Instruct-2507"  # speaks English and Chinese, Apache-2.0
BLOB_FOLDER = "blobs"
BACKUP_FOLDER = "backups"


def now() -> datetime:
    return datetime.now(UTC)


def database_url(settings: Settings) -> str:
    """The configured database, or SQLite in the data folder."""
    return settings.database_url or f"sqlite:///{settings.data_dir / SQLITE_FILE}"


@asynccontextmanager
async def open_services(
    settings: Settings, *, wake_engine: bool = False
) -> AsyncIterator[Services]:
    """Connects to the text engine, migrates and opens the database; closes both at the end.

    `wake_engine` starts the engine first, so that it loads its model while the rest gets ready.
    """
    async with AsyncExitStack() as stack:
        engine = connect(
            data_dir=settings.data_dir,
            model=settings.model,
            engine_url=settings.engine_url,
            engine_api_key=settings.engine_api_key.get_secret_value(),
        )
        stack.push_async_callback(engine.close)
        if wake_engine:
            await stack.enter_async_context(_waking(engine))
        url = database_url(settings)
        await upgrade(url, settings.data_dir / BACKUP_FOLDER)
        database = await Database.open(url)
        stack.push_async_callback(database.close)
        tutor = Tutor(engine, database, profile_for(settings.model), now, STRONGER_MODEL)
        blobs = BlobStore(settings.data_dir / BLOB_FOLDER)
        yield Services(settings, database, blobs, engine, tutor, now)


@asynccontextmanager
async def _waking(engine: Engine) -> AsyncIterator[None]:
    """Asks for the engine's health meanwhile, which starts it; what fails shows at first use."""
    waking = asyncio.create_task(engine.health())
    await asyncio.sleep(0)
    try:
        yield
    finally:
        waking.cancel()
        await asyncio.gather(waking, return_exceptions=True)


def make_dispatcher(services: Services) -> Dispatcher:
    return Dispatcher(services)
