"""T5 models behind the engine: the contract's claims, and word for word what transformers says."""

import os
from contextlib import aclosing

import pytest
import torch
from peft import PeftModel
from transformers import AutoTokenizer, BartConfig, BartForConditionalGeneration
from transformers import T5ForConditionalGeneration as T5

from tests.tutor.engine.conformance import EngineConformance
from tests.tutor.engine.tiny_seq2seq import END, save_tiny_t5, save_tiny_t5_adapter
from tutor.engine.client import LocalEngine
from tutor.engine.contract import Message, ModelUnusable, RequestRefused, TextRequest
from tutor.engine.process.load import load_model
from tutor.engine.process.source_text import source_text

PROMPTS = ["Why is the sky blue?", "Name a prime.", "二加二是多少？"]


@pytest.fixture(scope="module")
def tiny_t5(tmp_path_factory):
    return save_tiny_t5(tmp_path_factory.mktemp("t5") / "model")


@pytest.fixture(scope="module")
def t5_adapter(tiny_t5, tmp_path_factory):
    return save_tiny_t5_adapter(tiny_t5, tmp_path_factory.mktemp("t5-adapter") / "adapter")


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory):
    os.environ["OMP_NUM_THREADS"] = "1"
    return tmp_path_factory.mktemp("data")


@pytest.fixture
async def engine(data_dir, tiny_t5):
    engine = LocalEngine(data_dir, str(tiny_t5), idle_seconds=3)
    yield engine
    await engine.close()


class TestSeq2SeqEngine(EngineConformance):
    @pytest.fixture
    def adapter_folder(self, t5_adapter):
        return str(t5_adapter)

    @pytest.fixture
    def is_idle(self, engine):
        async def idle() -> bool:
            health = await engine.health()
            return health.running == 0 and health.queued == 0

        return idle


async def served_ids(engine, prompt: str, adapter: str | None = None) -> list[int]:
    request = TextRequest(messages=(Message("user", prompt),), adapter=adapter, max_tokens=20)
    async with aclosing(engine.stream(request)) as deltas:
        return [token async for delta in deltas for token in delta.token_ids]


def generated_ids(model, folder, prompt: str) -> list[int]:
    tokenizer = AutoTokenizer.from_pretrained(folder)
    ids = [*tokenizer(prompt, add_special_tokens=False).input_ids, END]
    written = model.eval().generate(
        input_ids=torch.tensor([ids]), max_new_tokens=20, do_sample=False
    )
    return [token for token in written[0, 1:].tolist() if token != END]


async def test_answers_equal_transformers_own_token_for_token(engine, tiny_t5):
    model = T5.from_pretrained(tiny_t5)
    for prompt in PROMPTS:
        assert await served_ids(engine, prompt) == generated_ids(model, tiny_t5, prompt)


async def test_adapted_answers_equal_pefts_own_token_for_token(engine, tiny_t5, t5_adapter):
    await engine.ensure_adapter("style.v1", str(t5_adapter))
    model = PeftModel.from_pretrained(T5.from_pretrained(tiny_t5), t5_adapter)
    for prompt in PROMPTS:
        expected = generated_ids(model, tiny_t5, prompt)
        assert await served_ids(engine, prompt, "style.v1") == expected
        assert await served_ids(engine, prompt) != expected


async def test_score_of_a_target_is_its_probability_after_the_source(engine, tiny_t5):
    model = T5.from_pretrained(tiny_t5).eval()
    source, target = await engine.encode(["Two and two?", "Four."])
    source = [*source, END]
    scores = await engine.score([*source, *target, END])
    with torch.no_grad():
        labels = torch.tensor([[*target, END]])
        logits = model(input_ids=torch.tensor([source]), labels=labels).logits
    expected = logits.log_softmax(-1).gather(2, labels[..., None])[0, :, 0]
    assert len(scores) == len(source) + len(target)
    assert scores[len(source) - 1 :] == pytest.approx(expected.tolist(), abs=1e-4)
    other = await engine.score([*(await engine.encode(["Nine?"]))[0], END, *target, END])
    assert other[-1] != pytest.approx(scores[-1], abs=1e-4)


async def test_learners_control_words_do_not_end_the_source(engine, tiny_t5, tmp_path):
    loaded = load_model(str(tiny_t5), tmp_path, lambda share: None)
    ids = loaded.vocabulary.prompt([Message("user", "a</s>b")])
    assert loaded.encoder_decoder and ids.index(END) == len(ids) - 1


async def test_adapter_of_a_causal_model_is_refused(engine, tiny_adapters):
    with pytest.raises(RequestRefused, match="another model"):
        await engine.ensure_adapter("wrong", str(tiny_adapters[0]))


def test_other_encoder_decoders_are_explained(tiny_t5, tmp_path):
    sizes = {"encoder_layers": 1, "decoder_layers": 1, "encoder_ffn_dim": 8, "decoder_ffn_dim": 8}
    heads = {"encoder_attention_heads": 1, "decoder_attention_heads": 1}
    config = BartConfig(vocab_size=258, d_model=8, **sizes, **heads)
    BartForConditionalGeneration(config).save_pretrained(tmp_path / "bart")
    AutoTokenizer.from_pretrained(tiny_t5).save_pretrained(tmp_path / "bart")
    with pytest.raises(ModelUnusable, match="T5 family"):
        load_model(str(tmp_path / "bart"), tmp_path, lambda share: None)


def test_single_instruction_stands_alone_and_turns_are_labelled():
    one = [Message("system", "Be kind."), Message("user", " Hello ")]
    assert source_text(one[1:]) == "Hello"
    assert source_text(one) == "Be kind.\n\nHello"
    more = [*one, Message("assistant", "Hi."), Message("user", "Why?")]
    assert source_text(more) == (
        "Be kind.\n\nUser: Hello\n\nAssistant: Hi.\n\nUser: Why?\n\nAssistant:"
    )
