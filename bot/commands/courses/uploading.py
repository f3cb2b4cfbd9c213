"""`/course upload`: a document that answers may cite. A job reads it and tells how that went."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from bot.commands.courses.shelves import Shelf, for_keepers
from bot.commands.courses.teaching import MOST_OFFERED, Taught, for_teachers_pressing
from bot.commands.wording import typed
from bot.services import Services
from storage.blobs import Blob, keep_blob, release_blobs
from storage.courses import Course
from storage.materials import MOST_SHOWN
from tutor.i18n import say
from tutor.knowledge.attachments import Problem
from tutor.knowledge.filing import FiledAlready, ShelfFull, file_material
from tutor.knowledge.material import MAX_FILE_BYTES, explain_unread
from tutor.messages import Button, ReplyPart, Text
from tutor.names import name_in
from tutor.turn import Turn, Upload


async def _upload(services: Services, turn: Turn, shelf: Shelf) -> AsyncIterator[ReplyPart]:
    if not turn.uploads:
        yield Text(
            say(
                turn.language,
                "Please give me the document with the command: PDF, Word (.docx), slides (.pptx), "
                "Markdown or text.",
            )
        )
        return
    for upload in turn.uploads:
        if problem := _refusal(upload):
            text = explain_unread(problem, upload.name, turn.language)
        else:
            blob = await services.blobs.put(upload.data)
            text = await _filed(services, turn, shelf, blob, upload.name, upload.media_type)
        yield Text(text + "\n")


async def _put(
    services: Services, turn: Turn, teaching: Taught, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """The course of a document that came without one."""
    shelf = Shelf(teaching.course)
    for file in payload["files"]:
        blob = Blob(file["hash"], file["size_bytes"])
        args = (services, turn, shelf, blob, file["name"], file["media_type"])
        yield Text(await _filed(*args) + "\n")


async def _buttons(services: Services, turn: Turn, among: list[Course]) -> list[Button]:
    """A button for each course that puts the documents there; they are kept for a day until then.

    Without a reference, a file that nobody places goes with the clean-up.
    """
    files = []
    for upload in turn.uploads:
        blob = await services.blobs.put(upload.data)
        files.append(await _kept(services, turn, blob, upload))
    return [
        Button(
            "material_put",
            name_in(course.names, turn.language),
            {"course_id": course.id, "files": files},
            menu=say(turn.language, "Choose a course"),
            closes=True,
        )
        for course in among[:MOST_OFFERED]
    ]


upload = for_keepers(_upload, _buttons)
put = for_teachers_pressing(_put)


def _refusal(upload: Upload) -> Problem | None:
    """What can be told at once."""
    if not upload.data:
        return Problem.EMPTY
    return Problem.TOO_LARGE if len(upload.data) > MAX_FILE_BYTES else None


async def _filed(
    services: Services, turn: Turn, shelf: Shelf, blob: Blob, name: str, media_type: str
) -> str:
    """Takes a document in; returns what became of it."""
    place, language = shelf.name(turn.language), turn.language
    try:
        async with services.database.write() as session:
            await file_material(
                session,
                blob,
                scope=shelf.scope,
                name=name,
                media_type=media_type,
                uploaded_by=turn.learner.id,
                now=services.now(),
                most=MOST_SHOWN,
            )
    except ShelfFull:
        return say(
            language,
            "There are {count} documents already, as many as fit: {place}. {materials} removes "
            "some.",
            count=MOST_SHOWN,
            place=place,
            materials=typed(turn.question.place.platform, "course materials"),
        )
    except FiledAlready:
        return say(language, "“{name}” is there already: {place}.", name=name, place=place)
    return say(
        language,
        "I'm reading “{name}” for **{place}**, and tell you when answers can come from it.",
        name=name,
        place=place,
    )


async def _kept(services: Services, turn: Turn, blob: Blob, upload: Upload) -> dict[str, Any]:
    owner = f"material:{turn.question.event_id}"
    async with services.database.write() as session:
        await keep_blob(
            session,
            blob,
            owner=owner,
            name=upload.name,
            media_type=upload.media_type,
            now=services.now(),
        )
        await release_blobs(session, owner)
    return {
        "hash": blob.hash,
        "size_bytes": blob.size_bytes,
        "name": upload.name,
        "media_type": upload.media_type,
    }
