"""A log of answers, predicted one by one by the product's own learner model."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.simulated_learners import Row
from storage.ratings import LearnerRating, Rating
from storage.skill_states import SkillState
from training.predictor import Sample, Score, fit, predict_all, score
from tutor.learner import elo
from tutor.learner.evidence import Evidence
from tutor.learner.mastery import advance, fresh_state
from tutor.learner.prediction import Knowledge, after_answer, fresh_learner

COLUMNS = {"learner", "skill", "correct", "order"}
SOME_TIME = datetime(2026, 1, 1, tzinfo=UTC)  # a log has an order, no times
TRAIN, TEST = "train", "test"


class BadLog(Exception):
    """A file is no log; says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Predicted:
    """`cold_on_tested` is the online prediction of those whom the trained one is measured on."""

    answers: int
    learners: int
    cold: Score
    trained: Score | None
    cold_on_tested: Score | None


def read_log(path: Path) -> list[Row]:
    """The rows in their order. Raises BadLog."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if missing := COLUMNS - set(reader.fieldnames or ()):
            raise BadLog(f"{path} has no column {', '.join(sorted(missing))}.")
        try:
            keyed = [(float(line["order"]), _row(line)) for line in reader]
        except (ValueError, TypeError) as error:
            raise BadLog(f"{path}, line {reader.line_num}: {error}") from error
    return [row for _, row in sorted(keyed, key=lambda one: one[0])]


def _row(line: dict[str, str]) -> Row:
    correct = float(line["correct"])
    if correct not in (0.0, 1.0):
        raise ValueError(f"correct is {line['correct']}, neither 0 nor 1")
    order = int(float(line["order"]))
    return Row(line["learner"], line["skill"], int(correct), order, line.get("split") or "")


class Online:
    """The product's ratings and skill states, in memory."""

    def __init__(self) -> None:
        self._learners: dict[str, LearnerRating] = {}
        self._states: dict[tuple[str, str], SkillState] = {}
        self._skills: dict[str, Rating] = {}

    def take(self, row: Row) -> Sample:
        """Predicts an answer from all before it, then learns from it."""
        learner = self._learners.get(row.learner) or fresh_learner(row.learner)
        key = row.learner, row.skill
        state = self._states.get(key) or fresh_state(*key, SOME_TIME)
        skill = self._skills.get(row.skill) or Rating()
        known = Knowledge(learner, {row.skill: state}, {row.skill: skill}, {})
        expected = known.expect([row.skill], "")
        right = bool(row.correct)
        surprise = row.correct - expected
        evidence = Evidence(True, True, True, right, float(right), surprise, 0.0, SOME_TIME)
        self._learners[row.learner] = after_answer(learner, evidence)
        self._states[key] = advance(state, evidence)
        moved = elo.move(elo.OF_SKILL, skill.attempts, surprise)
        self._skills[row.skill] = Rating(skill.rating - moved, skill.attempts + 1)
        return Sample(row.learner, row.skill, known.history([row.skill], expected), right)


def predict_log(rows: Sequence[Row], trained_share: float) -> Predicted:
    """Predicts every answer as it comes, and those of the tested learners by what was trained."""
    if not rows:
        raise BadLog("The log is empty.")
    online = Online()
    samples = [online.take(row) for row in rows]
    learners = list(dict.fromkeys(row.learner for row in rows))
    testing = _tested(rows, learners, trained_share)
    kept = [sample for sample in samples if sample.learner_id not in testing]
    apart = [sample for sample in samples if sample.learner_id in testing]
    right = [sample.right for sample in apart]
    enough = len({sample.right for sample in kept}) == 2 and bool(apart)
    return Predicted(
        answers=len(samples),
        learners=len(learners),
        cold=score([s.history.expected for s in samples], [s.right for s in samples]),
        trained=score(predict_all(fit(kept), apart), right) if enough else None,
        cold_on_tested=score([s.history.expected for s in apart], right) if apart else None,
    )


def _tested(rows: Sequence[Row], learners: Sequence[str], trained_share: float) -> set[str]:
    """The learners to measure on: those named by the log, else the last ones to arrive."""
    named = {row.learner for row in rows if row.split == TEST}
    if named or any(row.split == TRAIN for row in rows):
        return named
    return set(learners[round(len(learners) * trained_share) :])
