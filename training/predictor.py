"""Training of what predicts answers: logistic regression on everybody's attempts.

`train_predictor` is a job. It waits until there is enough to learn from, keeps a fifth of the
learners apart to measure on, and takes the new predictor only where it predicts them better than
Elo does. What is stored are plain numbers without names of learners.
"""

import asyncio
import math
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from storage import attempts, predictors
from storage.attempts import Attempt
from storage.database import Database
from storage.ratings import LearnerRating
from storage.skill_states import SkillState
from training.worker import Handler, Running
from tutor.learner import logistic
from tutor.learner.evidence import evidence_of
from tutor.learner.logistic import FEATURES, History, Weights, features_of, predict, to_json
from tutor.learner.mastery import advance, fresh_state
from tutor.learner.prediction import Knowledge, after_answer, fresh_learner

LEAST_ATTEMPTS = 2000
LEAST_LEARNERS = 50
MOST_ATTEMPTS = 2_000_000
HELD_OUT = 5  # one learner of so many
STRENGTH = 1.0  # of the regularisation: the inverse of its weight
NO_SKILL = ""


@dataclass(frozen=True, slots=True)
class Sample:
    """An answer with what was known before it."""

    learner_id: str
    skill_id: str
    history: History
    right: bool


@dataclass(frozen=True, slots=True)
class Score:
    """How well answers were predicted; `auc` None where all were of one kind."""

    answers: int
    auc: float | None
    log_loss: float


def fit(samples: Sequence[Sample]) -> Weights:
    """The weights under which the samples are most likely, with the usual regularisation."""
    from scipy.sparse import csr_matrix, hstack  # a second to load, which no other job needs
    from sklearn.linear_model import LogisticRegression

    names = sorted({sample.skill_id for sample in samples} - {NO_SKILL})
    column = {name: number for number, name in enumerate(names)}
    values = np.array([features_of(sample.history) for sample in samples])
    mean, spread = values.mean(axis=0), values.std(axis=0)
    spread[spread == 0.0] = 1.0
    here = [(row, column[s.skill_id]) for row, s in enumerate(samples) if s.skill_id in column]
    rows, columns = zip(*here, strict=True) if here else ((), ())
    ones = np.ones(len(here))
    skills = csr_matrix((ones, (rows, columns)), shape=(len(samples), len(names)))
    model = LogisticRegression(C=STRENGTH, max_iter=300)
    model.fit(
        hstack([csr_matrix((values - mean) / spread), skills]).tocsr(),
        np.array([sample.right for sample in samples]),
    )
    found = model.coef_[0]
    slopes = found[: len(FEATURES)] / spread
    return Weights(
        intercept=float(model.intercept_[0] - (slopes * mean).sum()),
        features={name: float(slope) for name, slope in zip(FEATURES, slopes, strict=True)},
        skills={name: float(one) for name, one in zip(names, found[len(FEATURES) :], strict=True)},
    )


def score(predicted: Sequence[float], right: Sequence[bool]) -> Score:
    """How well probabilities predict what happened."""
    from sklearn.metrics import roc_auc_score  # as above

    losses = [
        -math.log(max(chance if was else 1.0 - chance, 1e-9))
        for chance, was in zip(predicted, right, strict=True)
    ]
    auc = float(roc_auc_score(right, predicted)) if len(set(right)) == 2 else None
    return Score(len(losses), auc, sum(losses) / len(losses))


class Replay:
    """Samples out of attempts in the order in which they were recorded."""

    def __init__(self) -> None:
        self._learners: dict[str, LearnerRating] = {}
        self._states: dict[tuple[str, str], SkillState] = {}

    def take(self, attempt: Attempt) -> Sample | None:
        """What was known before an attempt; None where it is none to predict."""
        at = attempt.attempted_at
        evidence = evidence_of(attempt, expected=attempt.expected, at=at)
        learner_id = attempt.learner_id
        learner = self._learners.get(learner_id) or fresh_learner(learner_id)
        states = {skill: self._state(learner_id, skill, attempt) for skill in attempt.skills}
        known = Knowledge(learner, states, {}, {})
        history = known.history(attempt.skills, attempt.expected)
        self._learners[learner_id] = after_answer(learner, evidence)
        for skill, state in states.items():
            self._states[learner_id, skill] = advance(state, evidence)
        if not evidence.rates:
            return None
        return Sample(learner_id, attempt.skill_id or NO_SKILL, history, evidence.right)

    def _state(self, learner_id: str, skill_id: str, attempt: Attempt) -> SkillState:
        known = self._states.get((learner_id, skill_id))
        return known or fresh_state(learner_id, skill_id, attempt.attempted_at)


async def train_predictor(running: Running) -> Mapping[str, Any]:
    """Trains on all attempts, and stores the predictor where it is better than Elo."""
    samples = await _samples(running.database)
    learners = {sample.learner_id for sample in samples}
    if len(samples) < LEAST_ATTEMPTS or len(learners) < LEAST_LEARNERS:
        return {"attempts": len(samples), "learners": len(learners), "trained": False}
    weights, metrics = await asyncio.to_thread(_train, samples)
    better = metrics["logistic"]["log_loss"] < metrics["elo"]["log_loss"]
    if better:
        async with running.database.write() as session:
            await predictors.add_predictor(
                session,
                kind=logistic.KIND,
                parameters=to_json(weights),
                metrics=metrics,
                now=running.now(),
            )
    return {"attempts": len(samples), "learners": len(learners), "trained": better, **metrics}


async def _samples(database: Database) -> list[Sample]:
    """Every answer that can be predicted, of as many attempts as fit; page by page."""
    replay, samples, after, read = Replay(), [], "", 0
    while read < MOST_ATTEMPTS:
        async with database.read() as session:
            page = await attempts.attempts_after(session, after)
        if not page:
            break
        samples += [sample for attempt in page if (sample := replay.take(attempt))]
        after, read = page[-1].id, read + len(page)
    return samples


def _train(samples: Sequence[Sample]) -> tuple[Weights, dict[str, Any]]:
    """Fits on most learners, measures on the others, then fits on all."""
    kept = [sample for sample in samples if not _is_held_out(sample.learner_id)]
    apart = [sample for sample in samples if _is_held_out(sample.learner_id)]
    right = [sample.right for sample in apart]
    trained = score(predict_all(fit(kept), apart), right)
    by_elo = score([sample.history.expected for sample in apart], right)
    return fit(samples), {"logistic": asdict(trained), "elo": asdict(by_elo)}


def predict_all(weights: Weights, samples: Iterable[Sample]) -> list[float]:
    """The probability of each answer."""
    return [predict(weights, sample.history, [sample.skill_id]) for sample in samples]


def _is_held_out(learner_id: str) -> bool:
    return zlib.crc32(learner_id.encode()) % HELD_OUT == 0


HANDLERS: Mapping[str, Handler] = {"train_predictor": train_predictor}
