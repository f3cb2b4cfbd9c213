"""Fitting the scheduler: to those with enough reviews, kept only where it predicts better."""

from datetime import timedelta
from random import Random

import pytest
from fsrs import Rating, optimizer

from storage import jobs, reviews
from storage.blobs import BlobStore
from storage.database import Database
from tests.doubles.clock import Clock
from tests.doubles.practising import NOW, a_bench, a_learner, an_answer
from training import scheduler
from training.scheduler import HANDLERS, Logged, fit, log_loss, predict_recalls
from training.settings import WorkerSettings
from training.worker import Running
from tutor.learner.model import record
from tutor.learner.reviewing import scheduler_with

DAY = timedelta(days=1)


def forgetful(cards: int, each: int) -> list[Logged]:
    """Reviews of somebody who forgets far more than others, every three days."""
    rng = Random(5)
    log = [
        Logged(f"c{card}", 3 if rng.random() < 0.45 else 1, NOW + (3 * n) * DAY)
        for n in range(each)
        for card in range(cards)
    ]
    return sorted(log, key=lambda one: one.time)


@pytest.fixture
async def running(
    database: Database, blobs: BlobStore, settings: WorkerSettings, clock: Clock
) -> Running:
    async with database.write() as session:
        job = await jobs.enqueue(session, kind="fit_scheduler", payload={}, now=clock())
    return Running(job, database, blobs, settings, clock)


def test_fitted_parameters_predict_the_latest_reviews_of_a_forgetful_learner_better(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(optimizer, "num_epochs", 1)  # of five, which take twenty seconds
    found = fit(forgetful(cards=100, each=8))
    assert found is not None
    assert found.log_loss < found.log_loss_of_defaults
    scheduler_with({"parameters": found.parameters})


def test_few_reviews_and_those_of_one_day_are_not_fitted_to() -> None:
    log = forgetful(cards=40, each=8)
    crammed = [Logged(one.card, one.rating, NOW) for one in forgetful(cards=200, each=8)]
    assert fit(log) is None
    assert fit(crammed) is None
    assert log_loss(predict_recalls(crammed, scheduler_with(None))) is None


def test_recall_is_predicted_from_what_was_before_alone() -> None:
    log = forgetful(cards=1, each=6)
    flipped = [*log[:-1], Logged("c0", 4 - log[-1].rating, log[-1].time)]
    one, other = (predict_recalls(each, scheduler_with(None)) for each in (log, flipped))
    assert [recalled.predicted for recalled in one] == [recalled.predicted for recalled in other]
    assert one[-1].recalled != other[-1].recalled


async def test_the_job_fits_and_makes_the_cards_again(
    running: Running, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler, "LEAST_REVIEWS", 20)
    hasty = list(scheduler_with(None).parameters)
    hasty[0] = hasty[2] = 0.1  # whoever forgets so fast is asked again so soon
    monkeypatch.setattr(scheduler, "_optimise", lambda _log: tuple(hasty))
    async with database.write() as session:
        learner_id, bench = await a_learner(session), await a_bench(session)
        for number in range(40):
            answer = an_answer(learner_id, bench, right=number % 2 == 0, skill=number % 2)
            await record(session, answer, NOW + 3 * number * DAY)
        before = await reviews.cards_of(session, learner_id)
    assert await HANDLERS["fit_scheduler"](running) == {"fitted": 1}
    assert await HANDLERS["fit_scheduler"](running) == {"fitted": 0}
    async with database.read() as session:
        after = await reviews.cards_of(session, learner_id)
        fitted = await reviews.learner_parameters(session, learner_id)
    assert fitted is not None
    assert fitted.scheduler["parameters"] == hasty
    assert fitted.reviews == 40
    assert [card.card for card in after] != [card.card for card in before]


def test_a_rating_of_one_is_the_only_one_that_means_forgotten() -> None:
    log = [Logged("c", int(Rating.Good), NOW), Logged("c", int(Rating.Hard), NOW + 2 * DAY)]
    assert [one.recalled for one in predict_recalls(log, scheduler_with(None))] == [True]
