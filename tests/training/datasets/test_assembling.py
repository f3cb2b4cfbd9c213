"""What goes into a version: each text once, no personal data, no problem on both sides."""

import pytest

from training.datasets.assembling import assemble
from training.datasets.example import ChatMessage, Example, ExampleKind, Split
from training.datasets.reading.found import DataRefused, Row
from training.datasets.splitting import split

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


def test_answer_beyond_the_limit_is_rejected_and_one_across_it_counted_as_cut(rendering):
    beyond = row(1, asked="apples and pears " * 60)
    across = row(2, said="apples and pears " * 60)
    built = assemble([beyond, across, row(3), row(4)], rendering)
    [rejected] = built.manifest["rejected"]["rows"]
    assert rejected["place"] == "1" and "Too long" in rejected["message"]
    assert built.manifest["truncated"] == {"total": 1, "places": ["2"]}


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ([], "no examples"),
        ([row(1)], "only one problem"),
        ([row(1)] * 9, "Apart from duplicates"),
        (
            [row(n, asked=f"{n} apples, pears " * 60) for n in range(3)],
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
