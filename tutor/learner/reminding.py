"""Reminders of reviews: asked for by the learner, once a day, at their time, never at night.

Each learner who wants them has a schedule of their own, which comes due at their time of day; the
job behind it calls `remind`. Without a wish nobody is reminded.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from storage import learners, reviews, schedules
from storage.learners import Learner
from storage.session import Session
from tutor.i18n import say_count
from tutor.language import Language, choose, from_locale
from tutor.notices import tell_learner

KIND = "review_reminder"
"""The kind of job that reminds one learner."""

SETTING = "reminders"
DAY = timedelta(days=1)


class TimeZoneUnknown(Exception):
    """Nobody knows a time zone of this name."""


@dataclass(frozen=True, slots=True)
class Reminders:
    """What a learner wants: `at`, `quiet_from` and `quiet_until` are local times, as HH:MM.

    `platform` is where to remind, "" wherever they are.
    """

    on: bool = False
    at: str = "18:00"
    zone: str = "UTC"
    quiet_from: str = "21:00"
    quiet_until: str = "08:00"
    platform: str = ""


def reminders_of(learner: Learner) -> Reminders:
    """What a learner wants; nothing was asked for until they say so."""
    stored: Mapping[str, Any] = learner.settings.get(SETTING, {})
    return Reminders(**{**asdict(Reminders()), **stored})


async def set_reminders(
    session: Session, learner: Learner, wanted: Reminders, now: datetime
) -> None:
    """Keeps what a learner wants, and when they are reminded next. Raises TimeZoneUnknown."""
    if wanted.zone not in available_timezones():
        raise TimeZoneUnknown(wanted.zone)
    settings = {**learner.settings, SETTING: asdict(wanted)}
    await learners.set_settings(session, learner.id, settings)
    if not wanted.on:
        await schedules.remove_schedule(session, _name(learner.id))
        return
    await schedules.put_schedule(
        session,
        name=_name(learner.id),
        kind=KIND,
        due_at=daily(wanted.at, wanted.zone, now),
        rule={"daily_at": wanted.at, "zone": wanted.zone},
        learner_id=learner.id,
        now=now,
    )


async def remind(session: Session, learner_id: str, now: datetime) -> bool:
    """Tells a learner what is due, if they want it and something is; once on a day of theirs."""
    learner = await learners.learner_by_id(session, learner_id)
    if learner is None or learner.status != "active":
        return False
    wanted = reminders_of(learner)
    due = await reviews.count_due(session, learner_id, now) if wanted.on else 0
    if not due:
        return False
    known = await learners.identities(session, learner_id)
    there = [one for one in known if one.platform == wanted.platform] or known
    if not there:
        return False
    today = now.astimezone(ZoneInfo(wanted.zone)).date()
    await tell_learner(
        session,
        there,
        reminder(choose(from_locale(learner.language), "", there[0].locale), due),
        now=now,
        not_before=after_quiet(wanted, now),
        key=f"{KIND}:{learner_id}:{today}",
    )
    return True


def reminder(language: Language, due: int) -> str:
    """The words of a reminder."""
    return say_count(
        language,
        "{count} thing is due for review. A few minutes now keep it fresh: /review",
        "{count} things are due for review. A few minutes now keep them fresh: /review",
        due,
    )


def daily(at: str, zone: str, now: datetime, *, weekday: int | None = None) -> datetime:
    """The next moment after now at which a clock in that zone shows this time.

    With a `weekday`, counted from Monday as 0, the next such day at that time.
    """
    local, clock = now.astimezone(ZoneInfo(zone)), time.fromisoformat(at)
    ahead = 0 if weekday is None else (weekday - local.weekday()) % 7
    moment = datetime.combine(local.date() + ahead * DAY, clock, ZoneInfo(zone))
    if moment.astimezone(UTC) <= now:
        later = moment.date() + (DAY if weekday is None else 7 * DAY)
        moment = datetime.combine(later, clock, ZoneInfo(zone))
    return moment.astimezone(UTC)


def after_quiet(wanted: Reminders, now: datetime) -> datetime:
    """Now, or the end of the quiet hours that it falls into."""
    begin, end = time.fromisoformat(wanted.quiet_from), time.fromisoformat(wanted.quiet_until)
    clock = now.astimezone(ZoneInfo(wanted.zone)).time()
    quiet = begin <= clock < end if begin <= end else clock >= begin or clock < end
    return daily(wanted.quiet_until, wanted.zone, now) if quiet else now


def _name(learner_id: str) -> str:
    return f"{KIND}:{learner_id}"
