"""Answers, recall and mastery are predicted well: on simulated learners, who are always at hand.

A real log is measured with `python -m benchmarks.learner --log FILE`. A coin would score an AUC of
0.5 and a log-loss of 0.693; the right share of each skill alone is the bar to clear here.
"""

import asyncio
import sys
from collections import defaultdict

from benchmarks.answer_log import Online, predict_log
from benchmarks.learner import TRAINED_SHARE
from benchmarks.mastery_simulation import judge_mastery
from benchmarks.review_log import score_reviews
from benchmarks.simulated_learners import Row, simulate
from benchmarks.simulated_reviews import simulate_reviews
from benchmarks.stage.verdict import Verdict, present
from training.predictor import Score, score

LEARNERS = 1500
MOST_FALSE_MASTERY = 0.03


async def examine(verdict: Verdict) -> None:
    await asyncio.to_thread(_answers, verdict)
    await asyncio.to_thread(_reviews, verdict)
    await asyncio.to_thread(_mastery, verdict)


def _answers(verdict: Verdict) -> None:
    rows = simulate(LEARNERS)
    verdict.note(f"{len(rows)} answers of {LEARNERS} learners")
    found, by_skill = predict_log(rows, TRAINED_SHARE), skill_means(rows)
    cold, trained, tested = found.cold, found.trained, found.cold_on_tested
    assert trained is not None
    assert tested is not None
    measured = f"AUC {_three(cold.auc)}, log-loss {cold.log_loss:.3f}; {_said(by_skill)}"
    holds = (cold.auc or 0) > (by_skill.auc or 1) and cold.log_loss < by_skill.log_loss
    verdict.check("cold prediction beats the mean of the skill so far", measured, holds)
    measured = f"{_said(trained)}; cold {_said(tested)}"
    holds = (trained.auc or 0) > (tested.auc or 1) and trained.log_loss < tested.log_loss
    verdict.check("trained prediction beats the cold one on new learners", measured, holds)
    first = [Online().take(row).history.expected for row in rows[:50]]
    verdict.check("the first answer of all is even", set(first), set(first) == {0.5})


def skill_means(rows: list[Row]) -> Score:
    """Each answer predicted by the share of right ones in its skill before it."""
    right: dict[str, int] = defaultdict(int)
    count: dict[str, int] = defaultdict(int)
    predicted = []
    for row in rows:
        predicted.append((right[row.skill] + 1) / (count[row.skill] + 2))
        right[row.skill] += row.correct
        count[row.skill] += 1
    return score(predicted, [bool(row.correct) for row in rows])


def _reviews(verdict: Verdict) -> None:
    log, constant = simulate_reviews()
    found = score_reviews(log, fitted=True)
    assert found.fitted_on_rest is not None
    assert found.defaults_on_rest is not None
    measured = f"{found.defaults:.3f} in {found.reviews} reviews; a constant {constant:.3f}"
    verdict.check("the scheduler predicts recall", measured, found.defaults < constant)
    measured = f"{found.fitted_on_rest:.3f}; defaults {found.defaults_on_rest:.3f}"
    better = found.fitted_on_rest < found.defaults_on_rest
    verdict.check("fitted to the learner it predicts better", measured, better)


def _mastery(verdict: Verdict) -> None:
    judged = judge_mastery()
    measured = f"{judged.false_mastery:.2%} within 10 items"
    holds = judged.false_mastery <= MOST_FALSE_MASTERY
    verdict.check("who guesses among four is not taken for a master", measured, holds)
    measured = f"{judged.false_mastery_of_two_choices:.2%} within 10 items"
    holds = judged.false_mastery_of_two_choices <= MOST_FALSE_MASTERY
    verdict.check("nor who guesses among two", measured, holds)
    measured = f"{judged.items_to_mastery:.0f} items (median)"
    verdict.check("who knows the skill soon is", measured, judged.items_to_mastery <= 6)
    measured = f"{judged.mastered_of_learning:.2%} of them, {judged.false_among_mastered:.2%} early"
    holds = judged.mastered_of_learning > 0.95 and judged.false_among_mastered <= MOST_FALSE_MASTERY
    verdict.check("who learns it on the way is, in the end", measured, holds)


def _said(found: Score) -> str:
    return f"AUC {_three(found.auc)}, log-loss {found.log_loss:.3f}"


def _three(value: float | None) -> str:
    return "none" if value is None else f"{value:.3f}"


def main() -> int:
    return present("The learner model predicts answers, recall and mastery", examine)


if __name__ == "__main__":
    sys.exit(main())
