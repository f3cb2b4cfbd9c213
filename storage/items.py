"""Problems of the item bank: their rows, steps, links to skills, and what they said before.

Rows only. What an item means, and how it is put together, is `tutor.bank`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import bindparam, delete, exists, func, insert, select, update

from storage.database import Session
from storage.models import (
    ItemRatingRow,
    ItemRevisionRow,
    ItemRow,
    ItemSkillRow,
    SkillRow,
    StepRow,
)
from storage.models.base import columns_for

T = TypeVar("T")

BATCH = 500  # values in one IN, below the limits of both databases


@dataclass(frozen=True, slots=True)
class Item:
    id: str
    course_id: str | None
    lesson_id: str | None
    owner_id: str | None
    key: str
    version: int
    family: str
    title: str
    stem: str
    language: str
    source: str
    licence: str
    attribution: str
    state: str
    origin: str
    text_digest: str
    content_digest: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """`skills` are skill ids, the main one first; `hints` are as `tutor.bank.rows` writes them."""

    id: str
    item_id: str
    position: int
    key: str
    prompt: str
    answer_type: str
    answers: Sequence[str]
    choices: Sequence[str]
    unit: str
    tolerance: float
    rubric: str
    hints: Sequence[Mapping[str, Any]]
    skills: Sequence[str]


@dataclass(frozen=True, slots=True)
class Revision:
    """What an item said until it was changed to the version after this one, and why."""

    id: str
    item_id: str
    version: int
    content: Mapping[str, Any]
    reason: str
    changed_by: str | None
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Known:
    """What an import compares: whether an item is there already, and as which content."""

    id: str
    key: str
    version: int
    state: str
    origin: str
    content_digest: str


@dataclass(frozen=True, slots=True)
class Outline:
    """What choosing among items looks at."""

    id: str
    family: str
    language: str


_ITEM = columns_for(ItemRow, Item)
_OUTLINES = (
    select(*columns_for(ItemRow, Outline))
    .join(ItemSkillRow, ItemSkillRow.item_id == ItemRow.id)
    .where(ItemSkillRow.skill_id == bindparam("for_skill"), ItemRow.state == "verified")
    .order_by(ItemSkillRow.item_id)
    .limit(bindparam("at_most"))
)
_WITH_ITEMS = select(SkillRow.id).where(
    SkillRow.course_id == bindparam("for_course"),
    exists()
    .where(ItemSkillRow.skill_id == SkillRow.id)
    .where(ItemRow.id == ItemSkillRow.item_id, ItemRow.state == "verified")
    .correlate(SkillRow),
)
_STEP = columns_for(StepRow, Step)
_REVISION = columns_for(ItemRevisionRow, Revision)
_KNOWN = columns_for(ItemRow, Known)


async def add_items(session: Session, items: Sequence[Item], steps: Sequence[Step]) -> None:
    """Adds items with all their steps, and what they practise."""
    if not items:
        return
    await session.execute(insert(ItemRow), [asdict(item) for item in items])
    await _add_steps(session, steps)


async def replace_items(session: Session, items: Sequence[Item], steps: Sequence[Step]) -> None:
    """Writes items, which exist, and all their steps anew."""
    if not items:
        return
    names = [field.name for field in fields(Item) if field.name not in ("id", "created_at")]
    statement = update(ItemRow.__table__).where(ItemRow.__table__.c.id == bindparam("row_id"))  # type: ignore[arg-type]
    await session.execute(
        statement.values({name: bindparam(f"new_{name}") for name in names}),
        [
            {"row_id": item.id, **{f"new_{name}": getattr(item, name) for name in names}}
            for item in items
        ],
    )
    for ids in batches([item.id for item in items]):
        await session.execute(delete(StepRow).where(StepRow.item_id.in_(ids)))
        await session.execute(delete(ItemSkillRow).where(ItemSkillRow.item_id.in_(ids)))
    await _add_steps(session, steps)


async def _add_steps(session: Session, steps: Sequence[Step]) -> None:
    if not steps:
        return
    await session.execute(insert(StepRow), [asdict(step) for step in steps])
    links = {(skill, step.item_id): None for step in steps for skill in step.skills}
    if links:
        values = [{"skill_id": skill, "item_id": item} for skill, item in links]
        await session.execute(insert(ItemSkillRow), values)


async def add_revisions(session: Session, revisions: Sequence[Revision]) -> None:
    """Keeps what items said before."""
    if revisions:
        values = [asdict(revision) for revision in revisions]
        await session.execute(insert(ItemRevisionRow), values)


async def revisions_of(session: Session, item_id: str, limit: int = 20) -> list[Revision]:
    """What an item said before, the newest first."""
    query = select(*_REVISION).where(ItemRevisionRow.item_id == item_id)
    rows = await session.execute(query.order_by(ItemRevisionRow.version.desc()).limit(limit))
    return [Revision(*row) for row in rows]


async def set_states(session: Session, item_ids: Sequence[str], state: str, now: datetime) -> None:
    """Makes items verified, unverified or retired; each is a new version."""
    for ids in batches(item_ids):
        await session.execute(
            update(ItemRow)
            .where(ItemRow.id.in_(ids))
            .values(state=state, version=ItemRow.version + 1, updated_at=now)
        )


async def item_by_id(session: Session, item_id: str) -> Item | None:
    """An item, also a retired one."""
    row = (await session.execute(select(*_ITEM).where(ItemRow.id == item_id))).one_or_none()
    return Item(*row) if row else None


async def items_by_ids(session: Session, item_ids: Sequence[str]) -> list[Item]:
    """Those of these items that exist, also retired ones, in no order."""
    found: list[Item] = []
    for ids in batches(item_ids):
        query = select(*_ITEM).where(ItemRow.id.in_(ids))
        found += [Item(*row) for row in await session.execute(query)]
    return found


async def item_by_key(session: Session, course_id: str, key: str) -> Item | None:
    query = select(*_ITEM).where(ItemRow.course_id == course_id, ItemRow.key == key)
    row = (await session.execute(query)).one_or_none()
    return Item(*row) if row else None


async def steps_of(session: Session, item_ids: Sequence[str]) -> dict[str, list[Step]]:
    """The steps of each of these items, in their order."""
    found: dict[str, list[Step]] = {}
    for ids in batches(item_ids):
        query = select(*_STEP).where(StepRow.item_id.in_(ids))
        for row in await session.execute(query.order_by(StepRow.item_id, StepRow.position)):
            step = Step(*row)
            found.setdefault(step.item_id, []).append(step)
    return found


async def known_items(session: Session, course_id: str) -> list[Known]:
    """Every item of a course, also retired ones, as far as an import compares them."""
    query = select(*_KNOWN).where(ItemRow.course_id == course_id)
    return [Known(*row) for row in await session.execute(query)]


async def items_of_skill(
    session: Session, skill_id: str, language: str | None = None, limit: int = 50
) -> list[Item]:
    """Verified items that practise a skill, in one language or any; nobody's own problems."""
    query = (
        select(*_ITEM)
        .join(ItemSkillRow, ItemSkillRow.item_id == ItemRow.id)
        .where(
            ItemSkillRow.skill_id == skill_id,
            ItemRow.state == "verified",
            ItemRow.owner_id.is_(None),
        )
    )
    if language is not None:
        query = query.where(ItemRow.language == language)
    rows = await session.execute(query.order_by(ItemSkillRow.item_id).limit(limit))
    return [Item(*row) for row in rows]


async def outlines_of_skill(session: Session, skill_id: str, limit: int) -> list[Outline]:
    """Verified items that practise a skill, as far as choosing among them looks."""
    rows = await session.execute(_OUTLINES, {"for_skill": skill_id, "at_most": limit})
    return [Outline(*row) for row in rows]


async def skills_with_items(session: Session, course_id: str) -> set[str]:
    """The skills of a course for which there is a verified item, however many there are."""
    return set((await session.execute(_WITH_ITEMS, {"for_course": course_id})).scalars())


async def items_of_lesson(session: Session, lesson_id: str, limit: int = 50) -> list[Item]:
    """Verified items of a lesson."""
    query = select(*_ITEM).where(ItemRow.lesson_id == lesson_id, ItemRow.state == "verified")
    rows = await session.execute(query.order_by(ItemRow.id).limit(limit))
    return [Item(*row) for row in rows]


async def items_of_course(
    session: Session, course_id: str, *, state: str = "verified", after: str = "", limit: int = 50
) -> list[Item]:
    """A page of a course's items in one state; `after` is the id of the last one seen."""
    query = select(*_ITEM).where(
        ItemRow.course_id == course_id, ItemRow.state == state, ItemRow.id > after
    )
    rows = await session.execute(query.order_by(ItemRow.id).limit(limit))
    return [Item(*row) for row in rows]


async def items_changed_by_people(session: Session, course_id: str) -> set[str]:
    """The items of a course that somebody has approved or corrected by hand."""
    query = (
        select(ItemRevisionRow.item_id)
        .join(ItemRow, ItemRow.id == ItemRevisionRow.item_id)
        .where(ItemRow.course_id == course_id, ItemRevisionRow.changed_by.is_not(None))
        .distinct()
    )
    return set((await session.execute(query)).scalars())


async def unverified_items(
    session: Session, course_id: str, *, after: str = "", limit: int = 50
) -> list[Item]:
    """A page of those that a teacher has to look at, the oldest first."""
    return await items_of_course(session, course_id, state="unverified", after=after, limit=limit)


async def items_of_owner(
    session: Session, owner_id: str, *, before: str | None = None, limit: int = 50
) -> list[Item]:
    """A page of the problems that a learner brought, the newest first."""
    query = select(*_ITEM).where(ItemRow.owner_id == owner_id)
    if before is not None:
        query = query.where(ItemRow.id < before)
    rows = await session.execute(query.order_by(ItemRow.id.desc()).limit(limit))
    return [Item(*row) for row in rows]


async def items_with_text(
    session: Session, text_digest: str, course_ids: Sequence[str], limit: int = 10
) -> list[Item]:
    """Verified items of these courses that ask the same question."""
    query = select(*_ITEM).where(
        ItemRow.text_digest == text_digest,
        ItemRow.course_id.in_(course_ids),
        ItemRow.state == "verified",
    )
    rows = await session.execute(query.order_by(ItemRow.id).limit(limit))
    return [Item(*row) for row in rows]


_ASKS_SOMEWHERE = (
    select(ItemRow.id)
    .where(
        ItemRow.text_digest == bindparam("digest"),
        ItemRow.course_id.is_not(None),
        ItemRow.state == "verified",
    )
    .limit(1)
)
"""Made once: it is asked of every message."""


async def asks_somewhere(session: Session, text_digest: str) -> bool:
    """Whether any verified item of any course asks this question."""
    found = await session.execute(_ASKS_SOMEWHERE, {"digest": text_digest})
    return found.first() is not None


async def count_items(session: Session, course_id: str) -> dict[str, int]:
    """How many items a course has, by their state."""
    query = (
        select(ItemRow.state, func.count())
        .where(ItemRow.course_id == course_id)
        .group_by(ItemRow.state)
    )
    return {row[0]: row[1] for row in await session.execute(query)}


async def count_items_by_skill(session: Session, course_id: str) -> dict[str, int]:
    """How many verified items practise each skill of a course, by the skill's id."""
    query = (
        select(ItemSkillRow.skill_id, func.count())
        .join(ItemRow, ItemRow.id == ItemSkillRow.item_id)
        .where(ItemRow.course_id == course_id, ItemRow.state == "verified")
        .group_by(ItemSkillRow.skill_id)
    )
    return {row[0]: row[1] for row in await session.execute(query)}


async def delete_parts_of_own_items(session: Session, owner_id: str) -> None:
    """Deletes what hangs on the problems that a learner brought, before these go themselves."""
    own = select(ItemRow.id).where(ItemRow.owner_id == owner_id)
    for table in (StepRow, ItemSkillRow, ItemRevisionRow, ItemRatingRow):
        await session.execute(delete(table).where(table.item_id.in_(own)))


def batches(values: Sequence[T], size: int = BATCH) -> Iterable[Sequence[T]]:
    """The values in portions that fit into one statement."""
    return (values[start : start + size] for start in range(0, len(values), size))
