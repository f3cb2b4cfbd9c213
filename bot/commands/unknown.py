"""The answer to a command that does not exist: the nearest one that does."""

from collections.abc import AsyncIterator

from bot.commands.command import Command
from bot.commands.permissions import may
from bot.commands.wording import typed
from bot.services import Services
from tutor.i18n import say
from tutor.messages import ReplyPart, Text
from tutor.turn import Turn

_SHOWN_CHARACTERS = 40


async def unknown(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """Names the commands that the person most likely meant."""
    call = turn.question.command
    name = call.name[:_SHOWN_CHARACTERS].replace("`", "") if call else ""
    platform = turn.question.place.platform
    meant = [typed(platform, near) for near in _meant(name, turn)]
    if group := _group(name, turn):
        sentence = _listed(turn, name, group)
    elif meant:
        sentence = say(
            turn.language,
            "There is no command “{name}”. Did you mean {meant}?",
            name=name,
            meant=", ".join(meant),
        )
    else:
        sentence = say(
            turn.language,
            "There is no command “{name}”. {help} shows what you can do here, and for a "
            "question you need no command at all.",
            name=name,
            help=typed(platform, "help"),
        )
    yield Text(sentence)


def _meant(name: str, turn: Turn) -> list[str]:
    """The nearest name that they may use."""
    from bot.commands.parse import nearest_name

    near = nearest_name(name)
    known = any(near in (c.name, *c.aliases) for c in _usable(turn))
    return [near] if known and near else []


def _group(name: str, turn: Turn) -> list[Command]:
    """The commands whose name, or Chinese name, begins with this word."""
    return [
        command
        for command in _usable(turn)
        if name in {n.split()[0] for n in (command.name, *command.aliases) if " " in n}
    ]


def _usable(turn: Turn) -> list[Command]:
    # Imported late: the list of commands names this handler.
    from bot.commands.listing import COMMANDS

    return [command for command in COMMANDS if may(turn.question.roles, command)]


def _listed(turn: Turn, name: str, group: list[Command]) -> str:
    platform = turn.question.place.platform
    heading = say(turn.language, "**Commands that begin with {name}**", name=name)
    lines = [
        f"- {typed(platform, command.name)}: {say(turn.language, command.description)}"
        for command in group
    ]
    return "\n".join([heading, *lines])
