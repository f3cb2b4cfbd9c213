"""`daoshi slack manifest`: what Slack needs to know about the app."""

import json

import click

from bot.cli.start import language, leave, settings_or_leave
from tutor.i18n import mark, say


@click.group(help=mark("What Slack needs to know about the app."))
def slack() -> None:
    """Holds the commands."""


@slack.command(help=mark("Print the app manifest to paste at api.slack.com/apps."))
@click.option("--name", default="Daoshi", help=mark("The app's name."))
@click.option("--command", default="daoshi", help=mark("The slash command, without the slash."))
@click.option(
    "--http",
    is_flag=True,
    help=mark("Receive events over HTTP at DAOSHI_PUBLIC_URL instead of a socket."),
)
def manifest(name: str, command: str, http: bool) -> None:
    from bot.slack_app.manifest import manifest as manifest_for

    public_url = settings_or_leave().public_url if http else ""
    if http and not public_url:
        leave(say(language(), "Set DAOSHI_PUBLIC_URL to the address that Slack can reach."), 2)
    made = manifest_for(name=name, command=command.lstrip("/"), public_url=public_url)
    click.echo(json.dumps(made, ensure_ascii=False, indent=2))
