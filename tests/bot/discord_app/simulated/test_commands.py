"""Every Discord command: by those whom it is for, twice, late and by strangers."""

from typing import Any

import pytest
import simcord
from simcord.backend.errors import SetupError

from bot.commands import COMMANDS, Command
from bot.commands.command import Menu
from tests.bot.discord_app.simulated.conftest import School, own, said
from tutor.messages import Role

pytestmark = pytest.mark.simcord(shard_count=1)

ARGUMENTS: dict[str, dict[str, Any]] = {
    "ask": {"question": "What is gravity?"},
    "write": {"kind": "poem", "brief": "autumn"},
    "explain": {"text": "E = m c squared"},
    "translate": {"text": "good morning"},
    "rewrite": {"text": "me want cookie"},
    "summarise": {"text": "A long text about gravity."},
    "imagine": {"what": "a dog"},
    "course join": {"code": "AAAA-BBBB"},
    "course create": {"name": "Biology"},
    "course import": {"file": ("bank.csv", b"question,answer\n1+1,2\n")},
    "course upload": {"file": ("notes.txt", b"Leaves catch light.")},
    "tune data upload": {"file": ("maths.jsonl", b'{"prompt": "2 + 2?", "answer": "4"}')},
    "adapter use": {"adapter": "maths"},
    "adapter compare": {"question": "What is 2 + 2?"},
    "adapter evaluate": {"adapter": "maths"},
    "adapter export": {"adapter": "maths"},
    "adapter import": {"file": ("maths.zip", b"PK")},
    "adapter trial start": {"adapter": "maths"},
    "gan upload": {"file": ("birds.zip", b"PK")},
    "gan use": {"generator": "birds"},
    "class roles": {"who": "<@{bob}>"},
    "pause": {"learner": "<@{bob}>"},
    "resume": {"learner": "<@{bob}>"},
    "block": {"learner": "<@{bob}>"},
    "unblock": {"learner": "<@{bob}>"},
}
STAFF = [command for command in COMMANDS if command.role is not Role.LEARNER]


def arguments(school: School, command: Command) -> dict[str, Any]:
    given = ARGUMENTS.get(command.name, {})
    return {
        name: value.format(bob=school.bob.id) if isinstance(value, str) else value
        for name, value in given.items()
    }


def named(command: Command) -> str:
    return command.name


@pytest.mark.parametrize("command", COMMANDS, ids=named)
async def test_command_is_answered_to_those_it_is_for_also_twice(
    school: School, command: Command
) -> None:
    who = school.ann if command.role is Role.LEARNER else school.adam
    for _ in range(2):
        result = await school.slash(who, command.name, **arguments(school, command))
        assert result.acknowledged
        assert said(result).strip()
        assert "went wrong" not in said(result)
        shown = [message for message in (result.response, *result.followups) if message]
        assert all(message.ephemeral is command.private for message in shown)
        assert "thinking" not in said(result).lower()


@pytest.mark.parametrize("command", COMMANDS, ids=named)
async def test_command_whose_three_seconds_are_over_is_answered_all_the_same(
    school: School, command: Command
) -> None:
    who = school.ann if command.role is Role.LEARNER else school.adam
    gone = {"status": 404, "code": 10062}
    school.env.inject_error("POST", "/interactions/*/*/callback", **gone)
    await school.slash(who, command.name, **arguments(school, command))
    where = school.env.backend.dm_channels.get(who.id)
    private = school.env.backend.messages[where].values() if where else ()
    told = [message.content for message in private]
    shared = [message.content for message in own(school, school.channel)]
    assert (told if command.private else shared)[-1].strip()
    assert not (shared if command.private else told)


@pytest.mark.parametrize("command", STAFF, ids=named)
async def test_command_of_staff_is_not_for_strangers(school: School, command: Command) -> None:
    if command.role is Role.ADMIN:
        with pytest.raises(SetupError, match="default-member-permissions"):
            await school.slash(school.ann, command.name, **arguments(school, command))
        return
    result = await school.slash(school.ann, command.name, **arguments(school, command))
    assert result.ephemeral
    assert "people who look after" in said(result)


async def test_history_and_export_of_a_stranger_show_nothing_of_mine(school: School) -> None:
    await school.ask("Is my secret word xylophone?")
    for name in ("history", "data export", "report", "settings"):
        result = await school.slash(school.bob, name)
        assert "xylophone" not in said(result)
        for message in (result.response, *result.followups):
            for file in message.attachments if message else ():
                assert b"xylophone" not in await school.env.bot.http.get_from_cdn(file.url)
    mine = await school.slash(school.ann, "history")
    assert "xylophone" in said(mine)


@pytest.mark.parametrize(
    "title", [command.menu_title for command in COMMANDS if command.menu is Menu.BOTH]
)
async def test_message_menu_is_answered_in_private_also_twice_and_late(
    school: School, title: str
) -> None:
    message = await school.bob.send(school.channel, "E = m c squared")
    for _ in range(2):
        result = await school.ann.context_menu(school.channel, title, message)
        await school.done()
        assert result.ephemeral
        assert said(result).strip()
    school.env.inject_error("POST", "/interactions/*/*/callback", status=404, code=10062)
    await school.ann.context_menu(school.channel, title, message)
    await school.done()
    private = school.env.backend.dm_channels[school.ann.id]
    assert school.env.backend.messages[private]


def test_the_simulator_is_the_one_that_was_read() -> None:
    assert simcord.__version__.startswith("3.")
