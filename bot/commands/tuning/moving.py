"""`/adapter export` and `import`: an adapter as a peft folder in a zip, out of here and in."""

from collections.abc import AsyncIterator
from pathlib import PurePath

from bot.commands.arguments import argument
from bot.commands.tuning.adapters import adapter_meant
from bot.commands.tuning.rights import home_scope, is_operator, not_yours, scopes_of, with_refusals
from bot.commands.wording import typed
from bot.services import Services
from tutor.adapters.importing import export_adapter, import_adapter
from tutor.engine.contract import EngineError
from tutor.i18n import say
from tutor.messages import File, Platform, ReplyPart, Text
from tutor.turn import Turn

ZIP = "application/zip"
CHAT_BYTES = 9 * 1024 * 1024  # what Discord takes everywhere, with room for the rest


@with_refusals
async def export(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """The file itself, to those in whose place it was made: who may use it where it came from
    elsewhere may not take it away. Where chat takes none so large, how the operator gets it."""
    adapter = await adapter_meant(services, turn, argument(turn, "adapter"))
    if adapter.owner not in scopes_of(turn) and not is_operator(turn):
        yield not_yours(turn)
        return
    async with services.database.read() as session:
        name, data = await export_adapter(session, services.blobs, adapter.id)
    limited = turn.question.place.platform is Platform.DISCORD
    if limited and len(data) > CHAT_BYTES:
        yield Text(
            say(
                turn.language,
                "The file has {size} MB, more than Discord takes. The operator gets it with "
                "{command}.",
                size=round(len(data) / 1e6),
                command=f"`daoshi adapters export {adapter.id}`",
            )
        )
        return
    yield Text(
        say(
            turn.language,
            "“{name}” as a peft folder. Its card says what it was made of.",
            name=adapter.name,
        )
    )
    yield File(data, name, ZIP)


@with_refusals
async def import_(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """Takes a zip in; it has to be evaluated, or used with a reason."""
    if not turn.uploads:
        yield Text(
            say(
                turn.language,
                "Please give me the adapter with the command: a zip of adapter_config.json and "
                "adapter_model.safetensors.",
            )
        )
        return
    file = turn.uploads[0]
    try:
        artifact = await import_adapter(
            services.database,
            services.blobs,
            services.engine,
            file.data,
            name=argument(turn, "name") or PurePath(file.name).stem,
            scope=home_scope(turn),
            licence=argument(turn, "licence"),
            by=turn.learner.id,
            now=services.now(),
        )
    except EngineError:
        yield Text(
            say(
                turn.language,
                "The language model is not answering just now, so the adapter can't be tried. "
                "Please try again in a moment.",
            )
        )
        return
    yield Text(
        say(
            turn.language,
            "“{name}” is stored. It has not been evaluated here: {use} asks for a reason.",
            name=artifact.name,
            use=typed(turn.question.place.platform, "adapter use"),
        )
    )
