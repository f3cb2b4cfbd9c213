"""`daoshi course`: imports question banks, and lists what there is to learn."""

import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.course_materials import materials, upload
from bot.cli.course_members import members, role
from bot.cli.records import with_database
from bot.cli.start import language, leave, run, start
from bot.cli.tables import show_rows
from bot.wiring import now
from storage.database import Database
from tutor.i18n import mark, say, say_count
from tutor.names import name_in

if TYPE_CHECKING:
    from storage.courses import Course
    from tutor.bank.importing.report import Counts, Remark
    from tutor.bank.importing.use import ImportReport
    from tutor.bank.saving import Saved

SHOWN_REMARKS = 10


@click.group(help=mark("Import and list courses."))
def course() -> None:
    """Holds the commands."""


course.add_command(members)
course.add_command(role)
course.add_command(upload)
course.add_command(materials)


@course.command(
    name="import",
    help=mark("Import FILE: OATutor, GSM8K, CSV, Moodle XML, GIFT or Anki. Again is harmless."),
)
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help=mark("Only say what would be taken."))
@click.option("--key", default="", help=mark("The course's key; importing under it again updates."))
@click.option("--name", default="", help=mark("The course's name."))
@click.option(
    "--language",
    "content_language",
    type=click.Choice(["en", "zh-CN"]),
    help=mark("The language of the content, where the file does not say."),
)
@click.option("--licence", default="", help=mark("The content's licence."))
@click.option("--all", "everything", is_flag=True, help=mark("Show every remark."))
def import_(
    file: Path,
    dry_run: bool,
    key: str,
    name: str,
    content_language: str | None,
    licence: str,
    everything: bool,
) -> None:
    from tutor.bank.importing.report import Options
    from tutor.bank.importing.use import import_file
    from tutor.bank.reason import BankError

    options = Options(key, name, content_language or "", licence, file_name=file.name)

    async def imported(database: Database) -> "ImportReport":
        return await import_file(database, file, options, now(), dry_run)

    started = time.monotonic()
    try:
        report = run(with_database(start(log_to="cli"), imported), BankError)
    except BankError as error:
        leave(error.reason.said(language()))
    _show(report, everything=everything)
    seconds = f"{time.monotonic() - started:.1f}"
    click.echo(
        say(language(), "Nothing was written; this was a dry run ({seconds} s).", seconds=seconds)
        if report.dry_run
        else say(language(), "Imported in {seconds} s.", seconds=seconds)
    )


@course.command(name="list", help=mark("List the courses."))
@click.option("--json", "as_json", is_flag=True, help=mark("One JSON object for each line."))
def list_courses(as_json: bool) -> None:
    async def rows(database: Database) -> list[dict[str, object]]:
        return [
            {
                "key": one.key,
                "name": name_in(one.names, language()),
                "language": one.language,
                "skills": skills,
                "verified": items.get("verified", 0),
                "unverified": items.get("unverified", 0),
                **({"visibility": one.visibility, "licence": one.licence} if as_json else {}),
            }
            for one, skills, items in await _stored(database)
        ]

    found = run(with_database(start(log_to="cli"), rows))
    show_rows(found, as_json=as_json, nothing=say(language(), "There are no courses."))


async def _stored(database: Database) -> "list[tuple[Course, int, dict[str, int]]]":
    """Every course with the number of its skills, and of its items by state."""
    from storage.courses import courses, skills_of
    from storage.items import count_items

    found: list[tuple[Course, int, dict[str, int]]] = []
    async with database.long_read() as session:
        while page := await courses(session, after=found[-1][0].key if found else ""):
            for one in page:
                skills = len(await skills_of(session, one.id))
                found.append((one, skills, await count_items(session, one.id)))
    return found


def _show(report: "ImportReport", *, everything: bool) -> None:
    """The report: what there is in each course, what was left out, and what to know."""
    rows = [_row(name_in(one.names, language()), one.counts, one.saved) for one in report.courses]
    if len(rows) > 1:
        all_saved = [one.saved for one in report.courses if one.saved]
        rows.append(_row(say(language(), "all"), report.counts, *all_saved))
    show_rows(rows, as_json=False, nothing="")
    types = ", ".join(f"{kind} {count}" for kind, count in report.counts.answer_types.items())
    click.echo(say(language(), "Answers by type: {types}", types=types))
    shown = None if everything else SHOWN_REMARKS
    not_taken, remarks = len(report.not_taken), len(report.remarks)
    click.echo(
        say_count(language(), "{count} entry not taken.", "{count} entries not taken.", not_taken)
    )
    _show_remarks(report.not_taken, shown)
    click.echo(
        say_count(
            language(),
            "{count} entry taken with a remark.",
            "{count} entries taken with a remark.",
            remarks,
        )
    )
    _show_remarks(report.remarks, shown)


def _row(name: str, counts: "Counts", *saved: "Saved | None") -> dict[str, object]:
    row: dict[str, object] = {
        "course": name,
        "items": counts.items,
        "steps": counts.steps,
        "hints": counts.hints,
        "scaffolds": counts.scaffolds,
        "skills": counts.skills,
    }
    done = [one for one in saved if one]
    for change in ("added", "changed", "retired") if done else ():
        row[change] = sum(getattr(one, change) for one in done)
    return row


def _show_remarks(remarks: "tuple[Remark, ...]", shown: int | None) -> None:
    """How often each sentence stands there, then the remarks, or the first of them."""
    sentences = Counter(remark.reason.said(language()) for remark in remarks)
    for sentence, count in sentences.most_common():
        if count > 1:
            click.echo(f"  {count} × {sentence}")
    for remark in remarks[:shown]:
        click.echo(f"  {remark.place}: {remark.reason.said(language())}")
    if shown is not None and len(remarks) > shown:
        left = len(remarks) - shown
        click.echo("  " + say(language(), "… and {count} more (--all shows them)", count=left))
