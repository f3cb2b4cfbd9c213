"""How well the learner model predicts, schedules and judges mastery.

`python -m benchmarks.learner --log FILE --reviews FILE --json`. The log is a CSV file with the
columns learner, skill, correct (0 or 1), order and optionally split (train or test); the reviews
have card, time (ISO 8601, or seconds since 1970) and rating (1 to 4). Without a log, simulated
learners answer.

- cold: the online prediction before each answer, from the very first learner on, by the product's
  own ratings. A log has no items, so that difficulties are those of skills.
- trained: the product's logistic regression, trained on the first 80 % of the learners (or those
  of split=train) and measured on all answers of the others.
- scheduler_logloss: recall as predicted by the product's FSRS scheduler before each review of a
  card, but the first and those on the same day, against what happened (rating above 1). Also with
  parameters fitted to the first 80 % of the reviews, on the others, where there are 400 of them.
- mastery: simulated learners of a hidden Markov model answer items until the product's rule takes
  the skill for mastered. `false_mastery` is the share of those who neither know nor learn and are
  taken to within 10 items, with a guess right in one of four; `items_to_mastery` is the median
  number of items of those who know the skill from the start, with a slip in one of ten.
"""

import argparse
import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.answer_log import BadLog, Predicted, predict_log, read_log
from benchmarks.figures import machine
from benchmarks.mastery_simulation import Judged, judge_mastery
from benchmarks.review_log import Scheduled, read_reviews, score_reviews
from benchmarks.simulated_learners import simulate

TRAINED_SHARE = 0.8
SIMULATED = 1500


@dataclass(frozen=True, slots=True)
class LearnerFigures:
    """The keys of the JSON object; None where nothing was given to measure it on."""

    auc_cold: float | None
    logloss_cold: float
    auc_trained: float | None
    logloss_trained: float | None
    scheduler_logloss: float | None
    false_mastery: float
    items_to_mastery: float
    answers: int
    learners: int
    auc_cold_on_tested: float | None
    logloss_cold_on_tested: float | None
    reviews: int
    scheduler_logloss_on_rest: float | None
    scheduler_logloss_fitted_on_rest: float | None
    false_mastery_of_two_choices: float
    mastered_of_learning: float
    false_among_mastered: float


def measure(log: Path | None, reviews: Path | None = None, *, fit: bool = False) -> LearnerFigures:
    """Every figure. Raises BadLog."""
    rows = read_log(log) if log else simulate(SIMULATED)
    scheduled = score_reviews(read_reviews(reviews), fitted=fit) if reviews else None
    return _figures(predict_log(rows, TRAINED_SHARE), judge_mastery(), scheduled)


def _figures(predicted: Predicted, judged: Judged, scheduled: Scheduled | None) -> LearnerFigures:
    trained, tested = predicted.trained, predicted.cold_on_tested
    return LearnerFigures(
        auc_cold=predicted.cold.auc,
        logloss_cold=predicted.cold.log_loss,
        auc_trained=trained.auc if trained else None,
        logloss_trained=trained.log_loss if trained else None,
        scheduler_logloss=scheduled.defaults if scheduled else None,
        answers=predicted.answers,
        learners=predicted.learners,
        auc_cold_on_tested=tested.auc if tested else None,
        logloss_cold_on_tested=tested.log_loss if tested else None,
        reviews=scheduled.reviews if scheduled else 0,
        scheduler_logloss_on_rest=scheduled.defaults_on_rest if scheduled else None,
        scheduler_logloss_fitted_on_rest=scheduled.fitted_on_rest if scheduled else None,
        **asdict(judged),
    )


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.learner",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--log", type=Path, help="CSV: learner, skill, correct, order[, split]")
    parser.add_argument("--reviews", type=Path, help="CSV: card, time, rating")
    parser.add_argument("--fit", action="store_true", help="also fit the scheduler (needs torch)")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    options = parser.parse_args()
    try:
        figures = asdict(measure(options.log, options.reviews, fit=options.fit))
    except (BadLog, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    log = str(options.log or f"{SIMULATED} simulated learners")
    shown = {
        name: round(value, 4) if isinstance(value, float) else value
        for name, value in figures.items()
    }
    if options.json:
        print(json.dumps({**shown, **machine(), "log": log}))
        return 0
    for name, value in {**shown, "log": log}.items():
        print(f"{name:36} {value if value is not None else 'not measured'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
