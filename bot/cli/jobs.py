"""`daoshi jobs`: what runs in the background."""

import click

from bot.cli.records import with_database
from bot.cli.start import language, leave, run, start
from bot.cli.tables import show_rows
from bot.wiring import now
from storage.database import Database
from tutor.i18n import mark, say


@click.group(help=mark("See and cancel jobs."))
def jobs() -> None:
    """Holds the commands."""


@jobs.command(name="list", help=mark("List jobs, the newest first."))
@click.option("--all", "everything", is_flag=True, help=mark("Also those that have ended."))
@click.option("--json", "as_json", is_flag=True, help=mark("One JSON object for each line."))
def list_jobs(everything: bool, as_json: bool) -> None:
    from storage.jobs import list_jobs as stored_jobs

    async def rows(database: Database) -> list[dict[str, object]]:
        async with database.read() as session:
            found = await stored_jobs(session, unfinished=not everything, limit=100)
        return [
            {
                "id": job.id,
                "kind": job.kind,
                "scope": job.scope,
                "state": job.state,
                "attempts": f"{job.attempts}/{job.max_attempts}",
                "progress": ", ".join(f"{key} {value}" for key, value in job.progress.items()),
                "error": job.error,
                "created_at": job.created_at,
            }
            for job in found
        ]

    found = run(with_database(start(log_to="cli"), rows))
    show_rows(found, as_json=as_json, nothing=say(language(), "There are no jobs."))


@jobs.command(help=mark("Cancel a job: at once while it waits, else as soon as it can stop."))
@click.argument("job_id")
def cancel(job_id: str) -> None:
    from storage.jobs import JobState, request_cancel

    async def request(database: Database) -> JobState | None:
        async with database.write() as session:
            return await request_cancel(session, job_id, now())

    state = run(with_database(start(log_to="cli"), request))
    if state is None:
        leave(say(language(), "There is no job {id}.", id=job_id))
    if state is JobState.CANCELLED:
        click.echo(say(language(), "Cancelled."))
    elif state is JobState.RUNNING:
        click.echo(say(language(), "It has been asked to stop."))
    else:
        leave(say(language(), "It has ended already."))
