"""The local engine: a real process over its real socket, with a tiny random model."""

import os

import pytest

from tests.tutor.engine.conformance import EngineConformance
from tutor.engine.client import LocalEngine


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory):
    os.environ["OMP_NUM_THREADS"] = "1"
    return tmp_path_factory.mktemp("data")


class TestLocalEngine(EngineConformance):
    @pytest.fixture
    async def engine(self, data_dir, tiny_model):
        engine = LocalEngine(data_dir, str(tiny_model), idle_seconds=3)
        yield engine
        await engine.close()

    @pytest.fixture
    def adapter_folder(self, tiny_adapters):
        return str(tiny_adapters[0])

    @pytest.fixture
    def is_idle(self, engine):
        async def idle() -> bool:
            health = await engine.health()
            return health.running == 0 and health.queued == 0

        return idle
