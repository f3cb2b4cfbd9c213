"""How commands are written in sentences: `/history` on Discord, `/daoshi history` on Slack."""

from bot.commands.command import Command, Option, OptionKind
from tutor.i18n import say
from tutor.language import Language
from tutor.messages import Platform


def typed(platform: Platform, name: str) -> str:
    """A command as the person would type it on this platform, set as code."""
    prefix = "/daoshi " if platform is Platform.SLACK else "/"
    return f"`{prefix}{name}`"


def usage(platform: Platform, command: Command) -> str:
    """A command with its options: `/translate [language] text`.

    A file comes with Discord's command; elsewhere it hangs on a message that gives the command.
    """
    hangs_on = platform is not Platform.DISCORD
    options = [one for one in command.options if not (hangs_on and one.kind is OptionKind.FILE)]
    shown = (one.name if one.required else f"[{one.name}]" for one in options)
    form = " ".join((command.name, *shown))
    if len(options) == len(command.options):
        return typed(platform, form)
    return f"`/file PATH /{form}`" if platform is Platform.TERMINAL else f"`@Daoshi {form}`"


def accepted(language: Language, option: Option) -> str:
    """What can be given for an option, as the end of a sentence."""
    if option.kind is OptionKind.YES_NO:
        return say(language, "yes or no")
    if option.kind is OptionKind.INTEGER:
        return say(language, "a whole number")
    if option.values:
        return ", ".join(value for value, _ in option.values)
    return say(language, "a text")
