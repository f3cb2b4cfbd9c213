"""One call turns rows into a tuned model, and a bad row into a sentence."""

from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoTokenizer, LlamaForCausalLM

from tests.tutor.engine.tiny_model import save_tiny_model
from training.failure import TrainingFailed
from training.fine_tuning import fine_tune
from training.lora.train import train

ROWS = [{"prompt": f"{n}?", "answer": f"Count to {n}."} for n in range(24)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_model(tmp_path_factory.mktemp("tiny"))


def test_rows_change_what_the_model_says(folder: Path, tmp_path: Path) -> None:
    model, tokenizer = _loaded(folder)
    ids = torch.tensor([tokenizer.encode("2?")])
    before = model(ids).logits.detach().clone()
    tuned = fine_tune(model, tokenizer, ROWS, 1, folder=tmp_path, show=False)
    assert not torch.allclose(tuned(ids).logits, before, atol=1e-3)
    with tuned.disable_adapter():
        assert torch.allclose(tuned(ids).logits, before, atol=1e-5)
    assert (tmp_path / "adapter" / "adapter_config.json").exists()


def test_file_and_messages_are_read_too(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text(
        '{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}\n'
        '{"text": "Rain falls from clouds."}\n'
    )
    assert fine_tune(*_loaded(folder), file, 1, show=False) is not None


def test_problem_that_is_repeated_is_not_held_out_and_trained_on(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: dict[str, Any] = {}

    def watched(
        recipe: Any,
        model: Any,
        tokenizer: Any,
        learnt: Any,
        held_out: Any,
        *more: Any,
        **others: Any,
    ) -> Any:
        given["learnt"], given["held_out"] = learnt, held_out
        return train(recipe, model, tokenizer, learnt, held_out, *more, **others)

    monkeypatch.setattr("training.lora.train.train", watched)
    fine_tune(*_loaded(folder), ROWS * 3, 0.1, show=False)
    asked = [{one.messages[0].content for one in given[side]} for side in ("learnt", "held_out")]
    assert asked[1] and not asked[0] & asked[1]


def test_row_of_no_known_form_is_named(folder: Path) -> None:
    with pytest.raises(TrainingFailed, match="Example 2 has neither"):
        fine_tune(*_loaded(folder), [ROWS[0], {"question": "?"}], 1, show=False)


def _loaded(folder: Path) -> tuple[Any, Any]:
    model = LlamaForCausalLM.from_pretrained(folder)
    return model.eval(), AutoTokenizer.from_pretrained(folder)
