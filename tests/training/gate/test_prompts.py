"""The committed prompts are what they claim to be."""

from training.gate.general import SHIPPED, shipped
from training.gate.prompts import GENERAL, REFUSALS, lines, prompts, spread
from tutor.language import Language, detect
from tutor.tuning.report import Binding


def test_there_are_three_hundred_everyday_prompts_in_english_and_no_two_alike() -> None:
    english = [one for one in prompts(GENERAL) if one.language is Language.ENGLISH]
    assert len(english) == 300
    assert len({one.text.casefold() for one in prompts(GENERAL)}) == len(prompts(GENERAL))


def test_prompts_are_in_the_language_they_say() -> None:
    for one in (*prompts(GENERAL), *prompts(REFUSALS)):
        assert detect(one.text) is one.language, one.text


def test_no_everyday_prompt_is_in_the_replay() -> None:
    replayed = {str(one["text"]).casefold() for one in lines("replay_prompts.jsonl")}
    assert not replayed & {one.text.casefold() for one in prompts(GENERAL)}


def test_an_english_model_is_asked_in_english_alone() -> None:
    chosen = spread(GENERAL, [Language.ENGLISH], 50)
    assert len(chosen) == 50
    assert {one.language for one in chosen} == {Language.ENGLISH}


def test_shipped_replies_answer_every_english_prompt_of_their_base_alone() -> None:
    head = next(lines(SHIPPED))
    binding = Binding(head["base_hash"], head["template_hash"], "float32", "any")
    english = {one.id for one in prompts(GENERAL) if one.language is Language.ENGLISH}
    assert len(english & set(shipped(binding))) >= 290
    assert shipped(Binding("other", head["template_hash"], "float32", "any")) == {}
