"""The database: can it be reached, and is its schema the newest?"""

from pathlib import Path

from sqlalchemy import URL

from bot.doctor.finding import Finding, Level
from storage import migrate
from storage.database import DatabaseUrlInvalid, StorageUnavailable, driver_url
from tutor.i18n import say
from tutor.language import Language


async def schema(url: str, language: Language) -> Finding:
    """Reads only; a database that is not there yet is made by the first start."""
    area = say(language, "Database")
    try:
        address = driver_url(url)
        shown = _shown(address)
        if _is_missing_file(address):
            text = say(language, "{database}: the first start makes it", database=shown)
            return Finding(area, Level.OK, text)
        status = await migrate.status(url)
    except (StorageUnavailable, DatabaseUrlInvalid) as error:
        return Finding(
            area,
            Level.BROKEN,
            say(language, "It can't be reached: {reason}", reason=error),
            say(language, "Check DAOSHI_DATABASE_URL, and whether the database runs."),
        )
    except migrate.SchemaTooNew as error:
        return Finding(
            area,
            Level.BROKEN,
            str(error),
            say(language, "Run the newer Daoshi, or restore a backup made before."),
        )
    if status.pending:
        return Finding(
            area,
            Level.NOTE,
            say(
                language,
                "{database}: {count} migrations are waiting",
                database=shown,
                count=len(status.pending),
            ),
            say(language, "The next start runs them, or now: daoshi db upgrade"),
        )
    text = say(
        language, "{database}: schema {version}, up to date", database=shown, version=status.current
    )
    return Finding(area, Level.OK, text)


def is_missing(url: str) -> bool:
    """Whether the first start has yet to make the database."""
    try:
        return _is_missing_file(driver_url(url))
    except DatabaseUrlInvalid:
        return True


def _shown(address: URL) -> str:
    """The address without user and password."""
    if address.get_backend_name() == "sqlite":
        return f"SQLite {address.database}"
    return f"PostgreSQL {address.host or ''}/{address.database or ''}"


def _is_missing_file(address: URL) -> bool:
    return address.get_backend_name() == "sqlite" and not Path(str(address.database)).exists()
