"""Learning from preferences with tiny random models: what is said more, what less, and resuming."""

import json
from dataclasses import replace

import pytest
import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM

from tests.training.preference.conftest import asked, pair, rated, recipe
from tests.tutor.engine.tiny_model import save_tiny_adapter
from training.datasets.example import ChatMessage, Example, ExampleKind
from training.failure import TrainingFailed
from training.lora import plan as planning
from training.lora.estimate import estimate
from training.lora.recipe import Method
from training.lora.template import TutorTemplate
from training.preference import preference_task, train_preference
from training.preference.rows import encode, with_mismatched
from training.trainer.running import arguments

PAIRS = [pair(number) for number in range(16)]
RATED = [rated(number, number % 2 == 0) for number in range(16)]
HELD_OUT = {Method.DPO: [pair(20), pair(21)], Method.KTO: [rated(20, True), rated(21, False)]}
DATA = {Method.DPO: PAIRS, Method.KTO: RATED}
METHODS = pytest.mark.parametrize("method", [Method.DPO, Method.KTO])


@torch.no_grad()
def log_probability(model, tokenizer, number: int, reply: str) -> float:
    prompt, ids = encode(TutorTemplate(tokenizer), asked(number), reply, 500)
    logits = model.eval()(torch.tensor([[*prompt, *ids]])).logits[0, len(prompt) - 1 : -1]
    return float(logits.log_softmax(-1).gather(1, torch.tensor(ids)[:, None]).sum())


@METHODS
def test_wanted_replies_become_likelier_and_unwanted_ones_less(method, model, tokenizer, tmp_path):
    before = [log_probability(model, tokenizer, 30, r) for r in ("What do you think?", "It is 31!")]
    lines = []
    ended = train_preference(
        recipe(method), model, tokenizer, DATA[method], HELD_OUT[method], tmp_path,
        report=lines.append,
    )  # fmt: skip
    tuned = PeftModel.from_pretrained(model, ended.adapter_folder)
    after = [log_probability(tuned, tokenizer, 30, r) for r in ("What do you think?", "It is 31!")]
    assert after[0] > before[0] and after[1] < before[1]
    assert ended.held_out_loss < ended.base_held_out_loss
    assert [line.step for line in lines] == list(range(1, lines[-1].steps + 1))
    assert lines[-1].seconds_left == 0 and lines[-1].tokens == ended.tokens > 0


@METHODS
def test_two_steps_reload_to_identical_output_and_leave_the_model_as_it_was(
    method, model, model_folder, tokenizer, tmp_path
):
    ids = torch.tensor([[5, 9, 40, 7]])
    with torch.no_grad():
        untouched = model(ids).logits
    data = DATA[method][:8]
    ended = train_preference(recipe(method, epochs=1.0), model, tokenizer, data, (), tmp_path)
    assert ended.steps >= 2 and ended.held_out_loss is None
    with torch.no_grad():
        assert torch.equal(model(ids).logits, untouched)
        first, second = (
            PeftModel.from_pretrained(
                AutoModelForCausalLM.from_pretrained(model_folder), ended.adapter_folder
            )
            .eval()(ids)
            .logits
            for _ in range(2)
        )
    assert torch.equal(first, second) and not torch.equal(first, untouched)
    assert not any("lora" in name for name, _ in model.named_modules())
    config = json.loads((ended.adapter_folder / "adapter_config.json").read_text())
    assert config["task_type"] == "CAUSAL_LM" and config["r"] == 4


@METHODS
@pytest.mark.parametrize("damaged", [False, True])
def test_resumed_training_equals_an_uninterrupted_one(method, damaged, model, tokenizer, tmp_path):
    whole = train_preference(recipe(method), model, tokenizer, DATA[method], (), tmp_path / "one")
    asked_times = iter(range(100))

    def run(stop_after: int):
        return train_preference(
            recipe(method), model, tokenizer, DATA[method], (), tmp_path / "two",
            should_stop=lambda: next(asked_times) >= stop_after,
        )  # fmt: skip

    stopped = run(2)
    assert not stopped.finished and stopped.adapter_folder is None and stopped.steps == 3
    stopped = run(5)
    if damaged:
        newest = tmp_path / "two" / "checkpoints" / f"checkpoint-{stopped.steps}"
        (newest / "optimizer.pt").write_bytes(b"half")
    resumed = run(1000)
    assert resumed.finished and resumed.steps == whole.steps and resumed.tokens == whole.tokens
    assert resumed.final_loss == pytest.approx(whole.final_loss, abs=1e-4)
    name = "adapter_model.safetensors"
    assert (whole.adapter_folder / name).read_bytes() == (
        resumed.adapter_folder / name
    ).read_bytes()


@METHODS
def test_training_goes_on_from_an_adapter_and_is_measured_against_it(
    method, model, model_folder, tokenizer, tmp_path
):
    start = save_tiny_adapter(model_folder, tmp_path / "start", seed=2, rank=6)
    ended = train_preference(
        recipe(method), model, tokenizer, DATA[method], HELD_OUT[method], tmp_path, start=start
    )
    assert ended.plan.rank == 6
    if method is Method.DPO:  # equal to its reference, a policy prefers nothing
        assert ended.base_held_out_loss == pytest.approx(0.6931, abs=1e-3)
    names = {"adapter_config.json", "adapter_model.safetensors"}
    assert {path.name for path in ended.adapter_folder.iterdir()} == names
    tuned = PeftModel.from_pretrained(model, ended.adapter_folder)
    then = log_probability(tuned, tokenizer, 30, "What do you think?")
    tuned.unload()
    begun = PeftModel.from_pretrained(model, start)
    assert then > log_probability(begun, tokenizer, 30, "What do you think?")


def test_adapter_of_another_model_is_explained(model, tokenizer, tmp_path):
    with pytest.raises(TrainingFailed, match="can't go on"):
        train_preference(
            recipe(Method.DPO), model, tokenizer, PAIRS, (), tmp_path, start=tmp_path / "none"
        )


LIKED = [rated(number, True) for number in range(4)]
SAID = Example(ExampleKind.DIALOGUE, "g", "test", messages=LIKED[0].messages)
SAME = replace(pair(1), rejected=pair(1).chosen)
LONG = replace(pair(1), chosen="long " * 300)


@pytest.mark.parametrize(
    ("method", "examples", "words"),
    [
        (Method.DPO, [], "DPO needs"),
        (Method.DPO, LIKED, "DPO needs"),
        (Method.DPO, [SAME], "DPO needs"),
        (Method.DPO, [LONG], "fits into"),
        (Method.KTO, [SAID], "KTO needs"),
        (Method.KTO, LIKED, "were liked"),
        (Method.KTO, [rated(number, False) for number in range(4)], "were disliked"),
    ],
)
def test_data_without_a_preference_ends_in_a_sentence(
    method, examples, words, model, tokenizer, tmp_path
):
    with pytest.raises(TrainingFailed, match=words):
        train_preference(recipe(method), model, tokenizer, examples, (), tmp_path)


def test_pairs_are_ratings_of_both_kinds(model, tokenizer, tmp_path):
    ended = train_preference(recipe(Method.KTO, epochs=1.0), model, tokenizer, PAIRS, (), tmp_path)
    assert ended.counts.documents == 2 * len(PAIRS)


def test_lack_of_memory_halves_the_rows_and_then_ends_in_a_sentence(
    model, tokenizer, tmp_path, monkeypatch
):
    from training.preference.trainers import PairTrainer

    whole, tried = PairTrainer.training_step, []

    def narrow(self, model, inputs, *rest):
        tried.append(len(inputs["input_ids"]) // 2)
        if tried[-1] > limit:
            raise MemoryError
        return whole(self, model, inputs, *rest)

    monkeypatch.setattr(PairTrainer, "training_step", narrow)
    short = recipe(Method.DPO, epochs=1.0, batch_tokens=2048)
    limit = 1
    ended = train_preference(short, model, tokenizer, PAIRS, (), tmp_path / "a")
    assert ended.finished and tried[0] > 1 and tried[-1] == 1
    limit = 0
    with pytest.raises(TrainingFailed, match="one example at a time"):
        train_preference(short, model, tokenizer, PAIRS, (), tmp_path / "b")


def test_long_prompts_lose_their_beginning_and_keep_the_reply(model, tokenizer, tmp_path):
    messages = (ChatMessage("user", "word " * 200),)
    long = [replace(pair(number), messages=messages) for number in range(4)]
    chosen = recipe(Method.DPO, max_length=64, epochs=1.0)
    ended = train_preference(chosen, model, tokenizer, long, (), tmp_path)
    assert ended.counts.truncated == 4 and ended.counts.rejected == 0


def test_each_prompt_meets_its_neighbours_reply():
    rows = [{"prompt_ids": [n], "completion_ids": [10 + n]} for n in range(5)]
    found = [
        (row["prompt_ids"][0], row["KL_completion_ids"][0]) for row in with_mismatched(rows, 2)
    ]
    assert found == [(0, 11), (1, 10), (2, 13), (3, 12)]


@METHODS
def test_estimate_names_the_steps_of_the_real_training(method, model, tokenizer, tmp_path):
    found = estimate(recipe(method), model, tokenizer, DATA[method])
    ended = train_preference(recipe(method), model, tokenizer, DATA[method], (), tmp_path)
    assert found.steps == ended.steps
    assert found.tokens == pytest.approx(ended.tokens, rel=0.1)


def test_single_held_out_rating_is_not_measured(model, tokenizer, tmp_path):
    ended = train_preference(
        recipe(Method.KTO, epochs=0.5), model, tokenizer, RATED, [rated(20, True)], tmp_path
    )
    assert ended.finished and ended.held_out_loss is None


def test_much_held_out_data_is_measured_in_part(model, tokenizer, monkeypatch):
    monkeypatch.setattr(planning, "LEAST_MEASURED_TOKENS", 500)
    held_out = [pair(number) for number in range(100, 400)]
    task = preference_task(recipe(Method.DPO, epochs=1), model, tokenizer, PAIRS, held_out)
    assert 0 < len(task.held_out) < 30


@METHODS
def test_other_gpus_do_not_join_in_unasked(method, model, tokenizer, tmp_path, monkeypatch):
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 4)
    task = preference_task(recipe(method), model, tokenizer, DATA[method], ())
    told = arguments(task, tmp_path, model, task.rows) | {"use_cpu": False}
    trainer = task.build(told, task.rows)
    assert trainer.args.n_gpu <= 1
    assert trainer.args.train_batch_size == task.rows.per_device
