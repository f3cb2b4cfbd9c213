"""Finding courses and getting into them: `/course list`, `/course join`."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from bot.commands.arguments import argument
from bot.commands.classes.protecting import missing_sentence
from bot.commands.offers import offer
from bot.commands.wording import typed
from bot.services import Services
from storage import courses
from storage.class_records import ClassRecord, class_record
from storage.courses import EVERYONE, Course
from storage.join_codes import use_join_code
from storage.members import CourseMember, add_member, memberships
from storage.policies import policy_of_course
from tutor.classes.naming import alias_in
from tutor.i18n import mark, say
from tutor.language import Language
from tutor.messages import Button, ReplyPart, Style, Text
from tutor.names import name_in
from tutor.turn import Turn

SHOWN = 20
POLICY_NAMES = {
    "guided": mark("hints before answers"),
    "open": mark("direct answers"),
    "exam": mark("exam, no help"),
}


async def list_courses(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """The courses somebody belongs to, and those that are open to them."""
    async with services.database.read() as session:
        usable = await courses.courses_open_to(session, turn.learner.id, limit=SHOWN)
        joined = {one.course_id: one for one in await memberships(session, turn.learner.id)}
        windows = {id_: await policy_of_course(session, id_, services.now()) for id_ in joined}
    policies = {id_: window.policy for id_, window in windows.items() if window}
    mine = [course for course in usable if course.id in joined]
    others = [course for course in usable if course.id not in joined]
    yield Text("\n\n".join(_lists(turn, mine, others, joined, policies)))
    if usable:
        yield await offer(services, turn, _buttons(turn.language, mine, others))


async def join(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """A join code makes a member."""
    async with services.database.write() as session:
        joined = await use_join_code(
            session, argument(turn, "code"), turn.learner.id, services.now()
        )
        course = await courses.course_by_id(session, joined.course_id) if joined else None
        record = await class_record(session, joined.course_id) if joined else None
    if joined is None or course is None or course.archived_at is not None:
        yield Text(
            say(
                turn.language,
                "That code lets nobody in: it is mistyped, too old or used up. Please ask your "
                "teacher for a new one.",
            )
        )
        return
    yield Text(_welcome(turn, course, joined, record))
    yield await offer(services, turn, [_open_button(turn.language, course)])


async def join_open(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """A course that is open to everyone needs no code."""
    async with services.database.write() as session:
        course = await courses.course_by_id(session, payload["course_id"])
        if course is None or course.visibility != EVERYONE or course.archived_at is not None:
            course = None
        else:
            joined = await add_member(session, course.id, turn.learner.id, now=services.now())
            record = await class_record(session, course.id)
    if course is None:
        yield Text(say(turn.language, "That course is no longer open to everybody."))
        return
    yield Text(_welcome(turn, course, joined, record))
    yield await offer(services, turn, [_open_button(turn.language, course)])


def _lists(
    turn: Turn,
    mine: list[Course],
    others: list[Course],
    joined: Mapping[str, CourseMember],
    policies: Mapping[str, str],
) -> list[str]:
    language, paragraphs = turn.language, []
    if mine:
        lines = [
            _line(course, joined[course.id], policies.get(course.id), language) for course in mine
        ]
        paragraphs.append("\n".join([say(language, "**Your courses**"), *lines]))
    if others:
        lines = [f"- {name_in(course.names, language)}" for course in others]
        paragraphs.append("\n".join([say(language, "**Open to everybody**"), *lines]))
    code = typed(turn.question.place.platform, "course join CODE")
    hint = say(language, "With a code from your teacher: {join}", join=code)
    return [*paragraphs, hint]


def _line(course: Course, known: CourseMember, policy: str | None, language: Language) -> str:
    facts = [say(language, "teacher")] if known.teaches else []
    facts += [known.group] if known.group else []
    facts += [say(language, POLICY_NAMES[policy])] if policy else []
    about = f" · {' · '.join(facts)}" if facts else ""
    return f"- {name_in(course.names, language)}{about}"


def _buttons(language: Language, mine: list[Course], others: list[Course]) -> list[Button]:
    joins = say(language, "Join a course") if len(others) > 2 else ""
    opens = say(language, "Open a course") if len(mine) > 2 else ""
    return [
        *(_open_button(language, course, menu=opens) for course in mine),
        *(
            Button(
                "course_join",
                name_in(course.names, language)
                if joins
                else say(language, "Join {course}", course=name_in(course.names, language)),
                {"course_id": course.id},
                menu=joins,
            )
            for course in others
        ),
    ]


def _open_button(language: Language, course: Course, menu: str = "") -> Button:
    name = name_in(course.names, language)
    label = name if menu else say(language, "Open {course}", course=name)
    return Button("course_open", label, {"course_id": course.id}, Style.PRIMARY, menu=menu)


def _welcome(turn: Turn, course: Course, joined: CourseMember, record: ClassRecord | None) -> str:
    language, name = turn.language, name_in(course.names, turn.language)
    if joined.teaches:
        return say(language, "You are a teacher of **{course}**.", course=name)
    welcome = say(language, "Welcome to **{course}**.", course=name)
    alias = say(
        language,
        "Reports call you {alias}; your name is shown only to teachers who may see names.",
        alias=alias_in(joined.alias, language),
    )
    group = say(language, "Your group: {group}.", group=joined.group) if joined.group else ""
    first = " ".join(filter(None, (welcome, group, alias)))
    return "\n\n".join(filter(None, (first, missing_sentence(record, language))))
