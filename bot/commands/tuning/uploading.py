"""`/gan upload` and `/gan check`: pictures for a generator, and what a set of them holds."""

from collections.abc import AsyncIterator
from pathlib import PurePath

from bot.commands.arguments import argument
from bot.commands.tuning.datasets import build_of, kept, no_data, shown, version_meant
from bot.commands.tuning.rights import with_refusals
from bot.commands.wording import typed
from bot.services import Services
from tutor.i18n import say
from tutor.messages import ReplyPart, Text
from tutor.tuning.product import Product
from tutor.turn import Turn


@with_refusals
async def upload(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """Stores the archive and has it read and looked through."""
    if not turn.uploads:
        yield Text(
            say(
                turn.language,
                "Please give me the pictures with the command: a zip with one folder for each "
                "thing, named like the thing, or with captions.csv (file, label).",
            )
        )
        return
    if not argument(turn, "licence"):
        command = typed(turn.question.place.platform, "gan upload")
        yield Text(
            say(
                turn.language,
                "Under which licence may the pictures be used? Please give it with {command}, for "
                "example “CC BY 4.0” or “our own drawings”: it goes into the card of everything "
                "that is trained on them.",
                command=command,
            )
        )
        return
    file = turn.uploads[0]
    name = argument(turn, "name") or PurePath(file.name).stem
    source = {"pictures": await kept(services, turn, file)}
    async for part in build_of(services, turn, name, source):
        yield part


@with_refusals
async def check(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """What the newest version of a set of pictures holds."""
    async with services.database.read() as session:
        version = await version_meant(session, turn, argument(turn, "name"), Product.GENERATOR)
    if version is None:
        yield no_data(turn, Product.GENERATOR)
        return
    async for part in shown(services, turn, version.id):
        yield part
