"""Courses and what they are made of: lessons, skills, and which skill is learnt before which.

Who belongs to a course is `storage.members`; its problems are `storage.items`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, or_, select, update

from storage.database import Session
from storage.models import (
    CourseMemberRow,
    CourseRow,
    LessonRow,
    LessonSkillRow,
    SkillPrerequisiteRow,
    SkillRow,
)
from storage.models.base import Base, columns_for

EVERYONE, MEMBERS = "everyone", "members"


@dataclass(frozen=True, slots=True)
class Course:
    """`names` is the title by language; `key` is its importer's name for it."""

    id: str
    key: str
    names: Mapping[str, str]
    language: str
    source: str
    licence: str
    attribution: str
    visibility: str
    community_id: str | None
    owner_id: str | None
    settings: Mapping[str, Any]
    created_at: datetime
    archived_at: datetime | None


@dataclass(frozen=True, slots=True)
class Lesson:
    id: str
    course_id: str
    key: str
    position: int
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Skill:
    """`generator` names what makes unlimited items for it, if there is one."""

    id: str
    course_id: str
    key: str
    position: int
    names: Mapping[str, str]
    generator: str | None


_COURSE = columns_for(CourseRow, Course)
_LESSON = columns_for(LessonRow, Lesson)
_SKILL = columns_for(SkillRow, Skill)


async def add_course(session: Session, course: Course) -> None:
    """Adds a course whose key is not taken."""
    await session.execute(insert(CourseRow), asdict(course))


async def change_course(session: Session, course_id: str, **values: Any) -> None:
    """Changes some columns of a course."""
    await session.execute(update(CourseRow).where(CourseRow.id == course_id).values(**values))


async def course_by_id(session: Session, course_id: str) -> Course | None:
    """A course, also an archived one."""
    row = (await session.execute(select(*_COURSE).where(CourseRow.id == course_id))).one_or_none()
    return Course(*row) if row else None


async def course_by_key(session: Session, key: str) -> Course | None:
    """The course that its importer calls so, also an archived one."""
    row = (await session.execute(select(*_COURSE).where(CourseRow.key == key))).one_or_none()
    return Course(*row) if row else None


async def courses(session: Session, *, after: str = "", limit: int = 100) -> list[Course]:
    """A page of all courses that are not archived, by their keys; `after` is the last one seen."""
    query = (
        select(*_COURSE)
        .where(CourseRow.key > after, CourseRow.archived_at.is_(None))
        .order_by(CourseRow.key)
        .limit(limit)
    )
    return [Course(*row) for row in await session.execute(query)]


async def courses_of_community(
    session: Session, community_id: str, *, after: str = "", limit: int = 100
) -> list[Course]:
    """A page of a community's own courses that are not archived, by their keys."""
    query = (
        select(*_COURSE)
        .where(
            CourseRow.community_id == community_id,
            CourseRow.key > after,
            CourseRow.archived_at.is_(None),
        )
        .order_by(CourseRow.key)
        .limit(limit)
    )
    return [Course(*row) for row in await session.execute(query)]


async def courses_open_to(
    session: Session, learner_id: str, *, after: str = "", limit: int = 100
) -> list[Course]:
    """A page of the courses that everyone may use or that they are a member of, by their keys."""
    theirs = select(CourseMemberRow.course_id).where(CourseMemberRow.learner_id == learner_id)
    query = (
        select(*_COURSE)
        .where(
            CourseRow.key > after,
            CourseRow.archived_at.is_(None),
            or_(CourseRow.visibility == EVERYONE, CourseRow.id.in_(theirs)),
        )
        .order_by(CourseRow.key)
        .limit(limit)
    )
    return [Course(*row) for row in await session.execute(query)]


async def lessons_of(session: Session, course_id: str) -> list[Lesson]:
    """The lessons of a course in their order."""
    query = select(*_LESSON).where(LessonRow.course_id == course_id).order_by(LessonRow.position)
    return [Lesson(*row) for row in await session.execute(query)]


async def lessons_by_ids(session: Session, lesson_ids: Sequence[str]) -> list[Lesson]:
    """Those of these lessons that exist, in the order of their ids."""
    query = select(*_LESSON).where(LessonRow.id.in_(lesson_ids)).order_by(LessonRow.id)
    return [Lesson(*row) for row in await session.execute(query)]


async def skills_of(session: Session, course_id: str) -> list[Skill]:
    """The skills of a course in their order."""
    query = select(*_SKILL).where(SkillRow.course_id == course_id).order_by(SkillRow.position)
    return [Skill(*row) for row in await session.execute(query)]


async def skills_by_ids(session: Session, skill_ids: Sequence[str]) -> list[Skill]:
    """Those of these skills that exist, in the order of their ids."""
    query = select(*_SKILL).where(SkillRow.id.in_(skill_ids)).order_by(SkillRow.id)
    return [Skill(*row) for row in await session.execute(query)]


async def skill_by_key(session: Session, course_id: str, key: str) -> Skill | None:
    query = select(*_SKILL).where(SkillRow.course_id == course_id, SkillRow.key == key)
    row = (await session.execute(query)).one_or_none()
    return Skill(*row) if row else None


async def skills_of_lesson(session: Session, lesson_id: str) -> list[Skill]:
    """The skills that a lesson teaches, in its order."""
    query = (
        select(*_SKILL)
        .join(LessonSkillRow, LessonSkillRow.skill_id == SkillRow.id)
        .where(LessonSkillRow.lesson_id == lesson_id)
        .order_by(LessonSkillRow.position)
    )
    return [Skill(*row) for row in await session.execute(query)]


async def lesson_skills_of(session: Session, course_id: str) -> dict[str, tuple[str, ...]]:
    """Of every lesson of a course with skills: their ids in its order."""
    query = (
        select(LessonSkillRow.lesson_id, LessonSkillRow.skill_id)
        .join(LessonRow, LessonRow.id == LessonSkillRow.lesson_id)
        .where(LessonRow.course_id == course_id)
        .order_by(LessonSkillRow.lesson_id, LessonSkillRow.position)
    )
    return _grouped((await session.execute(query)).all())


async def prerequisites_of(session: Session, course_id: str) -> dict[str, tuple[str, ...]]:
    """Of every skill of a course that has any: the ids of the skills that are learnt before."""
    query = (
        select(SkillPrerequisiteRow.skill_id, SkillPrerequisiteRow.requires_id)
        .join(SkillRow, SkillRow.id == SkillPrerequisiteRow.skill_id)
        .where(SkillRow.course_id == course_id)
        .order_by(SkillPrerequisiteRow.skill_id, SkillPrerequisiteRow.requires_id)
    )
    return _grouped((await session.execute(query)).all())


async def put_lessons(session: Session, new: Sequence[Lesson], changed: Sequence[Lesson]) -> None:
    """Adds lessons, and gives others their new position and names."""
    await _put(session, LessonRow, [asdict(lesson) for lesson in new])
    await _change(session, LessonRow, [asdict(lesson) for lesson in changed], "position", "names")


async def put_skills(session: Session, new: Sequence[Skill], changed: Sequence[Skill]) -> None:
    """Adds skills, and gives others their new position, names and generator."""
    await _put(session, SkillRow, [asdict(skill) for skill in new])
    values = [asdict(skill) for skill in changed]
    await _change(session, SkillRow, values, "position", "names", "generator")


async def replace_prerequisites(
    session: Session, course_id: str, requires: Mapping[str, Sequence[str]]
) -> None:
    """What is learnt before what, by the skills' ids, in place of all there was. No cycles."""
    own = select(SkillRow.id).where(SkillRow.course_id == course_id)
    await session.execute(
        delete(SkillPrerequisiteRow).where(SkillPrerequisiteRow.skill_id.in_(own))
    )
    pairs = [(skill, required) for skill, all_ in requires.items() for required in all_]
    values = [{"skill_id": skill, "requires_id": required} for skill, required in pairs]
    await _put(session, SkillPrerequisiteRow, values)


async def replace_lesson_skills(
    session: Session, course_id: str, skills: Mapping[str, Sequence[str]]
) -> None:
    """Which skills the lessons of a course teach, by ids, in place of all there was."""
    own = select(LessonRow.id).where(LessonRow.course_id == course_id)
    await session.execute(delete(LessonSkillRow).where(LessonSkillRow.lesson_id.in_(own)))
    values = [
        {"lesson_id": lesson, "skill_id": skill, "position": position}
        for lesson, ids in skills.items()
        for position, skill in enumerate(ids)
    ]
    await _put(session, LessonSkillRow, values)


async def _put(session: Session, table: type[Base], values: list[dict[str, Any]]) -> None:
    if values:
        await session.execute(insert(table), values)


async def _change(
    session: Session, table: type[Any], values: list[dict[str, Any]], *columns: str
) -> None:
    """Gives each row, found by its id, these columns of its values."""
    if not values:
        return
    statement = update(table.__table__).where(table.__table__.c.id == bindparam("row_id"))
    statement = statement.values({name: bindparam(f"new_{name}") for name in columns})
    await session.execute(
        statement,
        [{"row_id": v["id"], **{f"new_{name}": v[name] for name in columns}} for v in values],
    )


def _grouped(pairs: Sequence[Any]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for key, value in pairs:
        found[key] = (*found.get(key, ()), value)
    return found
