"""How likely a learner answers an item right: by what was trained, until then by Elo."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from storage import predictors, ratings, skill_states
from storage.ratings import LearnerRating, Rating
from storage.session import Session
from storage.skill_states import SkillState
from tutor.learner import elo
from tutor.learner.evidence import Evidence
from tutor.learner.logistic import KIND, History, Weights, from_json, predict

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

    def history(self, skill_ids: Sequence[str], expected: float) -> History:
        """What the learner did before, in the first of these skills and anywhere."""
        state = self.states.get(skill_ids[0]) if skill_ids else None
        right, unaided = (state.unaided_right, state.unaided) if state else (0, 0)
        return History(
            expected=expected,
            right=right,
            wrong=unaided - right,
            recent=state.recent if state else elo.RECENT_AT_FIRST,
            answers=self.learner.attempts,
            recent_anywhere=self.learner.recent,
        )


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


@dataclass(frozen=True, slots=True)
class Forecast:
    """Expected success of a learner on items. `weights` None: nothing was trained yet."""

    known: Knowledge
    weights: Weights | None

    def expect(self, skill_ids: Sequence[str], item_id: str) -> float:
        """The probability of a right answer to an item of these skills."""
        expected = self.known.expect(skill_ids, item_id)
        if self.weights is None:
            return expected
        return predict(self.weights, self.known.history(skill_ids, expected), skill_ids)


async def forecast(
    session: Session, learner_id: str, skill_ids: Sequence[str], item_ids: Sequence[str]
) -> Forecast:
    """Reads what it takes to predict a learner's answers."""
    learner = await ratings.learner_rating(session, learner_id) or fresh_learner(learner_id)
    known = await know(session, learner, skill_ids, item_ids)
    trained = await predictors.newest_predictor(session, KIND)
    return Forecast(known, from_json(trained.parameters) if trained else None)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
