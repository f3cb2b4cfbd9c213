"""Puts the starter course into a database, and brings it up to date after an upgrade."""

from datetime import datetime

from storage import courses
from storage.database import Database, Session
from storage.exclusive import wait_for_turn
from tutor.bank.pictures import pictures_digest, with_pictures
from tutor.bank.starter import KEY, starter_course, starter_digest
from tutor.bank.store import Saved, save_course
from tutor.images.concepts import Concepts

DIGEST = "digest"


async def ensure_starter(
    database: Database, now: datetime, concepts: Concepts | None = None
) -> Saved | None:
    """Installs or updates the starter course; None where it is there as it should be.

    `concepts` are what can be drawn here: with them, naming pictures is a part of the course.

    Compares a digest first, so that a start costs a single query. An archived course stays
    archived; it is brought up to date all the same.
    """
    digest = starter_digest()
    if concepts is not None:
        digest = f"{digest}+{pictures_digest(concepts)}"
    async with database.read() as session:
        if await _is_current(session, digest):
            return None
    async with database.long_write() as session:
        await wait_for_turn(session, KEY)
        if await _is_current(session, digest):
            return None
        course = starter_course()
        if concepts is not None:
            course = with_pictures(course, concepts)
        saved = await save_course(session, course, owner_id=None, community_id=None, now=now)
        await _note(session, saved.course_id, digest)
        return saved


async def _is_current(session: Session, digest: str) -> bool:
    stored = await courses.course_by_key(session, KEY)
    return stored is not None and stored.settings.get(DIGEST) == digest


async def _note(session: Session, course_id: str, digest: str) -> None:
    """Written with the course, in one transaction: an interrupted start begins again."""
    stored = await courses.course_by_id(session, course_id)
    assert stored is not None, course_id
    await courses.change_course(session, course_id, settings={**stored.settings, DIGEST: digest})
