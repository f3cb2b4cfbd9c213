"""How a class is doing, as facts: who is active, what is known, what is weakest, who is stuck.

Numbers only; how members are called is `tutor.classes.naming`, how it is said the caller's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.class_activity import activity_in_course, latest_outcomes
from storage.courses import Skill, skills_of
from storage.database import Session
from storage.members import LEARNER, CourseMember, members_of
from storage.skill_states import SkillState, states_in_course

RECENT = timedelta(days=7)
WRONG_IN_A_ROW = 3
LOOKED_BACK = timedelta(days=14)
MANY_ANSWERS = 8  # in one skill, and still far from knowing it
FAR_FROM_KNOWING = 0.5


@dataclass(frozen=True, slots=True)
class SkillFacts:
    """`mastery` is the mean over the learners who have practised it, None where nobody has."""

    skill: Skill
    learners: int
    mastered: int
    mastery: float | None


@dataclass(frozen=True, slots=True)
class ClassOverview:
    """`active` are the learners who answered anything in the last seven days."""

    learners: tuple[CourseMember, ...]
    active: int
    answers: int
    right: int
    skills: tuple[SkillFacts, ...]

    def weakest(self, count: int) -> list[SkillFacts]:
        """The practised skills that are known least."""
        practised = [facts for facts in self.skills if facts.mastery is not None]
        return sorted(practised, key=lambda facts: facts.mastery or 0.0)[:count]


@dataclass(frozen=True, slots=True)
class Stuck:
    """A learner who does not get on: `wrong` answers in a row, or `answers` without progress."""

    member: CourseMember
    skill_id: str | None
    wrong: int = 0
    answers: int = 0


async def class_overview(
    session: Session, course_id: str, now: datetime, *, group: str | None = None
) -> ClassOverview:
    """The overview of a course, or of one group of it."""
    learners = await members_of(session, course_id, role=LEARNER, group=group)
    ids = {one.learner_id for one in learners}
    recent = await activity_in_course(session, course_id, since=now - RECENT)
    theirs = [activity for id_, activity in recent.items() if id_ in ids]
    states = [s for s in await states_in_course(session, course_id) if s.learner_id in ids]
    skills = await skills_of(session, course_id)
    return ClassOverview(
        tuple(learners),
        len(theirs),
        sum(activity.answers for activity in theirs),
        sum(activity.right for activity in theirs),
        tuple(_facts(skill, states) for skill in skills),
    )


async def stuck_learners(session: Session, course_id: str, now: datetime) -> list[Stuck]:
    """Those who answered wrong several times in a row lately, or answer much and learn little."""
    learners = {m.learner_id: m for m in await members_of(session, course_id, role=LEARNER)}
    latest = await latest_outcomes(session, course_id, since=now - LOOKED_BACK, count=MANY_ANSWERS)
    failing = [
        Stuck(learners[id_], outcomes[0][1], wrong=wrong)
        for id_, outcomes in latest.items()
        if id_ in learners and (wrong := wrong_in_a_row(outcomes)) >= WRONG_IN_A_ROW
    ]
    seen = {one.member.learner_id for one in failing}
    states = await states_in_course(session, course_id)
    idling = _without_progress(states, latest.keys() & (learners.keys() - seen))
    return failing + [Stuck(learners[s.learner_id], s.skill_id, answers=s.attempts) for s in idling]


def wrong_in_a_row(outcomes: Sequence[tuple[str, str | None]]) -> int:
    """How many of the latest answers, the newest first, were wrong without a break."""
    count = 0
    for outcome, _ in outcomes:
        if outcome != "wrong":
            break
        count += 1
    return count


def _without_progress(states: Sequence[SkillState], among: set[str]) -> list[SkillState]:
    """The skill in which each of these learners gets on least in spite of many answers."""
    found: dict[str, SkillState] = {}
    for state in sorted(states, key=lambda state: state.mastery):
        idle = state.attempts >= MANY_ANSWERS and state.mastery < FAR_FROM_KNOWING
        if idle and state.learner_id in among:
            found.setdefault(state.learner_id, state)
    return list(found.values())


def _facts(skill: Skill, states: Sequence[SkillState]) -> SkillFacts:
    own = [state for state in states if state.skill_id == skill.id and state.attempts]
    mean = sum(state.mastery for state in own) / len(own) if own else None
    return SkillFacts(skill, len(own), sum(state.mastered_at is not None for state in own), mean)
