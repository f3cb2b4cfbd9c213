import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.pedagogy.normal_text import normal
from tutor.safety import concern
from tutor.safety.sieve import Sieve, loosened

DATA = Path(__file__).resolve().parents[3] / "benchmarks" / "data"


def texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from texts_in(one)


def test_what_any_rule_fits_passes_the_sieve() -> None:
    rules = concern._rules()
    patterns = (*rules.certain.values(), *rules.likely.values())
    lines = {
        normal(text)
        for path in DATA.glob("*.jsonl")
        for line in path.read_text(encoding="utf-8").splitlines()
        for text in texts_in(json.loads(line))
    }
    fitting = [line for line in lines if any(one.search(line) for one in patterns)]
    assert len(fitting) > 300
    assert [line for line in fitting if not rules.any.passes(line)] == []


def test_most_other_lines_do_not_pass() -> None:
    lines = [
        "what is photosynthesis",
        "2x 3 7",
        "我想知道二次方程怎么解",
        "can you help me with fractions",
    ]
    assert not any(concern._rules().any.passes(line) for line in lines)


@pytest.mark.parametrize(
    ("pattern", "loose"),
    [
        (r"\bhurt(?! me\))\w+", r"hurt[\pL\pM\pN_]+"),
        (r"a.{0,12}b(?<!x(?:y|[)])z)c", r"a.*bc"),
        (r"[^()\]]+\d(?=q)", r"[^()\]]+\pN"),
    ],
)
def test_a_pattern_is_loosened(pattern: str, loose: str) -> None:
    assert loosened(pattern) == loose


PIECES = st.sampled_from(
    ["a", "伤", r"\b", r"\w+", r"\d", ".{0,3}", "(?!a)", "(?<=伤)", "[a伤]", "(?:a|1)"]
)


@given(st.lists(PIECES, min_size=1, max_size=6), st.text("a1伤 x", max_size=12))
def test_no_text_that_fits_is_ever_kept_back(pieces: list[str], text: str) -> None:
    pattern = "".join(pieces)
    if re.search(pattern, text):
        assert Sieve([pattern]).passes(text)
