"""Opens what a command works on: the migrated database, and people by their written identity."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import click

from bot.settings import Settings
from bot.terminal.adapter import WORKSPACE
from storage.database import Database, Session
from storage.learners import find_identity
from tutor.i18n import say
from tutor.language import Language
from tutor.messages import Platform

T = TypeVar("T")


async def with_database(settings: Settings, use: Callable[[Database], Awaitable[T]]) -> T:
    """Migrates and opens the database for one use."""
    from bot.wiring import BACKUP_FOLDER, database_url
    from storage.migrate import upgrade

    url = database_url(settings)
    await upgrade(url, settings.data_dir / BACKUP_FOLDER)
    database = await Database.open(url)
    try:
        return await use(database)
    finally:
        await database.close()


async def learner_id_of(session: Session, person: str, language: Language) -> str:
    """The learner behind `discord:ID`, `slack:TEAM/ID` or `terminal:NAME`.

    Raises click.ClickException with a sentence if it is written otherwise, or nobody is known.
    """
    platform, colon, rest = person.partition(":")
    if not colon or platform not in list(Platform) or not rest:
        raise click.ClickException(
            say(
                language,
                "Write a person as discord:USER_ID, slack:TEAM_ID/USER_ID or terminal:NAME.",
            )
        )
    workspace, slash, user = rest.partition("/")
    if platform != Platform.SLACK or not slash:
        workspace, user = (WORKSPACE if platform == Platform.TERMINAL else ""), rest
    identity = await find_identity(session, platform, workspace, user)
    if identity is None:
        raise click.ClickException(say(language, "Nobody is known as {person}.", person=person))
    return identity.learner_id
