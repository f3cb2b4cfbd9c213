"""Tiny random models and dialogues that train in a moment."""

from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import (
    AutoTokenizer,
    BloomConfig,
    BloomForCausalLM,
    Gemma2Config,
    Gemma2ForCausalLM,
    GPT2Config,
    GPT2LMHeadModel,
    LlamaForCausalLM,
    Qwen2Config,
    Qwen2ForCausalLM,
)

from tests.tutor.engine.tiny_model import save_tiny_model
from training.datasets.example import ChatMessage, Example, ExampleKind

SMALL = {"vocab_size": 258, "hidden_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4}
LLAMA_LIKE = {
    **SMALL,
    "intermediate_size": 96,
    "num_key_value_heads": 2,
    "max_position_embeddings": 640,
    "initializer_range": 0.2,
}


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.set_num_threads(1)
    return save_tiny_model(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="session")
def tokenizer(tiny_folder: Path) -> Any:
    return AutoTokenizer.from_pretrained(tiny_folder)


def tiny(kind: str, folder: Path) -> Any:
    """A model of a family, always with the same random weights."""
    torch.manual_seed(5)
    if kind == "llama":
        model = LlamaForCausalLM.from_pretrained(folder)
    elif kind == "qwen":
        window = {"use_sliding_window": True, "sliding_window": 16, "max_window_layers": 1}
        model = Qwen2ForCausalLM(Qwen2Config(**LLAMA_LIKE, **window))
    elif kind == "gemma":
        model = Gemma2ForCausalLM(Gemma2Config(**LLAMA_LIKE, head_dim=12, sliding_window=16))
    elif kind == "gpt2":
        model = GPT2LMHeadModel(
            GPT2Config(vocab_size=258, n_embd=48, n_layer=2, n_head=4, n_positions=640)
        )
    else:
        model = BloomForCausalLM(BloomConfig(vocab_size=258, hidden_size=48, n_layer=2, n_head=4))
    return model.requires_grad_(False).eval()


@pytest.fixture
def llama(tiny_folder: Path) -> Any:
    return tiny("llama", tiny_folder)


def dialogue(question: str, answer: str, *, group: str = "g") -> Example:
    turns = (ChatMessage("user", question), ChatMessage("assistant", answer))
    return Example(ExampleKind.DIALOGUE, group, "test", messages=turns)


@pytest.fixture
def dialogues() -> list[Example]:
    return [dialogue(f"{n} + {n}?", f"Count on {n}" + "!" * (n % 5)) for n in range(24)]
