"""Saves a whole course: again and again, changing only what is different.

Lessons, skills and items are known by their keys. What attempts may refer to is never deleted: an
item that is gone from its source is retired, a lesson or skill stays without items.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from storage import courses, items
from storage.database import Session
from storage.identifiers import new_id
from tutor.bank.digest import content_digest
from tutor.bank.item import Course, Item, ItemState, Lesson, Origin, Skill
from tutor.bank.prerequisites import check_prerequisites
from tutor.bank.reason import BankError
from tutor.bank.rows import item_row, revision_content, step_rows
from tutor.i18n import mark

GONE = "gone from its source"
CHANGED = "changed in its source"
NOT_OF_A_SOURCE = (Origin.GENERATOR, Origin.TEACHER, Origin.MODEL, Origin.LEARNER)


class CourseKeyTaken(BankError):
    """The key names a course of somebody else, which must not be overwritten."""


class CourseUnsound(BankError):
    """A course names something twice, or something that it does not have."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving came to, in items."""

    course_id: str
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    retired: int = 0


async def save_course(
    session: Session,
    course: Course,
    *,
    owner_id: str | None,
    community_id: str | None,
    now: datetime,
) -> Saved:
    """Makes the stored course be what `course` says; saving the same again changes nothing.

    Raises PrerequisiteCycle, PrerequisiteUnknown, CourseUnsound or CourseKeyTaken, each with a
    sentence for the person who brought it; nothing is written then.
    """
    check_prerequisites(course.skills)
    check_keys(course)
    course_id = await _save_head(session, course, owner_id, community_id, now)
    skill_ids = await _save_skills(session, course_id, course.skills)
    lesson_ids = await _save_lessons(session, course_id, course.lessons, skill_ids)
    saving = _Saving(session, course_id, skill_ids, lesson_ids, now)
    return await saving.save(course.items)


def check_keys(course: Course) -> None:
    """Raises CourseUnsound where a key stands twice, or for what is not there."""
    skills = _unique(skill.key for skill in course.skills)
    lessons = _unique(lesson.key for lesson in course.lessons)
    _unique(item.key for item in course.items)
    for lesson in course.lessons:
        _known(lesson.skills, skills, lesson.key)
    for item in course.items:
        _known([item.lesson] if item.lesson else [], lessons, item.key)
        for step in item.steps:
            _known(step.skills, skills, item.key)


def _unique(keys: Iterable[str]) -> set[str]:
    counted = Counter(keys)
    for key, count in counted.items():
        if count > 1:
            raise CourseUnsound(mark("The key {key} is used twice; give each its own."), key=key)
    return set(counted)


def _known(keys: Sequence[str], known: set[str], where: str) -> None:
    for key in keys:
        if key not in known:
            message = mark("{where} names {key}, which the course does not have. Add it there.")
            raise CourseUnsound(message, where=where, key=key)


async def _save_head(
    session: Session,
    course: Course,
    owner_id: str | None,
    community_id: str | None,
    now: datetime,
) -> str:
    """The course itself. Who owns and sees it was decided when it was first saved."""
    values = {
        "names": dict(course.names),
        "language": course.language,
        "source": course.source,
        "licence": course.licence,
        "attribution": course.attribution,
    }
    stored = await courses.course_by_key(session, course.key)
    if stored is None:
        row = courses.Course(
            id=new_id(),
            key=course.key,
            visibility=course.visibility,
            community_id=community_id,
            owner_id=owner_id,
            settings={},
            created_at=now,
            archived_at=None,
            **values,  # type: ignore[arg-type]
        )
        await courses.add_course(session, row)
        return row.id
    if stored.community_id != community_id or (
        community_id is None and stored.owner_id != owner_id
    ):
        raise CourseKeyTaken(
            mark("The key {key} belongs to a course of somebody else. Choose another key."),
            key=course.key,
        )
    if any(getattr(stored, name) != value for name, value in values.items()):
        await courses.change_course(session, stored.id, **values)
    return stored.id


async def _save_skills(session: Session, course_id: str, skills: Sequence[Skill]) -> dict[str, str]:
    """The ids of the skills by key."""
    stored = {skill.key: skill for skill in await courses.skills_of(session, course_id)}
    new, changed = [], []
    for position, skill in enumerate(skills):
        old = stored.get(skill.key)
        row = courses.Skill(
            old.id if old else new_id(),
            course_id,
            skill.key,
            position,
            dict(skill.names),
            skill.generator or None,
        )
        if old is None:
            new.append(row)
        elif old != row:
            changed.append(row)
        stored[skill.key] = row
    await courses.put_skills(session, new, changed)
    ids = {key: skill.id for key, skill in stored.items()}
    requires = {ids[skill.key]: tuple(ids[key] for key in skill.requires) for skill in skills}
    wanted = {skill: tuple(sorted(set(all_))) for skill, all_ in requires.items() if all_}
    if await courses.prerequisites_of(session, course_id) != wanted:
        await courses.replace_prerequisites(session, course_id, wanted)
    return ids


async def _save_lessons(
    session: Session, course_id: str, lessons: Sequence[Lesson], skill_ids: Mapping[str, str]
) -> dict[str, str]:
    """The ids of the lessons by key."""
    stored = {lesson.key: lesson for lesson in await courses.lessons_of(session, course_id)}
    new, changed = [], []
    for position, lesson in enumerate(lessons):
        old = stored.get(lesson.key)
        row = courses.Lesson(
            old.id if old else new_id(), course_id, lesson.key, position, dict(lesson.names)
        )
        if old is None:
            new.append(row)
        elif old != row:
            changed.append(row)
        stored[lesson.key] = row
    await courses.put_lessons(session, new, changed)
    ids = {key: lesson.id for key, lesson in stored.items()}
    wanted = {
        ids[lesson.key]: tuple(dict.fromkeys(skill_ids[key] for key in lesson.skills))
        for lesson in lessons
        if lesson.skills
    }
    if await courses.lesson_skills_of(session, course_id) != wanted:
        await courses.replace_lesson_skills(session, course_id, wanted)
    return ids


class _Saving:
    """Saves the items of one course."""

    def __init__(
        self,
        session: Session,
        course_id: str,
        skill_ids: Mapping[str, str],
        lesson_ids: Mapping[str, str],
        now: datetime,
    ) -> None:
        self._session = session
        self._course_id = course_id
        self._skill_ids = skill_ids
        self._lesson_ids = lesson_ids
        self._now = now

    async def save(self, wanted: Sequence[Item]) -> Saved:
        known = {row.key: row for row in await items.known_items(self._session, self._course_id)}
        back = await self._came_back(known, wanted)
        new, changed = [], []
        for item in wanted:
            old = known.get(item.key)
            if old is None:
                new.append(item)
            elif old.id in back:
                changed.append((old, item))
            elif old.content_digest != content_digest(item):
                stays_retired = old.state == ItemState.RETIRED  # by a teacher
                state = ItemState.RETIRED if stays_retired else item.state
                changed.append((old, replace(item, state=state)))
        await self._add(new)
        await self._change(changed)
        keys = {item.key for item in wanted}
        retired = await self._retire([row for row in known.values() if row.key not in keys])
        unchanged = len(wanted) - len(new) - len(changed)
        return Saved(self._course_id, len(new), len(changed), unchanged, retired)

    async def _came_back(
        self, known: Mapping[str, items.Known], wanted: Sequence[Item]
    ) -> set[str]:
        """Items that were gone from the source and stand in it again."""
        back = set()
        for item in wanted:
            old = known.get(item.key)
            if old is None or old.state != ItemState.RETIRED:
                continue
            latest = await items.revisions_of(self._session, old.id, limit=1)
            if latest and latest[0].reason == GONE:
                back.add(old.id)
        return back

    async def _add(self, new: Sequence[Item]) -> None:
        rows = [self._row(item, new_id(), 1) for item in new]
        await items.add_items(self._session, rows, self._steps(new, rows))

    async def _change(self, changed: Sequence[tuple[items.Known, Item]]) -> None:
        await self._keep([old for old, _ in changed], CHANGED)
        rows = [self._row(item, old.id, old.version + 1) for old, item in changed]
        steps = self._steps([item for _, item in changed], rows)
        await items.replace_items(self._session, rows, steps)

    async def _retire(self, gone: Sequence[items.Known]) -> int:
        """Retires what came from the source and is there no more."""
        gone = [
            row
            for row in gone
            if row.state != ItemState.RETIRED and row.origin not in NOT_OF_A_SOURCE
        ]
        await self._keep(gone, GONE)
        await items.set_states(
            self._session, [row.id for row in gone], ItemState.RETIRED, self._now
        )
        return len(gone)

    async def _keep(self, old: Sequence[items.Known], reason: str) -> None:
        """Writes down what items said until now."""
        ids = [row.id for row in old]
        steps = await items.steps_of(self._session, ids)
        revisions = [
            items.Revision(
                id=new_id(),
                item_id=row.id,
                version=row.version,
                content=revision_content(row, steps.get(row.id, [])),
                reason=reason,
                changed_by=None,
                changed_at=self._now,
            )
            for row in await items.items_by_ids(self._session, ids)
        ]
        await items.add_revisions(self._session, revisions)

    def _row(self, item: Item, item_id: str, version: int) -> items.Item:
        return item_row(
            item,
            item_id=item_id,
            version=version,
            course_id=self._course_id,
            lesson_id=self._lesson_ids[item.lesson] if item.lesson else None,
            owner_id=None,
            now=self._now,
        )

    def _steps(self, wanted: Sequence[Item], rows: Sequence[items.Item]) -> list[items.Step]:
        return [
            step
            for item, row in zip(wanted, rows, strict=True)
            for step in step_rows(item, row.id, self._skill_ids)
        ]
