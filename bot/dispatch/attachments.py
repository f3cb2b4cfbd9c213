"""The files that come with a question: fetched, read in a bounded process, given to the tutor.

What a picture says was recognised and may be wrong, so the person confirms it first.
"""

from collections.abc import AsyncGenerator
from dataclasses import dataclass

import structlog

from bot.adapter import Adapter, AttachmentUnavailable
from bot.commands.offers import reading_choices
from bot.services import Services
from tutor.i18n import say
from tutor.knowledge.attachments import (
    MAX_FILE_BYTES,
    FileKind,
    Problem,
    ReadAttachment,
    read_attachment_bounded,
)
from tutor.messages import Attachment, ReplyPart, Text
from tutor.turn import Material, Turn, Upload

log = structlog.get_logger()

MOST_FILES = 5
MAX_UPLOAD_BYTES = 100 * 1024 * 1024  # a course with pictures; read in a process of its own


@dataclass(frozen=True, slots=True)
class Reading:
    """What the files of a turn say, and a sentence for each that says nothing or not all."""

    material: tuple[Material, ...]
    notes: tuple[str, ...]
    recognised: str = ""


async def read_files(adapter: Adapter, turn: Turn) -> Reading:
    """Reads the first few files; a broken one costs nothing but a sentence."""
    attachments = [a for question in turn.questions for a in question.attachments]
    read = [await _read(adapter, attachment) for attachment in attachments[:MOST_FILES]]
    notes = [note for one in read if (note := _note(one, turn))]
    if len(attachments) > MOST_FILES:
        notes.append(say(turn.language, "I read the first {n} files only.", n=MOST_FILES))
    readable = [one for one in read if isinstance(one, ReadAttachment) and one.problem is None]
    pictures = [one.text for one in readable if one.kind is FileKind.PICTURE]
    material = tuple(Material(one.name, one.text) for one in readable)
    return Reading(material, tuple(notes), "\n".join(pictures))


async def fetch_uploads(adapter: Adapter, turn: Turn) -> tuple[tuple[Upload, ...], tuple[str, ...]]:
    """The files that came with a command as they are, and a sentence for each that can't be had."""
    uploads, notes = [], []
    for attachment in turn.question.attachments[:MOST_FILES]:
        name = attachment.name
        if attachment.size_bytes > MAX_UPLOAD_BYTES:
            notes.append(say(turn.language, "“{name}” is too large for me.", name=name[:60]))
            continue
        try:
            data = await adapter.fetch(attachment, MAX_UPLOAD_BYTES)
        except AttachmentUnavailable as error:
            log.info("attachment_unavailable", why=str(error))
            notes.append(_note(attachment, turn))
            continue
        uploads.append(Upload(name, attachment.media_type, data))
    return tuple(uploads), tuple(notes)


async def answer_files(
    services: Services, turn: Turn, reading: Reading
) -> AsyncGenerator[ReplyPart, None]:
    """What is said about the files themselves; with a recognised text, whether it is right."""
    for note in reading.notes:
        yield Text(f"{note}\n\n")
    if reading.recognised:
        yield Text(say(turn.language, "I read this:") + f"\n```\n{reading.recognised}\n```\n")
        yield Text(say(turn.language, "Is that right?"))
        asked = f"{turn.text}\n{reading.recognised}".strip()
        yield await reading_choices(services, turn, asked)


async def _read(adapter: Adapter, attachment: Attachment) -> ReadAttachment | Attachment:
    """The file's text; the attachment itself where it could not be fetched."""
    if attachment.size_bytes > MAX_FILE_BYTES:
        return ReadAttachment(attachment.name, FileKind.UNKNOWN, problem=Problem.TOO_LARGE)
    try:
        data = await adapter.fetch(attachment, MAX_FILE_BYTES)
    except AttachmentUnavailable as error:
        log.info("attachment_unavailable", why=str(error))
        return attachment
    return await read_attachment_bounded(attachment.name, attachment.media_type, data)


def _note(read: ReadAttachment | Attachment, turn: Turn) -> str:
    if isinstance(read, ReadAttachment):
        return read.explain(turn.language)
    return say(
        turn.language,
        "I could not fetch “{name}”. Please send it again.",
        name=" ".join(read.name.split())[:60],
    )
