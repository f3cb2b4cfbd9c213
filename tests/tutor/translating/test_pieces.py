"""Cutting texts for translation, and keeping what must not change."""

import pytest

from tutor.translating.pieces import is_whole, masked, pieces_of, unmasked

TEXT = (
    """# Light

Light is $E = h f$ and `c` is fast. See [the page](https://example.org/a).

```python
# stays English
print("hi")
```

$$
E = m c^2
$$

- one
- two

"""
    + "A long sentence about light goes here. " * 60
)


def test_pieces_make_up_the_text() -> None:
    pieces = pieces_of(TEXT)
    assert "".join(piece.text for piece in pieces) == TEXT
    assert all(len(piece.text) <= 900 for piece in pieces if not piece.kept)


def test_code_and_formulas_are_never_given_to_a_model() -> None:
    given = [piece.text for piece in pieces_of(TEXT) if not piece.kept]
    assert not any("print" in text or "m c^2" in text for text in given)
    assert given[0] == "# Light"
    assert "- one\n- two" in given


def test_what_must_not_change_is_put_back_wherever_the_model_moved_it() -> None:
    text, kept = masked("Light is $E = h f$ and `c` is fast: [page](https://example.org/a).")
    assert text == "Light is ⟦1⟧ and ⟦2⟧ is fast: [page⟦3⟧."
    assert unmasked("⟦2⟧ 很快，光是 ⟦ 1 ⟧：[页面⟦3⟧。", kept) == (
        "`c` 很快，光是 $E = h f$：[页面](https://example.org/a)。"
    )


@pytest.mark.parametrize("said", ["⟦1⟧", "⟦1⟧ ⟦2⟧ ⟦2⟧", "⟦1⟧ ⟦3⟧", "nothing"])
def test_lost_doubled_and_made_up_marks_are_noticed(said: str) -> None:
    assert unmasked(said, ("`a`", "`b`")) is None


def test_a_code_block_without_an_end_is_kept_to_the_end() -> None:
    pieces = pieces_of("Words.\n\n```\ncode without end\n")
    assert [piece.text for piece in pieces if not piece.kept] == ["Words."]


@pytest.mark.parametrize(
    ("text", "whole"),
    [("Good morning.", True), ("It costs $5 and $6.", True), ("x `y`", False), ("a " * 500, False)],
)
def test_short_plain_text_is_translated_in_one_go(text: str, whole: bool) -> None:
    assert is_whole(text) is whole


def test_chinese_paragraphs_are_cut_between_sentences() -> None:
    text = "光是一种电磁波。" * 200
    pieces = pieces_of(text)
    assert "".join(piece.text for piece in pieces) == text
    assert all(piece.text.endswith("。") for piece in pieces)
    assert len(pieces) > 1
