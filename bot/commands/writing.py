"""`/write`: texts of many kinds, as a file where wanted, and quiz questions for a course."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from bot.commands.arguments import argument
from bot.commands.courses.teaching import MOST_OFFERED, ActionHandler, taught, taught_courses
from bot.commands.offers import offer
from bot.commands.wording import typed
from bot.services import Services
from storage.conversations import StoredTurn, turn_by_id
from storage.courses import Course
from tutor.bank.store import add_item
from tutor.i18n import say, say_count
from tutor.language import Language, detect
from tutor.messages import Button, Provenance, ReplyPart, Style, Text
from tutor.moves import Move
from tutor.names import name_in
from tutor.pedagogy import gate
from tutor.turn import Turn
from tutor.writing.kinds import FORMS, Kind, kind_in
from tutor.writing.quiz_draft import Checked, checked, drafts_in
from tutor.writing.request import FileFormat, WriteRequest, write_request


async def write(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """Writes the text, and offers what can be done with it."""
    request = _request(turn)
    if request is None:
        yield Text(say(turn.language, "What shall I write?"))
        yield await offer(services, turn, _kind_buttons(turn))
        return
    async for part in services.tutor.write(turn, request):
        if isinstance(part, Provenance) and part.turn_id and request.kind is not Kind.SONG:
            yield await offer(services, turn, await _after(services, turn, request, part.turn_id))
        yield part


async def give_file(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """A text that was written, as a file."""
    written = await _written(services, turn, payload["turn_id"])
    if written is None:
        yield Text(_gone(turn.language))
        return
    kind, format_ = Kind(payload["kind"]), FileFormat(payload["format"])
    yield await services.tutor.writer.file(turn.language, kind, format_, written.text)


async def keep_quiz(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """The questions as unverified items of a course, which its teachers then look through."""
    written = await _written(services, turn, payload["turn_id"])
    if written is None:
        yield Text(_gone(turn.language))
        return
    async with services.database.read() as session:
        among = await taught_courses(session, turn)
        wanted = payload.get("course_id") or (among[0].id if len(among) == 1 else "")
        teaching = await taught(session, turn, wanted) if wanted else None
    if teaching is not None:
        async for part in _keep(services, turn, written, teaching.course):
            yield part
    elif among and not wanted:
        yield Text(say(turn.language, "Which course?"))
        yield await offer(services, turn, _course_buttons(turn.language, among, payload))
    else:
        yield Text(say(turn.language, "Only the teachers of that course may do that."))


ACTIONS: dict[str, ActionHandler] = {
    "write_file": give_file,
    "write_keep_quiz": keep_quiz,
}


def _request(turn: Turn) -> WriteRequest | None:
    """What is wanted; None where no kind was named."""
    brief = argument(turn, "brief")
    named = argument(turn, "kind")
    kind = Kind(named) if named else kind_in(brief)
    if kind is None:
        return None
    language = argument(turn, "language")
    return write_request(
        kind,
        brief,
        Language(language) if language else detect(brief) or turn.language,
        words=int(argument(turn, "length") or 0) or None,
        personal=argument(turn, "personal") == "yes",
        format=FileFormat(argument(turn, "format") or FileFormat.MARKDOWN),
    )


def _kind_buttons(turn: Turn) -> list[Button]:
    """The same command again, with a kind."""
    call = turn.question.command
    assert call is not None, turn.question.event_id
    menu = say(turn.language, "Choose what to write")
    return [
        Button(
            "command_again",
            say(turn.language, form.name),
            {"command": call.name, "arguments": {**call.arguments, "kind": kind.value}},
            menu=menu,
        )
        for kind, form in FORMS.items()
    ]


async def _after(
    services: Services, turn: Turn, request: WriteRequest, turn_id: str
) -> list[Button]:
    """What can be done with a text that was just written; a song has come as a file already."""
    about = {"turn_id": turn_id, "kind": request.kind.value}
    labels = {
        FileFormat.MARKDOWN: say(turn.language, "As a Markdown file"),
        FileFormat.DOCX: say(turn.language, "As a Word file"),
    }
    buttons = [Button("write_file", labels[one], {**about, "format": one}) for one in FileFormat]
    if request.kind is Kind.QUIZ and await _teaches(services, turn):
        label = say(turn.language, "Put into a course as drafts")
        buttons.append(Button("write_keep_quiz", label, about, Style.PRIMARY, once=True))
    return buttons


async def _teaches(services: Services, turn: Turn) -> bool:
    async with services.database.read() as session:
        return bool(await taught_courses(session, turn))


async def _written(services: Services, turn: Turn, turn_id: str) -> StoredTurn | None:
    """The stored text, if it is this person's and nothing forbids showing it now."""
    async with services.database.read() as session:
        stored = await turn_by_id(session, turn_id)
    if stored is None or gate.closed(turn):
        return None
    theirs = stored.learner_id == turn.learner.id and stored.move == Move.WRITE
    return stored if theirs else None


async def _keep(
    services: Services, turn: Turn, written: StoredTurn, course: Course
) -> AsyncIterator[ReplyPart]:
    language = detect(written.text) or turn.language
    found = drafts_in(written.text, language, written.id)
    drafts = [await checked(one, services.solver) for one in found]
    if not drafts:
        yield Text(say(turn.language, "I found no question with a short answer in that text."))
        return
    async with services.database.write() as session:
        for draft in drafts:
            await add_item(
                session,
                draft.item,
                course_id=course.id,
                owner_id=turn.learner.id,
                now=services.now(),
            )
    yield Text(_kept(turn, course, drafts))
    through = Button(
        "item_next", say(turn.language, "Go through them"), {"course_id": course.id, "after": ""}
    )
    yield await offer(services, turn, [through])


def _kept(turn: Turn, course: Course, drafts: list[Checked]) -> str:
    """How many drafts there are now, and what is known of their keys."""
    language = turn.language
    lines = [
        say_count(
            language,
            "{count} draft is in **{course}** now. No learner sees it before a teacher approves "
            "it with {approve}.",
            "{count} drafts are in **{course}** now. No learner sees them before a teacher "
            "approves them with {approve}.",
            len(drafts),
            course=name_in(course.names, language),
            approve=typed(turn.question.place.platform, "course approve"),
        )
    ]
    computed = sum(draft.computed for draft in drafts)
    corrected = sum(draft.corrected for draft in drafts)
    if computed:
        lines.append(
            say_count(
                language,
                "I computed {count} key myself.",
                "I computed {count} keys myself.",
                computed,
            )
        )
    if corrected:
        lines.append(
            say_count(
                language,
                "{count} of them was wrong as the model wrote it.",
                "{count} of them were wrong as the model wrote them.",
                corrected,
            )
        )
    return " ".join(lines)


def _course_buttons(
    language: Language, among: list[Course], payload: Mapping[str, Any]
) -> list[Button]:
    menu = say(language, "Choose a course")
    return [
        Button(
            "write_keep_quiz",
            name_in(course.names, language),
            {**payload, "course_id": course.id},
            once=True,
            menu=menu,
        )
        for course in among[:MOST_OFFERED]
    ]


def _gone(language: Language) -> str:
    return say(language, "I can't give you that text any more. Please have it written again.")
