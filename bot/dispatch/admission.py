"""Whether somebody may be answered here and now. Pure."""

from datetime import datetime

from bot.commands.community import answers_here
from bot.dispatch import refusals
from bot.dispatch.learner_words import learner_words
from storage.choices import ChoiceOption
from storage.standings import stricter
from tutor.messages import Kind, Question, Visibility
from tutor.turn import Turn

OWN_DATA = ("data", "consent")
"""Commands and actions about one's own data begin so; nobody is ever kept from those."""


def refusal(
    turn: Turn, pressed: ChoiceOption | None, resets_at: datetime | None, now: datetime
) -> str | None:
    """Why this person can't be answered; None where they can."""
    if _is_about_own_data(turn, pressed):
        return None
    status = stricter(turn.learner.status, turn.standing)
    if status != "active":
        return refusals.blocked(turn.language, status)
    if resets_at is not None:
        return refusals.over_quota(turn.language, resets_at, now)
    if not turn.protection.keeps_words and learner_words(turn, pressed):
        return refusals.class_not_ready(turn.language)
    if _speaks_up(turn.question) and not answers_here(turn.community, turn.channel):
        return refusals.channel_is_off(turn.language)
    return None


def _speaks_up(question: Question) -> bool:
    """Whether the answer is part of a channel's conversation, and no private word beside it."""
    return question.kind is Kind.MESSAGE or question.visibility is Visibility.SHARED


def _is_about_own_data(turn: Turn, pressed: ChoiceOption | None) -> bool:
    call = turn.question.command
    name = call.name if call else pressed.action if pressed else ""
    return name.startswith(OWN_DATA)
