"""The engine that other tests use must itself keep the contract."""

import asyncio

import pytest

from tests.doubles.fake_engine import FakeEngine
from tests.tutor.engine.conformance import EngineConformance, ask, collect
from tutor.engine.contract import EngineBusy, EngineUnavailable


def long_answer(request):
    who = request.adapter or "base"
    said = request.messages[-1].content if request.messages else "ids"
    return " ".join(f"{who} says {number} about {said}" for number in range(8))


class TestFakeEngine(EngineConformance):
    @pytest.fixture
    def engine(self):
        return FakeEngine(default=long_answer, delay_seconds=0.001)

    @pytest.fixture
    def adapter_folder(self, tmp_path):
        return str(tmp_path)

    @pytest.fixture
    def is_idle(self, engine):
        async def idle() -> bool:
            return True

        return idle


async def test_scripted_errors_are_raised_in_their_turn():
    engine = FakeEngine(EngineBusy("full"), EngineUnavailable("gone"), "At last.")
    for expected in (EngineBusy, EngineUnavailable):
        with pytest.raises(expected):
            await collect(engine, ask())
    assert "".join(d.text for d in await collect(engine, ask())) == "At last."
    assert len(engine.requests) == 3


async def test_closed_answer_is_recorded_as_cancelled():
    engine = FakeEngine("one two three", gate=asyncio.Event())
    stream = engine.stream(ask())
    await anext(stream)
    await stream.aclose()
    assert engine.cancelled == engine.requests
