"""The tiny model and its adapters, made once for all engine tests."""

import pytest

from tests.tutor.engine.tiny_model import save_tiny_adapter, save_tiny_model


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory):
    return save_tiny_model(tmp_path_factory.mktemp("tiny") / "model")


@pytest.fixture(scope="session")
def tiny_adapters(tiny_model, tmp_path_factory):
    root = tmp_path_factory.mktemp("adapters")
    return [
        save_tiny_adapter(tiny_model, root / str(seed), seed, rank=2 + 2 * seed)
        for seed in range(3)
    ]
