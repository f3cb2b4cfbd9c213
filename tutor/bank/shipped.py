"""Brings the course that ships into the database, whenever it is a new one."""

from datetime import datetime

from storage.courses import change_course, course_by_key
from storage.database import Database
from tutor.bank.starter import KEY, starter_course, starter_digest
from tutor.bank.store import save_course

DIGEST = "digest"


async def bring_in_starter(database: Database, now: datetime) -> None:
    """Saves the starter course unless it is there as it ships; the files are read only then."""
    digest = starter_digest()
    async with database.read() as session:
        known = await course_by_key(session, KEY)
    if known is not None and known.settings.get(DIGEST) == digest:
        return
    async with database.write() as session:
        saved = await save_course(
            session, starter_course(), owner_id=None, community_id=None, now=now
        )
        settings = {**(known.settings if known else {}), DIGEST: digest}
        await change_course(session, saved.course_id, settings=settings)
