"""Claims about the learnt weights: small, of plain numbers, silent where they know nothing."""

import json
from importlib import resources

import pytest

from benchmarks.concerns import lines
from tutor.pedagogy.normal_text import normal
from tutor.safety.concern import Concern, find_concern
from tutor.safety.wording import MODEL_FILE, Wording, any_kind, piece_values, wording

TINY = Wording(
    kinds=("self_harm", "legal"),
    weights={"想死": (100, 0), " su": (0, 100)},
    bias=(-2.0, -2.0),
    scale=10.0,
    threshold_english=0.0,
    threshold_chinese=1.0,
)


def test_weights_decide_the_kind() -> None:
    assert TINY.kind("我想死") == "self_harm"
    assert TINY.kind("sue") == "legal"
    assert TINY.kind("good morning") is None
    assert TINY.odds("good morning") == (-2.0, -2.0)


@pytest.mark.parametrize("text", ["", "42", "?!", "привет"])
def test_what_has_no_known_piece_is_no_concern(text: str) -> None:
    assert piece_values(text, wording().weights) == {}
    assert wording().kind(text) is None


def test_a_message_is_a_vector_of_length_one_however_long() -> None:
    for text in ("想死", "i want to go home and sleep for a very long time"):
        squares = [value**2 for value in piece_values(text, wording().weights).values()]
        assert sum(squares) == pytest.approx(1.0)


def test_odds_of_any_kind_exceed_those_of_each() -> None:
    assert any_kind((1.0, 1.0)) > 1.0
    assert any_kind((800.0, -800.0)) == pytest.approx(800.0)


def test_model_is_small_and_says_where_it_comes_from() -> None:
    source = resources.files("tutor.safety").joinpath(MODEL_FILE).read_bytes()
    assert len(source) <= 256 * 1024
    card = json.loads(source)["card"]
    assert {"made_by", "seed", "learnt_from", "limits"} <= card.keys()
    assert wording().kinds == tuple(concern.value for concern in Concern)


def test_weights_find_what_rules_alone_miss() -> None:
    meant = [line for line in lines("wide_held_out") if line.concern]
    by_weights = [line for line in meant if wording().kind(normal(line.text))]
    assert len(by_weights) >= len(meant) / 3


def test_no_line_is_both_learnt_from_and_held_out() -> None:
    learnt = {line.text for split in ("tuning", "wide_tuning") for line in lines(split)}
    assert not [line for line in lines("wide_held_out") if line.text in learnt]
    assert not [line for line in lines("afterwards") if line.text in learnt]


def test_long_task_with_people_in_it_is_left_alone() -> None:
    task = (
        "Her mother buys 3 bags of flour, 2 kg each, and her brother eats 1 kg. How much is left?"
    )
    assert find_concern(task) is None
