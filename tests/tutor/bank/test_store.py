"""The item bank: saved again and again, corrected with its history, found by what it asks."""

from dataclasses import replace
from itertools import pairwise

import pytest

from storage import courses, items
from storage.database import Database
from tests.doubles.storage_tour import NOW, meet
from tutor.bank.item import (
    AnswerKey,
    AnswerType,
    Course,
    Hint,
    HintKind,
    Item,
    ItemState,
    Lesson,
    Origin,
    Skill,
    Step,
)
from tutor.bank.prerequisites import PrerequisiteCycle, PrerequisiteUnknown
from tutor.bank.reason import BankError
from tutor.bank.saving import CourseKeyTaken, CourseUnsound
from tutor.bank.store import (
    ItemRefused,
    ItemUnknown,
    Saved,
    add_item,
    change_key,
    find_same_text,
    load_item,
    load_items,
    save_course,
    set_item_state,
)


def problem(key: str, answer: str = "3", stem: str = "What is half of 6?") -> Item:
    scaffold_key = AnswerKey(AnswerType.CHOICE, ("2",), ("2", "3"))
    hints = (
        Hint(HintKind.SCAFFOLD, "How many halves are there?", "Think", scaffold_key),
        Hint(HintKind.HINT, "Cut it once.", depth=1),
        Hint(HintKind.BOTTOM_OUT, "It is 3."),
    )
    number = AnswerKey(AnswerType.NUMBER, (answer,), unit="cm", tolerance=0.01)
    return Item(
        key,
        stem,
        (Step("a", "In cm.", number, hints, ("halves", "parts")), Step("b", "Why?", number)),
        "en",
        title="Halves",
        lesson="l1",
        licence="CC0",
    )


def course(*found: Item, key: str = "fractions") -> Course:
    return Course(
        key,
        {"en": "Fractions", "zh-CN": "分数"},
        "en",
        (Lesson("l1", {"en": "Halves"}, ("parts", "halves")),),
        (Skill("parts", {"en": "Parts"}), Skill("halves", {"en": "Halves"}, ("parts",))),
        found,
    )


async def save(database: Database, one: Course) -> Saved:
    async with database.long_write() as session:
        return await save_course(session, one, owner_id=None, community_id=None, now=NOW)


async def test_what_is_loaded_is_what_was_saved(database: Database) -> None:
    wanted = problem("p1")
    saved = await save(database, course(wanted))
    async with database.read() as session:
        [row] = await items.items_of_course(session, saved.course_id)
        stored = await load_item(session, row.id)
        skills = {skill.key: skill.id for skill in await courses.skills_of(session, row.course_id)}
    assert stored is not None
    assert stored.item == wanted
    assert stored.skill_ids == ((skills["halves"], skills["parts"]), ())


async def test_saving_the_same_again_changes_nothing(database: Database) -> None:
    one = course(problem("p1"), problem("p2"))
    first = await save(database, one)
    async with database.read() as session:
        before = await items.items_of_course(session, first.course_id)
    second = await save(database, one)
    async with database.read() as session:
        after = await items.items_of_course(session, first.course_id)
    assert first == Saved(first.course_id, added=2)
    assert second == Saved(first.course_id, unchanged=2)
    assert before == after


async def test_a_changed_item_keeps_its_id_and_what_it_said(database: Database) -> None:
    first = await save(database, course(problem("p1")))
    again = await save(database, course(problem("p1", "4")))
    assert again == Saved(first.course_id, changed=1)
    async with database.read() as session:
        [row] = await items.items_of_course(session, first.course_id)
        [revision] = await items.revisions_of(session, row.id)
        stored = await load_item(session, row.id)
    assert stored is not None
    assert (stored.version, stored.item.steps[0].answer.answers) == (2, ("4",))
    assert (revision.version, revision.content["steps"][0]["answers"]) == (1, ["3"])


async def test_an_item_gone_from_its_source_is_retired_and_comes_back_with_it(
    database: Database,
) -> None:
    first = await save(database, course(problem("p1"), problem("p2")))
    assert await save(database, course(problem("p1"))) == Saved(
        first.course_id, unchanged=1, retired=1
    )
    assert await save(database, course(problem("p1"))) == Saved(first.course_id, unchanged=1)
    back = await save(database, course(problem("p1"), problem("p2")))
    assert back == Saved(first.course_id, changed=1, unchanged=1)
    async with database.read() as session:
        assert await items.count_items(session, first.course_id) == {"verified": 2}


@pytest.mark.parametrize("origin", [Origin.GENERATOR, Origin.TEACHER, Origin.MODEL])
async def test_an_import_leaves_what_came_from_elsewhere(
    database: Database, origin: Origin
) -> None:
    first = await save(database, course(problem("p1")))
    async with database.write() as session:
        other = replace(problem("other", stem="Another"), origin=origin)
        await add_item(session, other, course_id=first.course_id, owner_id=None, now=NOW)
    assert await save(database, course(problem("p1"))) == Saved(first.course_id, unchanged=1)


async def test_what_a_teacher_decided_survives_an_import(database: Database) -> None:
    one = course(problem("p1"), problem("p2"), problem("p3"))
    saved = await save(database, one)
    async with database.write() as session:
        rows = {row.key: row for row in await items.items_of_course(session, saved.course_id)}
        decision = {"by": None, "reason": "checked", "now": NOW}
        await set_item_state(session, rows["p1"].id, ItemState.RETIRED, **decision)  # type: ignore[arg-type]
        await change_key(session, rows["p2"].id, 0, ["3", "3.0"], **decision)  # type: ignore[arg-type]
        own = replace(problem("mine", stem="Hers"), origin=Origin.TEACHER)
        await add_item(session, own, course_id=saved.course_id, owner_id=None, now=NOW)
    assert await save(database, one) == Saved(saved.course_id, unchanged=3)
    async with database.read() as session:
        counts = await items.count_items(session, saved.course_id)
        corrected = await load_item(session, rows["p2"].id)
    assert counts == {"verified": 3, "retired": 1}
    assert corrected is not None
    assert corrected.item.steps[0].answer.answers == ("3", "3.0")


async def test_a_corrected_key_is_a_new_version_with_its_reason(database: Database) -> None:
    saved = await save(database, course(problem("p1")))
    async with database.write() as session:
        teacher = await meet(session, "7", "Ms Li")
        [row] = await items.items_of_course(session, saved.course_id)
        changed = await change_key(
            session, row.id, 1, ["5"], by=teacher.id, reason="misprint", now=NOW
        )
        [revision] = await items.revisions_of(session, row.id)
    assert changed.version == 2
    assert [step.answer.answers for step in changed.item.steps] == [("3",), ("5",)]
    assert (revision.reason, revision.changed_by) == ("misprint", teacher.id)


async def test_a_step_or_item_that_is_not_there_is_named(database: Database) -> None:
    saved = await save(database, course(problem("p1")))
    async with database.write() as session:
        [row] = await items.items_of_course(session, saved.course_id)
        for item_id, step in ((row.id, 2), (row.id, -1), ("nothing", 0)):
            with pytest.raises(ItemUnknown):
                await change_key(session, item_id, step, ["5"], by=None, reason="", now=NOW)
        assert await items.revisions_of(session, row.id) == []


async def test_a_cycle_of_prerequisites_is_refused_and_named(database: Database) -> None:
    skills = (
        Skill("a", {"en": "A"}, ("b",)),
        Skill("b", {"en": "B"}, ("c",)),
        Skill("c", {"en": "C"}, ("a",)),
    )
    one = Course("circle", {"en": "Circle"}, "en", (), skills, ())
    with pytest.raises(PrerequisiteCycle) as refused:
        await save(database, one)
    cycle = refused.value.cycle
    assert cycle[0] == cycle[-1]
    requires = {skill.key: skill.requires for skill in skills}
    assert all(after in requires[before] for before, after in pairwise(cycle))
    assert " → ".join(cycle) in str(refused.value)
    async with database.read() as session:
        assert await courses.course_by_key(session, "circle") is None


async def test_what_a_course_does_not_have_can_not_be_named(database: Database) -> None:
    alone = Course("c", {"en": "C"}, "en", (), (Skill("a", {"en": "A"}, ("b",)),), ())
    with pytest.raises(PrerequisiteUnknown):
        await save(database, alone)
    for wrong in (
        course(problem("p1"), problem("p1", "4")),
        course(replace(problem("p1"), lesson="nowhere")),
        course(
            replace(problem("p1"), steps=(Step("a", "?", AnswerKey(AnswerType.OPEN), (), ("x",)),))
        ),
    ):
        with pytest.raises(CourseUnsound):
            await save(database, wrong)


async def test_nobody_overwrites_a_course_of_somebody_else(database: Database) -> None:
    async with database.long_write() as session:
        teacher = await meet(session, "7", "Ms Li")
        mine = course(problem("p1"))
        await save_course(session, mine, owner_id=teacher.id, community_id=None, now=NOW)
    with pytest.raises(CourseKeyTaken):
        await save(database, course(problem("p1")))


async def test_a_learners_own_problem_has_no_skills_and_is_theirs(database: Database) -> None:
    async with database.write() as session:
        learner = await meet(session, "100", "Mei")
        own = replace(problem("own"), origin=Origin.LEARNER)
        stored = await add_item(session, own, course_id=None, owner_id=learner.id, now=NOW)
        [row] = await items.items_of_owner(session, learner.id)
    assert row.id == stored.id
    assert stored.skill_ids == ((), ())
    assert stored.item.steps[0].hints == own.steps[0].hints


async def test_a_course_takes_a_key_once_and_known_skills_only(database: Database) -> None:
    saved = await save(database, course(problem("p1")))
    unknown = replace(
        problem("p2"), steps=(Step("a", "?", AnswerKey(AnswerType.OPEN), (), ("x",)),)
    )
    for wrong in (problem("p1"), unknown, replace(problem("p3"), lesson="nowhere")):
        async with database.write() as session:
            with pytest.raises(ItemRefused):
                await add_item(session, wrong, course_id=saved.course_id, owner_id=None, now=NOW)


async def test_the_same_question_is_found_however_it_is_spelt(database: Database) -> None:
    saved = await save(database, course(problem("p1", stem=r"What is $$\frac{1}{2}$$ of 6?")))
    asked = "what is  \\frac{1}{2} of ６\nin cm\nwhy"
    async with database.read() as session:
        [found] = await find_same_text(session, asked, [saved.course_id])
        assert found.item.key == "p1"
        assert await find_same_text(session, asked, ["another"]) == []
        assert await find_same_text(session, " ?! ", [saved.course_id]) == []
        assert await find_same_text(session, asked.replace("６", "60"), [saved.course_id]) == []


async def test_items_come_in_the_order_asked_for(database: Database) -> None:
    saved = await save(database, course(problem("p1"), problem("p2")))
    async with database.read() as session:
        ids = [row.id for row in await items.items_of_course(session, saved.course_id)]
        found = await load_items(session, [*reversed(ids), "nothing"])
    assert [stored.id for stored in found] == list(reversed(ids))


def test_a_refusal_says_its_sentence() -> None:
    error = BankError("There is no item {id}.", id="x")
    assert str(error) == "There is no item x."
