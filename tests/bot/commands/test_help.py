"""`/help` and commands that do not exist."""

import pytest

from bot.commands import COMMANDS
from storage.members import TEACHER as TEACHING
from storage.members import add_member
from tests.doubles.desk import ADMIN, ANN_IN_SLACK, TEACHER, Desk
from tests.doubles.small_course import bring_in
from tutor.language import Language
from tutor.messages import Role

LEARNER = frozenset({Role.LEARNER})


@pytest.mark.parametrize("roles", [LEARNER, TEACHER, ADMIN], ids=["learner", "teacher", "admin"])
async def test_help_is_at_most_six_lines(
    desk: Desk, language: Language, roles: frozenset[Role]
) -> None:
    answer = await desk.give("help", roles=roles)
    assert answer.private
    assert 3 <= len(answer.text.splitlines()) <= 6
    assert "`/settings`" in answer.text
    assert "{" not in answer.text


async def test_help_names_only_commands_that_exist_and_are_allowed(desk: Desk) -> None:
    for roles in (LEARNER, TEACHER, ADMIN):
        answer = await desk.give("help", roles=roles)
        named = {word for word in answer.text.split("`") if word.startswith("/")}
        allowed = {"/" + c.name for c in COMMANDS if c.role in roles or c.role is Role.LEARNER}
        if Role.ADMIN in roles:
            allowed |= {"/" + c.name for c in COMMANDS if c.role is Role.TEACHER}
        assert named
        assert named <= allowed


async def test_help_names_courses_and_material_to_all_and_teaching_to_teachers(
    desk: Desk, language: Language
) -> None:
    learner = (await desk.give("help")).text
    assert "`/learn`" in learner
    assert "`/course join`" in learner
    assert "`/course upload`" not in learner
    desk_turn = (await desk.give("help")).turn
    course_id = await bring_in(desk.services.database, desk.services.now())
    async with desk.services.database.write() as session:
        await add_member(
            session, course_id, desk_turn.learner.id, role=TEACHING, now=desk.services.now()
        )
    for teacher in (await desk.give("help"), await desk.give("help", roles=TEACHER)):
        assert "`/course upload`" in teacher.text
        assert "`/class report`" in teacher.text


async def test_help_in_slack_shows_the_form_that_works_there(desk: Desk) -> None:
    answer = await desk.give("help", author=ANN_IN_SLACK)
    assert "`/daoshi history`" in answer.text


async def test_unknown_command_is_answered_with_the_nearest(desk: Desk, language: Language) -> None:
    answer = await desk.give("hlep")
    assert "hlep" in answer.text
    assert "`/help`" in answer.text


async def test_beginning_of_a_group_names_the_whole_group(desk: Desk) -> None:
    answer = await desk.give("data")
    assert all(f"`/data {verb}`" in answer.text for verb in ("export", "delete", "consent"))


async def test_unknown_command_never_suggests_what_only_staff_may_do(desk: Desk) -> None:
    assert "`/setup`" not in (await desk.give("setpu")).text
    assert "`/setup`" in (await desk.give("setpu", roles=ADMIN)).text
