"""General chat against forgetting: whose prompts, whose words, and when they are asked for."""

import json
import re

import pytest

from tests.tutor.engine.tiny_model import save_tiny_model
from tests.tutor.engine.tiny_seq2seq import save_tiny_t5
from training import replay
from training.gate import prompts as gate
from training.gate.replies import REFUSES
from training.lora.base import load_base
from training.lora.recipe import Effort, Method, Recipe
from tutor.engine.process.identity import weights_hash
from tutor.engine.process.vocabulary import Vocabulary

QUICK = Recipe(Method.SUPERVISED, Effort.QUICK)


def normalised(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def test_replay_and_gate_have_no_prompt_in_common():
    ours = {normalised(one.text) for one in replay.prompts()}
    theirs = {normalised(one.text) for file in (gate.GENERAL, gate.REFUSALS)
              for one in gate.prompts(file)}  # fmt: skip
    refused = {normalised(one.messages[0].content) for one in replay.refusals(("en", "zh"))}
    assert len(refused) == len(replay.refusals(("en", "zh"))) > 60
    assert not refused & (ours | theirs)
    assert len(ours) == len(replay.prompts()) > 200
    assert not ours & theirs


@pytest.fixture
def name(tmp_path):
    return str(save_tiny_model(tmp_path / "model", initializer_range=0.02))


@pytest.fixture
def ending(name):
    """A base whose replies come to an end after a while."""
    import torch

    base = load_base(name, replay.Path(name).parent)
    with torch.no_grad():
        base.model.lm_head.weight.zero_()  # every token alike, the end among 258
        base.model.lm_head.weight[250:] = 0.0
    return base


def chat(recipe, name, tmp_path, base):
    return replay.general_chat(recipe, name, tmp_path, base.model, base.tokenizer)


def test_replies_are_sampled_once_for_each_base(name, ending, tmp_path, monkeypatch):
    first = chat(QUICK, name, tmp_path, ending)
    everyday = [one for one in first if one.source == replay.SOURCE]
    assert 0 < len(everyday) <= 24
    assert [one for one in first if one not in everyday] == replay.refusals(["en"])
    assert all(one.messages[-1].role == "assistant" for one in first)
    folder = replay.Path(name)
    kept = tmp_path / "replay" / f"{weights_hash(folder, tmp_path)}.json"
    assert len(json.loads(kept.read_text())) == 24

    def never(*args, **kwargs):
        raise AssertionError("asked again")

    monkeypatch.setattr(replay, "sample", never)
    assert chat(QUICK, name, tmp_path, ending) == first
    kept.write_text("{half")
    with pytest.raises(AssertionError, match="asked again"):
        chat(QUICK, name, tmp_path, ending)


def test_same_base_says_the_same_again(ending):
    few = replay.prompts()[:6]
    says = [replay.sample(few, ending.model, ending.tokenizer, "") for _ in range(2)]
    assert says[0] == says[1] and set(says[0]) == {replay._key(one) for one in few}


def test_t5_replies_are_its_targets(tmp_path):
    name = str(save_tiny_t5(tmp_path / "t5"))
    base = load_base(name, tmp_path)
    base.model.lm_head.weight.data.zero_()
    found = chat(Recipe(Method.SEQ2SEQ, Effort.QUICK), name, tmp_path, base)
    assert found and all(one.messages[-1].content for one in found)


def test_every_request_for_harm_is_turned_down_as_the_gate_counts_it():
    for one in replay.refusals(("en", "zh")):
        assert REFUSES.search(one.messages[-1].content), one.messages


def test_reply_that_was_cut_off_ends_with_its_last_whole_sentence(ending):
    vocabulary = Vocabulary(ending.tokenizer, [257], {})

    def whole(text: str, *end: int) -> str:
        return replay._whole([*vocabulary.encode([text])[0], *end], vocabulary)

    assert whole("It is 2.5 m. That is lo") == "It is 2.5 m."
    assert whole('She said "go!" and we') == 'She said "go!"'
    assert whole("no sentence at all") == ""
    assert whole("short but ended", 257) == "short but ended"


@pytest.mark.parametrize(
    "recipe", [Recipe(replay_share=0.0), Recipe(Method.DPO), Recipe(Method.KTO)]
)
def test_where_none_is_wanted_nothing_is_sampled(recipe, name, ending, tmp_path):
    assert chat(recipe, name, tmp_path, ending) == []
    assert not (tmp_path / "replay").exists()


def test_languages_are_those_of_the_model(name, ending, tmp_path):
    texts = [one.messages[0].content for one in chat(QUICK, name, tmp_path, ending)]
    assert not any(re.search("[一-鿿]", text) for text in texts)


def test_shipped_replies_cover_a_quick_training_and_belong_to_one_base():
    record = json.loads(replay._data(replay.SHIPPED))
    known = sorted((one for one in replay.prompts() if one.language == "en"), key=replay._key)
    replies = replay.shipped(record["base_hash"])
    assert set(replies) <= {replay._key(one) for one in known}
    quick = [replies[replay._key(one)] for one in known[: replay.COUNTS[Effort.QUICK]]]
    assert sum(map(bool, quick)) > len(quick) / 2
    assert replay.shipped("another") == {}
