"""The item bank in the database: loads items, adds single ones, corrects keys, finds a question.

A changed item keeps what it said before as a revision and gets the next version. Regrading the
attempts that a correction affects is `tutor.learner`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from storage import courses, items
from storage.database import Session
from storage.identifiers import new_id
from tutor.bank.digest import text_digest
from tutor.bank.item import Item, ItemState, StoredItem
from tutor.bank.reason import BankError
from tutor.bank.rows import item_of, item_row, revision_content, step_rows
from tutor.bank.saving import Saved, save_course
from tutor.i18n import mark

__all__ = [
    "ItemUnknown",
    "Saved",
    "add_item",
    "change_key",
    "find_same_text",
    "load_item",
    "load_items",
    "save_course",
    "set_item_state",
]


class ItemUnknown(BankError):
    """There is no such item, or it has no such step."""


class ItemRefused(BankError):
    """An item that its course can't take."""


async def load_item(session: Session, item_id: str) -> StoredItem | None:
    """An item with its steps, also a retired one."""
    found = await load_items(session, [item_id])
    return found[0] if found else None


async def load_items(session: Session, ids: Sequence[str]) -> list[StoredItem]:
    """Those of these items that exist, in the order asked for."""
    rows = {row.id: row for row in await items.items_by_ids(session, list(dict.fromkeys(ids)))}
    return await _assembled(session, [rows[id_] for id_ in ids if id_ in rows])


async def add_item(
    session: Session,
    item: Item,
    *,
    course_id: str | None,
    owner_id: str | None,
    now: datetime,
) -> StoredItem:
    """Adds an item to a course, or without a course as `owner_id`'s own, for them alone.

    A course's item belongs to the course and outlives who wrote it. Skills are the course's; an
    item without a course has none. Raises ItemRefused.
    """
    if course_id is None:
        steps = tuple(replace(step, skills=()) for step in item.steps)
        item = replace(item, steps=steps, lesson="")
    elif await items.item_by_key(session, course_id, item.key):
        raise ItemRefused(mark("The course has an item {key} already."), key=item.key)
    row = item_row(
        item,
        item_id=new_id(),
        version=1,
        course_id=course_id,
        lesson_id=await _lesson_id(session, course_id, item.lesson),
        owner_id=owner_id if course_id is None else None,
        now=now,
    )
    skill_ids = await _skill_ids(session, course_id, item)
    await items.add_items(session, [row], step_rows(item, row.id, skill_ids))
    [stored] = await _assembled(session, [row])
    return stored


async def change_key(
    session: Session,
    item_id: str,
    step: int,
    answers: Sequence[str],
    *,
    by: str | None,
    reason: str,
    now: datetime,
) -> StoredItem:
    """Corrects the answers of a step, counted from 0. Raises ItemUnknown.

    An import of the unchanged source leaves the correction as it is.
    """
    row, steps = await _current(session, item_id)
    if not 0 <= step < len(steps):
        raise ItemUnknown(mark("The item {key} has no step {step}."), key=row.key, step=step + 1)
    await _keep(session, row, steps, by, reason, now)
    steps[step] = replace(steps[step], answers=list(answers))
    changed = replace(row, version=row.version + 1, updated_at=now)
    await items.replace_items(session, [changed], steps)
    [stored] = await _assembled(session, [changed])
    return stored


async def set_item_state(
    session: Session,
    item_id: str,
    state: ItemState,
    *,
    by: str | None,
    reason: str,
    now: datetime,
) -> StoredItem:
    """Approves, questions or retires an item. Raises ItemUnknown."""
    row, steps = await _current(session, item_id)
    await _keep(session, row, steps, by, reason, now)
    await items.set_states(session, [item_id], state, now)
    stored = await load_item(session, item_id)
    assert stored is not None, item_id
    return stored


async def find_same_text(
    session: Session, text: str, course_ids: Sequence[str]
) -> list[StoredItem]:
    """Verified items of these courses that ask this question, however it is spelt."""
    digest = text_digest(text)
    if not digest or not course_ids:
        return []
    return await _assembled(session, await items.items_with_text(session, digest, course_ids))


async def _current(session: Session, item_id: str) -> tuple[items.Item, list[items.Step]]:
    """The rows of an item as they are."""
    row = await items.item_by_id(session, item_id)
    if row is None:
        raise ItemUnknown(mark("There is no item {id}."), id=item_id)
    return row, (await items.steps_of(session, [item_id])).get(item_id, [])


async def _keep(
    session: Session,
    row: items.Item,
    steps: Sequence[items.Step],
    by: str | None,
    reason: str,
    now: datetime,
) -> None:
    """Writes down what an item says until now."""
    content = revision_content(row, steps)
    revision = items.Revision(new_id(), row.id, row.version, content, reason, by, now)
    await items.add_revisions(session, [revision])


async def _assembled(session: Session, rows: Sequence[items.Item]) -> list[StoredItem]:
    """The items of rows, with one query for each kind of part that they have."""
    if not rows:
        return []
    steps = await items.steps_of(session, [row.id for row in rows])
    skill_ids = {skill for all_ in steps.values() for step in all_ for skill in step.skills}
    skills = await courses.skills_by_ids(session, sorted(skill_ids)) if skill_ids else []
    lesson_ids = {row.lesson_id for row in rows if row.lesson_id}
    lessons = await courses.lessons_by_ids(session, sorted(lesson_ids)) if lesson_ids else []
    skill_keys = {skill.id: skill.key for skill in skills}
    lesson_keys = {lesson.id: lesson.key for lesson in lessons}
    return [
        item_of(row, steps.get(row.id, []), skill_keys, lesson_keys.get(row.lesson_id or "", ""))
        for row in rows
    ]


async def _lesson_id(session: Session, course_id: str | None, key: str) -> str | None:
    if course_id is None or not key:
        return None
    ids = {lesson.key: lesson.id for lesson in await courses.lessons_of(session, course_id)}
    if key not in ids:
        raise ItemRefused(mark("The course has no lesson {key}."), key=key)
    return ids[key]


async def _skill_ids(session: Session, course_id: str | None, item: Item) -> Mapping[str, str]:
    if course_id is None:
        return {}
    ids = {skill.key: skill.id for skill in await courses.skills_of(session, course_id)}
    for key in (key for step in item.steps for key in step.skills):
        if key not in ids:
            raise ItemRefused(mark("The course has no skill {key}."), key=key)
    return ids
