"""One at a time: a long unit of work that two processes must not do side by side.

Knows nothing of what is done.
"""

from sqlalchemy import text

from storage.session import Session


async def wait_for_turn(session: Session, name: str) -> None:
    """Holds whoever else waits for this name until the end of this unit of work.

    SQLite has a single writer anyway; PostgreSQL gets an advisory lock of the transaction.
    """
    if session.dialect.name == "postgresql":
        statement = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")
        await session.execute(statement, {"name": name})
