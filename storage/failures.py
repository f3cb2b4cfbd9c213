"""Tells a database that can't be reached from a statement that is wrong.

The first is nobody's bug and passes: it becomes `StorageUnavailable`, and callers try again later.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError, TimeoutError


class StorageUnavailable(Exception):
    """The database is locked for too long, away or full. Nothing of the transaction was kept."""


SQLITE_PASSING = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_NOTADB,
}
POSTGRESQL_PASSING_CLASSES = ("08", "40", "53", "58")  # connection, rollback, resources, system
POSTGRESQL_PASSING = {
    "55P03",  # lock not available
    "57014",  # cancelled by the statement timeout
    "57P01",  # shut down by an administrator
    "57P02",  # crashed
    "57P03",  # starting up or in recovery
    "57P05",  # idle for too long
}


def is_passing(error: SQLAlchemyError) -> bool:
    """Whether the database, and not the statement, is what failed."""
    if isinstance(error, TimeoutError):  # no connection of the pool came free
        return True
    if not isinstance(error, DBAPIError):
        return False
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorcode", 0) & 0xFF in SQLITE_PASSING
    state = getattr(cause, "sqlstate", None) or ""
    return (
        error.connection_invalidated
        or state[:2] in POSTGRESQL_PASSING_CLASSES
        or state in POSTGRESQL_PASSING
    )


@contextmanager
def passing_failures(*connecting: type[Exception]) -> Iterator[None]:
    """Turns what passes into StorageUnavailable; `connecting` are a driver's bare exceptions."""
    try:
        yield
    except SQLAlchemyError as error:
        if is_passing(error):
            raise StorageUnavailable(describe(error)) from error
        raise
    except connecting as error:
        raise StorageUnavailable(describe(error)) from error


def describe(error: BaseException) -> str:
    """The driver's own words, without the statement or its parameters."""
    cause = getattr(error, "orig", None) or error
    return f"The database is not available: {cause or type(cause).__name__}"
