"""Scopes: strings that come back as they went, and names that people read."""

import pytest

from tutor.adapters.scopes import Level, community_of, nearest_first, parse, scope_name
from tutor.language import Language

ALL = [
    "learner:C1:L1",
    "learner:L1",
    "channel:C1:general:2",
    "course:K1",
    "community:C1",
    "global",
]


@pytest.mark.parametrize("text", ALL)
def test_a_scope_comes_back_as_it_went(text: str) -> None:
    assert str(parse(text)) == text
    assert scope_name(text, Language.ENGLISH)


@pytest.mark.parametrize(
    "text",
    [
        *("", "learner:", "learner:a:", "learner::a", "learner:a:b:c"),
        *("channel:C1", "planet:1", "global:x", "course:a:b", "community:"),
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="scope"):
        parse(text)


def test_the_nearest_scope_comes_first() -> None:
    assert nearest_first(reversed(ALL)) == ALL
    assert list(dict.fromkeys(parse(scope).level for scope in ALL)) == list(Level)


def test_the_community_of_a_place_is_known() -> None:
    found = [community_of(scope) for scope in ALL]
    assert found == ["C1", None, "C1", None, "C1", None]
    assert scope_name("community:C1", Language.ENGLISH, "Class 5b") == "in Class 5b"
