"""What goes into a version: each text once, no personal data, no problem on both sides."""

import pytest
from transformers import AutoTokenizer

from training.datasets.assembling import assemble
from training.datasets.example import ChatMessage, Example, ExampleKind, Split
from training.datasets.reading.found import DataRefused, Rejected, Row
from training.datasets.splitting import split
from training.datasets.versions import content_of
from training.lora.encoding import encode_all
from training.lora.template import TutorTemplate
from tutor.bank.reason import Reason

LONG = (
    "A farmer walks along {n} rows of tall yellow corn every morning before the sun comes up, and "
    "in each of these rows he counts the birds that sit on the wooden fence beside the dry field; "
    "how many birds are there in all, if none of them flies away while he is counting them?"
)


def row(number, asked=None, said=None, group=None, **kept):
    messages = (
        ChatMessage("user", asked or f"What is {number} + 1?"),
        ChatMessage("assistant", said or f"Count on from {number}."),
    )
    example = Example(ExampleKind.DIALOGUE, group or f"g{number}", "test", messages=messages)
    return Row(str(number), example, **kept)


def test_same_text_is_taken_once_whatever_its_spelling(rendering):
    built = assemble([row(1), row(2), row(3, "WHAT is  1 + 1?", "Count on from 1.")], rendering)
    assert built.manifest["duplicates"] == {"exact": 1, "near": 0}
    assert len(built.examples) == 2


def test_nearly_the_same_text_is_taken_once(rendering):
    asked, said = LONG.format(n=7), "Think of the rows."
    again = asked.replace("dry field", "dry meadow")
    built = assemble([row(1, asked, said), row(2, again, said), row(3)], rendering)
    assert built.manifest["duplicates"] == {"exact": 0, "near": 1}


def test_problems_with_other_numbers_are_others(rendering):
    said = "Think of the rows."
    found = [row(n, LONG.format(n=n), said) for n in range(1, 6)]
    assert len(assemble(found, rendering).examples) == 5


def test_personal_data_is_replaced_and_counted(rendering):
    said = "Write to ann.lee@example.org, said Ann."
    built = assemble([row(1, "My name is Ann Lee. What now?", said), row(2)], rendering)
    text = " ".join(one.content for one in built.examples[0].messages)
    assert "example.org" not in text and "Ann Lee" not in text
    assert built.manifest["scrubbed"] == {"NAME": 1, "EMAIL": 1}


def test_names_in_published_problems_stay(rendering):
    built = assemble([row(1, "Mrs. Smith has 3 apples.", published=True), row(2)], rendering)
    assert "Mrs. Smith" in built.examples[0].messages[0].content


def test_same_problem_in_two_groups_lands_on_one_side():
    examples = [
        row(n, f"problem {n % 40}", said=f"Answer {n}.", group=f"g{n}").example for n in range(200)
    ]
    sides = split(examples)
    assert set(sides) == set(Split)
    asked = {side: set() for side in Split}
    for example, side in zip(examples, sides, strict=True):
        asked[side].add(example.messages[0].content)
    assert not asked[Split.TRAIN] & asked[Split.HELD_OUT]


def test_problem_keeps_its_side_when_others_are_added():
    few = [row(n).example for n in range(100)]
    before, after = split(few), split([*few, *(row(n).example for n in range(100, 300))])
    assert before == after[:100]


def test_two_problems_are_one_to_train_and_one_held_out():
    assert sorted(split([row(1).example, row(2).example])) == [Split.HELD_OUT, Split.TRAIN]


def test_same_rows_have_the_same_hash_and_one_more_another(rendering):
    once, again = (assemble([row(1), row(2)], rendering) for _ in range(2))
    assert once.content_hash == again.content_hash
    assert assemble([row(1), row(2), row(3)], rendering).content_hash != once.content_hash


def test_long_prompt_is_cut_and_a_reply_that_does_not_fit_is_rejected(rendering):
    """As the trainer does it: the last reply stays whole, its prompt loses the beginning."""
    asks, says = row(1, asked="apples and pears " * 60), row(2, said="apples and pears " * 60)
    built = assemble([asks, says, row(3), row(4)], rendering)
    [rejected] = built.manifest["rejected"]["rows"]
    assert rejected["place"] == "2" and "Too long" in rejected["message"]
    assert built.manifest["truncated"] == {"total": 1, "places": ["1"]}
    assert built.manifest["tokens"]["longest"] == 400
    learnt = [text for text, loss in built.manifest["samples"][0]["parts"] if loss]
    assert learnt == ["Count on from 1.<|im_end|>"]


def test_what_the_check_takes_is_what_the_trainer_takes(rendering, model_folder):
    found = [row(n, said="a" * size) for n, size in enumerate(range(380, 412, 4))]
    found += [row(n + 50, asked="b" * size) for n, size in enumerate(range(300, 420, 8))]
    built = assemble(found, rendering)
    template = TutorTemplate(AutoTokenizer.from_pretrained(model_folder))
    encoded = encode_all([one.example for one in found], template, 400)
    assert encoded.counts.documents == len(built.examples)
    assert encoded.counts.truncated == built.manifest["truncated"]["total"]
    assert encoded.counts.tokens == built.manifest["tokens"]["total"]
    assert encoded.counts.loss_tokens == built.manifest["tokens"]["with_loss"]


@pytest.mark.parametrize("broken", ["half \ud83d of it", "zero \x00 byte"])
def test_what_is_no_character_is_rejected_with_a_sentence(rendering, broken):
    built = assemble([row(1, said=broken), row(2), row(3)], rendering)
    [rejected] = built.manifest["rejected"]["rows"]
    assert rejected["place"] == "1" and "no text" in rejected["message"]
    content_of(built)


def test_reason_of_a_rejected_row_can_be_stored(rendering):
    reason = Reason("The role “{role}” is unknown.", {"role": "a\x00\ud83d"})
    built = assemble([Rejected("1", reason), row(2), row(3)], rendering)
    assert built.manifest["rejected"]["rows"][0]["fields"] == {"role": "a\ufffd\ufffd"}


def test_nearly_the_same_reply_liked_and_disliked_are_two_examples(rendering):
    def rated(said, desired):
        messages = (ChatMessage("user", "Why?"), ChatMessage("assistant", said))
        kind = ExampleKind.RATED
        return Row("1", Example(kind, "g", "test", messages=messages, desired=desired))

    said = LONG.format(n=7)
    other = said.replace("dry field", "dry meadow")
    found = [rated(said, True), rated(other, False), rated(other, True), row(1)]
    built = assemble(found, rendering)
    assert built.manifest["duplicates"] == {"exact": 0, "near": 1}
    assert [one.desired for one in built.examples] == [True, False, None]


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ([], "no examples"),
        ([row(1)], "only one problem"),
        ([row(1)] * 9, "Apart from duplicates"),
        (
            [row(n, said=f"{n} apples, pears " * 60) for n in range(3)],
            "All 3 rows are too long",
        ),
    ],
)
def test_nothing_to_learn_from_is_refused_with_what_to_change(rendering, found, told):
    with pytest.raises(DataRefused, match=told):
        assemble(found, rendering)


def test_samples_show_what_is_learnt_and_nobodys_chats(rendering):
    private = row(1, asked="A secret.", contributors=frozenset({"ann"}))
    built = assemble([private, row(2), row(3)], rendering)
    samples = built.manifest["samples"]
    assert "secret" not in str(samples)
    learnt = "".join(text for text, loss in samples[0]["parts"] if loss)
    assert learnt == "Count on from 2.<|im_end|>"
    assert built.contributions == {"ann": 1}
