"""A tiny random model with its tokenizer, and preferences between replies."""

import pytest
from transformers import AutoModelForCausalLM, AutoTokenizer

from tests.tutor.engine.tiny_model import save_tiny_model
from training.datasets.example import ChatMessage, Example, ExampleKind
from training.lora.recipe import Effort, Method, Recipe


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory):
    return save_tiny_model(tmp_path_factory.mktemp("preference") / "model", initializer_range=0.1)


@pytest.fixture
def model(model_folder):
    return AutoModelForCausalLM.from_pretrained(model_folder)


@pytest.fixture(scope="session")
def tokenizer(model_folder):
    return AutoTokenizer.from_pretrained(model_folder)


def asked(number: int) -> tuple[ChatMessage, ...]:
    return (ChatMessage("system", "Be kind."), ChatMessage("user", f"What is {number} + 1?"))


def pair(number: int) -> Example:
    better, worse = "What do you think?", f"It is {number + 1}!"
    kind = ExampleKind.PREFERENCE
    return Example(
        kind, f"g{number}", "test", messages=asked(number), chosen=better, rejected=worse
    )


def rated(number: int, desired: bool) -> Example:
    reply = "What do you think?" if desired else f"It is {number + 1}!"
    messages = (*asked(number), ChatMessage("assistant", reply))
    return Example(ExampleKind.RATED, f"g{number}", "test", messages=messages, desired=desired)


def recipe(method: Method, **changes: object) -> Recipe:
    values = {"effort": Effort.QUICK, "rank": 4, "learning_rate": 5e-3, "epochs": 4.0}
    return Recipe(method, **(values | changes))
