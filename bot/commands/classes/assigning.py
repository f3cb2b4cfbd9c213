"""`/class assign`: a lesson or a skill as homework, told to everybody whom it is for."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from rapidfuzz import fuzz, process

from bot.commands.arguments import argument
from bot.commands.classes.homework_words import named_at_start, span_in
from bot.commands.classes.times import shown_time, unreadable, zone_of
from bot.commands.courses.teaching import (
    Taught,
    for_teachers,
    for_teachers_pressing,
    handles,
    taught_courses,
)
from bot.commands.offers import offer
from bot.commands.wording import typed
from bot.services import Services
from storage.courses import lessons_of, skills_of
from storage.database import Session
from storage.homework import Homework, assign_homework, cancel_homework, homework_by_id, homework_of
from storage.members import LEARNER, members_of
from tutor.classes.dates import DateUnreadable, Span, parse_span
from tutor.classes.regrading import tell
from tutor.i18n import say, say_count
from tutor.language import Language
from tutor.messages import Button, Platform, ReplyPart, Text
from tutor.names import Names, name_in
from tutor.turn import Turn

DEFAULT_ITEMS, MOST_ITEMS = 10, 200
DEFAULT_TIME = timedelta(days=7)
CLOSE_ENOUGH = 70  # of 100, how alike a typed name and one in the course have to be
MOST_SUGGESTIONS = 5


@dataclass(frozen=True, slots=True)
class Subject:
    """What can be practised: a lesson or a skill."""

    names: Names
    lesson_id: str | None = None
    skill_id: str | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """One homework as a teacher gives it."""

    subject: Subject
    span: Span
    group: str


async def _assign(services: Services, turn: Turn, teaching: Taught) -> AsyncIterator[ReplyPart]:
    if not argument(turn, "what"):
        async for part in _list(services, turn, teaching):
            yield part
        return
    async with services.database.read() as session:
        subjects = await subjects_of(session, teaching.course.id)
    zone = zone_of(turn)
    wanted = _wanted(turn, subjects, services.now())
    if isinstance(wanted, str):
        yield Text(wanted)
        return
    async with services.database.write() as session:
        homework = await _store(session, services, turn, teaching, wanted)
        told = await _tell(session, homework, teaching, services)
    yield Text(
        say(
            turn.language,
            "**{title}**: {items} questions, from {start} until {end}.",
            title=homework.title,
            items=homework.items,
            start=shown_time(homework.opens_at, zone),
            end=shown_time(homework.due_at, zone),
        )
        + " "
        + say_count(turn.language, "{count} learner is told.", "{count} learners are told.", told)
    )
    yield await offer(services, turn, [_take_back(homework, turn.language)])


async def _cancel(
    services: Services, turn: Turn, teaching: Taught, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    async with services.database.write() as session:
        homework = await homework_by_id(session, payload["homework_id"])
        ours = homework is not None and homework.course_id == teaching.course.id
        done = ours and await cancel_homework(session, payload["homework_id"], services.now())
    if done:
        yield Text(say(turn.language, "Taken back: nobody has to do it any more."))
    else:
        yield Text(say(turn.language, "That homework was taken back already."))


_assign_taught = for_teachers(_assign)


async def assign(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """Homework; a name of many words, without quotation marks, fills even the course's place."""
    call, course = turn.question.command, argument(turn, "course")
    if call is not None and course:
        async with services.database.read() as session:
            known = await taught_courses(session, turn)
        if known and not any(course.casefold() in handles(one) for one in known):
            group = f"{argument(turn, 'group')} {course}".strip()
            call = replace(call, arguments={**call.arguments, "group": group, "course": ""})
            turn = replace(turn, question=replace(turn.question, command=call))
    async for part in _assign_taught(services, turn):
        yield part


cancel = for_teachers_pressing(_cancel)


def _wanted(turn: Turn, subjects: Sequence[Subject], now: datetime) -> Wanted | str:
    """What is to be done, until when and by whom; else the sentence that says what is missing."""
    what, group, zone = argument(turn, "what"), argument(turn, "group"), zone_of(turn)
    since, until = argument(turn, "from"), argument(turn, "until")
    words = " ".join((what, since, until, group)).split()
    unquoted = None if _called(what, subjects) else named_at_start(words, _caller(subjects))
    found = best_matches(what, subjects)
    try:
        if unquoted is not None:
            return Wanted(unquoted[0], span_in(unquoted[1], now, zone), "")
        if len(found) != 1:
            return _which(turn, found)
        return Wanted(found[0], parse_span(since, until, now, zone), group)
    except DateUnreadable as error:
        return f"{unreadable(turn, error)} {_quotation(turn)}"


def _called(written: str, subjects: Sequence[Subject]) -> Subject | None:
    """What has exactly this name in any language."""
    wanted = written.casefold()
    exact = (s for s in subjects if wanted in {name.casefold() for name in s.names.values()})
    return next(exact, None)


def _caller(subjects: Sequence[Subject]) -> Callable[[str], Subject | None]:
    return lambda written: _called(written, subjects)


def _quotation(turn: Turn) -> str:
    return say(
        turn.language,
        "Put a name of several words in quotation marks: {example}",
        example=f'{typed(turn.question.place.platform, "class assign")} "…"',
    )


async def subjects_of(session: Session, course_id: str) -> list[Subject]:
    """Everything in a course that can be given as homework, lessons first."""
    lessons = [Subject(one.names, lesson_id=one.id) for one in await lessons_of(session, course_id)]
    skills = [Subject(one.names, skill_id=one.id) for one in await skills_of(session, course_id)]
    return lessons + skills


def best_matches(written: str, subjects: Sequence[Subject]) -> list[Subject]:
    """The subject that is called so, in any language; else those that sound alike."""
    if exact := _called(written, subjects):
        return [exact]
    names = {(n, name): name for n, s in enumerate(subjects) for name in s.names.values()}
    close = process.extract(
        written, names, scorer=fuzz.WRatio, score_cutoff=CLOSE_ENOUGH, limit=MOST_SUGGESTIONS
    )
    return [subjects[n] for n in dict.fromkeys(key[0] for _, _, key in close)]


async def _list(services: Services, turn: Turn, teaching: Taught) -> AsyncIterator[ReplyPart]:
    async with services.database.read() as session:
        running = await homework_of(session, teaching.course.id, due_after=services.now())
    if not running:
        yield Text(
            say(turn.language, "There is no homework now. Name a lesson or a skill to give.")
        )
        return
    lines = [
        f"- {one.title} · {shown_time(one.opens_at, zone_of(turn))} – "
        f"{shown_time(one.due_at, zone_of(turn))}" + (f" · {one.group}" if one.group else "")
        for one in running
    ]
    yield Text("\n".join([say(turn.language, "**Homework**"), *lines]))
    buttons = [_take_back(one, turn.language, one.title) for one in running[:MOST_SUGGESTIONS]]
    yield await offer(services, turn, buttons)


async def _store(
    session: Session,
    services: Services,
    turn: Turn,
    teaching: Taught,
    wanted: Wanted,
) -> Homework:
    subject, span = wanted.subject, wanted.span
    return await assign_homework(
        session,
        teaching.course.id,
        lesson_id=subject.lesson_id,
        skill_id=subject.skill_id,
        group=wanted.group,
        title=name_in(subject.names, turn.language),
        items=max(1, min(int(argument(turn, "items") or DEFAULT_ITEMS), MOST_ITEMS)),
        opens_at=span.starts_at,
        due_at=span.ends_at or max(span.starts_at, services.now()) + DEFAULT_TIME,
        by=turn.learner.id,
        now=services.now(),
    )


async def _tell(session: Session, homework: Homework, teaching: Taught, services: Services) -> int:
    """A notice for each learner, delivered when the homework opens."""
    group = homework.group or None
    learners = await members_of(session, homework.course_id, role=LEARNER, group=group)

    def sentence(language: Language, platform: Platform) -> str:
        return say(
            language,
            "New homework in **{course}**: {title}, {items} questions, until {end}. "
            "{practice} begins it.",
            practice=typed(platform, "practice"),
            course=name_in(teaching.course.names, language),
            title=homework.title,
            items=homework.items,
            end=f"{homework.due_at:%Y-%m-%d %H:%M} UTC",
        )

    for one in learners:
        key = f"homework:{homework.id}:{one.learner_id}"
        now, opens_at = services.now(), homework.opens_at
        await tell(session, one.learner_id, sentence, key=key, now=now, not_before=opens_at)
    return len(learners)


def _which(turn: Turn, found: Sequence[Subject]) -> str:
    if not found:
        return say(
            turn.language, "This course has no lesson or skill that is called anything like that."
        )
    names = say(turn.language, ", ").join(name_in(one.names, turn.language) for one in found)
    which = say(turn.language, "Which one do you mean? {names}", names=names)
    return f"{which} {_quotation(turn)}"


def _take_back(homework: Homework, language: Language, title: str = "") -> Button:
    label = say(language, "Take back {title}", title=title) if title else say(language, "Take back")
    payload = {"course_id": homework.course_id, "homework_id": homework.id}
    return Button("homework_cancel", label, payload, once=True)
