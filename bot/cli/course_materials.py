"""`daoshi course upload|materials`: the documents that answers in a course may cite."""

from mimetypes import guess_type
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.course_members import course_id_of
from bot.cli.records import with_database
from bot.cli.start import language, leave, run, start
from bot.cli.tables import show_rows
from bot.wiring import BLOB_FOLDER, now
from storage.database import Database
from tutor.i18n import mark, say

if TYPE_CHECKING:
    from storage.materials import Material


@click.command(help=mark("Bring FILE into the course with this KEY; a worker reads it."))
@click.argument("key")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def upload(key: str, file: Path) -> None:
    from storage.blobs import BlobStore
    from storage.materials import MOST_SHOWN, MaterialScope
    from tutor.knowledge.attachments import Problem
    from tutor.knowledge.filing import FiledAlready, ShelfFull, file_material
    from tutor.knowledge.material import MAX_FILE_BYTES, explain_unread

    settings, size = start(log_to="cli"), file.stat().st_size
    if not 0 < size <= MAX_FILE_BYTES:
        problem = Problem.TOO_LARGE if size else Problem.EMPTY
        leave(explain_unread(problem, file.name, language()))

    async def filed(database: Database) -> None:
        async with database.read() as session:
            course_id = await course_id_of(session, key)
        blob = await BlobStore(settings.data_dir / BLOB_FOLDER).put_file(file)
        async with database.write() as session:
            await file_material(
                session,
                blob,
                scope=MaterialScope((course_id,)),
                name=file.name,
                media_type=guess_type(file.name)[0] or "",
                uploaded_by=None,
                now=now(),
                most=MOST_SHOWN,
            )

    try:
        run(with_database(settings, filed), ShelfFull, FiledAlready)
    except ShelfFull:
        leave(say(language(), "There are {count} documents already.", count=MOST_SHOWN))
    except FiledAlready:
        leave(say(language(), "“{name}” is there already: {place}.", name=file.name, place=key))
    click.echo(
        say(
            language(),
            "Stored. A worker reads it next; `daoshi course materials {key}` shows how that went.",
            key=key,
        )
    )


@click.command(help=mark("List the documents of the course with this KEY."))
@click.argument("key")
@click.option("--json", "as_json", is_flag=True, help=mark("One JSON object for each line."))
def materials(key: str, as_json: bool) -> None:
    async def kept(database: Database) -> "list[Material]":
        from storage.materials import MaterialScope, materials_in

        async with database.read() as session:
            course_id = await course_id_of(session, key)
            return await materials_in(session, MaterialScope((course_id,)))

    rows: list[dict[str, object]] = [
        {
            "name": one.name,
            "state": one.state,
            "pages": one.pages,
            "error": one.error,
            "uploaded": f"{one.uploaded_at:%Y-%m-%d %H:%M}",
        }
        for one in run(with_database(start(log_to="cli"), kept))
    ]
    show_rows(rows, as_json=as_json, nothing=say(language(), "There are no documents."))
