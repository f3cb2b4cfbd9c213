"""Reviews of a learner who doesn't exist, whose memory is of the scheduler's kind but their own.

Recall is drawn from FSRS with parameters of one who forgets sooner than the defaults say, with
reviews that come far too early and far too late. So this shows that the scheduler predicts and that
fitting finds a learner's own parameters; how well FSRS describes people, only a real log shows.
Seeded.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from fsrs import Rating, Scheduler

from training.predictor import score
from training.scheduler import Logged
from tutor.learner.reviewing import recall, reviewed, scheduler_with

START = datetime(2026, 1, 1, 8, 0, tzinfo=UTC)
LASTING = 0.35  # how long the first answer lasts, against the defaults
GROWTH, DECAY = -0.8, 0.35  # added to the growth of stability; and how steeply recall falls
RATINGS = (Rating.Hard, Rating.Good, Rating.Good, Rating.Easy)


def own_scheduler() -> Scheduler:
    """The memory of the learner."""
    own = list(scheduler_with(None).parameters)
    own[:4] = [stability * LASTING for stability in own[:4]]
    own[8] += GROWTH
    own[20] = DECAY
    return scheduler_with({"parameters": own})


def simulate_reviews(cards: int = 160, each: int = 9, seed: int = 3) -> tuple[list[Logged], float]:
    """The log, and the log-loss of always predicting the mean recall."""
    rng, memory = Random(seed), own_scheduler()
    log = [one for card in range(cards) for one in _card(f"c{card}", each, memory, rng)]
    log.sort(key=lambda one: one.time)
    return log, _constant(log)


def _card(name: str, each: int, memory: Scheduler, rng: Random) -> list[Logged]:
    at, card = START + timedelta(days=rng.randrange(60)), None
    found: list[Logged] = []
    for _ in range(each):
        rating = _rating(card, at, memory, rng)
        card = reviewed(memory, card, rating, at)
        found.append(Logged(name, int(rating), at))
        at += timedelta(days=max(1, round(card["stability"] * rng.lognormvariate(0.5, 1.0))))
    return found


def _rating(card: dict[str, Any] | None, at: datetime, memory: Scheduler, rng: Random) -> Rating:
    chance = 0.7 if card is None else recall(memory, card, at)
    return rng.choice(RATINGS) if rng.random() < chance else Rating.Again


def _constant(log: Sequence[Logged]) -> float:
    """Without the first review of each card, which nothing predicts."""
    first = {one.card: one for one in reversed(log)}
    later = [one.rating > 1 for one in log if one is not first[one.card]]
    mean = sum(later) / len(later)
    return score([mean] * len(later), later).log_loss
