"""What a split promises: nothing over the limit, nothing unbalanced, nothing lost."""

import pytest
import regex
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bot.render.characters import has_visible, utf16_length
from bot.render.split import split
from tests.doubles.markdown_samples import WORD, fits, open_fence, tidy_markdown, wild_markdown

FUZZ = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
LIMITS = st.sampled_from([100, 140, 300, 2000])


@FUZZ
@given(wild_markdown, LIMITS)
def test_no_input_gives_an_oversized_empty_or_unbalanced_part(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert fits(parts, limit)
    assert [open_fence(part) for part in parts] == [""] * len(parts)
    "".join(parts).encode()  # no half of a surrogate pair


@FUZZ
@given(tidy_markdown, LIMITS)
def test_every_word_survives_once_and_in_order(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert fits(parts, limit)
    assert WORD.findall("\n".join(parts)) == WORD.findall(text)


@FUZZ
@given(st.text(alphabet="e\u0301👍🏽👩‍👧字\u200d\ufe0f ", min_size=1, max_size=400))
def test_no_grapheme_cluster_is_cut(text: str) -> None:
    parts = split(text, 100)
    clusters = regex.findall(r"\X", text)
    assume(has_visible(text) and max(map(utf16_length, clusters)) < 90)
    packed = [regex.sub(r"\s", "", part) for part in parts]
    expected = regex.findall(r"\X", regex.sub(r"\s", "", text))
    found = [cluster for part in packed for cluster in regex.findall(r"\X", part)]
    assert found == expected[: len(found)]
    assert not has_visible("".join(expected[len(found) :]))


def test_short_text_stays_as_it_is() -> None:
    text = "# Title\n\n- a\n  - b\n\n```py\nx = 1\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |"
    assert split(text, 2000) == [text]


@pytest.mark.parametrize("text", ["", " \n\t\n", "\u200b\u200b", "\u3164"])
def test_text_with_nothing_to_see_gives_no_part(text: str) -> None:
    assert split(text, 2000) == []


def test_cut_fence_is_closed_and_reopened_with_its_language() -> None:
    code = "\n".join(f"line_{number} = {number}" for number in range(60))
    parts = split(f"```python\n{code}\n```", 300)
    assert len(parts) > 2
    inner = [part.removeprefix("```python\n").removesuffix("\n```") for part in parts]
    assert all(len(short) + 14 == len(part) for short, part in zip(inner, parts, strict=True))
    assert "\n".join(inner) == code


def test_fence_that_fits_a_part_is_not_cut() -> None:
    code = "```python\n" + "x = 1\n" * 20 + "```"
    parts = split("word " * 30 + "\n\n" + code, 200)
    assert parts[-1] == code


def test_table_that_is_cut_repeats_its_head() -> None:
    head = "| n | square |\n|--:|--:|"
    rows = [f"| {n} | {n * n} |" for n in range(40)]
    parts = split("\n".join([head, *rows]), 200)
    assert len(parts) > 2
    assert all(part.startswith(head + "\n|") for part in parts)
    assert [row for part in parts for row in part.split("\n")[2:]] == rows


def test_formula_that_fits_a_part_is_not_cut() -> None:
    formula = "$$\nx = \\frac{a}{b} +\ny + z\n$$"
    parts = split("word " * 18 + "\n\n" + formula, 100)
    assert parts[-1] == formula


def test_inline_formula_code_and_link_are_not_cut() -> None:
    for unit in ("$a + b + c + d$", "`a b c d e f`", "[a b c](https://example.org/x)"):
        parts = split((unit + " ") * 40, 100)
        assert all(part.split(unit)[0] == "" for part in parts)
        assert sum(part.count(unit) for part in parts) == 40


def test_item_stays_in_one_part_with_what_belongs_to_it() -> None:
    item = "- item one two three four\n  - nested five six\n\n  ```py\n  x = 1\n  ```"
    parts = split("\n".join([item] * 6), 150)
    assert all(part.count("- item") == part.count("x = 1") for part in parts)


def test_bold_text_that_is_cut_is_bold_in_both_parts() -> None:
    parts = split("**" + "long words here " * 20 + "end**", 100)
    assert all(part.startswith("**") and part.endswith("**") for part in parts)


def test_quote_that_is_cut_goes_on_as_a_quote() -> None:
    parts = split("> " + "quoted words " * 30, 100)
    assert len(parts) > 3
    assert all(part.startswith(("> quoted", "> words")) for part in parts)


def test_chinese_is_cut_behind_a_mark_and_never_before_one() -> None:
    parts = split(
        "勾股定理是一个基本的几何定理，直角三角形两条直角边的平方和等于斜边的平方。" * 20, 100
    )
    assert all(part.endswith(("。", "，")) for part in parts)


def test_heading_is_not_left_at_the_end_of_a_part() -> None:
    text = "\n\n".join(f"## Section {n}\n\n" + "some words " * 7 for n in range(8))
    assert all(not part.split("\n")[-1].startswith("##") for part in split(text, 250))


def test_emoji_count_two_each_as_they_may_on_the_platform() -> None:
    assert fits(split("👍" * 500, 100), 100)
    assert utf16_length("👍") == 2


@pytest.mark.parametrize(
    "big",
    [
        "word and more. " * 7000, "勾" * 34_000, "```py\n" + "x = 1\n" * 17_000, "*a " * 33_000,
        "**a** " * 16_000, "`a ``b " * 14_000, "[" * 100_000, "$a " * 33_000, "> " * 50_000,
        "- a\n" * 25_000, "|a|b|\n|-|-|\n" + "|1|2|\n" * 16_000, "a" * 100_000, "$$\n" * 20_000,
    ],
    ids=lambda text: repr(text[:8]),
)  # fmt: skip
def test_hundred_kilobytes_of_anything_are_split(big: str) -> None:
    parts = split(big, 2000)
    assert fits(parts, 2000)
    assert len(parts) < 2.2 * len(big) / 2000 + 2
