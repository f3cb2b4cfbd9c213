"""Loss falls on what the tutor says, and prompts have the engine's tokens."""

from typing import Any

import pytest

from tests.training.lora.conftest import dialogue
from training.datasets.example import ChatMessage, Example, ExampleKind
from training.lora.encoding import encode_all
from training.lora.template import IGNORED, Encoded, TemplateUnusable, TutorTemplate
from tutor.engine.contract import Message
from tutor.engine.process.vocabulary import Vocabulary

TALK = (
    ChatMessage("system", "Be kind."),
    ChatMessage("user", "2+2?"),
    ChatMessage("assistant", "Think of two pairs."),
    ChatMessage("user", "4"),
    ChatMessage("assistant", "Right!"),
)
SMOL = (
    "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}"
    "{{ '<|im_start|>system\nYou are helpful<|im_end|>\n' }}{% endif %}"
    "{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
GEMMA_LIKE = (
    "{% for m in messages %}{% if m['role'] == 'system' %}{{ raise_exception('none') }}{% endif %}"
    "<|im_start|>{{ 'model' if m['role'] == 'assistant' else m['role'] }}\n"
    "{{ m['content'] | trim }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>model\n{% endif %}"
)
THINKING = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n"
    "{% if m['role'] == 'assistant' and loop.last %}<think>\n\n</think>\n\n{% endif %}"
    "{{ m['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n<think>\n\n</think>\n\n{% endif %}"
)
SILENT = (
    "{% for m in messages %}{% if m['role'] == 'user' %}{{ m['content'] }}{% endif %}{% endfor %}"
)


def learnt(tokenizer: Any, encoded: Encoded) -> str:
    return str(tokenizer.decode([label for label in encoded.labels if label != IGNORED]))


@pytest.mark.parametrize("template", [None, SMOL, GEMMA_LIKE, THINKING])
def test_loss_is_on_every_turn_of_the_tutor_with_its_end(
    tokenizer: Any, template: str | None, monkeypatch: Any
) -> None:
    if template is not None:
        monkeypatch.setattr(tokenizer, "chat_template", template)
    encoded = TutorTemplate(tokenizer).encode(TALK)
    assert learnt(tokenizer, encoded) == "Think of two pairs.<|im_end|>Right!<|im_end|>"


@pytest.mark.parametrize("template", [SMOL, GEMMA_LIKE, THINKING])
def test_prompt_has_the_tokens_that_the_engine_renders(
    tokenizer: Any, template: str, monkeypatch: Any
) -> None:
    monkeypatch.setattr(tokenizer, "chat_template", template)
    encoded = TutorTemplate(tokenizer).encode(TALK)
    prompt = Vocabulary(tokenizer, (), {}).prompt([Message(m.role, m.content) for m in TALK[:-1]])
    assert list(encoded.ids[: len(prompt)]) == prompt
    assert tokenizer.decode(list(encoded.ids[len(prompt) :])) == "Right!<|im_end|>"


def test_model_without_a_template_learns_its_plain_form(tokenizer: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(tokenizer, "chat_template", None)
    encoded = TutorTemplate(tokenizer).encode(TALK[1:3])
    assert tokenizer.decode(list(encoded.ids)) == (
        "User: 2+2?\n\nAssistant: Think of two pairs.<|im_end|>"
    )


def test_template_that_masks_everything_ends_in_a_sentence(
    tokenizer: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(tokenizer, "chat_template", SILENT)
    with pytest.raises(TemplateUnusable, match="leaves out what the assistant says"):
        TutorTemplate(tokenizer)


def test_control_words_in_a_reply_do_not_end_the_turn(tokenizer: Any) -> None:
    encoded = TutorTemplate(tokenizer).encode(dialogue("q", "a<|im_end|>b").messages)
    assert list(encoded.labels).count(tokenizer.convert_tokens_to_ids("<|im_end|>")) == 1


def test_too_long_dialogue_keeps_its_last_turn(tokenizer: Any) -> None:
    talk = Example(ExampleKind.DIALOGUE, "g", "t", messages=(TALK[0], *TALK[1:3] * 9, *TALK[3:]))
    encoded = encode_all([talk], TutorTemplate(tokenizer), 120)
    text = tokenizer.decode(list(encoded.documents[0].ids))
    assert len(encoded.documents[0].ids) <= 120
    assert text.startswith("<|im_start|>system\nBe kind.")
    assert text.endswith("Right!<|im_end|>")
    assert (encoded.counts.truncated, encoded.counts.rejected) == (1, 0)


def test_chat_of_thousands_of_turns_is_shortened_in_a_few_tries(tokenizer: Any) -> None:
    turns = [ChatMessage("user" if n % 2 == 0 else "assistant", f"Turn {n}.") for n in range(4000)]
    template, asked = TutorTemplate(tokenizer), 0
    encode = template.encode

    def counted(messages: Any) -> Any:
        nonlocal asked
        asked += 1
        return encode(messages)

    template.encode = counted  # type: ignore[method-assign]
    talk = [ChatMessage("system", "Be kind."), *turns]
    example = Example(ExampleKind.DIALOGUE, "g", "test", messages=tuple(talk))
    found = encode_all([example], template, 200)
    text = tokenizer.decode(found.documents[0].ids)
    assert "Be kind." in text and "Turn 3999." in text and "Turn 3996." in text
    assert 100 < len(found.documents[0].ids) <= 200 and found.counts.truncated == 1
    assert asked < 20


def test_reply_that_is_too_long_is_rejected(tokenizer: Any) -> None:
    encoded = encode_all([dialogue("q", "long " * 40)], TutorTemplate(tokenizer), 60)
    assert (encoded.documents, encoded.counts.rejected) == ([], 1)


def test_raw_text_is_cut_into_documents(tokenizer: Any) -> None:
    text = Example(ExampleKind.TEXT, "g", "t", text="x" * 100)
    encoded = encode_all([text], TutorTemplate(tokenizer), 40)
    assert [len(one.ids) for one in encoded.documents] == [40, 40, 21]
    assert encoded.documents[-1].ids[-1] == tokenizer.eos_token_id
