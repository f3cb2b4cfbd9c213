"""The one place where everything is put together; everything else is given what it needs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from bot.dispatch.dispatcher import Dispatcher
from bot.services import Services
from bot.settings import Settings
from storage.blobs import BlobStore
from storage.database import Database
from storage.migrate import upgrade
from tutor.engine.connect import connect
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
async def open_services(settings: Settings) -> AsyncIterator[Services]:
    """Migrates and opens the database and connects to the text engine; closes both at the end."""
    url = database_url(settings)
    await upgrade(url, settings.data_dir / BACKUP_FOLDER)
    database = await Database.open(url)
    engine = connect(
        data_dir=settings.data_dir,
        model=settings.model,
        engine_url=settings.engine_url,
        engine_api_key=settings.engine_api_key.get_secret_value(),
    )
    try:
        profile = profile_for(settings.model)
        tutor = Tutor(engine, database, profile, now, STRONGER_MODEL)
        blobs = BlobStore(settings.data_dir / BLOB_FOLDER)
        yield Services(settings, database, blobs, engine, tutor, now)
    finally:
        await engine.close()
        await database.close()


def make_dispatcher(services: Services) -> Dispatcher:
    return Dispatcher(services)
