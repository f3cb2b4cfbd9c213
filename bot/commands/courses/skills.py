"""`/course skills`: what a course teaches, what comes before what, and how far the learner is."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.commands.arguments import argument
from bot.commands.offers import offer
from bot.services import Services
from storage import courses
from storage.courses import Course, Lesson, Skill
from storage.database import Session
from storage.skill_states import SkillState, skill_states
from tutor.i18n import say
from tutor.language import Language
from tutor.messages import Button, ReplyPart, Text
from tutor.names import name_in
from tutor.pedagogy.course_choice import choose_course
from tutor.turn import Turn

PAGE = 25
MOST_PREREQUISITES = 3


@dataclass(frozen=True, slots=True)
class Overview:
    """A course as one learner sees it: every skill once, in the first lesson that teaches it."""

    course: Course
    sections: tuple[tuple[Lesson | None, tuple[Skill, ...]], ...]
    requires: Mapping[str, tuple[str, ...]]
    states: Mapping[str, SkillState] = field(default_factory=dict)


async def show_skills(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """The skills of the course that is meant; else the courses to choose from."""
    async with services.database.read() as session:
        choice = await choose_course(session, turn, argument(turn, "course") or None)
    if choice.course is not None:
        async for part in _show(services, turn, choice.course.id, 0):
            yield part
        return
    if not choice.among:
        yield Text(say(turn.language, "There is no course for you here yet."))
        return
    menu = say(turn.language, "Choose a course")
    yield Text(say(turn.language, "Which course?"))
    buttons = [
        Button("course_open", name_in(one.names, turn.language), {"course_id": one.id}, menu=menu)
        for one in choice.among
    ]
    yield await offer(services, turn, buttons)


async def open_course(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """A page of a course's skills."""
    async for part in _show(services, turn, payload["course_id"], payload.get("offset", 0)):
        yield part


async def _show(
    services: Services, turn: Turn, course_id: str, offset: int
) -> AsyncIterator[ReplyPart]:
    async with services.database.read() as session:
        usable = await courses.courses_open_to(session, turn.learner.id)
        if course_id not in {course.id for course in usable}:
            yield Text(say(turn.language, "That course is not open to you."))
            return
        overview = await overview_of(session, course_id, turn.learner.id)
    lines, more = _page(overview, turn.language, offset)
    yield Text("\n".join(lines))
    if more:
        payload = {"course_id": course_id, "offset": offset + PAGE}
        yield await offer(
            services, turn, [Button("course_open", say(turn.language, "More"), payload)]
        )


async def overview_of(session: Session, course_id: str, learner_id: str) -> Overview:
    """Everything that is shown, in a handful of statements."""
    course = await courses.course_by_id(session, course_id)
    assert course is not None, course_id
    skills = {skill.id: skill for skill in await courses.skills_of(session, course_id)}
    taught = await courses.lesson_skills_of(session, course_id)
    sections: list[tuple[Lesson | None, tuple[Skill, ...]]] = []
    left = dict(skills)
    for lesson in await courses.lessons_of(session, course_id):
        own = tuple(left.pop(id_) for id_ in taught.get(lesson.id, ()) if id_ in left)
        sections += [(lesson, own)] if own else []
    if left:
        sections.append((None, tuple(left.values())))
    return Overview(
        course,
        tuple(sections),
        await courses.prerequisites_of(session, course_id),
        await skill_states(session, learner_id, list(skills)),
    )


def _page(overview: Overview, language: Language, offset: int) -> tuple[list[str], bool]:
    """The lines of one page, and whether another one follows."""
    names = {
        skill.id: name_in(skill.names, language) for _, own in overview.sections for skill in own
    }
    if not names:
        return [say(language, "There are no skills in this course yet.")], False
    lines, number = [f"**{name_in(overview.course.names, language)}**"], 0
    for lesson, own in overview.sections:
        first = number
        shown = [skill for n, skill in enumerate(own, first) if offset <= n < offset + PAGE]
        number += len(own)
        if shown and lesson is not None:
            lines.append(f"\n**{name_in(lesson.names, language)}**")
        lines += [_skill_line(overview, skill, names, language) for skill in shown]
    return lines, number > offset + PAGE


def _skill_line(
    overview: Overview, skill: Skill, names: Mapping[str, str], language: Language
) -> str:
    required = [id_ for id_ in overview.requires.get(skill.id, ()) if id_ in names]
    after = _after(required, names, language)
    return f"- {mastery_mark(overview.states.get(skill.id), language)} {names[skill.id]}{after}"


def _after(required: Sequence[str], names: Mapping[str, str], language: Language) -> str:
    if not required:
        return ""
    listed = say(language, ", ").join(names[id_] for id_ in required[:MOST_PREREQUISITES])
    dots = "…" if len(required) > MOST_PREREQUISITES else ""
    return " " + say(language, "(after {skills})", skills=listed + dots)


def mastery_mark(state: SkillState | None, language: Language) -> str:
    """How far somebody is with a skill, in a few characters."""
    if state is None or not state.attempts:
        return "⚪ " + say(language, "new ·")
    if state.mastered_at is not None:
        return "✅ " + say(language, "mastered ·")
    return f"🔵 {state.mastery:.0%} ·"
