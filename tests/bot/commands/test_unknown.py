"""Names that no command has: groups are listed, slips of the pen are understood."""

import pytest

from tests.doubles.desk import Desk


@pytest.mark.parametrize("name", ["class", "班级"])
async def test_the_beginning_of_a_group_lists_its_commands(desk: Desk, name: str) -> None:
    listed = (await desk.give(name)).text
    assert "/class report" in listed
    assert "/class assign" in listed
    assert "Give a lesson or a skill as homework" in listed
    assert "There is no command" not in listed


async def test_a_slip_of_the_pen_is_understood(desk: Desk) -> None:
    assert "/history" in (await desk.give("histroy")).text
