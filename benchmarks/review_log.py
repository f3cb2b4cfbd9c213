"""A log of reviews, each recall predicted by the product's scheduler before it happened."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fsrs import Rating

from benchmarks.answer_log import BadLog
from training.scheduler import Logged, fit, log_loss, predict_recalls
from tutor.learner.reviewing import scheduler_with

COLUMNS = {"card", "time", "rating"}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOST_DAYS_AS_NUMBER = 100_000
MILLISECONDS_FROM = 100_000_000_000


@dataclass(frozen=True, slots=True)
class Scheduled:
    """Log-loss of predicted recall by the default parameters; and on the latest fifth of the
    reviews by these and by parameters fitted to the others.
    """

    reviews: int
    defaults: float
    defaults_on_rest: float | None = None
    fitted_on_rest: float | None = None


def read_reviews(path: Path) -> list[Logged]:
    """The reviews in order of time. Raises BadLog."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if missing := COLUMNS - set(reader.fieldnames or ()):
            raise BadLog(f"{path} has no column {', '.join(sorted(missing))}.")
        try:
            found = [
                Logged(line["card"], int(Rating(int(line["rating"]))), _time(line["time"]))
                for line in reader
            ]
        except (ValueError, TypeError, OverflowError) as error:
            raise BadLog(f"{path}, line {reader.line_num}: {error}") from error
    return sorted(found, key=lambda review: review.time)


def _time(text: str) -> datetime:
    """ISO 8601, or a number: days below 100,000, else seconds or milliseconds since 1970."""
    try:
        number = float(text)
    except ValueError:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    if number < MOST_DAYS_AS_NUMBER:
        return EPOCH + timedelta(days=number)
    scale = 1000.0 if number >= MILLISECONDS_FROM else 1.0
    return EPOCH + timedelta(seconds=number / scale)


def score_reviews(log: Sequence[Logged], *, fitted: bool = False) -> Scheduled:
    """Predicts every review after a card's first day; with `fitted` also by fitted parameters."""
    recalls = predict_recalls(log, scheduler_with(None))
    defaults = log_loss(recalls)
    if defaults is None:
        raise BadLog("No card of the log was reviewed on two days.")
    found = fit(log) if fitted else None
    if found is None:
        return Scheduled(len(recalls), defaults)
    return Scheduled(len(recalls), defaults, found.log_loss_of_defaults, found.log_loss)
