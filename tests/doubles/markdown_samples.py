"""Markdown as models write it and as nobody would, for hypothesis; and an independent checker."""

import re

from hypothesis import strategies as st

from bot.render.characters import utf16_length

_FRAGMENTS = [
    "**", "*", "_", "__", "~~", "||", "`", "``", "```", "```python\n", "\n```\n", "~~~\n", "$",
    "$$", "\n$$\n", "\\(", "\\)", "\\[", "\\]", "[a](http://x.y)", "![", "](", "\n", "\n\n", "- ",
    "1. ", "  ", "\t", "> ", "# ", "|", "| a | b |\n|---|---|\n| 1 | 2 |\n", "|-|-|\n", "word ",
    "勾股定理。", "\U0001f469\u200d\U0001f469\u200d\U0001f467", "e\u0301", "\u0301" * 5, "a" * 150,
    "字" * 90, "\ud83d", "\udc00", "<@1>", "@everyone", "http://a.b/c", "---\n", ".", ", ", "\\",
    "\\frac{1}{2}", "\\begin{align}", "\\end{align}", "\u200b", "&", "<", ">", "<!channel>",
    "3x + 5 = 20", "$5 and $10",
]  # fmt: skip
_pieces = st.one_of(st.sampled_from(_FRAGMENTS), st.text(max_size=12))
wild_markdown = st.lists(_pieces, max_size=70).map("".join)

_word = st.integers(0, 9999).map(lambda number: f"w{number}x")
_sentence = st.lists(_word, min_size=1, max_size=60).map(lambda words: " ".join(words) + ".")
_code = st.lists(_sentence, min_size=1, max_size=30).map(
    lambda lines: "```python\n" + "\n".join("    " + line for line in lines) + "\n```"
)
_items = st.lists(_sentence, min_size=1, max_size=12).map(
    lambda items: "\n".join(f"{'  ' * (n % 3)}- {item}" for n, item in enumerate(items))
)
_quote = _sentence.map(lambda sentence: f"> {sentence}")
_bold = _sentence.map(lambda sentence: f"**{sentence}**")
_formula = st.just("$$\nx^2 + y^2 = z^2\n$$")
tidy_markdown = st.lists(
    st.one_of(_sentence, _code, _items, _quote, _bold, _formula), min_size=1, max_size=12
).map("\n\n".join)

WORD = re.compile(r"w\d+x")
_FENCE = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(`{3,}|~{3,})(.*)$")


def open_fence(part: str) -> str:
    """The marker of a fence that `part` opens and does not close; "" where it closes them all."""
    marker = ""
    for line in part.split("\n"):
        match = _FENCE.match(line)
        if not match:
            continue
        if marker:
            if match[1].startswith(marker) and not match[2].strip():
                marker = ""
        elif not (match[1][0] == "`" and "`" in match[2]):
            marker = match[1]
    return marker


def fits(parts: list[str], limit: int) -> bool:
    return all(0 < utf16_length(part) <= limit for part in parts)
