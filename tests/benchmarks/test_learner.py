"""The benchmark of the learner model reads real logs, and says what is wrong with others."""

from pathlib import Path

import pytest

from benchmarks.answer_log import BadLog, predict_log, read_log
from benchmarks.review_log import read_reviews, score_reviews
from benchmarks.simulated_learners import simulate


def test_each_answer_is_predicted_from_those_before_it_alone() -> None:
    rows = simulate(60, 8)
    whole, first = predict_log(rows, 0.5), predict_log(rows[:200], 0.5)
    assert whole.cold.auc is not None
    assert whole.cold.auc > 0.55
    assert first.answers == 200
    assert simulate(60, 8) == rows


def test_a_log_is_read_in_its_order_with_its_own_split(tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    lines = [f"{n % 3},s,{n % 2},{9 - n},{'test' if n % 3 else 'train'}" for n in range(9)]
    file.write_text("\n".join(["learner,skill,correct,order,split", *lines]))
    rows = read_log(file)
    found = predict_log(rows, 0.5)
    assert [row.order for row in rows] == list(range(1, 10))
    assert found.trained is not None
    assert found.trained.answers == 6


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("learner,skill,correct\na,b,1", "order"),
        ("learner,skill,correct,order\na,b,2,1", "line 2"),
        ("learner,skill,correct,order\na,b,yes,1", "line 2"),
    ],
)
def test_a_broken_log_is_named_with_its_line(tmp_path: Path, text: str, word: str) -> None:
    file = tmp_path / "log.csv"
    file.write_text(text)
    with pytest.raises(BadLog, match=word):
        read_log(file)


@pytest.mark.parametrize("times", [("2026-01-01", "2026-01-05"), ("0", "4"), ("0", "345600000000")])
def test_times_of_reviews_are_read_in_every_usual_form(
    tmp_path: Path, times: tuple[str, str]
) -> None:
    file = tmp_path / "reviews.csv"
    file.write_text("\n".join(["card,time,rating", *(f"c,{time},3" for time in times)]))
    assert score_reviews(read_reviews(file)).reviews == 1
