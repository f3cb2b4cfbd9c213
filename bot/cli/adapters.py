"""`daoshi adapters`: what training made, and where it is in use."""

from collections.abc import Sequence

import click

from bot.cli.records import with_database
from bot.cli.start import language, run, start
from bot.cli.tables import show_rows
from storage.artifacts import Artifact
from storage.assignments import Assignment
from storage.database import Database
from tutor.i18n import mark, say

KINDS = ("text_adapter", "image_generator")


@click.group(help=mark("See trained adapters and where they are in use."))
def adapters() -> None:
    """Holds the commands."""


@adapters.command(name="list", help=mark("List trained adapters, the newest first."))
@click.option("--all", "everything", is_flag=True, help=mark("Also those that were retired."))
@click.option("--json", "as_json", is_flag=True, help=mark("One JSON object for each line."))
def list_adapters(everything: bool, as_json: bool) -> None:
    from storage.artifacts import artifacts
    from storage.assignments import assignments

    async def rows(database: Database) -> list[dict[str, object]]:
        found: list[dict[str, object]] = []
        async with database.read() as session:
            used = await assignments(session)
            for kind in KINDS:
                made = await artifacts(session, kind, with_retired=everything, limit=100)
                found += [_row(artifact, used) for artifact in made]
        return found

    found = run(with_database(start(log_to="cli"), rows))
    show_rows(found, as_json=as_json, nothing=say(language(), "Nothing has been trained yet."))


def _row(artifact: Artifact, used: Sequence[Assignment]) -> dict[str, object]:
    scopes = [a.scope for a in used if a.artifact and a.artifact.id == artifact.id]
    return {
        "id": artifact.id,
        "kind": artifact.kind,
        "name": artifact.name,
        "base": artifact.base_hash[:12],
        "used_by": ", ".join(scopes),
        "created_at": artifact.created_at,
        "retired_at": artifact.retired_at,
    }
