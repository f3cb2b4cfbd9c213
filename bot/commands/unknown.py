"""The answer to a command that does not exist: the nearest one that does."""

from collections.abc import AsyncIterator

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
    if meant:
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
    """The whole group for the beginning of a group, else the nearest name that they may use."""
    # Imported late: the list of commands names this handler.
    from bot.commands.listing import COMMANDS
    from bot.commands.parse import nearest_name

    usable = [command for command in COMMANDS if may(turn.question.roles, command)]
    group = [c.name for c in usable if c.name.split()[0] == name and " " in c.name]
    if group:
        return group
    near = nearest_name(name)
    return [near] if any(near in (c.name, *c.aliases) for c in usable) and near else []
