"""A whole gate with engines that act a part: who passes, who does not, and what a stop costs."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.training.gate.conftest import BASE_NATS, FINE, LEAK, ActingEngine, moment
from training.datasets.example import ChatMessage, Example, ExampleKind
from training.gate.evaluate import evaluate
from training.gate.wording import Wording
from training.lora.recipe import Effort
from tutor.engine.contract import Priority, TextRequest
from tutor.language import Language
from tutor.tuning.report import MeasureName, Report, Verdict

NEW, PRESENT = "new", "present"
LONG = 230  # tokens: lessons and course text are longer, everyday talk is shorter
EVERYDAY = "That depends on many things, but here is a short answer for you today."
HELD_OUT = [moment(number) for number in range(20)]


def speaker(new: str = FINE, base: str = FINE):
    """Says a draft to a moment of a lesson, the same as everybody to all else."""

    def say(request: TextRequest) -> str:
        if "Problem:" in request.messages[-1].content:
            return new if request.adapter == NEW else base
        return EVERYDAY

    return say


def engine_with(new_nats: float, says: Callable[[TextRequest], str] | None = None) -> ActingEngine:
    engine = ActingEngine({None: BASE_NATS, NEW: new_nats}, says or speaker())
    engine.adapters = {NEW: "there"}
    return engine


async def gate(engine: ActingEngine, wording: Wording | None, place: Path, **changes) -> Report:
    return await evaluate(
        engine,
        **{
            "candidate": NEW,
            "current": None,
            "held_out": HELD_OUT,
            "effort": Effort.QUICK,
            "dataset_version_id": "v1",
            "data_dir": place,
            "folder": place / "gate",
            "wording": wording,
            "now": lambda: datetime(2026, 11, 23, tzinfo=UTC),
            **changes,
        },
    )


def verdict_of(report: Report, name: MeasureName) -> Verdict:
    measure = report.measure(name)
    assert measure is not None, name
    return measure.verdict


class OnlyTutorTurns(ActingEngine):
    """Its new adapter has learnt what a tutor says and forgotten nothing."""

    async def score(self, token_ids, adapter=None):
        scores = await super().score(token_ids, None)
        learnt = adapter == NEW and len(token_ids) > LONG
        return [score / 2 for score in scores] if learnt else scores


@pytest.fixture
def learnt() -> ActingEngine:
    engine = OnlyTutorTurns({None: BASE_NATS}, speaker())
    engine.adapters = {NEW: "there", PRESENT: "there"}
    return engine


async def test_an_adapter_that_learnt_and_forgot_nothing_passes(learnt, wording, tmp_path):
    report = await gate(learnt, wording, tmp_path)
    assert report.passed, [one.said(Language.ENGLISH) for one in report.reasons]
    assert verdict_of(report, MeasureName.LOSS) is Verdict.BETTER
    assert verdict_of(report, MeasureName.GENERAL) is Verdict.EQUAL
    assert report.binding.base_hash == "base"
    assert report.style == "tutoring-1"


async def test_the_base_against_itself_is_a_tie_and_does_not_pass(wording, tmp_path):
    report = await gate(engine_with(BASE_NATS), wording, tmp_path)
    assert {one.verdict for one in report.measures} == {Verdict.EQUAL}
    assert not report.passed


async def test_an_adapter_that_leaks_cannot_pass(learnt, wording, tmp_path):
    learnt.default = speaker(new=LEAK)
    report = await gate(learnt, wording, tmp_path)
    assert verdict_of(report, MeasureName.LOSS) is Verdict.BETTER
    assert verdict_of(report, MeasureName.LEAKS) is Verdict.WORSE
    assert not report.passed
    assert report.phrases == ()


async def test_a_damaged_adapter_is_worse(wording, tmp_path):
    def babble(request: TextRequest) -> str:
        return "la la la la " * 20 if request.adapter == NEW else EVERYDAY

    report = await gate(engine_with(9.0, babble), wording, tmp_path)
    assert not report.passed
    for name in (MeasureName.LOSS, MeasureName.GENERAL, MeasureName.REPETITION):
        assert verdict_of(report, name) is Verdict.WORSE


async def test_an_adapter_worse_than_the_present_one_does_not_pass(learnt, wording, tmp_path):
    class PresentIsBest(OnlyTutorTurns):
        async def score(self, token_ids, adapter=None):
            scores = await super().score(token_ids, NEW if adapter == PRESENT else adapter)
            return [score / 2 for score in scores] if adapter == PRESENT else scores

    engine = PresentIsBest({None: BASE_NATS}, speaker())
    engine.adapters = dict(learnt.adapters)
    report = await gate(engine, wording, tmp_path, current=PRESENT)
    assert verdict_of(report, MeasureName.LOSS) is Verdict.BETTER
    assert not report.passed
    assert "in use" in report.reasons[-1].said(Language.ENGLISH)


async def test_an_engine_that_cannot_score_passes_nothing_and_says_why(wording, tmp_path):
    engine = engine_with(1.0, speaker(base=LEAK))
    engine.can_score = False
    report = await gate(engine, wording, tmp_path)
    assert engine.scored == 0
    assert report.measure(MeasureName.LOSS) is None
    assert verdict_of(report, MeasureName.ACCEPTED) is Verdict.BETTER
    assert not report.passed
    assert "Everyday perplexity" in report.reasons[-1].said(Language.ENGLISH)


async def test_learners_go_first(learnt, wording, tmp_path):
    await gate(learnt, wording, tmp_path)
    assert {one.priority for one in learnt.requests} == {Priority.BACKGROUND}


async def test_a_gate_that_was_cancelled_goes_on_where_it_was(learnt, wording, tmp_path):
    whole = await gate(learnt, wording, tmp_path / "whole")
    asked = len(learnt.requests) + learnt.scored
    learnt.requests.clear()
    learnt.scored = 0

    halfway = asyncio.Event()

    async def tell(done: int, of: int, answered: int) -> None:
        if done >= of // 2:
            halfway.set()
            await asyncio.sleep(60)

    cut = asyncio.create_task(gate(learnt, wording, tmp_path / "cut", report_progress=tell))
    await halfway.wait()
    cut.cancel()
    with pytest.raises(asyncio.CancelledError):
        await cut
    results = tmp_path / "cut" / "gate" / "results.jsonl"
    with results.open("a") as file:
        file.write('{"key": "torn')
    again = await gate(learnt, wording, tmp_path / "cut")
    assert len(learnt.requests) + learnt.scored <= asked + 10
    assert again.measures == whole.measures


async def test_another_engine_is_measured_anew(learnt, wording, tmp_path):
    await gate(learnt, wording, tmp_path)
    before = learnt.scored
    await gate(learnt, wording, tmp_path)
    assert learnt.scored == before
    changed = replace(await learnt.capabilities(), precision="nf4")

    async def other():
        return changed

    learnt.capabilities = other
    await gate(learnt, wording, tmp_path)
    assert learnt.scored == 2 * before


async def test_course_text_is_measured_by_its_loss_alone(learnt, wording, tmp_path):
    texts = [
        Example(ExampleKind.TEXT, f"page-{n}", "upload:book", text=f"Page {n}. " + "word " * 60)
        for n in range(8)
    ]
    report = await gate(learnt, wording, tmp_path, held_out=texts)
    assert verdict_of(report, MeasureName.LOSS) is Verdict.BETTER
    assert report.measure(MeasureName.LEAKS) is None
    assert report.passed


async def test_preferences_are_measured_by_the_likelier_reply(wording, tmp_path):
    class Prefers(ActingEngine):
        async def score(self, token_ids, adapter=None):
            good = len(token_ids) > LONG
            likes = good if adapter == NEW else not good
            return [-1.0 if likes else -2.0] * (len(token_ids) - 1)

    engine = Prefers({}, speaker())
    engine.adapters = {NEW: "there"}
    pairs = [
        Example(
            ExampleKind.PREFERENCE,
            f"pair-{n}",
            "chats",
            messages=(ChatMessage("user", f"Question {n}?"),),
            chosen="a good and patient reply " * 10,
            rejected="a poor reply",
        )
        for n in range(8)
    ]
    report = await gate(engine, wording, tmp_path, held_out=pairs)
    preferred = report.measure(MeasureName.PREFERRED)
    assert preferred is not None
    assert (preferred.base, preferred.candidate) == (0, 1)
    assert preferred.verdict is Verdict.BETTER


async def test_a_failing_engine_ends_the_gate(learnt, wording, tmp_path):
    learnt.answers.append(RuntimeError("gone"))
    with pytest.raises(RuntimeError, match="gone"):
        await gate(learnt, wording, tmp_path)


async def test_the_base_is_asked_everyday_prompts_once_for_all_runs(learnt, wording, tmp_path):
    await gate(learnt, wording, tmp_path, folder=tmp_path / "one")
    learnt.requests.clear()
    await gate(learnt, wording, tmp_path, folder=tmp_path / "two")
    asked_base = [one for one in learnt.requests if one.adapter is None]
    assert asked_base
    assert all("Problem:" in one.messages[-1].content or _asks(one) for one in asked_base)


def _asks(request: TextRequest) -> bool:
    return "final answer" in request.messages[-1].content
