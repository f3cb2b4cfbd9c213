"""A tour of courses and the item bank: calls each of their functions, and fills their tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from storage import courses, items
from storage.database import Session
from storage.identifiers import new_id

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Taught:
    """A course with a lesson, two skills and an item."""

    course_id: str
    lesson_id: str
    skill_ids: tuple[str, str]
    item_id: str


def a_course(
    course_id: str, *, key: str = "", owner_id: str | None = None, community_id: str | None = None
) -> courses.Course:
    return courses.Course(
        id=course_id,
        key=key or f"course-{course_id}",
        names={"en": "Fractions", "zh-CN": "分数"},
        language="en",
        source="somewhere",
        licence="CC0",
        attribution="",
        visibility=courses.EVERYONE,
        community_id=community_id,
        owner_id=owner_id,
        settings={},
        created_at=NOW,
        archived_at=None,
    )


def an_item(
    item_id: str,
    *,
    course_id: str | None = None,
    lesson_id: str | None = None,
    owner_id: str | None = None,
    state: str = "verified",
    language: str = "en",
    text_digest: str = "d",
) -> items.Item:
    return items.Item(
        id=item_id,
        course_id=course_id,
        lesson_id=lesson_id,
        owner_id=owner_id,
        key=f"item-{item_id}",
        version=1,
        family="",
        title="",
        stem="Half of 6?",
        language=language,
        source="",
        licence="",
        attribution="",
        state=state,
        origin="import" if course_id else "learner",
        text_digest=text_digest,
        content_digest="c",
        created_at=NOW,
        updated_at=NOW,
    )


def a_step(item_id: str, skills: Sequence[str] = ()) -> items.Step:
    return items.Step(
        id=new_id(),
        item_id=item_id,
        position=0,
        key="a",
        prompt="",
        answer_type="number",
        answers=["3"],
        choices=[],
        unit="",
        tolerance=0.0,
        rubric="",
        hints=[{"kind": "hint", "text": "Share it by two."}],
        skills=list(skills),
    )


async def visit_courses(
    session: Session, learner_id: str, community_id: str | None = None
) -> Taught:
    """A course that somebody made, and a problem that they brought themselves."""
    course_id, lesson_id, skills = new_id(), new_id(), (new_id(), new_id())
    course = a_course(course_id, owner_id=learner_id, community_id=community_id)
    await courses.add_course(session, course)
    named = {"en": "Halves"}
    lesson = courses.Lesson(lesson_id, course_id, "l", 0, named)
    await courses.put_lessons(session, [lesson], [lesson])
    rows = [courses.Skill(s, course_id, s, i, named, None) for i, s in enumerate(skills)]
    await courses.put_skills(session, rows, rows)
    await courses.replace_prerequisites(session, course_id, {skills[1]: [skills[0]]})
    await courses.replace_lesson_skills(session, course_id, {lesson_id: skills})
    taught = an_item(new_id(), course_id=course_id, lesson_id=lesson_id)
    own = an_item(new_id(), owner_id=learner_id)
    steps = [a_step(taught.id, skills), a_step(own.id, skills[:1])]
    await items.add_items(session, [taught, own], steps)
    for item in (taught, own):
        await items.add_revisions(
            session, [items.Revision(new_id(), item.id, 1, {}, "why", learner_id, NOW)]
        )
    return Taught(course_id, lesson_id, skills, taught.id)


async def read_courses(session: Session, learner_id: str) -> None:
    """Calls what reads; there need not be such rows."""
    await courses.course_by_id(session, "c")
    await courses.course_by_key(session, "c")
    await courses.courses(session, after="a")
    await courses.courses_of_community(session, "c", after="a")
    await courses.courses_open_to(session, learner_id, after="a")
    await courses.lessons_of(session, "c")
    await courses.lessons_by_ids(session, ["l", "m"])
    await courses.skills_of(session, "c")
    await courses.skills_by_ids(session, ["s", "t"])
    await courses.skill_by_key(session, "c", "s")
    await courses.skills_of_lesson(session, "l")
    await courses.lesson_skills_of(session, "c")
    await courses.prerequisites_of(session, "c")
    await items.item_by_id(session, "i")
    await items.items_by_ids(session, ["i", "j"])
    await items.item_by_key(session, "c", "i")
    await items.steps_of(session, ["i", "j"])
    await items.known_items(session, "c")
    await items.revisions_of(session, "i")
    await items.items_of_skill(session, "s")
    await items.items_of_skill(session, "s", "en")
    await items.outlines_of_skill(session, "s", 50)
    await items.skills_with_items(session, "c")
    await items.items_of_lesson(session, "l")
    await items.items_of_course(session, "c", after="a")
    await items.unverified_items(session, "c")
    await items.items_of_owner(session, learner_id)
    await items.items_of_owner(session, learner_id, before="f" * 32)
    await items.items_with_text(session, "d", ["c", "e"])
    await items.asks_somewhere(session, "d")
    await items.count_items(session, "c")
    await items.count_items_by_skill(session, "c")


async def run_courses(session: Session) -> None:
    """Calls what changes."""
    await courses.change_course(session, "c", visibility=courses.MEMBERS)
    course_id, item = new_id(), an_item(new_id())
    await courses.add_course(session, a_course(course_id))
    item = an_item(new_id(), course_id=course_id)
    await items.add_items(session, [item], [a_step(item.id)])
    await items.replace_items(session, [item], [a_step(item.id)])
    await items.set_states(session, [item.id], "retired", NOW)
    await items.delete_parts_of_own_items(session, "nobody")
