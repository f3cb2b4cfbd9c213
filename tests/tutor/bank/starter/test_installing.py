"""The starter course gets into a database once, and changes only with its files."""

import asyncio

import pytest

from storage import courses, items, reviews
from storage.attempts import NewAttempt
from storage.database import Database
from storage.skill_states import skill_states
from tests.doubles.picture_atlas import KNOWN, OFFERED
from tests.doubles.practising import a_learner
from tests.doubles.storage_tour import DAY, NOW
from tutor.bank.item import ItemState
from tutor.bank.pictures import item_keys
from tutor.bank.starter import KEY, installing, starter_course
from tutor.bank.starter.installing import ensure_starter
from tutor.bank.store import set_item_state
from tutor.images.concepts import Concept, Concepts
from tutor.language import Language
from tutor.learner.model import record

COUNT = len(starter_course().items)
EACH = 4  # questions about a thing: its name in either language, asked in either
FEWER = Concepts(OFFERED[:3], (*OFFERED[3:], *KNOWN))  # volcano, mountain, dog
MORE = Concepts((*OFFERED, *KNOWN))


async def test_course_is_installed_once(database: Database) -> None:
    saved = await ensure_starter(database, NOW)
    assert saved is not None and saved.added == COUNT
    assert await ensure_starter(database, NOW) is None
    async with database.read() as session:
        stored = await courses.course_by_key(session, KEY)
        assert stored is not None and stored.visibility == "everyone"
        assert len(await items.items_of_course(session, stored.id, limit=1000)) == COUNT
        assert await courses.prerequisites_of(session, stored.id)


async def test_new_files_bring_the_course_up_to_date(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ensure_starter(database, NOW)
    monkeypatch.setattr(installing, "starter_digest", lambda: "another")
    saved = await ensure_starter(database, NOW)
    assert saved is not None
    assert (saved.added, saved.changed, saved.unchanged) == (0, 0, COUNT)
    assert await ensure_starter(database, NOW) is None


async def test_two_programs_that_start_together_install_it_once(database_url: str) -> None:
    both = [await Database.open(database_url) for _ in range(2)]
    try:
        saved = await asyncio.gather(*(ensure_starter(one, NOW) for one in both))
    finally:
        for one in both:
            await one.close()
    assert sorted(one.added for one in saved if one) == [COUNT]


async def item_of(database: Database, concept: str, course_id: str) -> items.Item:
    """The question for an English reader's own word."""
    async with database.read() as session:
        key = item_keys(concept, Language.ENGLISH)[0]
        found = await items.item_by_key(session, course_id, key)
    assert found is not None
    return found


async def practise(database: Database, item: items.Item) -> str:
    """Somebody names a picture, rightly; returns who."""
    async with database.write() as session:
        learner_id = await a_learner(session)
        [step] = (await items.steps_of(session, [item.id]))[item.id]
        attempt = NewAttempt(
            learner_id=learner_id,
            item_id=item.id,
            item_version=item.version,
            step=0,
            skill_ids=tuple(step.skills),
            answer=step.answers[0],
            outcome="right",
            score=1.0,
            stage="key",
            course_id=item.course_id,
            fact=True,
        )
        await record(session, attempt, NOW)
    return learner_id


async def test_what_can_be_drawn_since_is_asked_and_what_was_learnt_stays(
    database: Database,
) -> None:
    """Also the item's skill: things known by name alone count for which skills there are."""
    first = await ensure_starter(database, NOW, FEWER)
    assert first is not None
    before = await item_of(database, "dog", first.course_id)
    learner_id = await practise(database, before)
    async with database.read() as session:
        states = await skill_states(session, learner_id)
        cards = await reviews.cards_of(session, learner_id)
        steps = await items.steps_of(session, [before.id])

    saved = await ensure_starter(database, NOW + DAY, MORE)
    assert saved is not None
    assert (saved.added, saved.changed, saved.retired) == (EACH * 4, 2, 0)
    assert await ensure_starter(database, NOW + DAY, MORE) is None
    assert await item_of(database, "mountain", first.course_id)
    async with database.read() as session:
        assert await skill_states(session, learner_id) == states != {}
        assert await reviews.cards_of(session, learner_id) == cards != []
        [now_asked] = (await items.steps_of(session, [before.id]))[before.id]
        assert now_asked.skills == steps[before.id][0].skills
        assert set(now_asked.answers) == {"dog", "puppy"}  # a cat is a pet as well


async def test_installation_from_before_pictures_gets_them(database: Database) -> None:
    old = await ensure_starter(database, NOW)
    saved = await ensure_starter(database, NOW + DAY, MORE)
    assert old is not None
    assert saved is not None
    assert (saved.added, saved.changed, saved.unchanged) == (EACH * len(MORE.offered), 0, COUNT)
    async with database.read() as session:
        lessons = [one.key for one in await courses.lessons_of(session, saved.course_id)]
    assert lessons[-2:] == ["pictures", "pictures-abroad"]


async def test_what_is_known_by_name_alone_changes_nothing(database: Database) -> None:
    await ensure_starter(database, NOW, Concepts(OFFERED, KNOWN))
    pegasus = Concept("pegasus", "pegasus", "飞马", "legends")
    assert await ensure_starter(database, NOW, Concepts(OFFERED, (pegasus, *KNOWN))) is None


async def test_what_is_drawn_no_more_is_retired_not_due_and_comes_back_as_it_was(
    database: Database,
) -> None:
    first = await ensure_starter(database, NOW, MORE)
    assert first is not None
    elephant = await item_of(database, "elephant", first.course_id)
    learner_id = await practise(database, elephant)

    saved = await ensure_starter(database, NOW, FEWER)
    assert saved is not None
    assert (saved.added, saved.retired) == (0, EACH * 4)
    gone = await item_of(database, "elephant", first.course_id)
    assert gone.state == ItemState.RETIRED
    async with database.read() as session:
        assert await reviews.due_cards(session, learner_id, NOW + 300 * DAY) == []
        assert await reviews.count_due(session, learner_id, NOW + 300 * DAY) == 0

    await ensure_starter(database, NOW, MORE)
    back = await item_of(database, "elephant", first.course_id)
    assert (back.id, back.state) == (elephant.id, ItemState.VERIFIED)
    async with database.read() as session:
        assert await reviews.count_due(session, learner_id, NOW + 300 * DAY) == 1


async def test_what_a_teacher_retired_stays_so_whatever_can_be_drawn(database: Database) -> None:
    saved = await ensure_starter(database, NOW, FEWER)
    assert saved is not None
    dog = await item_of(database, "dog", saved.course_id)
    async with database.write() as session:
        await set_item_state(
            session, dog.id, ItemState.RETIRED, by=None, reason="too hard", now=NOW
        )
    await ensure_starter(database, NOW, MORE)
    assert (await item_of(database, "dog", saved.course_id)).state == ItemState.RETIRED


async def test_installation_without_a_generator_asks_for_no_pictures(database: Database) -> None:
    await ensure_starter(database, NOW, MORE)
    saved = await ensure_starter(database, NOW, None)
    assert saved is not None
    assert (saved.unchanged, saved.retired) == (COUNT, EACH * len(MORE.offered))
