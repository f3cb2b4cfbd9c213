"""A database as after years: a million attempts of ten thousand learners, with all that follows.

Written in bulk, past the product's functions, which are what is measured afterwards. Seeded.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from random import Random
from typing import Any

import asyncpg  # type: ignore[import-untyped]
from fsrs import Rating
from sqlalchemy import JSON, Connection, Table, create_engine, insert, text

from storage import communities
from storage.database import Database, driver_url
from storage.models import Base
from tutor.learner.reviewing import due_at, reviewed, scheduler_with

CHUNK = 20_000
SKILLS, ITEMS_EACH, SKILLS_OF_A_LEARNER = 50, 40, 20
MINUTE = timedelta(minutes=1)
SPAN = timedelta(days=365)

Rows = Iterable[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Size:
    learners: int = 10_000
    attempts: int = 1_000_000


@dataclass(frozen=True, slots=True)
class World:
    """The ids of what was written: by number, so that any of them can be asked for."""

    size: Size
    now: datetime
    community_id: str
    course_id: str = "course"

    def learner(self, number: int) -> str:
        return f"learner-{number:06}"

    def conversation(self, number: int) -> str:
        return f"conversation-{number:06}"

    def practice(self, number: int) -> str:
        return f"practice-{number:06}"

    def skill(self, number: int) -> str:
        return f"skill-{number:03}"

    def item(self, skill: int, number: int) -> str:
        return f"item-{skill:03}-{number:03}"

    def skills_of(self, learner: int) -> list[int]:
        """Which skills a learner practises."""
        return [(learner + step) % SKILLS for step in range(SKILLS_OF_A_LEARNER)]


async def fill(url: str, size: Size, now: datetime) -> World:
    """Fills a migrated, empty database."""
    world = World(size, now, await _community(url, now))
    if driver_url(url).get_backend_name() == "sqlite":
        _fill_sqlite(url, world)
    else:
        await _fill_postgresql(url, world)
    return world


async def _community(url: str, now: datetime) -> str:
    database = await Database.open(url)
    async with database.write() as session:
        community = await communities.community_for(
            session, platform="discord", external_id="G1", now=now
        )
    await database.close()
    return community.id


def _fill_sqlite(url: str, world: World) -> None:
    engine = create_engine(url)
    with engine.connect() as connection:
        for pragma in ("synchronous=OFF", "cache_size=-400000", "journal_mode=WAL"):
            connection.execute(text(f"PRAGMA {pragma}"))
        connection.commit()
        for name, rows in tables(world):
            _insert(connection, Base.metadata.tables[name], rows)
            connection.commit()
        connection.execute(text("ANALYZE"))
        connection.commit()
    engine.dispose()


def _insert(connection: Connection, table: Table, rows: Rows) -> None:
    waiting = iter(rows)
    while chunk := list(islice(waiting, CHUNK)):
        connection.execute(insert(table), [dict(row) for row in chunk])


async def _fill_postgresql(url: str, world: World) -> None:
    connection = await asyncpg.connect(url)
    try:
        for name, rows in tables(world):
            table = Base.metadata.tables[name]
            waiting = iter(rows)
            while chunk := list(islice(waiting, CHUNK)):
                columns = list(chunk[0])
                is_json = [isinstance(table.columns[one].type, JSON) for one in columns]
                await connection.copy_records_to_table(
                    name, records=[_record(row, is_json) for row in chunk], columns=columns
                )
        await connection.execute("ANALYZE")
    finally:
        await connection.close()


def _record(row: Mapping[str, Any], is_json: Sequence[bool]) -> tuple[Any, ...]:
    return tuple(
        json.dumps(value) if encoded and value is not None else value
        for value, encoded in zip(row.values(), is_json, strict=True)
    )


def tables(world: World) -> Iterator[tuple[str, Rows]]:
    """Every table's rows, in an order in which references hold."""
    yield from _people(world)
    yield from _course(world)
    yield from _practice(world)


def _people(world: World) -> Iterator[tuple[str, Rows]]:
    everybody, now = range(world.size.learners), world.now
    yield (
        "learners",
        (
            {
                "id": world.learner(n),
                "display_name": f"Learner {n}",
                "status": "active",
                "settings": {},
                "created_at": now - SPAN,
            }
            for n in everybody
        ),
    )
    yield (
        "identities",
        (
            {
                "platform": "discord",
                "workspace": "",
                "user_id": str(n),
                "learner_id": world.learner(n),
                "display_name": f"Learner {n}",
                "created_at": now - SPAN,
            }
            for n in everybody
        ),
    )
    yield (
        "conversations",
        (
            {
                "id": world.conversation(n),
                "platform": "discord",
                "community_id": world.community_id,
                "channel": f"D{n}",
                "thread": "",
                "learner_id": world.learner(n),
                "summary": "",
                "started_at": now - SPAN,
            }
            for n in everybody
        ),
    )


def _course(world: World) -> Iterator[tuple[str, Rows]]:
    now, both = world.now, [(s, i) for s in range(SKILLS) for i in range(ITEMS_EACH)]
    plain = {"source": "", "licence": "", "attribution": "", "language": "en", "created_at": now}
    yield (
        "courses",
        [
            {
                "id": world.course_id,
                "key": "course",
                "names": {"en": "Mathematics"},
                "visibility": "everyone",
                "settings": {},
                **plain,
            }
        ],
    )
    yield (
        "skills",
        [
            {
                "id": world.skill(n),
                "course_id": world.course_id,
                "key": f"s{n}",
                "position": n,
                "names": {"en": f"Skill {n}"},
            }
            for n in range(SKILLS)
        ],
    )
    yield (
        "items",
        [
            {
                "id": world.item(s, i),
                "course_id": world.course_id,
                "key": f"{s}-{i}",
                "version": 1,
                "family": "",
                "title": "",
                "stem": f"What is {s} + {i}?",
                "state": "verified",
                "origin": "import",
                "text_digest": f"{s}-{i}",
                "content_digest": f"{s}-{i}",
                "updated_at": now,
                **plain,
            }
            for s, i in both
        ],
    )
    yield (
        "steps",
        [
            {
                "id": f"step-{s}-{i}",
                "item_id": world.item(s, i),
                "position": 0,
                "key": "1",
                "prompt": "",
                "answer_type": "number",
                "answers": [str(s + i)],
                "choices": [],
                "unit": "",
                "tolerance": 0.0,
                "rubric": "",
                "hints": [],
                "skills": [world.skill(s)],
            }
            for s, i in both
        ],
    )
    yield (
        "item_skills",
        [{"skill_id": world.skill(s), "item_id": world.item(s, i)} for s, i in both],
    )
    yield (
        "item_ratings",
        [{"item_id": world.item(s, i), "rating": (i - 20) / 10, "attempts": 500} for s, i in both],
    )
    yield (
        "skill_ratings",
        [
            {"skill_id": world.skill(s), "rating": (s - 25) / 20, "attempts": 20_000}
            for s in range(SKILLS)
        ],
    )


def _practice(world: World) -> Iterator[tuple[str, Rows]]:
    now, everybody = world.now, range(world.size.learners)
    yield (
        "practices",
        (
            {
                "id": world.practice(n),
                "learner_id": world.learner(n),
                "conversation_id": world.conversation(n),
                "course_id": world.course_id,
                "kind": "practice",
                "language": "en",
                "item_id": world.item(n % SKILLS, 0),
                "plan": {},
                "dialogue": {},
                "version": 1,
                "started_at": now - SPAN,
                "updated_at": now,
            }
            for n in everybody
        ),
    )
    yield (
        "learner_ratings",
        (
            {"learner_id": world.learner(n), "rating": 0.1, "recent": 0.7, "attempts": 100}
            for n in everybody
        ),
    )
    yield "attempts", (attempt(world, number) for number in range(world.size.attempts))
    yield "regrades", (_regrade(world, number) for number in range(0, world.size.attempts, 100))
    yield "skill_states", (_state(world, n, s) for n in everybody for s in world.skills_of(n))
    yield "review_cards", _cards(world)
    yield "reviews", (_review(world, number) for number in range(world.size.attempts))
    yield (
        "goals",
        (
            {
                "id": f"goal-{n:06}",
                "learner_id": world.learner(n),
                "kind": "skill",
                "skill_id": world.skill(n % SKILLS),
                "target": 0,
                "state": "open",
                "created_at": now,
            }
            for n in everybody
        ),
    )


def _whose(world: World, number: int) -> tuple[int, int, int]:
    """Whose attempt this is, on which skill and item: each learner comes back now and then."""
    learner, round_ = number % world.size.learners, number // world.size.learners
    skill = world.skills_of(learner)[round_ % SKILLS_OF_A_LEARNER]
    return learner, skill, (round_ // SKILLS_OF_A_LEARNER + learner) % ITEMS_EACH


def attempt(world: World, number: int) -> dict[str, Any]:
    """One attempt; its id sorts by time, as the product's do."""
    learner, skill, item = _whose(world, number)
    right = Random(number).random() < 0.7
    at = world.now - SPAN + SPAN * (number / world.size.attempts)
    return {
        "id": f"{number:032x}",
        "learner_id": world.learner(learner),
        "practice_id": world.practice(learner),
        "course_id": world.course_id,
        "item_id": world.item(skill, item),
        "item_version": 1,
        "step": 0,
        "skill_id": world.skill(skill),
        "skills": [world.skill(skill)],
        "answer": str(skill + item) if right else "0",
        "outcome": "right" if right else "wrong",
        "score": float(right),
        "stage": "number",
        "pattern": "" if right else ("sign", "off_by_one", "")[number % 3],
        "first_try": True,
        "hints": 0,
        "aided": False,
        "fact": False,
        "guess": 0.0,
        "expected": 0.7,
        "seconds": 20.0,
        "model": "",
        "attempted_at": at,
    }


def _regrade(world: World, number: int) -> dict[str, Any]:
    return {
        "id": f"{number:032x}",
        "attempt_id": f"{number:032x}",
        "learner_id": world.learner(_whose(world, number)[0]),
        "outcome": "right",
        "score": 1.0,
        "reason": "the key was wrong",
        "regraded_at": world.now,
    }


def _state(world: World, learner: int, skill: int) -> dict[str, Any]:
    rng = Random(learner * SKILLS + skill)
    mastery = rng.random()
    return {
        "learner_id": world.learner(learner),
        "skill_id": world.skill(skill),
        "attempts": 5,
        "right": 3,
        "unaided": 5,
        "unaided_right": 3,
        "mastery": mastery,
        "rating": rng.gauss(0.0, 0.5),
        "recent": mastery,
        "mastered_at": world.now if mastery > 0.9 else None,
        "last_at": world.now,
    }


def _cards(world: World) -> Iterator[dict[str, Any]]:
    scheduler, at = scheduler_with(None), world.now - timedelta(days=9)
    cards = [reviewed(scheduler, None, Rating(n % 4 + 1), at + n * MINUTE * 200) for n in range(64)]
    for learner in range(world.size.learners):
        for skill in world.skills_of(learner):
            card = cards[(learner + skill) % len(cards)]
            yield {
                "id": f"card-{learner:06}-{skill:03}",
                "learner_id": world.learner(learner),
                "skill_id": world.skill(skill),
                "item_id": None,
                "card": card,
                "due_at": due_at(card),
                "created_at": world.now - SPAN,
            }


def _review(world: World, number: int) -> dict[str, Any]:
    learner, skill, _ = _whose(world, number)
    return {
        "id": f"{number:032x}",
        "learner_id": world.learner(learner),
        "card_id": f"card-{learner:06}-{skill:03}",
        "rating": number % 4 + 1,
        "seconds": 20.0,
        "reviewed_at": world.now - SPAN + SPAN * (number / world.size.attempts),
    }
