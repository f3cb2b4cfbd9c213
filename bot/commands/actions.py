"""Every action that a button or form can have, with who may press it and where it answers."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.commands import (
    conversation,
    data,
    feedback,
    history,
    lesson,
    link,
    moderation,
    replying,
    report,
    settings,
    setup,
    writing,
)
from bot.commands.classes import menu as classes
from bot.commands.courses import menu as courses
from bot.commands.listing import command_named
from bot.commands.onboarding import menu as onboarding
from bot.commands.permissions import may
from bot.commands.pictures import menu as pictures
from bot.commands.progress import menu as progress
from bot.commands.tuning import menu as tuning
from bot.services import Services
from tutor.i18n import say
from tutor.messages import CommandCall, ReplyPart, Role, Text
from tutor.pedagogy import controls
from tutor.pedagogy.dialogue import Intent
from tutor.turn import Turn

ActionHandler = Callable[[Services, Turn, Mapping[str, Any]], AsyncIterator[ReplyPart]]
"""Answers a press: the mapping is what was stored with the choice; the fields of a submitted form
are in `turn.question.press`."""


async def _stop(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    async for part in conversation.stop(services, turn):
        yield part


async def _give_again(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """A command once more, with what was chosen filled in, while the person still may use it."""
    call = CommandCall(payload["command"], payload["arguments"])
    command = command_named(call.name)
    if not may(turn.question.roles, command):
        yield Text(say(turn.language, "Only the people who look after this community may do that."))
        return
    again = replace(turn, question=replace(turn.question, command=call))
    async for part in command.handler(services, again):
        yield part


ACTIONS: Mapping[str, ActionHandler] = {
    "rate_up": feedback.rate_up,
    "rate_down": feedback.rate_down,
    "rate_reason": feedback.rate_reason,
    "correct": feedback.correct,
    "regenerate": feedback.regenerate,
    "continue": feedback.go_on,
    "stop": _stop,
    "answer": replying.answer,
    "ocr_confirm": replying.confirm_reading,
    "ocr_correct": replying.correct_reading,
    "history_page": history.older_history,
    "set_language": settings.change_setting,
    "set_level": settings.change_setting,
    "set_pictures": settings.change_setting,
    "set_name": settings.change_name,
    "set_reminders": settings.change_setting,
    "set_times": settings.change_times,
    "setup_ask": setup.ask_again,
    "setup_kind": setup.choose_kind,
    "setup_language": setup.choose_language,
    "setup_channels": setup.choose_channels,
    "setup_channel": setup.switch_channel,
    "setup_policy": setup.choose_policy,
    "setup_retention": setup.choose_retention,
    "setup_reports": setup.choose_reports,
    "report": report.report_reply,
    "report_send": report.send_report,
    "report_read": moderation.read_report,
    "report_settle": moderation.settle_report,
    "report_pause": moderation.pause_reported,
    "link_confirm": link.confirm_as_guest,
    "link_accept": link.accept_as_host,
    "link_reject": link.reject,
    "data_delete_confirm": data.confirm_deletion,
    "data_delete_keep": data.keep_data,
    "consent_set": data.change_consent,
    controls.CHOOSE: lesson.choose,
    controls.ANSWER: lesson.answer,
    controls.CHECK: lesson.answer,
    controls.HINT: lesson.act_on(Intent.HINT),
    controls.REVEAL: lesson.act_on(Intent.REVEAL),
    controls.SKIP: lesson.act_on(Intent.SKIP),
    controls.NEXT: lesson.act_on(Intent.NEXT),
    controls.STOP: lesson.act_on(Intent.STOP),
    controls.START: lesson.start,
    controls.ALONE: lesson.alone,
    controls.CONTEST: lesson.contest,
    "command_again": _give_again,
    **writing.ACTIONS,
    **onboarding.ACTIONS,
    **courses.ACTIONS,
    **classes.ACTIONS,
    **progress.ACTIONS,
    **pictures.ACTIONS,
    **tuning.ACTIONS,
}

ACTION_ROLES: Mapping[str, Role] = {
    **{action: Role.ADMIN for action in ACTIONS if action.startswith("setup_")},
    **dict.fromkeys(tuning.ACTIONS, Role.ADMIN),
    **dict.fromkeys(("report_read", "report_settle", "report_pause"), Role.TEACHER),
}
"""The least role for actions that not everybody may take."""

ASKING_ACTIONS = frozenset({"answer", "continue", "ocr_confirm", "ocr_correct", "regenerate"})
"""Actions that ask the tutor something, as a message would."""

SHARED_ACTIONS = ASKING_ACTIONS | pictures.SHARED_ACTIONS
"""Actions whose reply belongs where the button is; all others answer in private."""
