"""A comparison outlives an engine that stalls, restarts or is away, and says so meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from storage import artifacts
from storage.database import Database
from storage.jobs import JobState
from tests.doubles.clock import Clock
from tests.training.gate.conftest import BASE_NATS, FINE, ActingEngine, moment
from training.gate.evaluate import evaluate
from training.gate.sizes import SIZES, Sizes
from training.lora.recipe import Effort
from training.runs.failure import ENGINE_BUSY, ENGINE_SILENT, NOT_COMPARED, NOT_TAKEN
from training.runs.failure import QUESTION_FAILS as FAILS
from training.worker import Worker
from tutor.engine.contract import (
    EngineBusy,
    EngineError,
    EnginePaused,
    EngineUnavailable,
    FinishReason,
    ModelUnusable,
    TextDelta,
    TextRequest,
)
from tutor.language import Language
from tutor.tuning import card
from tutor.tuning.stage import Stage

NEW = "new"
Start = Callable[..., Awaitable[Any]]
MakeWorker = Callable[..., Worker]


class Unsteady(ActingEngine):
    """Answers a number of questions, then has the trouble that is next in line."""

    def __init__(self) -> None:
        super().__init__({None: BASE_NATS, NEW: BASE_NATS}, lambda request: FINE)
        self.adapters = {NEW: "there"}
        self.troubles: list[tuple[int, EngineError | None]] = []
        self.poison = ""
        self.asked: list[str] = []
        self.answered: list[str] = []

    async def stream(self, request: TextRequest):  # type: ignore[no-untyped-def,override]
        text = f"{request.adapter} {request.messages[-1].content}"
        self.asked.append(text)
        if self.poison and self.poison in text:
            raise EngineUnavailable("killed by a question")
        if self.troubles and not self.troubles[0][0]:
            error = self.troubles.pop(0)[1]
            if error is None:
                yield TextDelta(text="half an", finish=FinishReason.CANCELLED)
                return
            raise error
        if self.troubles:
            left, error = self.troubles[0]
            self.troubles[0] = (left - 1, error)
        async for delta in super().stream(request):
            yield delta
        self.answered.append(text)


@dataclass
class Comparing:
    """The gate of a run, through an engine of the test's own."""

    place: Path
    engine: Unsteady = field(default_factory=Unsteady)

    async def evaluate(self, engine: Any, run: Any, folder: Any, held_out: Any, told: Any) -> Any:
        return await evaluate(
            self.engine,
            candidate=NEW,
            current=None,
            held_out=[moment(number) for number in range(6)],
            effort=Effort.QUICK,
            dataset_version_id="v1",
            data_dir=self.place,
            folder=folder.path / "gate",
            wording=None,
            now=self.clock,
            report_progress=told,
        )

    clock: Any = None


@pytest.fixture
def comparing(tmp_path: Path, clock: Clock) -> Comparing:
    return Comparing(tmp_path, clock=clock)


@pytest.fixture(autouse=True)
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.gate.arms.BUSY_SECONDS", 0.0)
    monkeypatch.setattr("training.gate.arms.BUSY_TRIES", 1)
    monkeypatch.setattr("training.gate.arms.AT_ONCE", 1)
    monkeypatch.setitem(SIZES, Effort.QUICK, Sizes(1, 64, 6, 1, 1, 1, 8, 1))


async def stood(make_worker: MakeWorker, comparing: Comparing, start: Start, look: Any) -> Any:
    """A run whose first attempt at the comparison was in vain."""
    run = await start()
    await make_worker(evaluate=comparing.evaluate).do_next_job()
    return await look.run(run)


async def go_on(worker: Worker, clock: Clock, look: Any, run: Any, tries: int = 12) -> Any:
    """Until the run has left its comparison."""
    for _ in range(tries):
        clock.advance(minutes=6)
        await worker.do_next_job()
        found = await look.run(run)
        if found.stage != Stage.EVALUATING:
            return found
    raise AssertionError(found.progress)


TROUBLES = {
    "killed": EngineUnavailable("gone"),
    "busy": EngineBusy("full"),
    "broken off": None,
    "no model for a moment": ModelUnusable("The model can't be loaded."),
}


@pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES)
async def test_run_goes_on_where_it_was_and_asks_nothing_twice(
    trouble: EngineError | None,
    comparing: Comparing,
    start: Start,
    make_worker: MakeWorker,
    look: Any,
    clock: Clock,
) -> None:
    comparing.engine.troubles = [(5, trouble)] + [(0, trouble)] * 3
    run = await stood(make_worker, comparing, start, look)
    assert run.stage == Stage.EVALUATING
    assert (await look.job(run)).state == JobState.QUEUED
    ended = await go_on(make_worker("b", evaluate=comparing.evaluate), clock, look, run)
    assert ended.stage == Stage.REJECTED  # nobody can pass without scores
    assert ended.report is not None and "waiting" not in ended.progress
    answered = [one for one in comparing.engine.answered if "1 + 1 =" not in one]
    assert len(answered) == len(set(answered))
    assert look.starts(run) == [0]


async def test_card_says_that_the_engine_does_not_answer_and_that_it_goes_on(
    comparing: Comparing, start: Start, make_worker: MakeWorker, look: Any
) -> None:
    comparing.engine.troubles = [(3, EngineUnavailable("gone"))]
    run = await stood(make_worker, comparing, start, look)
    assert run.progress["waiting"]["message"] == ENGINE_SILENT
    assert ENGINE_SILENT in card.card_text(Language.ENGLISH, run)
    assert "Comparing with the model" in card.card_text(Language.ENGLISH, run)


def away(*errors: EngineError) -> Any:
    """A gate whose engine has these troubles one after the other, the last one for ever."""
    left = list(errors)

    async def evaluate(*_arguments: Any) -> Any:
        raise left.pop(0) if len(left) > 1 else left[0]

    return evaluate


async def test_engine_that_is_paused_or_busy_is_waited_for_however_long(
    start: Start, make_worker: MakeWorker, look: Any, clock: Clock
) -> None:
    run = await start()
    paused = EnginePaused(clock() + timedelta(hours=9))
    worker = make_worker(evaluate=away(*[paused] * 3, EngineBusy("full")))
    for _ in range(6):
        assert await worker.do_next_job()
        clock.advance(hours=1)
    waiting = await look.run(run)
    assert waiting.stage == Stage.EVALUATING
    assert waiting.progress["waiting"]["message"] == ENGINE_BUSY


async def test_engine_that_never_answers_fails_the_run_after_two_hours_and_keeps_the_adapter(
    start: Start, make_worker: MakeWorker, look: Any, clock: Clock, database: Database
) -> None:
    run = await start()
    worker = make_worker(evaluate=away(EngineUnavailable("gone")))
    began = clock()
    for _ in range(5):
        assert await worker.do_next_job()
        assert (await look.run(run)).stage == Stage.EVALUATING, clock() - began
        clock.advance(minutes=29)
    await worker.do_next_job()
    ended = await look.run(run)
    assert ended.stage == Stage.FAILED
    assert ended.error == {"message": NOT_COMPARED, "fields": {"hours": 2}}
    assert "`/adapter evaluate`" in card.failure_text(Language.ENGLISH, ended)
    async with database.read() as session:
        kept = await artifacts.artifact_by_id(session, ended.artifact_id)
    assert kept is not None and kept.card["report"] is None
    assert (await look.job(run)).state == JobState.FAILED


async def test_time_in_which_nobody_asked_the_engine_is_no_silence(
    start: Start, make_worker: MakeWorker, look: Any, clock: Clock
) -> None:
    run = await start()
    worker = make_worker(evaluate=away(EngineUnavailable("gone")))
    await worker.do_next_job()
    clock.advance(hours=9)  # another training had the worker
    await worker.do_next_job()
    assert (await look.run(run)).stage == Stage.EVALUATING


async def test_question_that_kills_the_engine_is_found_out_and_fails_the_run(
    comparing: Comparing, start: Start, make_worker: MakeWorker, look: Any, clock: Clock
) -> None:
    comparing.engine.poison = f"{NEW} Problem: Box 2 "
    run = await stood(make_worker, comparing, start, look)
    ended = await go_on(make_worker("b", evaluate=comparing.evaluate), clock, look, run)
    assert ended.error == {"message": FAILS, "fields": {}}
    assert ended.artifact_id is not None
    others = [one for one in comparing.engine.answered if "Problem: Box" in one]
    assert len(others) == 2 * 6 - 1


async def test_killed_worker_leaves_its_results_to_the_next_one(
    comparing: Comparing, start: Start, make_worker: MakeWorker, look: Any, clock: Clock
) -> None:
    held = asyncio.Event()

    async def hang(*arguments: Any) -> Any:
        told = arguments[-1]

        async def tell(done: int, of: int, answered: int) -> None:
            await told(done, of, answered)
            if done == 9:
                held.set()
                await asyncio.Event().wait()

        return await comparing.evaluate(*arguments[:-1], tell)

    run = await start()
    doing = asyncio.create_task(make_worker("dead", evaluate=hang).do_next_job())
    async with asyncio.timeout(60):
        await held.wait()
    doing.cancel()
    await asyncio.gather(doing, return_exceptions=True)
    assert (await look.run(run)).progress["checked"] == 9
    ended = await go_on(make_worker("b", evaluate=comparing.evaluate), clock, look, run)
    assert ended.stage == Stage.REJECTED
    assert len(comparing.engine.asked) == len(set(comparing.engine.asked))


async def test_adapter_that_the_engine_refuses_is_kept_and_the_run_fails_at_once(
    start: Start, make_worker: MakeWorker, look: Any
) -> None:
    from training.gate.failure import AdapterNotTaken

    async def refuses(*_arguments: Any) -> Any:
        raise AdapterNotTaken("no LoRA here")

    run = await start()
    await make_worker(evaluate=refuses).do_next_job()
    ended = await look.run(run)
    assert (ended.stage, ended.error["message"]) == (Stage.FAILED, NOT_TAKEN)
    assert ended.artifact_id is not None


async def test_engine_that_is_away_before_the_training_only_delays_it(
    start: Start, make_worker: MakeWorker, look: Any, clock: Clock
) -> None:
    class Away(Unsteady):
        async def capabilities(self) -> Any:
            raise EngineUnavailable("gone")

    run = await start()
    for _ in range(5):
        await make_worker(engine=lambda settings: Away()).do_next_job()
        clock.advance(minutes=6)
    waiting = await look.run(run)
    assert (waiting.stage, waiting.progress["waiting"]["message"]) == (Stage.QUEUED, ENGINE_SILENT)
    await make_worker().do_next_job()
    assert (await look.run(run)).stage == Stage.AWAITING_APPROVAL
