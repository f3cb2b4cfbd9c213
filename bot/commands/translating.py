"""`/translate`: a text or a file into another language."""

from collections.abc import AsyncIterator

from bot.commands.arguments import argument
from bot.services import Services
from tutor.i18n import say
from tutor.knowledge.attachments import read_attachment_bounded
from tutor.language import Language, detect
from tutor.messages import ReplyPart, Status, Text
from tutor.turn import Turn


async def translate(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """The files that came with it, else the text."""
    text = argument(turn, "text")
    for upload in turn.uploads:
        yield Status(say(turn.language, "Reading your file…"))
        read = await read_attachment_bounded(upload.name, upload.media_type, upload.data)
        if note := read.explain(turn.language):
            yield Text(f"{note}\n\n")
        if read.problem is None:
            target = target_language(argument(turn, "language"), read.text, turn.language)
            async for part in services.tutor.translate(turn, read.text, target, upload.name):
                yield part
    if text:
        target = target_language(argument(turn, "language"), text, turn.language)
        async for part in services.tutor.translate(turn, text, target):
            yield part
    elif not turn.uploads:
        yield Text(say(turn.language, "Please give me the text or the file to translate."))


def target_language(wanted: str, text: str, own: Language) -> Language:
    """The language asked for, else the person's own, else the other if the text is in their own."""
    if wanted:
        return Language(wanted)
    if detect(text) is not own:
        return own
    return next(language for language in Language if language is not own)
