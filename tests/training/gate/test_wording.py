"""What is scored is the tutor's words alone, for both kinds of model, as their engines score it."""

import pytest
import torch
from transformers import AutoTokenizer, T5ForConditionalGeneration

from tests.training.gate.conftest import FINE, moment
from tests.tutor.engine.tiny_seq2seq import byte_tokenizer, save_tiny_t5
from training.datasets.example import ChatMessage, Example, ExampleKind
from training.gate.wording import Continuing, Targeting, wording_of
from training.lora.template import IGNORED
from tutor.engine.process.adapters import Adapters
from tutor.engine.process.seq2seq import Seq2SeqRunner
from tutor.engine.process.source_text import SourceVocabulary

TURNS = (
    ChatMessage("user", "Hello"),
    ChatMessage("assistant", "First"),
    ChatMessage("user", "And?"),
    ChatMessage("assistant", "Second"),
)


def counted(tokenizer, encoded) -> str:
    ids = [
        token for token, label in zip(encoded.ids, encoded.labels, strict=True) if label != IGNORED
    ]
    return tokenizer.decode(ids)


@pytest.fixture(params=["continuing", "targeting"])
def both(request, wording):
    if request.param == "continuing":
        return wording, wording._template._tokenizer, "<|im_end|>"
    tokenizer = byte_tokenizer()
    return Targeting(SourceVocabulary(tokenizer, (), {})), tokenizer, "</s>"


def test_a_document_counts_the_tutors_words_and_their_end(both):
    wording, tokenizer, end = both
    (document,) = wording.documents(moment(1), 1024)
    assert counted(tokenizer, document) == FINE + end


def test_a_reply_counts_the_last_turn_alone(both):
    wording, tokenizer, end = both
    assert counted(tokenizer, wording.reply(TURNS, whole=True)) == "Second" + end
    assert counted(tokenizer, wording.reply(TURNS, whole=False)) == "Second"


def test_text_that_is_too_long_comes_in_pieces(both):
    wording, _, _ = both
    text = Example(ExampleKind.TEXT, "page", "upload", text="Apples are round. " * 20)
    pieces = wording.documents(text, 64)
    assert len(pieces) > 3
    assert all(piece.loss_tokens for piece in pieces)


def test_a_model_says_itself_how_it_is_worded(tmp_path, tiny_models):
    causal, t5 = tiny_models
    assert isinstance(wording_of(str(causal), tmp_path), Continuing)
    assert isinstance(wording_of(str(t5), tmp_path), Targeting)


@pytest.fixture(scope="module")
def tiny_models(tmp_path_factory):
    from tests.tutor.engine.tiny_model import save_tiny_model

    root = tmp_path_factory.mktemp("models")
    return save_tiny_model(root / "causal"), save_tiny_t5(root / "t5")


def test_an_encoder_decoder_engine_scores_the_target_as_the_model_does(tiny_models):
    folder = tiny_models[1]
    model = T5ForConditionalGeneration.from_pretrained(folder).eval()
    vocabulary = SourceVocabulary(AutoTokenizer.from_pretrained(folder), (), {})
    encoded = Targeting(vocabulary).reply(TURNS[:2], whole=True)
    runner = Seq2SeqRunner(model, Adapters(model))
    scores = runner.score_piece(encoded.ids.tolist(), encoded.ids.tolist()[1:], None, None)
    target = [label for label in encoded.labels if label != IGNORED]
    source = encoded.ids.tolist()[: -len(target)]
    with torch.no_grad():
        loss = model(input_ids=torch.tensor([source]), labels=torch.tensor([target])).loss
    assert -sum(scores[-len(target) :]) / len(target) == pytest.approx(loss.item(), abs=1e-4)
