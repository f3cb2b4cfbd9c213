"""`/class policy`: how much help the learners of a course get, now or for a time."""

from collections.abc import AsyncIterator
from zoneinfo import ZoneInfo

from bot.commands.arguments import argument
from bot.commands.classes.times import shown_time, unreadable, zone_of
from bot.commands.courses.finding import POLICY_NAMES
from bot.commands.courses.teaching import Taught, for_teachers
from bot.services import Services
from storage import policies
from storage.policies import PolicyWindow
from tutor.classes.dates import DateUnreadable, parse_span
from tutor.i18n import mark, say
from tutor.language import Language
from tutor.messages import ReplyPart, Text
from tutor.turn import Turn

POLICIES = (
    ("guided", mark("Guided: hints before answers")),
    ("open", mark("Open: direct answers")),
    ("exam", mark("Exam: no help")),
)


async def _policy(services: Services, turn: Turn, teaching: Taught) -> AsyncIterator[ReplyPart]:
    """Sets what is named, and shows what holds now and later."""
    now, zone, named = services.now(), zone_of(turn), argument(turn, "policy")
    if named:
        try:
            span = parse_span(argument(turn, "from"), argument(turn, "until"), now, zone)
        except DateUnreadable as error:
            yield Text(unreadable(turn, error))
            return
        async with services.database.write() as session:
            await policies.set_policy(
                session,
                teaching.course.id,
                named,
                starts_at=span.starts_at,
                ends_at=span.ends_at,
                by=turn.learner.id,
                now=now,
            )
        yield Text(say(turn.language, "Saved.") + "\n\n")
    async with services.database.read() as session:
        current = await policies.policy_of_course(session, teaching.course.id, now)
        coming = await policies.coming_windows(session, teaching.course.id, now)
    yield Text("\n".join(_lines(current, coming, turn.language, zone)))


policy = for_teachers(_policy)


def _lines(
    current: PolicyWindow | None, coming: list[PolicyWindow], language: Language, zone: ZoneInfo
) -> list[str]:
    lines = [say(language, "Now: {policy}", policy=_window(current, language, zone))]
    lines += [
        say(
            language,
            "From {start}: {policy}",
            start=shown_time(window.starts_at, zone),
            policy=_window(window, language, zone),
        )
        for window in coming
    ]
    strict = say(
        language,
        "It follows every learner of the course into direct messages and onto other platforms; "
        "where several rules hold, the strictest counts.",
    )
    return [*lines, strict]


def _window(window: PolicyWindow | None, language: Language, zone: ZoneInfo) -> str:
    if window is None:
        return say(language, "as in the place where somebody writes")
    name = f"**{say(language, POLICY_NAMES[window.policy])}**"
    if window.ends_at is None:
        return say(language, "{policy}, until you change it", policy=name)
    return say(language, "{policy}, until {end}", policy=name, end=shown_time(window.ends_at, zone))
