"""What Slack is given: Markdown, native tables, `mrkdwn`, calling nobody."""

import json
import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.render.characters import clean
from bot.render.mrkdwn import to_mrkdwn
from bot.render.slack_stream import rollover, stream_text, whole_text
from bot.render.slack_text import MARKDOWN_LIMIT, render_slack
from tests.doubles.markdown_samples import fits, open_fence, wild_markdown

FUZZ = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
TABLE = "| 名字 | score |\n|:--|--:|\n| 小明 | **12** |"
CALLS = re.compile(r"<[!@#]|@(?:channel|here|everyone)")


@FUZZ
@given(wild_markdown, st.booleans(), st.sampled_from([200, 3000, MARKDOWN_LIMIT]))
def test_no_input_gives_an_oversized_unbalanced_or_calling_message(
    text: str, final: bool, limit: int
) -> None:
    parts = render_slack(text, final=final, limit=limit).parts
    assert fits([part.text for part in parts], limit)
    for part in parts:
        assert open_fence(part.text) == ""
        assert not CALLS.search(json.dumps(part.blocks, ensure_ascii=False) + part.fallback)
        assert part.blocks
        assert all(block.get("text", "x") for block in part.blocks)


@FUZZ
@given(wild_markdown, st.sampled_from([200, 3000]))
def test_mrkdwn_is_escaped_balanced_and_within_its_limit(text: str, limit: int) -> None:
    parts = to_mrkdwn(text, limit)
    assert all(len(part) <= limit for part in parts)
    for part in parts:
        assert open_fence(part) == ""
        assert not CALLS.search(part)
        assert not re.search(r"&(?!amp;|lt;|gt;)", part)


@FUZZ
@given(wild_markdown)
def test_stream_only_grows_and_never_opens_what_it_cannot_close(text: str) -> None:
    shown = ""
    for end in range(0, len(text) + 1, 3):
        now = stream_text(text[:end], shown)
        assert now.startswith(shown)
        assert open_fence(now + rollover(now).closer) == ""
        shown = now


def test_stream_of_an_ordinary_answer_is_the_beginning_of_the_whole() -> None:
    text = (
        "# Lösung\n\nWe solve **3x + 5 = 20** with $x^2$ and `code`, costs $5.\n\n"
        f"$$\n\\frac{{a}}{{b}}\n$$\n\n{TABLE}\n\n1. first *step*\n2. second [link](https://a.b)\n\n"
        "```python\nx = 1\n\ny = 2\n```\n\n勾股定理，很好。End."
    )
    shown, steps = "", set()
    for end in range(len(text) + 1):
        shown = stream_text(text[:end], shown)
        steps.add(shown)
    assert whole_text(text).startswith(shown)
    assert len(shown) > 0.9 * len(whole_text(text))
    assert len(steps) > 15


def test_stream_that_rolls_over_inside_code_goes_on_as_code() -> None:
    context = rollover("Look:\n\n```python\nx = 1")
    assert (context.closer, context.opener) == ("\n```", "```python\n")
    assert rollover("Look:\n\n```python\nx = 1\n```").closer == ""


def test_first_table_is_native_and_the_second_monospaced() -> None:
    (part,) = render_slack(
        f"Before\n\n{TABLE}\n\nbetween\n\n{TABLE.replace('12', '13')}", final=True
    ).parts
    assert [block["type"] for block in part.blocks] == ["markdown", "table", "markdown"]
    table = part.blocks[1]
    assert table["rows"][1] == [
        {"type": "raw_text", "text": "小明"},
        {"type": "raw_text", "text": "12"},
    ]
    assert [setting["align"] for setting in table["column_settings"]] == ["left", "right"]
    assert "13" in part.blocks[2]["text"]
    assert part.text.count("```") == 4


def test_table_beyond_slacks_limits_is_monospaced() -> None:
    rows = "\n".join(f"| {n} | {n} |" for n in range(120))
    (part,) = render_slack(f"| a | b |\n|---|---|\n{rows}", final=True).parts
    assert [block["type"] for block in part.blocks] == ["markdown"]


def test_mrkdwn_uses_slacks_own_markers() -> None:
    text = "# Head\n\n**b** *i* ~~s~~ `a<b` [t](https://x.y?a=1&b=2) a < b & c\n- one\n> quote"
    link = "<https://x.y?a=1&amp;b=2|t>"
    assert to_mrkdwn(text) == [
        f"*Head*\n\n*b* _i_ ~s~ `a&lt;b` {link} a &lt; b &amp; c\n• one\n> quote"
    ]


def test_link_cannot_smuggle_a_call() -> None:
    text = "[x](https://a.b|<!channel>) <!here> &lt;!channel&gt; <https://a.b|<!here>>"
    assert not CALLS.search(to_mrkdwn(text)[0])
    assert clean(render_slack(text, final=True).parts[0].text)
    assert not CALLS.search(render_slack(text, final=True).parts[0].text)
