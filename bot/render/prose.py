"""Where the words of a paragraph end: for a cut that spares spans, emphasis and Chinese marks."""

from bisect import bisect_left
from collections import deque
from collections.abc import Iterator, Sequence

import regex

from bot.render.inline import Emphasis, Inline, Span, SpanKind, scan

_BREAK = regex.compile(
    r"\s+"
    r"|(?<=[\p{Han}\p{Hiragana}\p{Katakana}。，、；：！？）」』》】”…])"
    r"(?![\p{M}\p{P}\u200d\s*_~|])(?=\X)"
    r"|(?<=[^\s\p{P}*_~|])(?=[（「『《【“\p{Han}\p{Hiragana}\p{Katakana}])"
)
_LEAD = regex.compile(r"[\s>]{0,40}(?:[-*+•]|\d{1,9}[.)]|#{1,6})\s{1,8}")
_QUOTE = regex.compile(r"(?:[ \t]{0,8}>[ ]?){1,6}")


def cuts(text: str, inline: Inline, prefix: str) -> Iterator[tuple[int, int]]:
    """Where a paragraph may be cut: white space, and between Chinese characters; not in spans.

    A quote's `> ` belongs to the white space, a marker of an item or heading to its first word.
    """
    spans: Sequence[tuple[int, int]] = [
        (span.start, span.end) for span in inline.spans if span.kind is not SpanKind.ESCAPE
    ]
    lead = _LEAD.match(text)
    first = lead.end() if lead else 0
    index = 0
    for match in _BREAK.finditer(text):
        start, end = match.span()
        if "\n" in match.group() and prefix and text.startswith(prefix.rstrip(), end):
            quote = _QUOTE.match(text, end)
            end = quote.end() if quote else end
        while index < len(spans) and spans[index][1] <= start:
            index += 1
        inside = index < len(spans) and spans[index][0] < end and start < spans[index][1]
        if not inside and start >= max(first, 1) and end < len(text):
            yield start, end
            first = end + 1


def segments(word: str, spans: Sequence[Span], start: int) -> Iterator[tuple[str, Span | None]]:
    """A word that is too long, cut at the borders of its spans."""
    at, end = start, start + len(word)
    for span in spans[bisect_left(spans, start, key=lambda span: span.start) :]:
        if span.start >= end:
            break
        if span.start > at:
            yield word[at - start : span.start - start], None
        yield word[span.start - start : span.end - start], span
        at = span.end
    if at < end:
        yield word[at - start :], None


def tamed(text: str) -> tuple[str, Inline]:
    """The text with its inline code between at most two ticks.

    Three of them would open a fence as soon as a cut puts them at the start of a line.
    """
    inline = scan(text)
    if "```" not in text:
        return text, inline
    pieces: list[str] = []
    at = 0
    for span in inline.spans:
        if span.kind is SpanKind.CODE and len(span.opener) >= 3:
            ticks = "``" if "``" not in span.inner else "`"
            inner = span.inner if ticks == "``" else span.inner.replace("`", "'")
            pieces += (text[at : span.start], ticks, inner, ticks)
            at = span.end
    tamed = "".join([*pieces, text[at:]])
    return tamed, scan(tamed)


class EmphasisWalk:
    """Asked for growing positions, names the emphases around each in constant time."""

    def __init__(self, inline: Inline) -> None:
        self._coming = deque(inline.emphases)
        self._around: list[Emphasis] = []

    def around(self, position: int) -> list[str]:
        """The markers around `position`, outermost first."""
        while self._coming and self._coming[0].start < position:
            self._around.append(self._coming.popleft())
        self._around = [e for e in self._around if position <= e.end - len(e.marker)]
        return [e.marker for e in self._around if e.start + len(e.marker) <= position]
