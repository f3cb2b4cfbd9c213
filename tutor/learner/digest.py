"""The week in words, once a week, for learners who asked for it: at their hour, never at night."""

from datetime import datetime

from storage import learners, schedules
from storage.learners import Identity, Learner
from storage.session import Session
from tutor.language import choose, from_locale
from tutor.learner.facts import gather
from tutor.learner.feedback import DEFAULT_LEVEL, Typed, weekly
from tutor.learner.reminding import after_quiet, daily, reminders_of
from tutor.messages import Platform
from tutor.notices import tell_learner

KIND = "weekly_feedback"
"""The kind of job that writes one learner's week."""

SETTING = "weekly_feedback"
DAY_OF_WEEK = 6  # Sunday, counted from Monday


def wants_digest(learner: Learner) -> bool:
    """Whether the learner asked for it; nobody gets it unasked."""
    return learner.settings.get(SETTING) is True


async def set_digest(session: Session, learner: Learner, wanted: bool, now: datetime) -> None:
    """Keeps whether a learner wants their week in words, and when it comes next.

    The hour and the time zone are those of the reminders; whoever changes these calls this again.
    """
    await learners.set_settings(session, learner.id, {**learner.settings, SETTING: wanted})
    if not wanted:
        await schedules.remove_schedule(session, _name(learner.id))
        return
    times = reminders_of(learner)
    await schedules.put_schedule(
        session,
        name=_name(learner.id),
        kind=KIND,
        due_at=daily(times.at, times.zone, now, weekday=DAY_OF_WEEK),
        rule={"daily_at": times.at, "zone": times.zone, "weekday": DAY_OF_WEEK},
        learner_id=learner.id,
        now=now,
    )


async def send_digest(session: Session, learner_id: str, now: datetime) -> bool:
    """Tells a learner how their week went, if they want that and there is anything to tell."""
    learner = await learners.learner_by_id(session, learner_id)
    if learner is None or learner.status != "active" or not wants_digest(learner):
        return False
    times = reminders_of(learner)
    known = await learners.identities(session, learner_id)
    there = [one for one in known if one.platform == times.platform] or known
    facts = await gather(session, learner, now)
    if not there or not (facts.tally.answers or facts.before.answers or facts.due):
        return False
    level = learner.settings.get("level", DEFAULT_LEVEL)
    for identity in there:
        language = choose(from_locale(learner.language), "", identity.locale)
        await tell_learner(
            session,
            [identity],
            weekly(facts, language, level=level, typed=_typed(identity)),
            now=now,
            not_before=after_quiet(times, now),
            key=f"{KIND}:{learner_id}:{facts.last_day}",
        )
    return True


def _typed(identity: Identity) -> Typed:
    """Commands as they are written where this reader is."""
    prefix = "/daoshi " if identity.platform == Platform.SLACK else "/"
    return lambda command: f"`{prefix}{command}`"


def _name(learner_id: str) -> str:
    return f"{KIND}:{learner_id}"
