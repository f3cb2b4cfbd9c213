"""When a skill counts as mastered, and how an answer changes what is known about it. Pure.

At 0.95 those who only guess among four choices would be taken for masters within ten items in 4.4 %
of cases, and in 5.0 % among two; at 0.98 it is 1.6 % and 1.8 %, and who knows the skill still needs
no more than four right answers in a row (all sequences counted; see `benchmarks.learner`).
"""

from dataclasses import replace
from datetime import datetime

from storage.skill_states import SkillState
from tutor.learner import bkt, elo
from tutor.learner.evidence import Evidence

THRESHOLD = 0.98
LEAST_RIGHT = 4  # right first answers without help
LOST = 0.5  # two wrong answers in a row after mastery


def fresh_state(learner_id: str, skill_id: str, now: datetime) -> SkillState:
    """What is known of a skill before the first answer."""
    return SkillState(
        learner_id=learner_id,
        skill_id=skill_id,
        attempts=0,
        right=0,
        unaided=0,
        unaided_right=0,
        mastery=bkt.P_INIT,
        rating=0.0,
        recent=elo.RECENT_AT_FIRST,
        mastered_at=None,
        last_at=now,
    )


def advance(state: SkillState, evidence: Evidence) -> SkillState:
    """The state after one more answer."""
    if not evidence.counts:
        return state
    counted = replace(
        state,
        attempts=state.attempts + 1,
        right=state.right + evidence.right,
        last_at=evidence.at,
    )
    return _judge(_learn(counted, evidence), evidence)


def _learn(state: SkillState, evidence: Evidence) -> SkillState:
    if evidence.tells:
        guess = max(bkt.P_GUESS, evidence.guess)
        state = replace(state, mastery=bkt.trace(state.mastery, evidence.right, guess))
    if evidence.rates:
        state = replace(
            state,
            rating=state.rating + elo.move(elo.IN_SKILL, state.unaided, evidence.surprise),
            recent=elo.follow(state.recent, evidence.score),
            unaided=state.unaided + 1,
            unaided_right=state.unaided_right + evidence.right,
        )
    return state


def _judge(state: SkillState, evidence: Evidence) -> SkillState:
    """Mastered once it is likely enough and was shown often enough; lost when no longer likely."""
    if state.mastered_at is None:
        reached = state.mastery >= THRESHOLD and state.unaided_right >= LEAST_RIGHT
        return replace(state, mastered_at=evidence.at) if reached else state
    return replace(state, mastered_at=None) if state.mastery < LOST else state
