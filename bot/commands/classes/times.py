"""Times as a teacher types and reads them, in their own time zone."""

from datetime import datetime
from zoneinfo import ZoneInfo

from tutor.classes.dates import DateUnreadable, zone_named
from tutor.i18n import say
from tutor.turn import Turn

REMINDERS = "reminders"  # the setting of `tutor.learner.reminding`, which names the time zone


def zone_of(turn: Turn) -> ZoneInfo:
    """The time zone that somebody has set for themselves, UTC where they have set none."""
    return zone_named(turn.learner.settings.get(REMINDERS, {}).get("zone", "UTC"))


def shown_time(moment: datetime, zone: ZoneInfo) -> str:
    """`2026-12-01 14:00 Europe/Berlin`."""
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M} {zone.key}"


def unreadable(turn: Turn, error: DateUnreadable) -> str:
    """What to write instead of a time that was not understood."""
    return say(
        turn.language,
        "I can't read “{time}” as a time that is still to come. Write it like 2026-12-01 14:00, "
        "tomorrow 9:00, friday or 2 hours; times are read in {zone}.",
        time=str(error)[:40],
        zone=zone_of(turn).key,
    )
