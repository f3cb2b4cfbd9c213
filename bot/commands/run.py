"""The way to every command and press: permission, privacy and arguments are checked here.

The dispatcher asks first who may see the answer (`command_visibility`, `action_visibility`), has
the adapter show it there, and then runs it.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any

from bot.commands.actions import ACTION_ROLES, ACTIONS, SHARED_ACTIONS
from bot.commands.command import Command, Option, OptionKind
from bot.commands.listing import command_named
from bot.commands.parse import accept
from bot.commands.permissions import has_role, may
from bot.commands.wording import accepted, typed, usage
from bot.services import Services
from tutor.i18n import say
from tutor.messages import CommandCall, Question, ReplyPart, Role, Text, Visibility
from tutor.turn import Turn


def command_visibility(question: Question) -> Visibility:
    """Who may see the answer to the command in `question`."""
    assert question.command is not None, question.event_id
    command = command_named(question.command.name)
    return Visibility.PRIVATE if command.private else question.visibility


def action_visibility(question: Question, action: str) -> Visibility:
    """Who may see the answer to a press of `action`."""
    return question.visibility if action in SHARED_ACTIONS else Visibility.PRIVATE


def command_obstacle(turn: Turn) -> str | None:
    """Why the command in `turn.question` can't be run here and now; None where it can."""
    assert turn.question.command is not None, turn.question.event_id
    return _obstacle(turn, command_named(turn.question.command.name))


async def run_command(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """Answers the command in `turn.question`, or says kindly why it can't."""
    call = turn.question.command
    assert call is not None, turn.question.event_id
    command = command_named(call.name)
    obstacle = _obstacle(turn, command)
    if obstacle:
        yield Text(obstacle)
        return
    async for part in command.handler(services, _with_exact_values(turn, command)):
        yield part


async def run_action(
    services: Services, turn: Turn, action: str, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """Answers a press of a stored choice."""
    handler = ACTIONS[action]
    if not _may_press(turn, action, payload):
        yield Text(say(turn.language, "Only the people who look after this community may do that."))
        return
    if turn.question.visibility is Visibility.SHARED and action not in SHARED_ACTIONS:
        yield Text(
            say(turn.language, "I show that only to you: please ask me in a direct message.")
        )
        return
    async for part in handler(services, turn, payload):
        yield part


def _may_press(turn: Turn, action: str, payload: Mapping[str, Any]) -> bool:
    """Whether this person's rights, here and now, suffice for a press.

    Rights in one community say nothing about another. In a direct message there are no rights to
    ask for; a stored choice about a community is pressed there by the person it was offered to.
    """
    needed = ACTION_ROLES.get(action)
    if needed is None:
        return True
    community_id = payload.get("community_id", turn.community.id)
    if not turn.question.place.community and "community_id" in payload:
        return True
    ours = community_id == turn.community.id or has_role(turn.question.roles, Role.OPERATOR)
    return ours and has_role(turn.question.roles, needed)


def _obstacle(turn: Turn, command: Command) -> str | None:
    """Why this command can't be run here and now, as a sentence for the person."""
    platform = turn.question.place.platform
    if not may(turn.question.roles, command):
        return say(
            turn.language,
            "{command} is for the people who look after this community. {help} shows what you "
            "can do here.",
            command=typed(platform, command.name),
            help=typed(platform, "help"),
        )
    if command.private and turn.question.visibility is Visibility.SHARED:
        return say(
            turn.language,
            "I show that only to you: please send me {command} in a direct message.",
            command=typed(platform, command.name),
        )
    return _argument_problem(turn, command)


def _with_exact_values(turn: Turn, command: Command) -> Turn:
    """The turn with its arguments as handlers expect them, however they were written."""
    call = turn.question.command
    assert call is not None, turn.question.event_id
    options = {option.name: option for option in command.options}
    exact = {
        name: accept(options[name], value) or ""
        for name, value in call.arguments.items()
        if name in options and value.strip()
    }
    return replace(turn, question=replace(turn.question, command=CommandCall(call.name, exact)))


def _comes_along(turn: Turn, option: Option) -> bool:
    """Whether an option is the file that hangs on the message itself."""
    return option.kind is OptionKind.FILE and bool(turn.question.attachments)


def _argument_problem(turn: Turn, command: Command) -> str | None:
    assert turn.question.command is not None
    given = turn.question.command.arguments
    form = usage(turn.question.place.platform, command)
    for option in command.options:
        value = given.get(option.name, "")
        if option.required and not (value.strip() or _comes_along(turn, option)):
            what = say(turn.language, option.description)
            return say(
                turn.language,
                "Something is missing: {what}. The form is {form}.",
                what=what,
                form=form,
            )
        if value and accept(option, value) is None:
            return say(
                turn.language,
                "“{value}” does not fit {option}, which takes: {accepted}. The form is {form}.",
                value=value[:40],
                option=option.name,
                accepted=accepted(turn.language, option),
                form=form,
            )
    return None
