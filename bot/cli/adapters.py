"""`daoshi adapters`: what training made, where it is in use, and how it gets there and back."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from bot.cli.records import with_database
from bot.cli.start import language, leave, run, start
from bot.cli.tables import show_rows
from bot.wiring import now
from storage.database import Database
from tutor.adapters.refusals import AdapterRefused, AdapterUnknown
from tutor.i18n import mark, say
from tutor.tuning.evaluations import REOPENED
from tutor.tuning.runs import RunRefused

if TYPE_CHECKING:
    from bot.services import Services
    from storage.artifacts import Artifact
    from tutor.adapters.listing import ListedAdapter

T = TypeVar("T")
TEXT_ADAPTER, IMAGE_GENERATOR = "text_adapter", "image_generator"
_PICTURES = click.option("--pictures", is_flag=True, help=mark("A generator of pictures is meant."))
_SCOPE = click.option(
    "--in",
    "scope",
    default="global",
    show_default=True,
    help=mark(
        "Where: global, community:ID, channel:COMMUNITY:CHANNEL, course:ID, learner:COMMUNITY:ID, "
        "or learner:ID for a learner wherever they write."
    ),
)


@click.group(help=mark("See trained adapters, use them, take them back, move them."))
def adapters() -> None:
    """Holds the commands."""


@adapters.command(name="list", help=mark("List trained adapters, the newest first."))
@click.option("--all", "everything", is_flag=True, help=mark("Also those that were retired."))
@click.option("--json", "as_json", is_flag=True, help=mark("One JSON object for each line."))
def list_adapters(everything: bool, as_json: bool) -> None:
    from storage.artifacts import artifacts
    from tutor.adapters.listing import listed

    async def rows(database: Database) -> list[dict[str, object]]:
        async with database.read() as session:
            made = await listed(session, None, None, with_retired=everything)
            images = await artifacts(session, IMAGE_GENERATOR, with_retired=everything)
        found = [asdict(one) if as_json else _row(one) for one in made]
        return found + [{"id": one.id, "name": one.name, "kind": one.kind} for one in images]

    found = run(with_database(start(log_to="cli"), rows))
    show_rows(found, as_json=as_json, nothing=say(language(), "Nothing has been trained yet."))


@adapters.command(help=mark("Let ADAPTER (a name or id, or “base”) answer, or a generator draw."))
@click.argument("adapter")
@_SCOPE
@_PICTURES
@click.option("--reason", default="", help=mark("Why, where its report does not allow it."))
def use(adapter: str, scope: str, pictures: bool, reason: str) -> None:
    from tutor.adapters.promoting import Promoted, promote, use_base

    async def promoted(services: "Services") -> Promoted:
        if adapter == "base":
            async with services.database.write() as session:
                return await use_base(
                    session, scope=_known(scope), by=None, now=now(), kind=_kind(pictures)
                )
        meant = await _meant(services, adapter, _kind(pictures))
        capabilities = None if pictures else await services.engine.capabilities()
        async with services.database.write() as session:
            return await promote(
                session,
                artifact_id=meant.id,
                scope=_known(scope),
                by=None,
                now=now(),
                capabilities=capabilities,
                override_reason=reason,
            )

    done = _run(promoted)
    click.echo(_now_used(done.artifact, scope, pictures=pictures))


@adapters.command(help=mark("Go back to what answered or drew before, in one step."))
@_SCOPE
@_PICTURES
def rollback(scope: str, pictures: bool) -> None:
    from tutor.adapters.promoting import NONE_EARLIER, RolledBack, roll_back

    async def back(services: "Services") -> RolledBack:
        capabilities = None if pictures else await services.engine.capabilities()
        async with services.database.write() as session:
            return await roll_back(
                session,
                scope=_known(scope),
                by=None,
                now=now(),
                capabilities=capabilities,
                kind=_kind(pictures),
            )

    done = _run(back)
    for skipped in done.skipped:
        click.echo(skipped.said(language()))
    if done.skipped and done.artifact is None:
        click.echo(say(language(), NONE_EARLIER))
    click.echo(_now_used(done.artifact, scope, pictures=pictures))


def _kind(pictures: bool) -> str:
    return IMAGE_GENERATOR if pictures else TEXT_ADAPTER


def _now_used(artifact: "Artifact | None", scope: str, *, pictures: bool) -> str:
    if pictures:
        name = artifact.name if artifact else say(language(), "the generator of Daoshi")
        return say(language(), "{name} draws in {scope} now.", name=name, scope=scope)
    name = artifact.name if artifact else say(language(), "the model as it is")
    return say(language(), "{name} answers in {scope} now.", name=name, scope=scope)


@adapters.command(help=mark("Answer QUESTION with the model as it is and with adapters."))
@click.argument("question")
@click.option("--adapter", "names", multiple=True, help=mark("Which; the newest if left out."))
def compare(question: str, names: tuple[str, ...]) -> None:
    from bot.commands.tuning.comparing import MOST_COMPARED, answers
    from tutor.adapters.listing import listed

    async def compared(services: "Services") -> list[tuple[str, str]]:
        if names:
            ids = [(await _meant(services, name)).id for name in names]
        else:
            async with services.database.read() as session:
                found = await listed(session, None, await services.engine.capabilities())
            ids = [one.id for one in found if not one.parked][:MOST_COMPARED]
        return [pair async for pair in answers(services, language(), ids, question)]

    for name, answer in _run(compared):
        click.echo(f"{name}\n{answer}\n")


@adapters.command(help=mark("Compare ADAPTER again, with the model as it runs now."))
@click.argument("adapter")
@click.option("--data", default="", help=mark("On which data set; its own if left out."))
@click.option(
    "--effort",
    type=click.Choice(["quick", "normal", "thorough"]),
    default="normal",
    show_default=True,
    help=mark("How long it may take."),
)
def evaluate(adapter: str, data: str, effort: str) -> None:
    from storage.datasets import dataset_by_name, latest_version
    from tutor.tuning.datasets import DatasetRefused
    from tutor.tuning.evaluations import start_evaluation

    async def started(services: "Services") -> str:
        meant, version_id = await _meant(services, adapter), None
        capabilities = await services.engine.capabilities()
        async with services.database.write() as session:
            if data:
                named = await dataset_by_name(session, "global", data)
                version = await latest_version(session, named.id) if named else None
                if version is None:
                    raise DatasetRefused(mark("I know no such data set."))
                version_id = version.id
            run = await start_evaluation(
                session,
                artifact_id=meant.id,
                scope="global",
                version_id=version_id,
                effort=effort,
                capabilities=capabilities,
                language=language(),
                place=None,
                started_by=None,
                now=now(),
            )
        assert run.job_id is not None, run.id
        return run.job_id

    job_id = _run(started)
    said = mark(
        "The worker compares it as soon as it can (job {id}). {jobs} shows how far it is, {list} "
        "how it ended."
    )
    commands = {"jobs": "`daoshi jobs list`", "list": "`daoshi adapters list`"}
    click.echo(say(language(), said, id=job_id, **commands))


@adapters.command(help=mark("Write ADAPTER as a peft folder in a zip."))
@click.argument("adapter")
@click.option(
    "--to",
    "target",
    type=click.Path(path_type=Path),
    help=mark("The file; here under its own name if left out."),
)
def export(adapter: str, target: Path | None) -> None:
    from tutor.adapters.importing import export_adapter

    async def exported(services: "Services") -> Path:
        meant = await _meant(services, adapter)
        async with services.database.read() as session:
            name, data = await export_adapter(session, services.blobs, meant.id)
        path = target or Path(name)
        await asyncio.to_thread(path.write_bytes, data)
        return path

    click.echo(say(language(), "Saved: {path}", path=_run(exported)))


@adapters.command(name="import", help=mark("Take in a peft folder or zip that fits the model."))
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.option("--name", default="", help=mark("What it is called."))
@click.option("--licence", default="", help=mark("Its licence."))
def import_(source: Path, name: str, licence: str) -> None:
    from storage.artifacts import Artifact
    from tutor.adapters.importing import import_adapter

    given = source if source.is_dir() else source.read_bytes()

    async def imported(services: "Services") -> Artifact:
        return await import_adapter(
            services.database,
            services.blobs,
            services.engine,
            given,
            name=name or source.stem,
            scope="global",
            licence=licence,
            by=None,
            now=now(),
        )

    artifact = _run(imported)
    click.echo(say(language(), "Stored as {id}.", id=artifact.id))


@adapters.group(help=mark("Two adapters side by side, each learner with one of them."))
def trial() -> None:
    """Holds the commands."""


@trial.command(name="start", help=mark("Try ADAPTER on a share of the learners."))
@click.argument("adapter")
@_SCOPE
@click.option("--share", default=0.5, show_default=True, help=mark("Between 0 and 1."))
def start_trial_(adapter: str, scope: str, share: float) -> None:
    from tutor.adapters.trials import answers_now, start_trial

    async def started(services: "Services") -> str:
        meant = await _meant(services, adapter)
        capabilities = await services.engine.capabilities()
        async with services.database.write() as session:
            await start_trial(
                session,
                scope=_known(scope),
                candidate_id=meant.id,
                control_id=await answers_now(session, scope),
                by=None,
                now=now(),
                capabilities=capabilities,
                share=share,
            )
        return await _trial_text(services, scope)

    click.echo(_run(started))


@trial.command(name="status", help=mark("How both sides are rated."))
@_SCOPE
def trial_status(scope: str) -> None:
    click.echo(_run(lambda services: _trial_text(services, _known(scope))))


@trial.command(name="stop", help=mark("End a trial."))
@_SCOPE
@click.option("--keep", is_flag=True, help=mark("Let the candidate answer everybody there."))
def stop_trial_(scope: str, keep: bool) -> None:
    from tutor.adapters.trials import stop_trial

    async def stopped(services: "Services") -> str:
        async with services.database.write() as session:
            await stop_trial(session, scope=_known(scope), by=None, now=now(), keep=keep)
        return await _trial_text(services, scope)

    click.echo(_run(stopped))


def _row(one: "ListedAdapter") -> dict[str, object]:
    verdict = {None: mark("not evaluated"), True: mark("passed"), False: mark("did not pass")}
    return {
        "id": one.id,
        "name": f"{one.name} {one.number}",
        "report": say(language(), verdict[one.passed]),
        "base": one.base_model,
        "used_by": ", ".join(one.used_by),
        "made_at": one.made_at,
    }


def _known(scope: str) -> str:
    """The scope as it was written; ends the command where it is none."""
    from tutor.adapters.scopes import parse

    try:
        parse(scope)
    except ValueError:
        leave(
            say(language(), "“{scope}” is no place. --help shows how one is written.", scope=scope)
        )
    return scope


async def _meant(services: "Services", written: str, kind: str = TEXT_ADAPTER) -> "ListedAdapter":
    from tutor.adapters.listing import named

    asked = kind == TEXT_ADAPTER  # a generator needs no engine
    capabilities = await services.engine.capabilities() if asked else None
    async with services.database.read() as session:
        found = await named(session, written, None, capabilities, kind=kind)
    if found is None:
        raise AdapterUnknown
    return found


async def _trial_text(services: "Services", scope: str) -> str:
    from storage.adapter_trials import latest_trial
    from tutor.adapters.trials import standing, summary

    async with services.database.read() as session:
        found = await latest_trial(session, scope)
        if found is None:
            return say(language(), "There has been no trial here.")
        return summary(await standing(session, found, now()), language())


def _run(use: Callable[["Services"], Awaitable[T]]) -> T:
    """Opens everything, text engine included; a refusal ends the command with its sentence."""
    from bot.wiring import open_services

    async def opened() -> T:
        async with open_services(start(log_to="cli")) as services:
            return await use(services)

    try:
        return run(opened(), AdapterRefused, RunRefused)
    except (AdapterRefused, RunRefused) as error:
        sentence = error.reason.said(language())
        sentence = sentence[:1].upper() + sentence[1:]
        if error.reason.message in REOPENED:
            command = "`daoshi adapters evaluate`"
            sentence += " " + say(language(), "{command} does that.", command=command)
        leave(sentence)
