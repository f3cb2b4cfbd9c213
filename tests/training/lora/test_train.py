"""A training ends with an adapter that the engine serves, and goes on where it stopped."""

import math
import shutil
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import PeftModel

from training import checkpoints
from training.datasets.example import Example
from training.failure import TrainingFailed
from training.lora import loop, plan
from training.lora.estimate import estimate
from training.lora.objective import Objective
from training.lora.progress import Progress, from_line
from training.lora.recipe import Method, Recipe, Variant
from training.lora.train import Trained, prepare, train
from training.replay import REFUSALS
from tutor.engine.process.adapter_files import check_fits, read_adapter

RECIPE = Recipe(rank=4, learning_rate=5e-3, epochs=3, batch_tokens=300)


def run(
    model: Any,
    tokenizer: Any,
    examples: list[Example],
    folder: Path,
    recipe: Recipe = RECIPE,
    **more: Any,
) -> Trained:
    return train(recipe, model, tokenizer, examples[:20], examples[20:], folder, **more)


def stop_after(steps: int) -> Callable[[], bool]:
    seen = iter(range(1000))
    return lambda: next(seen) >= steps


@pytest.mark.parametrize("variant", list(Variant))
def test_served_adapter_answers_as_the_trained_model(
    variant: Variant, llama: Any, tokenizer: Any, dialogues: list[Example], tmp_path: Path
) -> None:
    original = {name: one.clone() for name, one in llama.state_dict().items()}
    trained = run(llama, tokenizer, dialogues, tmp_path, replace(RECIPE, variant=variant))
    assert trained.adapter_folder is not None
    assert trained.held_out_loss < trained.base_held_out_loss
    for name, one in llama.state_dict().items():
        assert torch.allclose(one, original[name], atol=1e-5), name
    files = read_adapter(str(trained.adapter_folder))
    check_fits(files.weights, llama.get_submodule)
    assert _loss_of(llama, tokenizer, dialogues, trained) == pytest.approx(
        trained.held_out_loss, rel=1e-3
    )


def test_adapter_of_some_layers_is_loaded_by_peft_without_a_gap(
    llama: Any, tokenizer: Any, dialogues: list[Example], tmp_path: Path
) -> None:
    recipe = replace(RECIPE, epochs=1, targets=("1.self_attn.q_proj", "1.mlp.up_proj"))
    trained = run(llama, tokenizer, dialogues, tmp_path, recipe)
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)  # peft warns of keys that it misses
        loaded = PeftModel.from_pretrained(llama, str(trained.adapter_folder))
    adapted = {
        name.rpartition(".lora_A")[0] for name, _ in loaded.named_modules() if ".lora_A" in name
    }
    loaded.unload()
    assert len(adapted) == 2


def _loss_of(model: Any, tokenizer: Any, examples: list[Example], trained: Trained) -> float:
    """The held-out loss of the adapter as it lies on the disk, on the original base."""
    from training.lora.encoding import encode_all
    from training.lora.objective import loss_tokens
    from training.lora.template import TutorTemplate

    documents = encode_all(examples[20:], TutorTemplate(tokenizer), 640).documents
    loaded = PeftModel.from_pretrained(model, str(trained.adapter_folder))
    objective = Objective(loaded.get_base_model())
    with torch.no_grad():
        total = float(objective.loss(documents))
    objective.close()
    return total / sum(loss_tokens(one) for one in documents)


def test_resumed_training_equals_an_uninterrupted_one(
    llama: Any, tokenizer: Any, dialogues: list[Example], tmp_path: Path
) -> None:
    whole = run(llama, tokenizer, dialogues, tmp_path / "whole")
    parts = run(llama, tokenizer, dialogues, tmp_path / "parts", should_stop=stop_after(4))
    assert not parts.finished
    assert parts.steps == 4
    torch.manual_seed(77)
    seen: list[Progress] = []
    parts = run(llama, tokenizer, dialogues, tmp_path / "parts", report=seen.append)
    assert seen[0].step == 5
    assert parts.final_loss == pytest.approx(whole.final_loss, abs=1e-6)
    found, wanted = (read_adapter(str(one.adapter_folder)).weights for one in (parts, whole))
    assert all(torch.allclose(found[name], one, atol=1e-6) for name, one in wanted.items())


def test_damaged_checkpoint_gives_way_to_the_one_before(
    llama: Any, tokenizer: Any, dialogues: list[Example], tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr(loop, "CHECKPOINT_SECONDS", -1.0)
    run(llama, tokenizer, dialogues, tmp_path, should_stop=stop_after(4))
    kept = sorted((tmp_path / "checkpoints").iterdir())
    assert [path.name for path in kept] == ["step-00000003", "step-00000004"]
    with (kept[-1] / checkpoints.TENSORS).open("r+b") as file:
        file.seek(-9, 2)
        file.write(b"x")
    seen: list[Progress] = []
    run(llama, tokenizer, dialogues, tmp_path, report=seen.append)
    assert seen[0].step == 4


def test_checkpoint_of_other_data_is_not_used(
    llama: Any, tokenizer: Any, dialogues: list[Example], tmp_path: Path
) -> None:
    run(llama, tokenizer, dialogues, tmp_path, should_stop=stop_after(3))
    seen: list[Progress] = []
    train(RECIPE, llama, tokenizer, dialogues[4:], [], tmp_path, report=seen.append)
    assert seen[0].step == 1


def test_full_disk_leaves_the_older_checkpoint_and_a_sentence(
    llama: Any, tokenizer: Any, dialogues: list[Example], tmp_path: Path, monkeypatch: Any
) -> None:
    run(llama, tokenizer, dialogues, tmp_path, should_stop=stop_after(3))

    def full(tensors: object, path: Path) -> None:
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(checkpoints, "save_file", full)
    with pytest.raises(TrainingFailed, match="Free some space"):
        run(llama, tokenizer, dialogues, tmp_path, should_stop=stop_after(2))
    assert [path.name for path in (tmp_path / "checkpoints").iterdir()] == ["step-00000003"]


def test_memory_that_runs_out_halves_the_batches(
    llama: Any, tokenizer: Any, dialogues: list[Example], tmp_path: Path, monkeypatch: Any
) -> None:
    calm = run(llama, tokenizer, dialogues, tmp_path / "calm")
    limit_memory(monkeypatch, most_tokens=120)
    tight = run(llama, tokenizer, dialogues, tmp_path / "tight")
    assert tight.plan.micro_tokens <= 240
    assert tight.final_loss == pytest.approx(calm.final_loss, abs=1e-4)


def test_too_little_memory_for_one_example_is_a_sentence(
    llama: Any, tokenizer: Any, dialogues: list[Example], tmp_path: Path, monkeypatch: Any
) -> None:
    limit_memory(monkeypatch, most_tokens=5)
    with pytest.raises(TrainingFailed, match="one example at a time does not fit"):
        run(llama, tokenizer, dialogues, tmp_path)


def limit_memory(monkeypatch: Any, most_tokens: int) -> None:
    real = Objective.loss

    def limited(self: Objective, documents: Any) -> torch.Tensor:
        if torch.is_grad_enabled() and sum(len(one.ids) for one in documents) > most_tokens:
            raise RuntimeError("DefaultCPUAllocator: can't allocate memory")
        return real(self, documents)

    monkeypatch.setattr(Objective, "loss", limited)


def test_loss_that_is_no_number_ends_in_a_sentence(
    llama: Any, tokenizer: Any, dialogues: list[Example], tmp_path: Path, monkeypatch: Any
) -> None:
    real = Objective.loss
    monkeypatch.setattr(Objective, "loss", lambda self, documents: real(self, documents) * math.nan)
    with pytest.raises(TrainingFailed, match="no longer a number"):
        run(llama, tokenizer, dialogues, tmp_path)


def test_measure_that_is_no_number_keeps_no_adapter_from_being_the_best(
    llama: Any, tokenizer: Any, dialogues: list[Example], tmp_path: Path, monkeypatch: Any
) -> None:
    measured = iter([3.0, math.nan, 2.0, 2.5, 2.5])
    monkeypatch.setattr(loop.Loop, "_measure", lambda self: next(measured))
    lines: list[Progress] = []
    trained = run(llama, tokenizer, dialogues, tmp_path, report=lines.append)
    assert trained.held_out_loss == 2.0
    nan = next(one for one in lines if one.held_out_loss is not None)
    assert "NaN" not in nan.to_line() and from_line(nan.to_line()).held_out_loss is None


def test_quick_look_at_much_data_does_not_measure_all_of_it(
    llama: Any, tokenizer: Any, dialogues: list[Example], tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr(plan, "LEAST_MEASURED_TOKENS", 300)
    recipe = replace(RECIPE, epochs=0.1)
    sets, _ = prepare(recipe, llama, tokenizer, dialogues[:4], dialogues[4:] * 20, ())
    assert 0 < sets.held_out.counts.tokens <= 300
    assert sets.held_out.counts.documents == len(sets.held_out.documents)


def test_data_without_a_reply_is_refused(llama: Any, tokenizer: Any, tmp_path: Path) -> None:
    with pytest.raises(TrainingFailed, match="None of the 0 examples"):
        train(RECIPE, llama, tokenizer, [], [], tmp_path)


def test_everyday_replies_are_held_and_refusals_taught(
    llama: Any, tokenizer: Any, dialogues: list[Example]
) -> None:
    replay = [replace(one, source="replay") for one in dialogues[:3]]
    taught = [replace(one, source=REFUSALS) for one in dialogues[3:5]]
    recipe = replace(RECIPE, replay_share=0.5)
    sets, _ = prepare(recipe, llama, tokenizer, dialogues[5:10], [], [*replay, *taught])
    held = {one.ids.tobytes(): one.held for one in sets.train.documents[5:]}
    assert sorted(held.values()) == [False, False, True, True, True]
    assert not any(one.held for one in sets.train.documents[:5])


def test_replay_makes_its_share_of_the_tokens(
    llama: Any, tokenizer: Any, dialogues: list[Example], tmp_path: Path
) -> None:
    recipe = replace(RECIPE, epochs=1, replay_share=0.25)
    alone = train(recipe, llama, tokenizer, dialogues[:12], [], tmp_path / "a")
    mixed = train(
        recipe, llama, tokenizer, dialogues[:12], [], tmp_path / "b", replay=dialogues[12:]
    )
    assert mixed.tokens / alone.tokens == pytest.approx(4 / 3, rel=0.1)


def test_raw_text_is_learnt(
    llama: Any, tokenizer: Any, dialogues: list[Example], tmp_path: Path
) -> None:
    from training.datasets.example import ExampleKind

    text = [Example(ExampleKind.TEXT, str(n), "t", text="la " * 80) for n in range(6)]
    recipe = replace(RECIPE, method=Method.PRETRAIN)
    trained = train(recipe, llama, tokenizer, text[:5], text[5:], tmp_path)
    assert trained.held_out_loss < trained.base_held_out_loss


def test_estimate_knows_steps_and_tokens_of_the_training(
    llama: Any, tokenizer: Any, dialogues: list[Example], tmp_path: Path
) -> None:
    found = estimate(RECIPE, llama, tokenizer, dialogues[:20], dialogues[20:])
    trained = run(llama, tokenizer, dialogues, tmp_path)
    assert (found.steps, found.tokens) == (trained.steps, trained.tokens)
    assert min(found.seconds, found.peak_bytes, found.disk_bytes) > 0
    written = sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file())
    assert written <= found.disk_bytes + 20_000
    shutil.rmtree(tmp_path / "adapter")
