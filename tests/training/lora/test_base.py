"""Models for training: every kind that is served, and sentences where 4 bits can't be had."""

import pytest
import torch

from tests.tutor.engine.tiny_model import save_tiny_model
from tests.tutor.engine.tiny_seq2seq import save_tiny_t5
from training.datasets.example import ChatMessage, Example, ExampleKind
from training.failure import TrainingFailed
from training.lora.base import load_base
from training.lora.recipe import Effort, Method, Recipe
from training.lora.train import train
from tutor.engine.process import placement

GPU = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
TURNS = (ChatMessage("user", "What is 1 + 1?"), ChatMessage("assistant", "Count on by one."))
EXAMPLES = [Example(ExampleKind.DIALOGUE, f"g{n}", "test", messages=TURNS) for n in range(8)]


def test_causal_and_t5_folders_are_loaded(tmp_path):
    causal = load_base(str(save_tiny_model(tmp_path / "causal")), tmp_path)
    pair = load_base(str(save_tiny_t5(tmp_path / "t5")), tmp_path)
    assert not causal.model.config.is_encoder_decoder and pair.model.config.is_encoder_decoder
    assert pair.tokenizer.eos_token == "</s>"


def test_missing_model_ends_in_the_engines_sentence(tmp_path):
    with pytest.raises(TrainingFailed, match="no model folder"):
        load_base(str(tmp_path / "none"), tmp_path)


def test_four_bits_without_a_gpu_are_explained(tmp_path, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(TrainingFailed, match="NVIDIA"):
        load_base(str(save_tiny_model(tmp_path / "m")), tmp_path, four_bit=True)


@pytest.fixture
def pretended_gpu(monkeypatch):
    """A GPU with 1,000 free bytes, and no bitsandbytes."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda: (1000, 2000))
    monkeypatch.setattr(torch.cuda, "current_device", lambda: 0)
    monkeypatch.setattr(placement.importlib.util, "find_spec", lambda name: None)


def test_four_bits_without_their_library_are_explained(pretended_gpu):
    with pytest.raises(placement.ModelUnusable, match="leave four_bit out"):
        placement.placement_of(10, "m", four_bit=True)
    with pytest.raises(placement.ModelUnusable, match="fits this GPU only"):
        placement.placement_of(900, "m")


def test_a_base_that_fits_is_not_squeezed_and_a_wish_for_it_is_heard(pretended_gpu):
    assert "quantization_config" not in placement.placement_of(800, "m")[1]
    assert "quantization_config" not in placement.placement_of(900, "m", four_bit=False)[1]


@pytest.mark.gpu
@GPU
@pytest.mark.parametrize("method", [Method.SUPERVISED, Method.DPO, Method.SEQ2SEQ])
def test_adapter_is_trained_on_a_four_bit_base(method, tmp_path):
    pytest.importorskip("bitsandbytes")
    save = save_tiny_t5 if method is Method.SEQ2SEQ else save_tiny_model
    sizes = {"d_model": 64, "d_ff": 128} if save is save_tiny_t5 else {"hidden_size": 64}
    base = load_base(str(save(tmp_path / "model", **sizes)), tmp_path, four_bit=True)
    assert base.model.is_loaded_in_4bit
    pairs = [
        Example(
            ExampleKind.PREFERENCE, f"g{n}", "test",
            messages=TURNS[:1], chosen="Count on.", rejected="2",
        )
        for n in range(8)
    ]  # fmt: skip
    data = pairs if method is Method.DPO else EXAMPLES
    recipe = Recipe(method, Effort.QUICK, rank=4)
    ended = train(recipe, base.model, base.tokenizer, data, (), tmp_path / "run")
    assert ended.finished and ended.steps >= 1
