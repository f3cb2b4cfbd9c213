"""Logistic regression on a learner's history: what predicts answers once there is data.

After P. Pavlik, H. Cen & K. Koedinger, "Performance factors analysis", AIED 2009, and
B. Choffin et al., "DAS3H", EDM 2019: counts of right and wrong answers on a logarithmic scale, to
which the Elo expectation and the latest answers are added, and one weight for each skill.
Trained in `training.predictor`; here it is plain numbers and needs no library.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tutor.learner.elo import logistic

KIND = "next_answer"
LEAST_CHANCE = 0.001
FEATURES = (
    "elo",  # log-odds of the Elo expectation
    "right",  # log(1 + right first answers in the skill)
    "wrong",
    "recent",  # share of right answers in the skill, the latest count most
    "answers",  # log(1 + answers of the learner in all skills)
    "recent_anywhere",
    "fresh",  # 1 where the skill is new to the learner
)


@dataclass(frozen=True, slots=True)
class History:
    """What a learner did before an answer, in the skill and anywhere."""

    expected: float
    right: int
    wrong: int
    recent: float
    answers: int
    recent_anywhere: float


@dataclass(frozen=True, slots=True)
class Weights:
    """A trained predictor. A skill it was not trained on has the weight 0."""

    intercept: float
    features: Mapping[str, float]
    skills: Mapping[str, float]


def features_of(history: History) -> tuple[float, ...]:
    """The values of FEATURES, in their order."""
    chance = min(max(history.expected, LEAST_CHANCE), 1.0 - LEAST_CHANCE)
    return (
        math.log(chance / (1.0 - chance)),
        math.log1p(history.right),
        math.log1p(history.wrong),
        history.recent,
        math.log1p(history.answers),
        history.recent_anywhere,
        float(history.right + history.wrong == 0),
    )


def predict(weights: Weights, history: History, skill_ids: Sequence[str]) -> float:
    """The probability of a right answer; of several skills the mean weight counts."""
    values = zip(FEATURES, features_of(history), strict=True)
    logit = weights.intercept + sum(weights.features[name] * value for name, value in values)
    if skill_ids:
        logit += sum(weights.skills.get(skill, 0.0) for skill in skill_ids) / len(skill_ids)
    return logistic(logit)


def to_json(weights: Weights) -> dict[str, Any]:
    """The parameters of a stored predictor."""
    return {
        "intercept": weights.intercept,
        "features": dict(weights.features),
        "skills": dict(weights.skills),
    }


def from_json(parameters: Mapping[str, Any]) -> Weights | None:
    """A stored predictor; None where it was trained on other features than are known here."""
    if set(parameters["features"]) != set(FEATURES):
        return None
    return Weights(parameters["intercept"], parameters["features"], parameters["skills"])
