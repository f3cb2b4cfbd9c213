"""`daoshi course members|role`: who belongs to a course, and as what."""

import click

from bot.cli.records import learner_id_of, with_database
from bot.cli.start import language, leave, run, start
from bot.cli.tables import show_rows
from bot.wiring import now
from storage.database import Database, Session
from tutor.i18n import mark, say

ROLES = ("learner", "teacher", "teacher-names", "none")


@click.command(help=mark("List the members of the course with this KEY."))
@click.argument("key")
@click.option("--json", "as_json", is_flag=True, help=mark("One JSON object for each line."))
def members(key: str, as_json: bool) -> None:
    async def rows(database: Database) -> list[dict[str, object]]:
        from storage.members import members_of, names_of

        async with database.read() as session:
            course_id = await course_id_of(session, key)
            names = await names_of(session, course_id)
            return [
                {
                    "name": names[one.learner_id],
                    "alias": one.alias,
                    "role": one.role,
                    "group": one.group,
                    "sees_names": one.sees_names,
                }
                for one in await members_of(session, course_id)
            ]

    found = run(with_database(start(log_to="cli"), rows))
    show_rows(found, as_json=as_json, nothing=say(language(), "Nobody has joined yet."))


@click.command(help=mark("Make PERSON a learner or teacher of the course with this KEY."))
@click.argument("key")
@click.argument("person")
@click.argument("role", type=click.Choice(ROLES))
def role(key: str, person: str, role: str) -> None:
    async def change(database: Database) -> None:
        from storage.members import LEARNER, TEACHER, add_member, change_member, remove_member

        async with database.write() as session:
            course_id = await course_id_of(session, key)
            learner_id = await learner_id_of(session, person, language())
            if role == "none":
                await remove_member(session, course_id, learner_id)
                return
            await add_member(session, course_id, learner_id, now=now())
            await change_member(
                session,
                course_id,
                learner_id,
                role=LEARNER if role == LEARNER else TEACHER,
                sees_names=role == "teacher-names",
            )

    run(with_database(start(log_to="cli"), change))
    click.echo(say(language(), "Saved."))


async def course_id_of(session: Session, key: str) -> str:
    """The id of the course with this key; leaves with a sentence where there is none."""
    from storage.courses import course_by_key

    course = await course_by_key(session, key)
    if course is None:
        leave(say(language(), "There is no course {key}.", key=key))
    return course.id
