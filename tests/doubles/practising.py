"""Somebody who practises a small course: for tests of what follows from answers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from storage import communities, conversations, courses, items, learners
from storage.attempts import NewAttempt
from storage.database import Session
from storage.identifiers import new_id
from tests.doubles.tour_courses import a_course, a_step, an_item

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Bench:
    """A course: its skills in order, each with its items."""

    course_id: str
    skills: tuple[str, ...]
    items: dict[str, tuple[str, ...]]

    def item(self, skill: int = 0, number: int = 0) -> str:
        return self.items[self.skills[skill]][number]


async def a_learner(session: Session, user_id: str = "100") -> str:
    """The id of a learner on Discord."""
    learner = await learners.recognise(
        session,
        platform="discord",
        workspace="",
        user_id=user_id,
        display_name=f"Name of {user_id}",
        locale="en-GB",
        now=NOW,
    )
    return learner.id


async def a_conversation(
    session: Session, learner_id: str | None, channel: str = "D1", guild: str = "G1"
) -> str:
    """The id of a conversation, a shared one where it is nobody's."""
    community = await communities.community_for(
        session, platform="discord", external_id=guild, now=NOW
    )
    conversation = await conversations.open_conversation(
        session,
        platform="discord",
        community_id=community.id,
        channel=channel,
        thread=None,
        learner_id=learner_id,
        now=NOW,
    )
    return conversation.id


async def a_bench(
    session: Session,
    *,
    skills: int = 2,
    items_each: int = 4,
    requires: Sequence[tuple[int, int]] = (),
    generator: str | None = None,
    **changes: Any,
) -> Bench:
    """A course; `requires` are (skill, its prerequisite), `changes` are for all items."""
    course_id = new_id()
    await courses.add_course(session, a_course(course_id))
    ids = tuple(new_id() for _ in range(skills))
    rows = [
        courses.Skill(skill, course_id, f"s{n}", n, {"en": f"Skill {n}"}, generator)
        for n, skill in enumerate(ids)
    ]
    await courses.put_skills(session, rows, [])
    needs: dict[str, list[str]] = {}
    for skill, required in requires:
        needs.setdefault(ids[skill], []).append(ids[required])
    await courses.replace_prerequisites(session, course_id, needs)
    made = {skill: tuple(new_id() for _ in range(items_each)) for skill in ids}
    for skill, item_ids in made.items():
        drafts = [replace(an_item(one, course_id=course_id), **changes) for one in item_ids]
        await items.add_items(session, drafts, [a_step(one, [skill]) for one in item_ids])
    return Bench(course_id, ids, made)


def an_answer(
    learner_id: str,
    bench: Bench,
    *,
    right: bool = True,
    skill: int = 0,
    number: int = 0,
    **more: Any,
) -> NewAttempt:
    """An answer to an item of the bench: a first one, without help, if `more` does not differ."""
    attempt = NewAttempt(
        learner_id=learner_id,
        item_id=bench.item(skill, number),
        item_version=1,
        step=0,
        skill_ids=(bench.skills[skill],),
        answer="3" if right else "4",
        outcome="right" if right else "wrong",
        score=float(right),
        stage="key",
        course_id=bench.course_id,
    )
    return replace(attempt, **more)
