"""T5 models learn targets from sources, with tiny random weights."""

import json
from pathlib import Path

import pytest
import torch
from peft import PeftModel
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

from tests.tutor.engine.tiny_model import save_tiny_model
from tests.tutor.engine.tiny_seq2seq import END, save_tiny_t5
from training.datasets.example import ChatMessage, Example, ExampleKind
from training.failure import TrainingFailed
from training.lora.encoding import Counts
from training.lora.estimate import estimate
from training.lora.recipe import Effort, Method, Recipe
from training.lora.train import train as train_by_method
from training.seq2seq import seq2seq_task, train_seq2seq
from training.seq2seq.rows import rows_from
from training.trainer.replaying import mixed
from training.trainer.running import arguments
from tutor.engine.process.source_text import SourceVocabulary

RECIPE = Recipe(Method.SEQ2SEQ, Effort.QUICK, rank=4, learning_rate=1e-2, epochs=4.0)


@pytest.fixture(scope="session")
def t5_folder(tmp_path_factory):
    return save_tiny_t5(tmp_path_factory.mktemp("seq2seq") / "model", dropout_rate=0.1)


@pytest.fixture
def model(t5_folder):
    return AutoModelForSeq2SeqLM.from_pretrained(t5_folder)


@pytest.fixture(scope="session")
def tokenizer(t5_folder):
    return AutoTokenizer.from_pretrained(t5_folder)


def dialogue(number: int, *more: ChatMessage) -> Example:
    turns = (
        ChatMessage("system", "Be kind."),
        ChatMessage("user", f"What is {number} + 1?"),
        ChatMessage("assistant", "Count on by one."),
    )
    return Example(ExampleKind.DIALOGUE, f"g{number}", "test", messages=(*turns, *more))


EXAMPLES = [dialogue(number) for number in range(16)]


def test_held_out_targets_become_likelier(model, tokenizer, tmp_path):
    lines = []
    ended = train_by_method(
        RECIPE, model, tokenizer, EXAMPLES, [dialogue(30)], tmp_path, report=lines.append
    )
    assert ended.held_out_loss < ended.base_held_out_loss - 0.1
    assert [line.step for line in lines] == list(range(1, lines[-1].steps + 1))
    assert ended.tokens == 4 * ended.counts.tokens
    config = json.loads((ended.adapter_folder / "adapter_config.json").read_text())
    assert config["task_type"] == "SEQ_2_SEQ_LM"


def test_two_steps_reload_to_identical_output(model, t5_folder, tokenizer, tmp_path):
    ids = torch.tensor([[40, 41, 42, END]])
    chosen = Recipe(Method.SEQ2SEQ, Effort.QUICK, rank=4, learning_rate=1e-2, epochs=1.0)
    ended = train_seq2seq(chosen, model, tokenizer, EXAMPLES[:8], (), tmp_path)
    assert ended.steps >= 2 and not any("lora" in name for name, _ in model.named_modules())

    def answer(base) -> list[int]:
        tuned = PeftModel.from_pretrained(base, ended.adapter_folder).eval()
        return tuned.generate(input_ids=ids, max_new_tokens=12).tolist()

    first = answer(model)
    assert answer(AutoModelForSeq2SeqLM.from_pretrained(t5_folder)) == first


def test_resumed_training_equals_an_uninterrupted_one(model, tokenizer, tmp_path):
    whole = train_seq2seq(RECIPE, model, tokenizer, EXAMPLES, (), tmp_path / "one")
    times = iter(range(100))
    stopped = train_seq2seq(
        RECIPE, model, tokenizer, EXAMPLES, (), tmp_path / "two",
        should_stop=lambda: next(times) >= 3,
    )  # fmt: skip
    assert not stopped.finished and 0 < stopped.steps < whole.steps
    resumed = train_seq2seq(RECIPE, model, tokenizer, EXAMPLES, (), tmp_path / "two")
    assert resumed.final_loss == pytest.approx(whole.final_loss, abs=1e-4)
    files = [one.adapter_folder / "adapter_model.safetensors" for one in (whole, resumed)]
    assert files[0].read_bytes() == files[1].read_bytes()


def test_other_data_does_not_resume_what_lies_in_the_folder(model, tokenizer, tmp_path):
    train_seq2seq(RECIPE, model, tokenizer, EXAMPLES, (), tmp_path, should_stop=lambda: True)
    other = train_seq2seq(RECIPE, model, tokenizer, EXAMPLES[:-1], (), tmp_path)
    fresh = train_seq2seq(RECIPE, model, tokenizer, EXAMPLES[:-1], (), tmp_path / "fresh")
    assert other.final_loss == fresh.final_loss


@pytest.mark.parametrize("method", [Method.KTO, Method.DPO])
def test_preferences_of_a_pair_model_are_explained(method, model, tokenizer, tmp_path):
    with pytest.raises(TrainingFailed, match="causal models only"):
        train_by_method(Recipe(method), model, tokenizer, EXAMPLES, (), tmp_path)


def test_supervised_means_sources_and_targets_here(model, tokenizer, tmp_path):
    chosen = Recipe(Method.SUPERVISED, Effort.QUICK, rank=4)
    ended = train_by_method(chosen, model, tokenizer, EXAMPLES[:4], (), tmp_path)
    assert ended.finished


def test_every_turn_of_the_tutor_is_a_target_after_what_came_before(tokenizer):
    vocabulary = SourceVocabulary(tokenizer, [END], {})
    more = (ChatMessage("user", "Why?"), ChatMessage("assistant", "Because."))
    rows = rows_from([dialogue(1, *more)], vocabulary, 500, Counts())
    read = [(tokenizer.decode(r["input_ids"]), tokenizer.decode(r["labels"])) for r in rows]
    assert read[0] == ("Be kind.\n\nWhat is 1 + 1?</s>", "Count on by one.</s>")
    assert read[1][0].endswith("User: Why?\n\nAssistant:</s>") and read[1][1] == "Because.</s>"


def test_raw_text_is_continued(tokenizer):
    text = Example(ExampleKind.TEXT, "g", "test", text="abcdefgh")
    vocabulary = SourceVocabulary(tokenizer, [END], {})
    (row,) = rows_from([text], vocabulary, 100, Counts())
    assert tokenizer.decode(row["input_ids"]) == "abcd</s>"
    assert tokenizer.decode(row["labels"]) == "efgh</s>"


def test_long_sources_are_cut_and_long_targets_left_out(tokenizer):
    counts, vocabulary = Counts(), SourceVocabulary(tokenizer, [END], {})
    rows = rows_from([dialogue(1)], vocabulary, 20, counts)
    assert len(rows[0]["input_ids"]) == 20 and counts.truncated == 1
    assert rows_from([dialogue(1)], vocabulary, 10, counts) == [] and counts.rejected == 1


def test_general_chat_makes_its_share_of_the_tokens():
    rows = mixed(["aaaa"] * 9, ["bb"] * 50, len, 0.1, seed=1)
    assert rows.count("bb") == 2 and mixed(["a"], [], len, 0.1, 1) == ["a"]


def test_causal_models_and_empty_data_are_explained(model, tokenizer, tmp_path: Path):
    from transformers import AutoModelForCausalLM

    with pytest.raises(TrainingFailed, match="can be trained on"):
        train_seq2seq(RECIPE, model, tokenizer, [], (), tmp_path)
    causal = AutoModelForCausalLM.from_pretrained(save_tiny_model(tmp_path / "causal"))
    with pytest.raises(TrainingFailed, match="causal model"):
        train_seq2seq(RECIPE, causal, tokenizer, EXAMPLES, (), tmp_path)


def test_estimate_names_the_steps_of_the_real_training(model, tokenizer, tmp_path):
    found = estimate(RECIPE, model, tokenizer, EXAMPLES)
    ended = train_seq2seq(RECIPE, model, tokenizer, EXAMPLES, (), tmp_path)
    assert found.steps == ended.steps
    assert found.tokens == pytest.approx(ended.tokens, rel=0.1)
    assert found.seconds > 0 and found.peak_bytes > 0 and found.disk_bytes > 0
    assert not any("lora" in name for name, _ in model.named_modules())


def test_other_gpus_do_not_join_in_unasked(model, tokenizer, tmp_path, monkeypatch):
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 4)
    task = seq2seq_task(RECIPE, model, tokenizer, EXAMPLES, ())
    told = arguments(task, tmp_path, model, task.rows) | {"use_cpu": False}
    trainer = task.build(told, task.rows)
    assert trainer.args.n_gpu <= 1
    assert trainer.args.train_batch_size == task.rows.per_device
