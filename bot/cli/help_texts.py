"""Puts the help of commands and options into the operator's language."""

import click

from tutor.i18n import say
from tutor.language import Language


def translate_help(command: click.Command, language: Language) -> None:
    """Replaces the marked English sentences, in this command and in all below it."""
    if command.help:
        command.help = say(language, command.help)
    for parameter in command.params:
        if isinstance(parameter, click.Option) and parameter.help:
            parameter.help = say(language, parameter.help)
    if isinstance(command, click.Group):
        for child in command.commands.values():
            translate_help(child, language)
