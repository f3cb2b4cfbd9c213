"""`/learn`, `/quiz`, `/practice` and `/review`: what is to be practised, and in which course."""

import re
from collections.abc import AsyncIterator, Sequence

from bot.services import Services
from storage.courses import courses_open_to
from tutor.i18n import say
from tutor.messages import Button, Offer, ReplyPart, Style, Text
from tutor.pedagogy.controls import MOST_BUTTONS, START
from tutor.pedagogy.course_choice import MOST_OFFERED, CourseChoice, choose_course
from tutor.pedagogy.plan import PracticeKind
from tutor.pedagogy.starting import Wish
from tutor.pedagogy.subjects import Found, Subject, find_subject, subject_name
from tutor.turn import Turn

_COUNT_AT_END = re.compile(r"(?:^|\s)(\d{1,3})\s*(?:题|道题?|questions?)?$")


async def learn(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """Goes on with the open lesson, else begins one."""
    words = _argument(turn, "what")
    running = await services.lessons.here(turn) if not words else None
    if running is not None:
        yield Text(say(turn.language, "You are in the middle of this:") + "\n\n")
        async for part in services.lessons.resume(turn, running):
            yield part
        return
    async for part in _begin(services, turn, PracticeKind.LESSON, words):
        yield part


async def quiz(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """So many questions, one answer each; the number may stand behind the subject."""
    words, count = _argument(turn, "skill"), _argument(turn, "n")
    counted = _COUNT_AT_END.search(words) if not count else None
    if counted is not None:
        words, count = words[: counted.start()], counted.group(1)
    length = int(count) if count else None
    async for part in _begin(services, turn, PracticeKind.QUIZ, words.strip(), length):
        yield part


async def practice(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """Questions without end."""
    async for part in _begin(services, turn, PracticeKind.PRACTICE, _argument(turn, "skill")):
        yield part


async def review(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """What is due by now, of all courses."""
    async for part in services.lessons.start(turn, Wish(PracticeKind.REVIEW)):
        yield part


async def _begin(
    services: Services, turn: Turn, kind: PracticeKind, words: str, length: int | None = None
) -> AsyncIterator[ReplyPart]:
    """Finds out what is meant, or asks."""
    async with services.database.read() as session:
        if words:
            open_to_them = await courses_open_to(session, turn.learner.id)
            found = await find_subject(session, words, open_to_them)
        choice = await choose_course(session, turn)
    if words and found.subject is not None:
        subject = found.subject
        wish = Wish(kind, subject.course, subject.skill_ids, length)
    elif words:
        for part in _did_you_mean(turn, kind, words, found, length):
            yield part
        return
    elif choice.course is not None:
        wish = Wish(kind, choice.course, length=length)
    else:
        for part in _which_course(turn, kind, choice, length):
            yield part
        return
    async for part in services.lessons.start(turn, wish):
        yield part


def _did_you_mean(
    turn: Turn, kind: PracticeKind, words: str, found: Found, length: int | None
) -> list[ReplyPart]:
    """The nearest subjects, else the lessons that there are."""
    if found.near:
        question = say(
            turn.language,
            "I found nothing called “{words}”. Did you mean one of these?",
            words=words[:60],
        )
    else:
        question = say(
            turn.language,
            "I found nothing called “{words}”. This is what there is:",
            words=words[:60],
        )
    return [Text(question), _start_buttons(turn, kind, found.near or found.lessons, length)]


def _which_course(
    turn: Turn, kind: PracticeKind, choice: CourseChoice, length: int | None
) -> list[ReplyPart]:
    if not choice.among:
        return [Text(say(turn.language, "There is no course for you yet."))]
    subjects = [Subject(course, course.names) for course in choice.among]
    return [
        Text(say(turn.language, "Which course?")),
        _start_buttons(turn, kind, subjects, length),
    ]


def _start_buttons(
    turn: Turn, kind: PracticeKind, subjects: Sequence[Subject], length: int | None
) -> Offer:
    """A button for each, or a menu of many."""
    shown = subjects[:MOST_OFFERED]
    menu = say(turn.language, "What would you like?") if len(shown) > MOST_BUTTONS else ""
    return Offer(tuple(_start(turn, kind, subject, length, menu) for subject in shown))


def _start(
    turn: Turn, kind: PracticeKind, subject: Subject, length: int | None, menu: str = ""
) -> Button:
    """Begins with exactly that, and uses the question up."""
    carried = {
        "kind": kind.value,
        "course_id": subject.course.id,
        "skill_ids": list(subject.skill_ids),
        "length": length,
    }
    label = subject_name(subject, turn.language)
    return Button(START, label, carried, Style.PRIMARY, closes=True, menu=menu)


def _argument(turn: Turn, name: str) -> str:
    call = turn.question.command
    return call.arguments.get(name, "") if call else ""
