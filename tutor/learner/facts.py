"""What feedback and progress say about a learner: every number, out of the database.

Texts and pictures are made from these and count nothing themselves. A window is the last seven days
and is compared with the seven before. An answer is a first one to a step, and is right when it was
right without help. Grades are those that hold now.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from storage import courses, goals, learner_activity, reviews, skill_states
from storage.goals import Goal
from storage.learner_activity import Mistakes, SkillAnswers
from storage.learners import Learner
from storage.session import Session
from storage.skill_states import SkillState
from tutor.grading.verdict import Pattern
from tutor.learner.mastery import THRESHOLD
from tutor.learner.reminding import reminders_of
from tutor.names import Names

WINDOW_DAYS = 7
STREAK_DAYS = 366  # longer streaks are not counted
EVIDENCE = 3  # answers before anything is said about a skill
STRONG, WEAK = 0.8, 0.7  # shares of right answers
SEEN_AT = "feedback_at"
"""The setting that keeps when a learner last read their feedback."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Answers in a time: `helped` after a hint, `seconds` spent on all tries."""

    answers: int = 0
    right: int = 0
    helped: int = 0
    seconds: float = 0.0

    @property
    def share(self) -> float:
        return self.right / self.answers if self.answers else 0.0

    @property
    def percent(self) -> int:
        return round(100 * self.share)

    @property
    def minutes(self) -> int:
        return round(self.seconds / 60)


@dataclass(frozen=True, slots=True)
class SkillFacts:
    """A skill with the answers in it, in the window or before, and how well it is known now."""

    skill_id: str
    course_id: str
    names: Names
    tally: Tally
    mastery_percent: int
    mastered: bool


@dataclass(frozen=True, slots=True)
class Weakness:
    """The skill that went worst in the week before, and how it went since."""

    skill: SkillFacts
    since: Tally


@dataclass(frozen=True, slots=True)
class Repeated:
    """A kind of mistake that was made more than once in the window."""

    pattern: Pattern
    count: int


@dataclass(frozen=True, slots=True)
class GoalFacts:
    """A goal and how far it is: percents of mastery, or answers in the window."""

    goal_id: str
    names: Names | None
    target: int
    reached: int
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Since:
    """What changed since the learner last read their feedback."""

    day: date
    tally: Tally
    mastered: int


@dataclass(frozen=True, slots=True)
class Facts:
    """`active_days` of the window and `streak_days` are days of the learner's own time zone."""

    first_day: date
    last_day: date
    tally: Tally
    before: Tally
    strongest: SkillFacts | None
    weakest: SkillFacts | None
    weakness: Weakness | None
    mastered: tuple[SkillFacts, ...]
    repeated: tuple[Repeated, ...]
    due: int
    active_days: int
    streak_days: int
    regraded: int
    goals: tuple[GoalFacts, ...]
    since: Since | None
    skills_mastered: int
    skills_begun: int

    @property
    def names(self) -> tuple[Names, ...]:
        """Every skill that a text may name."""
        named = [self.strongest, self.weakest, self.weakness.skill if self.weakness else None]
        found = [one.names for one in (*named, *self.mastered) if one is not None]
        return (*found, *(goal.names for goal in self.goals if goal.names is not None))


async def gather(session: Session, learner: Learner, now: datetime) -> Facts:
    """Everything about a learner as it is now."""
    zone = ZoneInfo(reminders_of(learner).zone)
    since = now - timedelta(days=WINDOW_DAYS)
    earlier = since - timedelta(days=WINDOW_DAYS)
    counted = await learner_activity.answers_by_skill(
        session, learner.id, earlier=earlier, since=since, until=now
    )
    wrong = await learner_activity.mistakes(session, learner.id, since=since, until=now)
    year = now - timedelta(days=STREAK_DAYS)
    moments = await learner_activity.answer_moments(session, learner.id, since=year, until=now)
    states = await skill_states.skill_states(session, learner.id)
    wanted = await goals.open_goals(session, learner.id)
    mastered = [s for s in states.values() if s.mastered_at is not None]
    lately = [s.skill_id for s in mastered if s.mastered_at and s.mastered_at >= since]
    recent, past = _by_skill(counted, recent=True), _by_skill(counted, recent=False)
    aims = [goal.skill_id for goal in wanted if goal.skill_id]
    known = await _skills(session, {*recent, *past, *lately, *aims} - {""}, states)
    days = {moment.astimezone(zone).date() for moment in moments}
    today, first = now.astimezone(zone).date(), since.astimezone(zone).date() + timedelta(days=1)
    total = _sum(recent.values())
    return Facts(
        first_day=first,
        last_day=today,
        tally=total,
        before=_sum(past.values()),
        strongest=_strongest(known, recent),
        weakest=_weakest(known, recent),
        weakness=_weakness(known, past, recent),
        mastered=tuple(_with(known[id_], recent) for id_ in lately if id_ in known),
        repeated=repeated(wrong),
        due=await reviews.count_due(session, learner.id, now),
        active_days=sum(first <= day <= today for day in days),
        streak_days=streak(days, today),
        regraded=await learner_activity.count_regraded(session, learner.id, since=since, until=now),
        goals=tuple(_goal(goal, known, total) for goal in wanted),
        since=await _since(session, learner, zone, now, mastered),
        skills_mastered=len(mastered),
        skills_begun=len(states),
    )


def repeated(mistakes: Iterable[Mistakes], least: int = 2) -> tuple[Repeated, ...]:
    """Kinds of mistakes over all skills, the commonest first."""
    counts: dict[Pattern, int] = {}
    for one in mistakes:
        pattern = Pattern(one.pattern)
        counts[pattern] = counts.get(pattern, 0) + one.count
    often = [Repeated(pattern, count) for pattern, count in counts.items() if count >= least]
    return tuple(sorted(often, key=lambda one: (-one.count, one.pattern)))


def streak(days: set[date], today: date) -> int:
    """Days in a row with an answer, up to today; today may still be without one."""
    day = today if today in days else today - timedelta(days=1)
    length = 0
    while day in days:
        length, day = length + 1, day - timedelta(days=1)
    return length


def seen_at(learner: Learner) -> datetime | None:
    """When the learner last read their feedback."""
    stored = learner.settings.get(SEEN_AT)
    return datetime.fromisoformat(stored).astimezone(UTC) if isinstance(stored, str) else None


async def _since(
    session: Session,
    learner: Learner,
    zone: ZoneInfo,
    now: datetime,
    mastered: Sequence[SkillState],
) -> Since | None:
    at = seen_at(learner)
    if at is None or at >= now:
        return None
    counted = await learner_activity.answers_by_skill(
        session, learner.id, earlier=at, since=at, until=now
    )
    count = sum(state.mastered_at is not None and state.mastered_at >= at for state in mastered)
    return Since(at.astimezone(zone).date(), _sum(_by_skill(counted, recent=True).values()), count)


async def _skills(
    session: Session, skill_ids: set[str], states: Mapping[str, SkillState]
) -> dict[str, SkillFacts]:
    """The skills with what is known of them, in their order, without answers."""
    found = {}
    for skill in await courses.skills_by_ids(session, sorted(skill_ids)):
        state = states.get(skill.id)
        percent = round(100 * state.mastery) if state else 0
        is_mastered = state is not None and state.mastered_at is not None
        found[skill.id] = SkillFacts(
            skill.id, skill.course_id, skill.names, Tally(), percent, is_mastered
        )
    return found


def _by_skill(counted: Sequence[SkillAnswers], *, recent: bool) -> dict[str, Tally]:
    """By skill, "" for problems of their own."""
    return {
        one.skill_id or "": Tally(one.answers, one.right, one.helped, one.seconds)
        for one in counted
        if one.recent is recent
    }


def _sum(tallies: Iterable[Tally]) -> Tally:
    whole = Tally()
    for one in tallies:
        whole = Tally(
            whole.answers + one.answers,
            whole.right + one.right,
            whole.helped + one.helped,
            whole.seconds + one.seconds,
        )
    return whole


def _with(skill: SkillFacts, tallies: Mapping[str, Tally]) -> SkillFacts:
    return SkillFacts(
        skill.skill_id,
        skill.course_id,
        skill.names,
        tallies.get(skill.skill_id, Tally()),
        skill.mastery_percent,
        skill.mastered,
    )


def _judged(known: Mapping[str, SkillFacts], tallies: Mapping[str, Tally]) -> list[SkillFacts]:
    """Skills with evidence, the best first; of equals the one with more answers."""
    enough = [
        _with(known[skill_id], tallies)
        for skill_id, tally in tallies.items()
        if skill_id in known and tally.answers >= EVIDENCE
    ]
    return sorted(enough, key=lambda s: (-s.tally.share, -s.tally.answers, s.skill_id))


def _strongest(known: Mapping[str, SkillFacts], tallies: Mapping[str, Tally]) -> SkillFacts | None:
    best = next(iter(_judged(known, tallies)), None)
    return best if best is not None and best.tally.share >= STRONG else None


def _weakest(known: Mapping[str, SkillFacts], tallies: Mapping[str, Tally]) -> SkillFacts | None:
    weak = [one for one in _judged(known, tallies) if one.tally.share < WEAK]
    return min(weak, key=lambda s: (s.tally.share, -s.tally.answers, s.skill_id), default=None)


def _weakness(
    known: Mapping[str, SkillFacts], past: Mapping[str, Tally], recent: Mapping[str, Tally]
) -> Weakness | None:
    skill = _weakest(known, past)
    return Weakness(skill, recent.get(skill.skill_id, Tally())) if skill else None


def _goal(goal: Goal, known: Mapping[str, SkillFacts], total: Tally) -> GoalFacts:
    if goal.skill_id is None:
        return GoalFacts(goal.id, None, goal.target, total.answers)
    skill = known[goal.skill_id]
    return GoalFacts(
        goal.id, skill.names, round(100 * THRESHOLD), skill.mastery_percent, goal.due_at
    )
