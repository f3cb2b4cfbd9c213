"""A rendering with a byte tokenizer."""

import pytest
from transformers import AutoTokenizer

from tests.tutor.engine.tiny_model import save_tiny_model
from training.datasets.rendering import Rendering


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory):
    return save_tiny_model(tmp_path_factory.mktemp("datasets") / "model")


@pytest.fixture(scope="session")
def rendering(model_folder):
    return Rendering(AutoTokenizer.from_pretrained(model_folder), "tiny", max_length=400)
