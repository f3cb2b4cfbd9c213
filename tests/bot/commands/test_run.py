"""What is checked before any handler runs: rights, privacy and arguments."""

from dataclasses import replace

import pytest

from bot.commands import COMMANDS
from bot.commands.actions import ACTION_ROLES, ACTIONS, SHARED_ACTIONS
from bot.commands.listing import command_named
from bot.commands.run import run_command
from bot.commands.wording import usage
from tests.doubles import questions
from tests.doubles.desk import ADMIN, Desk, shared
from tutor.language import Language
from tutor.messages import Attachment, Platform, Role, Text

STAFF = [command.name for command in COMMANDS if command.role is not Role.LEARNER]


@pytest.mark.parametrize("name", STAFF)
async def test_learner_is_kindly_refused_what_is_for_staff(
    desk: Desk, language: Language, name: str
) -> None:
    arguments = {"learner": "Bob"}
    answer = await desk.give(name, arguments, **shared())
    assert f"`/{name}`" in answer.text
    assert "`/help`" in answer.text
    assert not answer.choices


@pytest.mark.parametrize("name", [command.name for command in COMMANDS if command.private])
async def test_private_command_says_nothing_of_its_own_in_a_shared_place(
    desk: Desk, name: str
) -> None:
    """Even if a caller forgot to make the question private."""
    await desk.say("my planted secret")
    asked = questions.command(name, arguments={"learner": "x"}, roles=ADMIN, **shared())
    turn = await desk.turn(asked)
    parts = [part async for part in run_command(desk.services, turn)]
    assert len(parts) == 1
    assert isinstance(parts[0], Text)
    assert "direct message" in parts[0].text
    assert "secret" not in parts[0].text


async def test_missing_text_is_asked_for(desk: Desk, language: Language) -> None:
    answer = await desk.give("ask")
    assert "`/ask question`" in answer.text
    assert not desk.engine.requests


async def test_a_file_that_hangs_on_the_message_is_not_missing(desk: Desk) -> None:
    file = Attachment("bank.csv", "text/csv", 10, "ref")
    asked = replace(questions.command("course import"), attachments=(file,))
    told = [part async for part in run_command(desk.services, await desk.turn(asked))]
    assert not any("missing" in part.text for part in told if isinstance(part, Text))


@pytest.mark.parametrize(
    ("platform", "form"),
    [
        (Platform.TERMINAL, "`/file PATH /course import`"),
        (Platform.SLACK, "`@Daoshi course import`"),
        (Platform.DISCORD, "`/course import file`"),
    ],
)
def test_the_form_says_how_a_file_comes_along(platform: Platform, form: str) -> None:
    assert usage(platform, command_named("course import")) == form


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("history", {"count": "many"}),
        ("settings", {"language": "Klingon"}),
        ("settings", {"pictures": "perhaps"}),
    ],
)
async def test_unfitting_value_is_answered_with_what_fits(
    desk: Desk, language: Language, name: str, arguments: dict[str, str]
) -> None:
    answer = await desk.give(name, arguments)
    assert next(iter(arguments.values())) in answer.text
    assert f"`/{name}" in answer.text


def test_every_action_with_a_role_exists() -> None:
    assert ACTION_ROLES.keys() <= ACTIONS.keys()
    assert ACTIONS.keys() >= SHARED_ACTIONS


async def test_every_handler_exists(desk: Desk) -> None:
    """Each command answers something with plausible arguments."""
    plausible = {"question": "Hi", "text": "Hi there", "learner": "nobody", "code": "ABCD-123456"}
    for command in COMMANDS:
        arguments = {o.name: plausible[o.name] for o in command.options if o.name in plausible}
        answer = await desk.give(command.name, arguments, roles=ADMIN, channel="general")
        assert answer.parts, command.name


async def test_values_reach_handlers_in_their_exact_form(desk: Desk) -> None:
    """A platform may deliver a yes or a label in its own spelling."""
    arguments = {"pictures": "OFF", "language": "简体中文", "level": "SIMPLE", "junk": "x"}
    answer = await desk.give("settings", arguments)
    learner = (await desk.give("settings")).turn.learner
    assert answer.turn.learner.id == learner.id
    assert learner.language == "zh-CN"
    assert learner.settings == {"level": "simple", "pictures": False}
