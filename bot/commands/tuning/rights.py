"""Whose data sets, trainings and adapters somebody may handle.

Who looks after a community handles what is made there; operators, whatever is for everybody.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from functools import wraps
from typing import Any

from bot.commands.permissions import has_role
from bot.services import Services
from tutor.adapters.refusals import AdapterRefused
from tutor.adapters.scopes import GLOBAL, for_community
from tutor.i18n import say
from tutor.messages import ReplyPart, Role, Text
from tutor.tuning.runs import RunRefused
from tutor.turn import Turn

ActionHandler = Callable[[Services, Turn, Mapping[str, Any]], AsyncIterator[ReplyPart]]


def home_scope(turn: Turn) -> str:
    """Where what somebody makes here belongs: to the community, or to all of this Daoshi where an
    operator writes to it directly."""
    return for_community(turn.community.id) if turn.community.external_id else GLOBAL


def scopes_of(turn: Turn) -> list[str]:
    """What somebody may see and use here."""
    return list(dict.fromkeys((home_scope(turn), *([GLOBAL] if is_operator(turn) else []))))


def is_operator(turn: Turn) -> bool:
    return has_role(turn.question.roles, Role.OPERATOR)


def may_handle(turn: Turn, scope: str, about: Mapping[str, Any]) -> bool:
    """Whether a press may change what belongs to a scope.

    In a direct message nobody has a community's rights, but a button came there only to the person
    who had them when they asked.
    """
    if is_operator(turn):
        return True
    if scope == GLOBAL:
        return False
    here = turn.community.external_id and scope == for_community(turn.community.id)
    alone = not turn.question.place.community and scope == for_community(about["community_id"])
    return bool(here or alone)


def not_yours(turn: Turn) -> Text:
    return Text(say(turn.language, "Only the operators of Daoshi may do that."))


Handle = Callable[..., AsyncIterator[ReplyPart]]


def with_refusals(handle: Handle) -> Handle:
    """What the use cases refuse is said in the reader's language."""

    @wraps(handle)
    async def run(*arguments: Any) -> AsyncIterator[ReplyPart]:
        turn: Turn = arguments[1]
        try:
            async for part in handle(*arguments):
                yield part
        except (RunRefused, AdapterRefused) as error:
            yield Text(sentence(error.reason.said(turn.language)))

    return run


def sentence(text: str) -> str:
    """A reason that can stand alone: with a capital letter."""
    return text[:1].upper() + text[1:]
