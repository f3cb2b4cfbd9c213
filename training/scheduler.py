"""Fitting of the review scheduler to a learner's own reviews, once there are enough of them.

The optimizer of `fsrs` leaves its defaults with fewer than 512 reviews that count: those on another
day than the one before, of the first 64 of a card. It is therefore asked from 512 on. What it finds
is used only where it predicts the latest fifth of the reviews better than the defaults do.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from fsrs import Rating, ReviewLog, Scheduler

from storage import reviews
from storage.database import Database, Session
from storage.reviews import LearnerParameters, Review
from training.predictor import score
from training.worker import Handler, Running
from tutor.learner.rebuild import rebuild
from tutor.learner.reviewing import recall, reviewed, scheduler_with

LEAST_REVIEWS = 512
MOST_REVIEWS = 10_000  # the latest ones
COUNTED_OF_A_CARD = 64
FITTED_SHARE = 0.8
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Logged:
    """One review of a card; `rating` is 1 again, 2 hard, 3 good, 4 easy."""

    card: str
    rating: int
    time: datetime


@dataclass(frozen=True, slots=True)
class Recalled:
    """A review on a later day than the one before: what was predicted, and what happened."""

    number: int
    predicted: float
    recalled: bool


@dataclass(frozen=True, slots=True)
class Fitted:
    """Parameters, and the log-loss on the reviews that they were not fitted to."""

    parameters: tuple[float, ...]
    log_loss: float
    log_loss_of_defaults: float


def predict_recalls(log: Sequence[Logged], scheduler: Scheduler) -> list[Recalled]:
    """Every review but the first of a card and those on the same day, which ask for no memory."""
    cards: dict[str, dict[str, Any]] = {}
    last: dict[str, datetime] = {}
    found = []
    for number, one in enumerate(log):
        card = cards.get(one.card)
        if card is not None and one.time - last[one.card] >= DAY:
            found.append(Recalled(number, recall(scheduler, card, one.time), one.rating > 1))
        cards[one.card] = reviewed(scheduler, card, Rating(one.rating), one.time)
        last[one.card] = one.time
    return found


def log_loss(recalls: Sequence[Recalled], since: int = 0) -> float | None:
    """How badly recall was predicted, from the review of this number on; None without any."""
    late = [one for one in recalls if one.number >= since]
    if not late:
        return None
    return score([one.predicted for one in late], [one.recalled for one in late]).log_loss


def fit(log: Sequence[Logged]) -> Fitted | None:
    """Fits to the first reviews and measures on the last; None with too few. Takes a while."""
    cut = round(len(log) * FITTED_SHARE)
    if _counted(log[:cut]) < LEAST_REVIEWS:
        return None
    parameters = _optimise(log[:cut])
    own = predict_recalls(log, scheduler_with({"parameters": parameters}))
    defaults = predict_recalls(log, scheduler_with(None))
    loss, usual = log_loss(own, cut), log_loss(defaults, cut)
    if loss is None or usual is None:
        return None
    return Fitted(parameters, loss, usual)


def _optimise(log: Sequence[Logged]) -> tuple[float, ...]:
    from fsrs.optimizer import Optimizer  # loads torch and pandas, which all else does without

    number = {card: i for i, card in enumerate(dict.fromkeys(one.card for one in log))}
    entries = [ReviewLog(number[one.card], Rating(one.rating), one.time, None) for one in log]
    return tuple(float(value) for value in Optimizer(entries).compute_optimal_parameters())


def _counted(log: Sequence[Logged]) -> int:
    """How many reviews the optimizer counts."""
    last: dict[str, datetime] = {}
    seen: dict[str, int] = {}
    counted = 0
    for one in log:
        seen[one.card] = seen.get(one.card, 0) + 1
        apart = one.card in last and one.time - last[one.card] >= DAY
        counted += apart and seen[one.card] <= COUNTED_OF_A_CARD
        last[one.card] = one.time
    return counted


async def fit_scheduler(running: Running) -> Mapping[str, Any]:
    """Fits every learner who has enough reviews, again when these have doubled."""
    fitted, after = 0, ""
    while learner_ids := await _page(running.database, after):
        for learner_id in learner_ids:
            fitted += await _fit(running, learner_id)
            running.report(fitted=fitted)
        after = learner_ids[-1]
    return {"fitted": fitted}


async def rebuild_learner(running: Running) -> Mapping[str, Any]:
    """Makes again what follows from a learner's attempts, after two learners became one."""
    learner_id = running.job.learner_id
    assert learner_id is not None, running.job.id
    async with running.database.long_write() as session:
        await rebuild(session, learner_id)
    return {}


async def _page(database: Database, after: str) -> Sequence[str]:
    async with database.read() as session:
        return await reviews.learners_to_fit(session, least_reviews=LEAST_REVIEWS, after=after)


async def _fit(running: Running, learner_id: str) -> bool:
    """Stores the parameters of a learner if they are better, and makes their cards again."""
    async with running.database.read() as session:
        done = await _all_reviews(session, learner_id)
    log = [Logged(one.card_id, one.rating, one.reviewed_at) for one in done[-MOST_REVIEWS:]]
    found = await asyncio.to_thread(fit, log)
    if found is None or found.log_loss >= found.log_loss_of_defaults:
        return False
    own = {
        "parameters": list(found.parameters),
        "log_loss": found.log_loss,
        "log_loss_of_defaults": found.log_loss_of_defaults,
    }
    made = LearnerParameters(learner_id, own, len(done), fitted_at=running.now())
    async with running.database.long_write() as session:
        await reviews.put_learner_parameters(session, made)
        await rebuild(session, learner_id)
    return True


async def _all_reviews(session: Session, learner_id: str) -> list[Review]:
    found: list[Review] = []
    after = ""
    while page := await reviews.reviews_of(session, learner_id, after=after):
        found += page
        after = page[-1].id
    return found


HANDLERS: Mapping[str, Handler] = {
    "fit_scheduler": fit_scheduler,
    "rebuild_learner": rebuild_learner,
}
