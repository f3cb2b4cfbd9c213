"""How likely a learner answers an item right, by Elo from what the database has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from storage import ratings, skill_states
from storage.ratings import LearnerRating, Rating
from storage.session import Session
from storage.skill_states import SkillState
from tutor.learner import elo
from tutor.learner.evidence import Evidence

UNRATED = Rating()


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is known of a learner and of some skills and items, to predict answers with."""

    learner: LearnerRating
    states: Mapping[str, SkillState]
    skills: Mapping[str, Rating]
    items: Mapping[str, Rating]

    def expect(self, skill_ids: Sequence[str], item_id: str, guess: float = 0.0) -> float:
        """The probability of a right answer; of several skills the mean counts."""
        states = [self.states.get(skill_id) for skill_id in skill_ids]
        ability = self.learner.rating + _mean([state.rating if state else 0.0 for state in states])
        skills = [self.skills.get(skill_id, UNRATED).rating for skill_id in skill_ids]
        difficulty = _mean(skills) + self.items.get(item_id, UNRATED).rating
        return elo.expect(ability - difficulty, guess)


def fresh_learner(learner_id: str) -> LearnerRating:
    """A learner before the first answer."""
    return LearnerRating(learner_id, rating=0.0, recent=elo.RECENT_AT_FIRST, attempts=0)


def after_answer(learner: LearnerRating, evidence: Evidence) -> LearnerRating:
    """The learner after one more answer."""
    if not evidence.rates:
        return learner
    return LearnerRating(
        learner.learner_id,
        rating=learner.rating + elo.move(elo.GENERAL, learner.attempts, evidence.surprise),
        recent=elo.follow(learner.recent, evidence.score),
        attempts=learner.attempts + 1,
    )


async def know(
    session: Session,
    learner: LearnerRating,
    skill_ids: Sequence[str],
    item_ids: Sequence[str],
) -> Knowledge:
    """Reads what is known of a learner, some skills and some items."""
    return Knowledge(
        learner,
        await skill_states.skill_states(session, learner.learner_id, skill_ids),
        await ratings.skill_ratings(session, skill_ids),
        await ratings.item_ratings(session, item_ids),
    )


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
