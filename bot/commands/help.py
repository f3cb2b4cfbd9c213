"""`/help`: at most six lines, for the role and the language of the one who asks."""

from collections.abc import AsyncIterator

from bot.commands.permissions import has_role
from bot.commands.wording import typed
from bot.services import Services
from storage.members import memberships
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
        mark(
            "{courses} shows your courses and {join} lets you into one; I answer out of a course's "
            "material and name the page."
        ),
        {"courses": "course list", "join": "course join"},
    ),
    (
        mark(
            "{settings} sets your language and how I explain; {link} joins your Discord and Slack; "
            "{export}, {delete} and {consent} are your data."
        ),
        {
            "settings": "settings",
            "link": "link",
            "export": "data export",
            "delete": "data delete",
            "consent": "data consent",
        },
    ),
)
_ABOUT: _Line = (mark("{about} names the model and the licences."), {"about": "about"})
_TEACHING = {
    "create": "course create",
    "upload": "course upload",
    "assign": "class assign",
    "class_report": "class report",
}
_STAFF = {"queue": "queue", "pause": "pause", "block": "block"}
_TEACHES: _Line = (
    mark(
        "Teaching: {create}, {upload} (material), {assign} (homework), {class_report} (how the "
        "class is doing)."
    ),
    _TEACHING,
)
_TEACHER: _Line = (
    mark(
        "Teaching: {create}, {upload} (material), {assign} (homework), {class_report}. Staff: "
        "{queue} shows reports, {pause} and {block} stop a learner."
    ),
    {**_TEACHING, **_STAFF},
)
_ADMIN: _Line = (
    mark(
        "Teaching: {create}, {upload} (material), {assign} (homework), {class_report}. Staff: "
        "{setup}, {status}, {jobs}, {queue} (reports), {pause} and {block} (a learner)."
    ),
    {**_TEACHING, **_STAFF, "setup": "setup", "status": "status", "jobs": "jobs"},
)


async def show_help(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """The few things that this person is likely to need."""
    lines = (*_LEARNER, await _last_line(services, turn))
    yield Text("\n".join(_written(turn.language, turn.question.place.platform, x) for x in lines))


async def _last_line(services: Services, turn: Turn) -> _Line:
    """For those who look after a place or teach a course; else what all this is."""
    roles = turn.question.roles
    if has_role(roles, Role.ADMIN):
        return _ADMIN
    if has_role(roles, Role.TEACHER):
        return _TEACHER
    async with services.database.read() as session:
        known = await memberships(session, turn.learner.id)
    return _TEACHES if any(one.teaches for one in known) else _ABOUT


def _written(language: Language, platform: Platform, line: _Line) -> str:
    sentence, commands = line
    fields = {field: typed(platform, name) for field, name in commands.items()}
    return "- " + say(language, sentence, **fields)
