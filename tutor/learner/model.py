"""The learner model's one door: an answer is recorded with all that follows from it.

Attempt, skill states, ratings, review card and goals change in the caller's transaction. The
attempt keeps what was expected before it, so that `tutor.learner.rebuild` makes all the rest again
from the attempts alone.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from storage import attempts, goals, ratings, skill_states
from storage.attempts import Attempt, NewAttempt
from storage.session import Session
from storage.skill_states import SkillState
from tutor.grading.verdict import Verdict
from tutor.learner import elo, reviewing
from tutor.learner.evidence import Evidence, evidence_of
from tutor.learner.mastery import advance, fresh_state
from tutor.learner.prediction import UNRATED, Knowledge, after_answer, fresh_learner, know
from tutor.learner.rebuild import rebuild, rebuild_item
from tutor.safety.protection import protection_of

__all__ = ["Learnt", "NewAttempt", "SkillChange", "record", "regrade"]


@dataclass(frozen=True, slots=True)
class SkillChange:
    """A skill before and after an answer; `before` None where it was the first."""

    skill_id: str
    before: SkillState | None
    after: SkillState

    @property
    def mastered_now(self) -> bool:
        """Whether this very answer made it mastered."""
        earlier = self.before.mastered_at if self.before else None
        return earlier is None and self.after.mastered_at is not None


@dataclass(frozen=True, slots=True)
class Learnt:
    """What an answer came to. `goals` are the ids of those that it reached."""

    attempt_id: str
    skills: tuple[SkillChange, ...]
    goals: tuple[str, ...] = ()


async def record(session: Session, attempt: NewAttempt, now: datetime) -> Learnt:
    """Records a graded answer. An opinion is kept, but changes nothing else.

    Of somebody whose words may not be kept, the grade is recorded without the answer.
    """
    if not (await protection_of(session, attempt.learner_id)).keeps_words:
        attempt = replace(attempt, answer="")
    learner = await ratings.lock_learner(session, fresh_learner(attempt.learner_id))
    known = await know(session, learner, attempt.skill_ids, [attempt.item_id])
    expected = known.expect(attempt.skill_ids, attempt.item_id, attempt.guess)
    attempt_id = await attempts.add_attempt(session, attempt, expected=expected, now=now)
    evidence = evidence_of(attempt, expected=expected, at=now)
    if not evidence.counts:
        return Learnt(attempt_id, ())
    changes = _changes(attempt, known, evidence, now)
    await skill_states.put_skill_states(session, [change.after for change in changes])
    if evidence.rates:
        await _rate(session, attempt, known, evidence)
    if attempt.first_try:
        main_skill = attempt.skill_ids[0] if attempt.skill_ids else None
        await reviewing.review(session, attempt_id, attempt, main_skill, now)
    return Learnt(
        attempt_id, changes, await _reach_goals(session, attempt.learner_id, changes, now)
    )


async def regrade(
    session: Session,
    attempt: Attempt,
    verdict: Verdict,
    *,
    reason: str,
    by: str | None,
    now: datetime,
    settle: bool = True,
) -> bool:
    """Gives an attempt another grade, and makes anew what followed from the old one.

    False where the grade is the same. Whoever regrades many passes `settle=False` and calls
    `rebuild` for each learner and `rebuild_item` for the item afterwards.
    """
    if (attempt.outcome, attempt.score) == (verdict.outcome, verdict.score):
        return False
    await attempts.add_regrade(
        session,
        attempt,
        outcome=verdict.outcome,
        score=verdict.score,
        reason=reason,
        by=by,
        now=now,
    )
    if settle:
        await rebuild(session, attempt.learner_id)
        await rebuild_item(session, attempt.item_id)
    return True


def _changes(
    attempt: NewAttempt, known: Knowledge, evidence: Evidence, now: datetime
) -> tuple[SkillChange, ...]:
    """Every skill of the step learns from the answer alike."""
    changes = []
    for skill_id in dict.fromkeys(attempt.skill_ids):
        before = known.states.get(skill_id)
        state = before or fresh_state(attempt.learner_id, skill_id, now)
        changes.append(SkillChange(skill_id, before, advance(state, evidence)))
    return tuple(changes)


async def _rate(
    session: Session, attempt: NewAttempt, known: Knowledge, evidence: Evidence
) -> None:
    """Moves the ratings of the learner, of the skills and of the item.

    In this order and by sorted skills, so that two answers at once never wait for each other.
    """
    learner, surprise = known.learner, evidence.surprise
    await ratings.put_learner_rating(session, after_answer(learner, evidence))
    for skill_id in sorted(set(attempt.skill_ids)):
        answers = known.skills.get(skill_id, UNRATED).attempts
        by = -elo.move(elo.OF_SKILL, answers, surprise)
        await ratings.move_skill_rating(session, skill_id, by)
    answers = known.items.get(attempt.item_id, UNRATED).attempts
    by = -elo.move(elo.OF_ITEM, answers, surprise)
    await ratings.move_item_rating(session, attempt.item_id, by)


async def _reach_goals(
    session: Session, learner_id: str, changes: tuple[SkillChange, ...], now: datetime
) -> tuple[str, ...]:
    """Goals to master a skill that has just been mastered."""
    mastered = {change.skill_id for change in changes if change.mastered_now}
    if not mastered:
        return ()
    reached = [
        goal.id
        for goal in await goals.open_goals(session, learner_id)
        if goal.kind == "skill" and goal.skill_id in mastered
    ]
    for goal_id in reached:
        await goals.reach_goal(session, goal_id, now)
    return tuple(reached)
