"""`daoshi doctor`: examines the installation."""

import sys

import click

from bot.cli.start import EXIT_FAILED, language, run
from bot.doctor.finding import Finding, Level
from bot.setting_problems import InvalidSettings
from bot.settings import Settings, load_settings, read_raw
from tutor.i18n import mark, say
from tutor.log import configure_logging


@click.command(help=mark("Say what is installed, what is not right, and what to do about it."))
@click.option("--json", "as_json", is_flag=True, help=mark("The findings as one JSON object."))
@click.option(
    "--quick", is_flag=True, help=mark("Leave the language model asleep and ask no platform.")
)
def doctor(as_json: bool, quick: bool) -> None:
    from rich.console import Console

    from bot.doctor.report import as_json as json_of
    from bot.doctor.report import broken, show

    findings = _without_settings()
    try:
        settings = load_settings()
    except InvalidSettings as error:
        area = say(language(), "Settings")
        findings += [
            Finding(area, Level.BROKEN, problem.say(language()), say(language(), "Correct .env."))
            for problem in error.problems
        ]
    else:
        file = settings.data_dir / "logs" / "doctor.log"
        configure_logging(settings.log_format, file=file, secrets=settings.secrets)
        findings += run(_examine(settings, quick=quick))
    if as_json:
        click.echo(json_of(findings))
    else:
        show(findings, Console(), language())
    sys.exit(EXIT_FAILED if broken(findings) else 0)


def _without_settings() -> list[Finding]:
    from bot.doctor import drawing, installation

    spoken = language()
    return [
        installation.program(spoken),
        installation.packages(spoken),
        *drawing.abilities(spoken),
        *installation.unknown_settings(read_raw(), spoken),
    ]


async def _examine(settings: Settings, *, quick: bool) -> list[Finding]:
    from bot.doctor import adapters, database, installation, model, platforms
    from bot.wiring import database_url

    spoken = language()
    findings = [
        installation.data_folder(settings.data_dir, spoken),
        installation.disk(settings.data_dir, spoken),
        await database.schema(database_url(settings), spoken),
        *await model.engine(settings, spoken, asleep=quick),
    ]
    if quick:
        return findings
    return [
        *findings,
        *await adapters.adapters(settings, spoken),
        *await platforms.tokens(settings, spoken),
    ]
