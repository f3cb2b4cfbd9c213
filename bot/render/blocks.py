"""The blocks of a Markdown text: paragraphs, items, fences, tables, formulas. Linear in its size.

Follows what language models write and chat platforms show rather than every rule of CommonMark:
no indented code, no setext headings, no HTML. Knows nothing of platforms.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum


class BlockKind(StrEnum):
    BLANK = "blank"
    PARAGRAPH = "paragraph"
    HEADING = "heading"
    ITEM = "item"
    FENCE = "fence"
    TABLE = "table"
    FORMULA = "formula"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Block:
    """`lines` are as written. `prefix` is what a continuing line starts with (`> `, spaces).

    A FENCE has its code alone in `lines`, without `prefix`; `head` is the line that opens it and
    `info` its language. A FORMULA has its LaTeX in `latex`. `indent` is an item's depth in columns,
    and `line` the number of the block's first line in the text.
    """

    kind: BlockKind
    lines: tuple[str, ...]
    prefix: str = ""
    head: str = ""
    info: str = ""
    latex: str = ""
    indent: int = 0
    line: int = 0

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def tail(self) -> str:
        """The line that closes a fence."""
        return f"{self.prefix}{fence_marker(self.head)}"

    @property
    def reopening(self) -> str:
        """The line that opens a fence again in the next part."""
        return f"{self.prefix}{fence_marker(self.head)}{self.info}"


_PREFIX = re.compile(r"(?P<quote>(?:[ \t]{0,8}>[ ]?){0,6})(?P<space>[ \t]*)")
_FENCE = re.compile(
    r"(?P<items>(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*)(?P<marker>`{3,16}|~{3,16})(?P<info>.*)$"
)
_LANGUAGE = re.compile(r"[\w+#.\-]{1,32}$")
_ITEM = re.compile(r"(?:[-*+•]|\d{1,9}[.)])(?:[ \t]+(?=\S)|$)")
_HEADING = re.compile(r"#{1,6}[ \t]+\S")
_RULE = re.compile(r"([-*_])(?:[ \t]*\1){2,}[ \t]*$")
_DELIMITER_ROW = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*){0,200}\|?[ \t]*$")
_ENVIRONMENT = re.compile(
    r"\\begin\{(align|equation|gather|multline|eqnarray|aligned|cases)(\*?)\}"
)
_FORMULA_LINES = 80
_MAX_INDENT = 16


def parse(text: str) -> list[Block]:
    """The blocks of a cleaned text, in order; together they hold all of it."""
    return list(_Parser(text.split("\n")).blocks())


def opens_formula(line: str) -> bool:
    """Whether a line starts like a block formula."""
    return _formula_delimiters(_parts(line)[2].strip()) is not None


def fence_marker(head: str) -> str:
    """The backticks or tildes of a fence's opening line."""
    match = re.search(r"`{3,}|~{3,}", head)
    assert match, head
    return match.group()


def fence(code: str, language: str = "") -> Block:
    """A fence made of `code`, with a marker that the code does not contain."""
    longest = max((len(run) for run in re.findall(r"`{3,}", code)), default=2)
    marker = "`" * (longest + 1)
    lines = tuple(code.split("\n"))
    return Block(BlockKind.FENCE, lines, head=marker + language, info=language)


class _Parser:
    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.at = 0

    def blocks(self) -> Iterator[Block]:
        while self.at < len(self.lines):
            start = self.at
            for block in self._next():
                yield replace(block, line=start)

    def _next(self) -> Iterator[Block]:
        line = self.lines[self.at]
        quote, space, rest = _parts(line)
        if not rest.strip():
            self.at += 1
            yield Block(BlockKind.BLANK, (line,) if quote else ("",))
        elif opening := _fence_opening(rest):
            yield self._fence(quote, space, opening)
        elif formula := self._formula(quote, space):
            yield formula
        elif self._is_table():
            yield self._table(quote, space)
        elif _HEADING.match(rest):
            self.at += 1
            yield Block(BlockKind.HEADING, (quote + rest,), prefix=quote)
        elif _RULE.match(rest):
            self.at += 1
            yield Block(BlockKind.RULE, (quote + rest,))
        else:
            yield self._prose(quote, space, rest)

    def _fence(self, quote: str, space: str, opening: re.Match[str]) -> Block:
        items, marker, info = opening["items"], opening["marker"], opening["info"].strip()
        prefix = quote + _indented(space) + " " * len(items)
        start = self.at + 1
        end = start
        closing = re.compile(rf"[ \t]*{re.escape(marker[0])}{{{len(marker)},}}[ \t]*$")
        while end < len(self.lines) and not closing.match(inner := _strip(self.lines[end], quote)):
            if quote and ">" not in self.lines[end][:9] and inner.strip():
                break  # the quote has ended, and the fence with it
            end += 1
        body = [
            _unindent(_strip(line, quote), len(space) + len(items))
            for line in self.lines[start:end]
        ]
        closed = end < len(self.lines) and bool(closing.match(_strip(self.lines[end], quote)))
        self.at = end + 1 if closed else end
        if info and not _LANGUAGE.match(info):
            body, info = [info, *body], ""
        head = f"{quote}{_indented(space)}{items}{marker}{info}"
        return Block(BlockKind.FENCE, tuple(body), prefix=prefix, head=head, info=info)

    def _formula(self, quote: str, space: str) -> Block | None:
        first = _strip(self.lines[self.at], quote).strip()
        opened = _formula_delimiters(first)
        if opened is None:
            return None
        opener, closer = opened
        body: list[str] = []
        for offset in range(min(_FORMULA_LINES, len(self.lines) - self.at)):
            line = _strip(self.lines[self.at + offset], quote).strip()
            if offset and _fence_opening(line):
                return None
            rest = line[len(opener) :] if offset == 0 else line
            before, found, after = rest.partition(closer)
            if found:
                if after.strip(" .,;:。，；："):
                    return None  # text goes on behind it: part of a paragraph
                return self._found_formula(
                    opened, [*body, before], after.strip(), offset, quote + space
                )
            if not line and offset and opener != "$$":
                return None
            body.append(rest)
        return None

    def _found_formula(
        self, delimiters: tuple[str, str], body: list[str], after: str, offset: int, prefix: str
    ) -> Block | None:
        opener, closer = delimiters
        latex = "\n".join(body).strip()
        if not latex:
            return None
        raw = tuple(self.lines[self.at : self.at + offset + 1])
        self.at += offset + 1
        if opener.startswith("\\begin"):
            latex = f"{opener}{latex}{closer}"
        return Block(BlockKind.FORMULA, raw, prefix=prefix[:_MAX_INDENT], latex=latex, info=after)

    def _is_table(self) -> bool:
        if self.at + 1 >= len(self.lines) or "|" not in self.lines[self.at]:
            return False
        delimiter = _parts(self.lines[self.at + 1])[2]
        return "|" in delimiter and "-" in delimiter and bool(_DELIMITER_ROW.match(delimiter))

    def _table(self, quote: str, space: str) -> Block:
        start = self.at
        self.at += 2
        while self.at < len(self.lines) and "|" in self.lines[self.at]:
            self.at += 1
        rows = tuple(self.lines[start : self.at])
        return Block(BlockKind.TABLE, rows, prefix=quote + _indented(space))

    def _prose(self, quote: str, space: str, rest: str) -> Block:
        item = bool(_ITEM.match(rest))
        lines = [quote + _indented(space) + rest]
        self.at += 1
        while self.at < len(self.lines) and self._continues(quote):
            next_quote, next_space, next_rest = _parts(self.lines[self.at])
            lines.append(next_quote + _indented(next_space) + next_rest)
            self.at += 1
        kind = BlockKind.ITEM if item else BlockKind.PARAGRAPH
        return Block(kind, tuple(lines), prefix=quote, indent=_columns(space))

    def _continues(self, quote: str) -> bool:
        """Whether the line at hand goes on with a paragraph or item before it."""
        next_quote, _, rest = _parts(self.lines[self.at])
        if not rest.strip() or next_quote.count(">") != quote.count(">"):
            return False
        starts = (_ITEM.match(rest), _HEADING.match(rest), _RULE.match(rest), _fence_opening(rest))
        return not (any(starts) or _formula_delimiters(rest.strip()) or self._is_table())


def _fence_opening(rest: str) -> re.Match[str] | None:
    match = _FENCE.match(rest)
    if match and match["marker"][0] == "`" and "`" in match["info"]:
        return None  # inline code that happens to start the line
    return match


def _formula_delimiters(line: str) -> tuple[str, str] | None:
    if line.startswith("$$"):
        return "$$", "$$"
    if line.startswith("\\["):
        return "\\[", "\\]"
    if environment := _ENVIRONMENT.match(line):
        return environment.group(), f"\\end{{{environment[1]}{environment[2]}}}"
    return None


def _parts(line: str) -> tuple[str, str, str]:
    match = _PREFIX.match(line)
    assert match is not None
    return match["quote"], match["space"], line[match.end() :]


def _strip(line: str, quote: str) -> str:
    return line[len(_parts(line)[0]) :] if quote else line


def _indented(space: str) -> str:
    return " " * min(_columns(space), _MAX_INDENT)


def _columns(space: str) -> int:
    return len(space.expandtabs(4))


def _unindent(line: str, columns: int) -> str:
    lead = len(line) - len(line.lstrip(" \t"))
    return line[min(lead, columns) :]
