"""The spans inside a paragraph: code, formulas, links, pictures, addresses, and emphasis.

Linear in the paragraph's size: every look ahead is bounded. Knows nothing of platforms.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum


class SpanKind(StrEnum):
    CODE = "code"
    FORMULA = "formula"
    DISPLAY = "display"  # a block formula inside a line
    LINK = "link"
    PICTURE = "picture"
    ADDRESS = "address"
    ESCAPE = "escape"


@dataclass(frozen=True, slots=True)
class Span:
    """`inner` is the code, the LaTeX, or the label; `address` where a link leads.

    `opener` and `closer` are what a part that ends inside the span has to add.
    """

    kind: SpanKind
    start: int
    end: int
    inner: str
    address: str = ""
    opener: str = ""
    closer: str = ""


@dataclass(frozen=True, slots=True)
class Emphasis:
    """A matched pair of markers such as `**`: from its first character to behind its last."""

    marker: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Inline:
    """`unmatched` holds positions and markers that were opened and never closed; `literals` those
    that only look like one; `stray_ticks` backticks without a partner. All as (start, end)."""

    spans: tuple[Span, ...]
    emphases: tuple[Emphasis, ...]
    unmatched: tuple[tuple[int, int], ...]
    literals: tuple[tuple[int, int], ...]
    stray_ticks: tuple[tuple[int, int], ...]


_SPECIAL = re.compile(r"`+|\\.|\$+|!?\[|<|https?://|\*+|_+|~~|\|\|", re.DOTALL)
_LINK = re.compile(
    r"!?\[([^\[\]]{0,200})\]\(\s*<?([^\s<>()]{0,1000}(?:\([^\s()]{0,200}\)[^\s<>()]{0,200})?)>?(?:\s+\"[^\"]{0,200}\")?\s*\)"
)
_ANGLE = re.compile(r"<(?:https?://[^\s<>|]{1,1000}(?:\|[^<>\n]{0,300})?|[@#!:a-z][^\s<>]{1,100})>")
_ADDRESS = re.compile(r"https?://[^\s<>\"`，。；！？、（）「」]{1,2000}")
_MATH_SIGN = re.compile(
    r"[\\^_=+<>{}*/|≤≥≠±×÷√]|\d[a-zA-Z]|^-?[\w.,]$|^[a-zA-Z]\(|[a-zA-Z]'|^-?\d+(\.\d+)?%?$|\d!"
)
_PROSE = re.compile(r"(?<![\\a-zA-Z])[a-zA-Z]{2,}(?![a-zA-Z]*[({])|[\u4e00-\u9fff]")
_FORMULA_LENGTH = 1000
_DEPTH = 8


def scan(text: str) -> Inline:
    """The spans and emphases of one paragraph."""
    return _Scanner(text).scan()


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.spans: list[Span] = []
        self.emphases: list[Emphasis] = []
        self.open: list[tuple[int, str]] = []
        self.lost: list[tuple[int, str]] = []
        self.literals: list[tuple[int, int]] = []
        self.stray: list[tuple[int, int]] = []
        self.ticks: dict[int, list[int]] = defaultdict(list)
        for match in re.finditer(r"`+", text):
            self.ticks[len(match.group())].append(match.start())
        for positions in self.ticks.values():
            positions.reverse()  # the next one is at the end

    def scan(self) -> Inline:
        at = 0
        while match := _SPECIAL.search(self.text, at):
            span = self._span(match)
            if span:
                self.spans.append(span)
                at = span.end
            else:
                at = match.end()
        unmatched = sorted((at, at + len(marker)) for at, marker in self.open + self.lost)
        return Inline(
            tuple(self.spans),
            tuple(sorted(self.emphases, key=lambda emphasis: emphasis.start)),
            tuple(unmatched),
            tuple(self.literals),
            tuple(self.stray),
        )

    def _span(self, match: re.Match[str]) -> Span | None:
        sign, start = match.group(), match.start()
        if sign[0] == "`":
            return self._code(start, len(sign))
        if sign[0] == "\\":
            return self._escape(start, sign)
        if sign[0] == "$":
            return self._dollars(start, len(sign))
        if sign in ("[", "!["):
            return self._link(start, sign)
        if sign == "<":
            return self._address(_ANGLE.match(self.text, start))
        if sign.startswith("http"):
            return self._address(_ADDRESS.match(self.text, start))
        self._emphasis(start, sign)
        return None

    def _code(self, start: int, length: int) -> Span | None:
        positions = self.ticks[length]
        while positions and positions[-1] <= start:
            positions.pop()
        if not positions:
            self.stray.append((start, start + length))
            return None
        end = positions.pop() + length
        ticks = "`" * length
        inner = self.text[start + length : end - length]
        return Span(SpanKind.CODE, start, end, inner, opener=ticks, closer=ticks)

    def _escape(self, start: int, sign: str) -> Span | None:
        closer = {"\\(": "\\)", "\\[": "\\]"}.get(sign)
        if closer:
            end = self.text.find(closer, start + 2, start + _FORMULA_LENGTH)
            inner = self.text[start + 2 : end]
            if end > 0 and inner.strip():
                kind = SpanKind.FORMULA if sign == "\\(" else SpanKind.DISPLAY
                return Span(kind, start, end + 2, inner.strip(), opener=sign, closer=closer)
        return Span(SpanKind.ESCAPE, start, start + 2, sign[1])

    def _dollars(self, start: int, length: int) -> Span | None:
        if length == 2:
            end = self.text.find("$$", start + 2, start + _FORMULA_LENGTH)
            inner = self.text[start + 2 : end].strip()
            if end < 0 or not inner:
                return None
            return Span(SpanKind.DISPLAY, start, end + 2, inner, opener="$$", closer="$$")
        closing = self._closing_dollar(start) if length == 1 else None
        if closing is None:
            return None
        inner = self.text[start + 1 : closing].strip()
        return Span(SpanKind.FORMULA, start, closing + 1, inner, opener="$", closer="$")

    def _closing_dollar(self, start: int) -> int | None:
        """The end of a formula that opens at `start`; None where the sign is a price."""
        text = self.text
        before, after = text[start - 1 : start], text[start + 1 : start + 2]
        if not after or after.isspace() or (before.isascii() and before.isalnum()):
            return None
        end = text.find("$", start + 1, start + _FORMULA_LENGTH)
        if end < 0 or text[end - 1].isspace() or text[end + 1 : end + 2].isdigit():
            return None
        return end if is_formula(text[start + 1 : end]) else None

    def _link(self, start: int, sign: str) -> Span | None:
        match = _LINK.match(self.text, start)
        if not match:
            return None
        kind = SpanKind.LINK if sign == "[" else SpanKind.PICTURE
        return Span(kind, start, match.end(), match[1], address=match[2])

    def _address(self, match: re.Match[str] | None) -> Span | None:
        if not match:
            return None
        address = match.group()
        if address[0] != "<":
            address = address.rstrip(".,;:!?*_~|'")
            if address.endswith(")") and "(" not in address:
                address = address.rstrip(")")
        return Span(SpanKind.ADDRESS, match.start(), match.start() + len(address), address)

    def _emphasis(self, start: int, run: str) -> None:
        end = start + len(run)
        before, after = self.text[start - 1 : start] or " ", self.text[end : end + 1] or " "
        word = run[0] == "_"  # snake_case is no emphasis
        closes = not before.isspace() and not (word and after.isalnum())
        opens = not after.isspace() and not (word and before.isalnum())
        rest = len(run)
        if closes:
            rest = self._close(start, run[0], rest)
        if opens and rest and len(self.open) < _DEPTH:
            for length in {3: (2, 1), 2: (2,), 1: (1,)}.get(rest, ()):
                self.open.append((end - rest, run[0] * length))
                rest -= length
        if rest and (opens or closes) and not (word and before.isalnum() and after.isalnum()):
            self.literals.append((end - rest, end))

    def _close(self, start: int, character: str, rest: int) -> int:
        """Closes what is open and fits the run; how much of the run is left."""
        at = start
        while rest:
            index = self._opened(character, rest)
            if index is None:
                return rest
            opened, marker = self.open[index]
            self.lost += self.open[index + 1 :]
            del self.open[index:]
            self.emphases.append(Emphasis(marker, opened, at + len(marker)))
            at += len(marker)
            rest -= len(marker)
        return rest

    def _opened(self, character: str, rest: int) -> int | None:
        for index in range(len(self.open) - 1, -1, -1):
            marker = self.open[index][1]
            if marker[0] == character and len(marker) <= rest:
                return index
        return None


def is_formula(latex: str) -> bool:
    """Whether what stands between two dollar signs is mathematics and not two prices."""
    if "\n\n" in latex or not latex.strip():
        return False
    plain = re.sub(r"\\(?:text|mathrm|operatorname|mbox)\s*\{[^{}]*\}", r"\\t", latex)
    words = len(_PROSE.findall(plain))
    if "\\" in latex:
        return True
    if words >= 2 and not re.search(r"[\^_=]", plain):
        return False
    return bool(_MATH_SIGN.search(plain)) or (words == 0 and len(latex) <= 40) or plain.isalpha()
