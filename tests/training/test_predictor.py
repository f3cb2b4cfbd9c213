"""Training the predictor: only with enough to learn from, and only kept where it is better."""

from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from storage import jobs, predictors
from storage.attempts import NewAttempt, add_attempt
from storage.blobs import BlobStore
from storage.database import Database
from tests.doubles.clock import Clock
from tests.doubles.practising import NOW, Bench, a_bench, a_learner, an_answer
from training.predictor import HANDLERS, Sample, fit, predict_all, score
from training.settings import WorkerSettings
from training.worker import Running
from tutor.learner.logistic import FEATURES, History, from_json, predict, to_json

TRAIN = HANDLERS["train_predictor"]


def samples(count: int, seed: int = 1) -> list[Sample]:
    """Answers that are right as often as the latest ones were; one skill is much harder."""
    rng = Random(seed)
    made = []
    for number in range(count):
        recent, hard = rng.random(), number % 2 == 0
        history = History(0.5, rng.randrange(9), rng.randrange(9), recent, number, recent)
        right = rng.random() < recent * (0.3 if hard else 1.0)
        made.append(Sample(f"L{number % 80}", "hard" if hard else "easy", history, right))
    return made


def test_what_was_trained_predicts_better_than_before_and_knows_hard_skills() -> None:
    weights = fit(samples(2000))
    others = samples(1000, seed=2)
    right = [sample.right for sample in others]
    trained = score(predict_all(weights, others), right)
    before = score([sample.history.expected for sample in others], right)
    assert trained.log_loss < before.log_loss
    assert trained.auc is not None
    assert trained.auc > 0.7
    assert weights.skills["easy"] > weights.skills["hard"]
    assert weights.features["recent"] + weights.features["recent_anywhere"] > 0


def test_stored_numbers_predict_the_same_without_the_library() -> None:
    weights = fit(samples(500))
    history = History(0.7, 3, 1, 0.8, 40, 0.6)
    again = from_json(to_json(weights))
    assert again is not None
    assert predict(again, history, ["easy"]) == predict(weights, history, ["easy"])
    assert 0 < predict(again, history, ["never seen"]) < 1
    assert from_json({"intercept": 0.0, "features": {"other": 1.0}, "skills": {}}) is None
    assert set(weights.features) == set(FEATURES)


@pytest.fixture
async def running(
    database: Database, blobs: BlobStore, settings: WorkerSettings, clock: Clock
) -> Running:
    async with database.write() as session:
        job = await jobs.enqueue(session, kind="train_predictor", payload={}, now=clock())
    return Running(job, database, blobs, settings, clock)


async def answer_much(database: Database, learners: int, each: int) -> None:
    """Answers that Elo expected half right, though the first skill is easy and the second not."""
    rng = Random(3)
    async with database.write() as session:
        bench = await a_bench(session)
        ids = [await a_learner(session, str(number)) for number in range(learners)]
        for number in range(each):
            for learner_id in ids:
                answer = _answer(learner_id, bench, number % 2, rng)
                now = NOW + timedelta(minutes=number)
                await add_attempt(session, answer, expected=0.5, now=now)


def _answer(learner_id: str, bench: Bench, skill: int, rng: Random) -> NewAttempt:
    return an_answer(learner_id, bench, skill=skill, right=rng.random() < (0.9, 0.2)[skill])


async def test_a_job_trains_once_there_are_enough_answers_of_enough_learners(
    running: Running, database: Database, tmp_path: Path
) -> None:
    await answer_much(database, learners=60, each=20)
    few = await TRAIN(running)
    async with database.read() as session:
        assert await predictors.newest_predictor(session, "next_answer") is None
    await answer_much(database, learners=60, each=20)
    enough = await TRAIN(running)
    async with database.read() as session:
        found = await predictors.newest_predictor(session, "next_answer")
    assert (few["trained"], few["attempts"]) == (False, 1200)
    assert (enough["trained"], enough["attempts"], enough["learners"]) == (True, 2400, 60)
    assert found is not None
    assert found.metrics["logistic"]["log_loss"] < found.metrics["elo"]["log_loss"]
    assert "L0" not in str(found.parameters)
