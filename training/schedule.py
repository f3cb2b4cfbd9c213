"""What the worker does by itself, and when: the standing schedules and their rule."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from storage import schedules
from storage.schedules import Schedule
from storage.session import Session
from tutor.learner.reminding import daily


@dataclass(frozen=True, slots=True)
class Standing:
    """A job that every installation needs, every `every_hours` hours."""

    kind: str
    every_hours: float
    first_after: timedelta


STANDING = (
    Standing("retention", every_hours=24, first_after=timedelta(minutes=10)),
    Standing("blob_cleanup", every_hours=24, first_after=timedelta(minutes=40)),
    Standing("backup", every_hours=24 * 7, first_after=timedelta(hours=12)),
    Standing("train_predictor", every_hours=24, first_after=timedelta(hours=2)),
    Standing("fit_scheduler", every_hours=24, first_after=timedelta(hours=3)),
    Standing("adapter_trials", every_hours=1 / 6, first_after=timedelta(minutes=5)),
    Standing("tune_tidy", every_hours=24, first_after=timedelta(hours=1)),
)


async def put_standing_schedules(session: Session, now: datetime) -> None:
    """Makes those that are missing; what an operator changed stays changed."""
    for standing in STANDING:
        name = f"standing:{standing.kind}"
        if await schedules.schedule_by_name(session, name) is None:
            await schedules.put_schedule(
                session,
                name=name,
                kind=standing.kind,
                due_at=now + standing.first_after,
                now=now,
                rule={"every_hours": standing.every_hours},
            )


def next_due(schedule: Schedule, now: datetime) -> datetime | None:
    """The first time in the rule's rhythm after now; None where the rule has no rhythm.

    What was missed while nothing ran is done once, not as often as it was missed.
    """
    if "daily_at" in schedule.rule:
        rule = schedule.rule
        return daily(rule["daily_at"], rule["zone"], now, weekday=rule.get("weekday"))
    hours = schedule.rule.get("every_hours")
    if not isinstance(hours, int | float) or hours <= 0:
        return None
    step = timedelta(hours=hours)
    missed = max(0, (now - schedule.due_at) // step)
    return schedule.due_at + (missed + 1) * step
