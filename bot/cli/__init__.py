"""The command `daoshi`: reads settings, calls a use case, prints. Decides nothing itself."""

import os

import click

from bot.cli.adapters import adapters
from bot.cli.chat import chat
from bot.cli.course import course
from bot.cli.data import backup, data, db, restore
from bot.cli.doctor import doctor
from bot.cli.help_texts import translate_help
from bot.cli.image import image
from bot.cli.jobs import jobs
from bot.cli.preview import preview
from bot.cli.serve import serve, worker
from bot.cli.slack import slack
from bot.cli.train import train
from bot.setting_problems import operator_language
from tutor.i18n import mark

COMMANDS = (
    chat,
    serve,
    worker,
    doctor,
    jobs,
    course,
    train,
    adapters,
    data,
    backup,
    restore,
    db,
    slack,
    preview,
    image,
)


@click.group(
    help=mark("Daoshi (导师): a tutor for Discord, Slack and the terminal."),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="daoshi", prog_name="daoshi")
def cli() -> None:
    """Holds the commands."""


for command in COMMANDS:
    cli.add_command(command)


def main() -> None:
    """The entry point of the installed command."""
    translate_help(cli, operator_language(os.environ))
    cli()
