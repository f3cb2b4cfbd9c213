"""An unfinished draft can be shown at any moment."""

import pytest
from hypothesis import HealthCheck, given, settings

from bot.render.balance import balanced
from bot.render.characters import clean
from tests.doubles.markdown_samples import open_fence, wild_markdown


@pytest.mark.parametrize(
    ("draft", "shown"),
    [
        ("**bo", "**bo**"),
        ("a **", "a"),
        ("x `co", "x `co`"),
        ("```py\nx=1", "```py\nx=1\n```"),
        ("```py\nx=1\n```", "```py\nx=1\n```"),
        ("see [the pa", "see the pa"),
        ("see [the page](http", "see the page"),
        ("so $$\\frac", "so …"),
        ("then\n$$\nx=1", "then\n …"),
        ("- item **b", "- item **b**"),
        ("> quote *it", "> quote *it*"),
        ("done **and** done.", "done **and** done."),
        ("", ""),
    ],
)
def test_open_markup_is_closed(draft: str, shown: str) -> None:
    assert balanced(draft).rstrip() == shown.rstrip()


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(wild_markdown)
def test_no_draft_is_left_with_an_open_fence(draft: str) -> None:
    assert open_fence(balanced(clean(draft))) == ""
