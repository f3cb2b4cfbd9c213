"""Writes a paragraph again in another dialect, span by span. Knows no dialect itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.render.inline import Span, scan


@dataclass(frozen=True, slots=True)
class Dialect:
    """`markers` maps `**`, `*`, `__`, `_`, `~~`, `||` to the dialect's own; others stay.

    `plain` writes ordinary text, `span` a code, formula, link and so on, `literal` a character
    that must not be taken for a marker.
    """

    markers: Mapping[str, str]
    plain: Callable[[str], str]
    span: Callable[[Span], str]
    literal: Callable[[str], str]


def rewrite(text: str, dialect: Dialect) -> str:
    """`text` in `dialect`."""
    inline = scan(text)
    edits: list[tuple[int, int, str]] = []
    for emphasis in inline.emphases:
        length = len(emphasis.marker)
        marker = dialect.markers.get(emphasis.marker, emphasis.marker)
        edits.append((emphasis.start, emphasis.start + length, marker))
        edits.append((emphasis.end - length, emphasis.end, marker))
    for start, end in (*inline.unmatched, *inline.literals, *inline.stray_ticks):
        edits.append((start, end, dialect.literal(text[start:end])))
    edits += [(span.start, span.end, dialect.span(span)) for span in inline.spans]
    written: list[str] = []
    at = 0
    for start, end, replacement in sorted(edits):
        written += (dialect.plain(text[at:start]), replacement)
        at = end
    written.append(dialect.plain(text[at:]))
    return "".join(written)
