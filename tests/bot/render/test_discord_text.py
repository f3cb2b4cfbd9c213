"""What Discord is given: its own dialect, within its limit, calling nobody."""

import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.render.characters import cells
from bot.render.discord_text import MESSAGE_LIMIT, render_discord
from tests.doubles.markdown_samples import fits, open_fence, wild_markdown


def shown(text: str) -> str:
    (part,) = render_discord(text, final=True).texts
    return part


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(wild_markdown, st.booleans(), st.sampled_from([200, MESSAGE_LIMIT]))
def test_no_input_gives_an_oversized_unbalanced_or_pinging_message(
    text: str, final: bool, limit: int
) -> None:
    parts = render_discord(text, final=final, limit=limit).texts
    assert fits(parts, limit)
    for part in parts:
        assert open_fence(part) == ""
        assert part.replace("\\`", "").count("```") % 2 == 0
        assert not re.search(r"@(?:everyone|here)|<@", part)


def test_table_becomes_lines_of_equal_width_in_monospaced_letters() -> None:
    lines = shown("| 名字 | score |\n|:--|--:|\n| 小明 | 12 |\n| Bob | 3 |").split("\n")
    assert (lines[0], lines[-1]) == ("```", "```")
    assert len({cells(line) for line in lines[1:-1]}) == 1
    assert any(line.startswith("小明") and line.endswith("12") for line in lines)


def test_wide_table_becomes_a_list_of_records() -> None:
    cell = "several words " * 4
    text = shown(f"| one | two |\n|---|---|\n| {cell} | {cell} |")
    assert text.startswith("- **one**: several")
    assert "```" not in text


def test_formula_stands_in_the_text_and_asks_for_a_picture() -> None:
    (part,) = render_discord("So:\n\n$$\n\\frac{a}{b} = 2\n$$\n\nand $x^2$.", final=True).parts
    assert "> a/b = 2" in part.text
    assert "and x²." in part.text
    assert [formula.latex for formula in part.formulas] == [r"\frac{a}{b} = 2"]


def test_each_formula_belongs_to_the_part_that_names_it() -> None:
    filler = "words " * 60
    text = "\n\n".join(f"{filler}\n\n$$\nx_{n} = \\frac{{{n}}}{{y}}\n$$" for n in range(8))
    parts = render_discord(text, final=True, limit=500).parts
    assert len(parts) > 4
    for part in parts:
        assert part.text.count("> x") == len(part.formulas)
        for formula in part.formulas:
            assert formula.text in part.text.replace("\\", "")


def test_code_keeps_its_mathematics_and_cannot_end_its_fence() -> None:
    text = shown('~~~python\nprint("```", "$x^2$")\n~~~')
    assert text.startswith("```python\n")
    assert text.count("```") == 2
    assert "$x^2$" in text


def test_markup_that_discord_lacks_is_rewritten() -> None:
    assert shown("#### Deep *head*") == "**Deep *head***"
    assert shown("__strong__ and _soft_") == "**strong** and *soft*"
    assert shown("![chart](https://x.y/z.png)") == "[chart](<https://x.y/z.png>)"
    assert shown("- [x] done") == "- ☑ done"
    assert shown("[https://good.org](https://evil.org)") == "https://good.org (<https://evil.org>)"


def test_prices_stay_prices() -> None:
    assert shown("It costs $5 and $10.") == "It costs $5 and $10."


def test_unfinished_draft_is_shown_closed() -> None:
    (part,) = render_discord("**bold\n\n```py\nx = 1", final=False).texts
    assert part.endswith("```py\nx = 1\n```")
