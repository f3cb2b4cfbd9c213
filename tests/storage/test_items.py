"""Items: what is shown to learners, what waits for a teacher, and what goes with its owner."""

from dataclasses import replace

from storage import items
from storage.database import Database
from storage.erase import erase_learner
from storage.identifiers import new_id
from tests.doubles.storage_tour import NOW, meet
from tests.doubles.tour_courses import Taught, a_step, an_item, visit_courses


async def teach(database: Database) -> tuple[Taught, str]:
    async with database.write() as session:
        learner = await meet(session, "100", "Mei")
        return await visit_courses(session, learner.id), learner.id


async def test_learners_get_verified_items_of_a_skill_in_their_language(
    database: Database,
) -> None:
    taught, _ = await teach(database)
    chinese = an_item(new_id(), course_id=taught.course_id, language="zh-CN")
    waiting = an_item(new_id(), course_id=taught.course_id, state="unverified")
    skill = taught.skill_ids[0]
    async with database.write() as session:
        steps = [a_step(chinese.id, [skill]), a_step(waiting.id, [skill])]
        await items.add_items(session, [chinese, waiting], steps)
        in_english = await items.items_of_skill(session, skill, "en")
        in_any = await items.items_of_skill(session, skill)
        for_teachers = await items.unverified_items(session, taught.course_id)
        counts = await items.count_items(session, taught.course_id)
        by_skill = await items.count_items_by_skill(session, taught.course_id)
    assert [item.id for item in in_english] == [taught.item_id]
    assert chinese.id in {item.id for item in in_any}
    assert waiting.id not in {item.id for item in in_any}
    assert [item.id for item in for_teachers] == [waiting.id]
    assert counts == {"verified": 2, "unverified": 1}
    assert by_skill[skill] == 2


async def test_a_replaced_item_has_its_new_steps_and_skills_only(database: Database) -> None:
    taught, _ = await teach(database)
    async with database.write() as session:
        [item] = await items.items_by_ids(session, [taught.item_id])
        changed = replace(item, version=2, stem="A third of 6?")
        step = replace(a_step(item.id, taught.skill_ids[1:]), answers=["2"])
        await items.replace_items(session, [changed], [step])
        assert await items.item_by_id(session, item.id) == changed
        assert await items.steps_of(session, [item.id]) == {item.id: [step]}
        assert await items.items_of_skill(session, taught.skill_ids[0]) == []
        [found] = await items.items_of_skill(session, taught.skill_ids[1])
    assert found.id == item.id


async def test_a_retired_item_gets_a_version_and_is_not_offered(database: Database) -> None:
    taught, _ = await teach(database)
    async with database.write() as session:
        await items.set_states(session, [taught.item_id], "retired", NOW)
        item = await items.item_by_id(session, taught.item_id)
        assert item is not None
        assert (item.state, item.version) == ("retired", 2)
        assert await items.items_of_lesson(session, taught.lesson_id) == []
        assert await items.items_with_text(session, "d", [taught.course_id]) == []


async def test_a_learners_own_problems_go_with_them_and_a_courses_stay(
    database: Database,
) -> None:
    taught, learner_id = await teach(database)
    async with database.write() as session:
        [own] = await items.items_of_owner(session, learner_id)
        await erase_learner(session, learner_id, NOW)
        assert await items.item_by_id(session, own.id) is None
        assert await items.steps_of(session, [own.id]) == {}
        assert await items.item_by_id(session, taught.item_id) is not None
        [revision] = await items.revisions_of(session, taught.item_id)
    assert revision.changed_by is None


async def test_more_items_than_fit_into_one_statement_are_found(database: Database) -> None:
    many = [an_item(f"{number:032x}") for number in range(items.BATCH + 5)]
    async with database.write() as session:
        await items.add_items(session, many, [a_step(item.id) for item in many])
        ids = [item.id for item in many]
        assert len(await items.items_by_ids(session, ids)) == len(many)
        assert len(await items.steps_of(session, ids)) == len(many)
