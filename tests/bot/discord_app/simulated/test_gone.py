"""Buttons whose course, document or checklist is gone, or whose presser lost the right to them.

Each press is told so in private, in one kind sentence, and changes nothing.
"""

import pytest

from bot.commands.actions import ACTIONS
from storage.checklists import checklists_of, retire_checklist
from storage.courses import change_course, courses_of_community
from storage.materials import MaterialScope, materials_in, remove_material
from tests.bot.discord_app.simulated.conftest import School
from tests.bot.discord_app.simulated.reaching import Offered, turn_of
from tests.bot.discord_app.simulated.reaching_courses import TEACHING
from tests.bot.discord_app.simulated.reaching_lessons import LEARNING

pytestmark = pytest.mark.simcord(shard_count=1)

REACH = {**LEARNING, **TEACHING}
OF_A_COURSE = {
    "lesson_start",
    "write_keep_quiz",
    "course_join",
    "course_open",
    "course_items",
    "material_put",
    "item_next",
    "item_decide",
    "item_correct",
    "homework_cancel",
    "class_record",
    "dispute_accept",
    "dispute_correct",
    "dispute_reject",
}
OF_A_DOCUMENT = {"material_ask", "material_remove", "material_again", "onboard_ask"}
OF_A_CHECKLIST = {"onboard_begin", "onboard_remind", "onboard_retire", "onboard_mark"}
OF_STAFF = (set(TEACHING) & OF_A_COURSE) - {"course_join", "course_open"} | {
    "write_keep_quiz",
    "material_ask",
    "material_remove",
    "material_again",
    "onboard_save",
    "onboard_remind",
    "onboard_retire",
}
KIND = ("Only ", "no longer", "not open to you", "I can't give you")
"""How the sentences begin or go on that say so."""


async def pressed(school: School, offered: Offered, action: str) -> str:
    """What a press is answered with: a single private message."""
    custom_id = await school.find(offered.message, action)
    result = await school.click(offered.who, offered.message, custom_id)
    if result.modal:
        result = await school.submit(offered.who, result, offered.fields)
    (told,) = result.followups
    assert told.ephemeral
    return str(told.content)


def is_kind(told: str) -> bool:
    return any(words in told for words in KIND) and "went wrong" not in told


def test_only_actions_that_exist_are_tried() -> None:
    assert set(ACTIONS) >= OF_A_COURSE | OF_A_DOCUMENT | OF_A_CHECKLIST | OF_STAFF


@pytest.mark.parametrize("action", sorted(OF_A_COURSE))
async def test_button_of_a_course_that_was_archived(school: School, action: str) -> None:
    offered = await REACH[action](school)
    turn = await turn_of(school, "adam")
    async with school.stage.services.database.write() as session:
        for course in await courses_of_community(session, turn.community.id):
            await change_course(session, course.id, archived_at=school.stage.clock[0])
    assert is_kind(await pressed(school, offered, action))


@pytest.mark.parametrize("action", sorted(OF_A_DOCUMENT))
async def test_button_of_a_document_that_was_removed(school: School, action: str) -> None:
    offered = await REACH[action](school)
    turn = await turn_of(school, "adam")
    async with school.stage.services.database.write() as session:
        courses = await courses_of_community(session, turn.community.id)
        ids = tuple(course.id for course in courses)
        scope = MaterialScope(ids, turn.community.id, str(school.channel.id))
        for kept in await materials_in(session, scope):
            await remove_material(session, kept.id, school.stage.clock[0])
    assert is_kind(await pressed(school, offered, action))


@pytest.mark.parametrize("action", sorted(OF_A_CHECKLIST | {"onboard_ask"}))
async def test_button_of_a_checklist_that_was_retired(school: School, action: str) -> None:
    offered = await REACH[action](school)
    turn = await turn_of(school, "adam")
    async with school.stage.services.database.write() as session:
        for one in await checklists_of(session, turn.community.id):
            await retire_checklist(session, one.id, school.stage.clock[0])
    assert is_kind(await pressed(school, offered, action))


@pytest.mark.parametrize("action", sorted(OF_STAFF))
async def test_button_of_somebody_who_looks_after_nothing_any_more(
    school: School, action: str
) -> None:
    offered = await REACH[action](school)
    school.env.backend.guilds[school.guild.id].members[school.adam.id].role_ids.clear()
    assert is_kind(await pressed(school, offered, action))
