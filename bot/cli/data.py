"""`daoshi data`, `backup`, `restore` and `db`: what is stored, whole or of one person."""

import json
from pathlib import Path

import click

from bot.cli.records import learner_id_of, with_database
from bot.cli.start import language, leave, run, start
from storage.database import Database
from tutor.i18n import mark, say, say_count


@click.group(help=mark("Export or delete what is stored about one person."))
def data() -> None:
    """Holds the commands."""


@data.command(help=mark("Write everything stored about PERSON as JSON, with their files."))
@click.argument("person")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help=mark("The file to write; standard output if left out."),
)
def export(person: str, output: Path | None) -> None:
    from bot.wiring import BLOB_FOLDER, now
    from storage.blobs import BlobStore
    from storage.export import export_learner

    settings = start(log_to="cli")

    async def exported(database: Database) -> dict[str, object]:
        blobs = BlobStore(settings.data_dir / BLOB_FOLDER)
        async with database.long_read() as session:
            learner_id = await learner_id_of(session, person, language())
            return await export_learner(session, learner_id, now(), blobs)

    text = json.dumps(run(with_database(settings, exported)), ensure_ascii=False, indent=2)
    if output is None:
        click.echo(text)
    else:
        output.write_text(text, encoding="utf-8")
        output.chmod(0o600)
        click.echo(say(language(), "Written: {file}", file=output), err=True)


@data.command(help=mark("Delete or anonymise everything stored about PERSON."))
@click.argument("person")
@click.option("--yes", is_flag=True, help=mark("Do not ask."))
def delete(person: str, yes: bool) -> None:
    from bot.wiring import now
    from storage.erase import erase_learner
    from tutor.tuning.withdrawal import withdraw

    settings = start(log_to="cli")
    if not yes:
        sentence = say(language(), "Delete everything about {person} for good?", person=person)
        click.confirm(sentence, abort=True)

    async def erased(database: Database) -> bool:
        async with database.long_write() as session:
            learner_id = await learner_id_of(session, person, language())
            await withdraw(session, learner_id, now(), operators=settings.operators)
            return await erase_learner(session, learner_id, now())

    run(with_database(settings, erased))
    click.echo(
        say(language(), "Deleted. A backup from before forgets it again when it is restored.")
    )


@click.command(help=mark("Write database and files into one FILE; it fits every database."))
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path | None) -> None:
    from bot.wiring import BACKUP_FOLDER, BLOB_FOLDER, now
    from storage.backup import backup as write_backup
    from storage.blobs import BlobMissing, BlobStore

    settings = start(log_to="cli")
    moment = now()
    target = file or settings.data_dir / BACKUP_FOLDER / f"by-hand-{moment:%Y%m%dT%H%M%S}.tar"
    target.parent.mkdir(parents=True, exist_ok=True)

    async def written(database: Database) -> int:
        blobs = BlobStore(settings.data_dir / BLOB_FOLDER)
        return len((await write_backup(database, blobs, target, moment)).members)

    try:
        run(with_database(settings, written), BlobMissing)
    except BlobMissing as error:
        leave(say(language(), "A stored file is missing: {reason}", reason=error))
    click.echo(str(target))


@click.command(help=mark("Put everything back as it is in FILE. End serve and worker first."))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help=mark("Do not ask."))
def restore(file: Path, yes: bool) -> None:
    from bot.wiring import BACKUP_FOLDER, BLOB_FOLDER, database_url, now
    from storage.archive import ArchiveDamaged
    from storage.backup import Restored
    from storage.backup import restore as read_backup
    from storage.blobs import BlobStore

    settings = start(log_to="cli")
    if not yes:
        question = say(language(), "Replace what is stored now by what is in {file}?", file=file)
        click.confirm(question, abort=True)

    async def restored() -> Restored:
        blobs = BlobStore(settings.data_dir / BLOB_FOLDER)
        return await read_backup(
            file, database_url(settings), blobs, settings.data_dir / BACKUP_FOLDER, now()
        )

    try:
        result = run(restored(), ArchiveDamaged)
    except ArchiveDamaged as error:
        leave(say(language(), "The file can't be used: {reason}", reason=error))
    click.echo(
        say(
            language(),
            "Restored the state of {time}: {rows} records and {files} files.",
            time=result.created_at,
            rows=result.rows,
            files=result.blobs,
        )
    )
    if result.erased_again:
        click.echo(
            say_count(
                language(),
                "{count} person who was deleted since then was deleted again.",
                "{count} people who were deleted since then were deleted again.",
                result.erased_again,
            )
        )
    if result.set_aside:
        click.echo(say(language(), "What was there before: {file}", file=result.set_aside))


@click.group(help=mark("Look after the database."))
def db() -> None:
    """Holds the commands."""


@db.command(help=mark("Bring the database to the newest schema; data is backed up first."))
def upgrade() -> None:
    from bot.wiring import BACKUP_FOLDER, database_url
    from storage.migrate import Upgrade
    from storage.migrate import upgrade as run_migrations

    settings = start(log_to="cli")

    async def upgraded() -> Upgrade:
        return await run_migrations(database_url(settings), settings.data_dir / BACKUP_FOLDER)

    result = run(upgraded())
    if result.before == result.after:
        click.echo(say(language(), "The schema {version} is the newest.", version=result.after))
        return
    click.echo(say(language(), "Upgraded to the schema {version}.", version=result.after))
    if result.backup:
        click.echo(say(language(), "Backed up before: {file}", file=result.backup))


@db.command(help=mark("Copy everything into the empty database at URL, such as postgresql://…"))
@click.argument("url")
def copy(url: str) -> None:
    from bot.wiring import database_url
    from storage.copy import Copied, CopyRefused, copy_database

    settings = start(log_to="cli")

    async def copied() -> Copied:
        return await copy_database(database_url(settings), url)

    try:
        result = run(copied(), CopyRefused)
    except CopyRefused as error:
        leave(say(language(), "Nothing was copied: {reason}", reason=error))
    rows = sum(result.rows.values())
    click.echo(
        say(
            language(),
            "Copied {rows} records. Set DAOSHI_DATABASE_URL to the new address, then start again.",
            rows=rows,
        )
    )
