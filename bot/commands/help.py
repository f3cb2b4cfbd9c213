"""`/help`: at most six lines, for the role and the language of the one who asks."""

from collections.abc import AsyncIterator

from bot.commands.permissions import has_role
from bot.commands.wording import typed
from bot.services import Services
from tutor.i18n import mark, say
from tutor.language import Language
from tutor.messages import Platform, ReplyPart, Role, Text
from tutor.turn import Turn

_Line = tuple[str, dict[str, str]]
"""A sentence and the commands that stand in its fields."""

_LEARNER: tuple[_Line, ...] = (
    (mark("**Ask** me anything: just write; files and photos are welcome."), {}),
    (
        mark("{learn} starts a lesson; {quiz}, {practice} and {review} test what you know."),
        {"learn": "learn", "quiz": "quiz", "practice": "practice", "review": "review"},
    ),
    (
        mark(
            "{explain} and {translate} work on any text; {new} starts afresh, {history} shows your "
            "questions, {report} tells a person about a bad reply."
        ),
        {
            "explain": "explain",
            "translate": "translate",
            "new": "new",
            "history": "history",
            "report": "report",
        },
    ),
    (
        mark("{settings} sets your language, your name and how I explain."),
        {"settings": "settings"},
    ),
    (
        mark(
            "{link} joins your Discord and Slack; {export}, {delete} and {consent} are your data."
        ),
        {
            "link": "link",
            "export": "data export",
            "delete": "data delete",
            "consent": "data consent",
        },
    ),
)
_ABOUT: _Line = (mark("{about} names the model and the licences."), {"about": "about"})
_TEACHER: _Line = (
    mark("Staff: {queue} shows reports, {pause} and {block} stop a learner."),
    {"queue": "queue", "pause": "pause", "block": "block"},
)
_ADMIN: _Line = (
    mark("Staff: {setup}, {status}, {jobs}, {queue} (reports), {pause} and {block} (a learner)."),
    {
        "setup": "setup",
        "status": "status",
        "jobs": "jobs",
        "queue": "queue",
        "pause": "pause",
        "block": "block",
    },
)


async def show_help(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """The few things that this person is likely to need."""
    lines = (*_LEARNER, _last_line(turn))
    yield Text("\n".join(_written(turn.language, turn.question.place.platform, x) for x in lines))


def _last_line(turn: Turn) -> _Line:
    roles = turn.question.roles
    if has_role(roles, Role.ADMIN):
        return _ADMIN
    return _TEACHER if has_role(roles, Role.TEACHER) else _ABOUT


def _written(language: Language, platform: Platform, line: _Line) -> str:
    sentence, commands = line
    fields = {field: typed(platform, name) for field, name in commands.items()}
    return "- " + say(language, sentence, **fields)
