"""Cuts blocks into atoms: what a split keeps whole, and what a cut before each of them costs.

An atom too large for a part of its own arrives here already in pieces. Knows nothing of platforms
beyond a measure and a limit.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import IntEnum

import regex

from bot.render.blocks import Block, BlockKind
from bot.render.characters import Measure, cut
from bot.render.inline import Inline, Span
from bot.render.prose import EmphasisWalk, cuts, segments, tamed


class Cost(IntEnum):
    """How much a reader loses by a cut at this place."""

    SECTION = 0
    BLOCK = 5
    ITEM = 12
    NESTED_ITEM = 20
    LINE = 35
    SENTENCE = 45
    CODE_GAP = 45
    ROW = 50
    AFTER_HEADING = 65
    CODE_LINE = 60
    CLAUSE = 60
    WORD = 70
    PIECE = 90
    NEVER = 10_000


@dataclass(frozen=True, slots=True)
class Context:
    """What a part that ends here adds, and what the next part starts with."""

    opener: str = ""
    closer: str = ""


NOWHERE = Context()


@dataclass(frozen=True, slots=True)
class Atom:
    """`gap` is the white space before the text, dropped where a part starts with it."""

    text: str
    gap: str
    cost: Cost
    context: Context = NOWHERE


@dataclass(frozen=True, slots=True)
class Unit:
    """A run of atoms, `start` to before `end`, that stays together where it fits."""

    start: int
    end: int


_SENTENCE_END = regex.compile(r"(?:[.!?…][\"')\]”’*_]{0,4}|[。！？；][”’」』）*_]{0,4})$")
_CLAUSE_END = regex.compile(r"(?:[,;:，、：][\"')\]”’*_]{0,4}|[—–])$")
_SMALLEST_REST = 24
_LONGEST_MARKER = 8
_SMALL_SHARE = 8


class Atoms:
    """The atoms of a text in order, and the units among them."""

    def __init__(self, limit: int, measure: Measure) -> None:
        self.limit = limit
        self.measure = measure
        self.atoms: list[Atom] = []
        self.units: list[Unit] = []
        self._items: list[tuple[int, int]] = []  # (indent, first atom) of items still open
        self._blank = False
        self._previous: BlockKind | None = None

    def add(self, block: Block) -> None:
        """Appends one block."""
        if block.kind is BlockKind.BLANK:
            self._blank = bool(self.atoms)
            return
        start = len(self.atoms)
        self._close_items(block)
        if block.kind is BlockKind.ITEM:
            self._items.append((block.indent, start))
        pieces = {
            BlockKind.FENCE: self._fence,
            BlockKind.TABLE: self._table,
            BlockKind.FORMULA: self._formula,
        }.get(block.kind, self._prose)
        first_cost, gap = self._cost(block), "\n" * (1 + self._blank) if self.atoms else ""
        for index, atom in enumerate(pieces(block)):
            self.atoms.append(replace(atom, cost=first_cost, gap=gap) if index == 0 else atom)
        if block.kind in (BlockKind.FENCE, BlockKind.TABLE, BlockKind.FORMULA, BlockKind.HEADING):
            self.units.append(Unit(start, len(self.atoms)))
        self._blank, self._previous = False, block.kind

    def finish(self) -> None:
        """Closes the items that are still open."""
        self._end_items(-1)

    def _close_items(self, block: Block) -> None:
        if block.kind is BlockKind.ITEM:
            self._end_items(block.indent)
        elif self._blank and len(block.prefix) + block.indent < 2:
            self._end_items(-1)

    def _end_items(self, indent: int) -> None:
        while self._items and self._items[-1][0] >= indent:
            self.units.append(Unit(self._items.pop()[1], len(self.atoms)))

    def _cost(self, block: Block) -> Cost:
        if self._previous is BlockKind.HEADING:
            return Cost.AFTER_HEADING
        if block.kind in (BlockKind.HEADING, BlockKind.RULE):
            return Cost.SECTION
        if block.kind is BlockKind.ITEM:
            return Cost.ITEM if len(self._items) <= 1 else Cost.NESTED_ITEM
        if self._items:
            return Cost.LINE
        return Cost.BLOCK if self._blank else Cost.LINE

    def _fence(self, block: Block) -> Iterator[Atom]:
        tail, reopening = block.tail, block.reopening
        if self.measure(reopening) > self.limit // 4:
            reopening = tail
        context = Context(reopening + "\n", "\n" + tail)
        room = self._room(context, block.head)
        yield Atom(block.head, "", Cost.LINE)
        previous = "x"
        for number, line in enumerate(block.lines):
            cost = Cost.CODE_LINE if previous.strip() else Cost.CODE_GAP
            yield from _pieces(
                block.prefix + line if line else "", "\n", room, self.measure,
                Cost.NEVER if number == 0 else cost, context,
            )  # fmt: skip
            previous = line
        yield Atom(tail, "\n", Cost.NEVER)

    def _table(self, block: Block) -> Iterator[Atom]:
        head = "\n".join(block.lines[:2])
        repeated = self.measure(head) <= self.limit // 3
        context = Context(head + "\n", "") if repeated else NOWHERE
        room = self._room(context, "")
        yield from _pieces(head, "", room, self.measure, Cost.LINE, NOWHERE)
        for number, row in enumerate(block.lines[2:]):
            cost = Cost.NEVER if number == 0 and repeated else Cost.ROW
            yield from _pieces(row, "\n", room, self.measure, cost, context)

    def _formula(self, block: Block) -> Iterator[Atom]:
        whole = block.text
        if self.measure(whole) <= self.limit:
            yield Atom(whole, "", Cost.BLOCK)
            return
        context = Context("$$\n", "\n$$")
        room = self._room(context, "$$")
        yield Atom("$$", "", Cost.BLOCK)
        for number, line in enumerate(block.latex.split("\n")):
            cost = Cost.NEVER if number == 0 else Cost.LINE
            yield from _pieces(line, "\n", room, self.measure, cost, context)
        yield Atom("$$" + block.info, "\n", Cost.NEVER)

    def _prose(self, block: Block) -> Iterator[Atom]:
        if "```" not in block.text and self.measure(block.text) * _SMALL_SHARE <= self.limit:
            yield Atom(block.text, "", Cost.LINE)  # too short to be worth a cut
            return
        text, inline = tamed(block.text)
        prefix = block.prefix if self.measure(block.prefix) <= self.limit // 8 else ""
        start, gap, cost = 0, "", Cost.LINE
        emphases = EmphasisWalk(inline)
        for cut_start, cut_end in [*cuts(text, inline, prefix), (len(text), len(text))]:
            word = text[start:cut_start]
            emphasis = emphases.around(start)
            opener = (prefix if start else "") + "".join(emphasis)
            context = Context(opener, "".join(reversed(emphasis)))
            yield from self._word(word, gap, cost, context, inline, start)
            gap, cost = text[cut_start:cut_end], _prose_cost(word, text[cut_start:cut_end])
            start = cut_end

    def _word(
        self, word: str, gap: str, cost: Cost, context: Context, inline: Inline, start: int
    ) -> Iterator[Atom]:
        room = self._room(context, "")
        if self.measure(word) <= room:
            yield Atom(word, gap, cost, context)
            return
        for number, (piece, span) in enumerate(segments(word, inline.spans, start)):
            where = (gap, cost) if number == 0 else ("", Cost.PIECE)
            if span and span.opener and self.measure(piece) > room:
                yield from self._long_span(piece, *where, context, span)
            else:
                yield from _pieces(piece, where[0], room, self.measure, where[1], context)

    def _long_span(
        self, word: str, gap: str, cost: Cost, context: Context, span: Span
    ) -> Iterator[Atom]:
        """Code or a formula longer than a part: every piece gets the markers again."""
        inner = word[len(span.opener) : len(word) - len(span.closer)]
        opener, closer = span.opener[:_LONGEST_MARKER], span.closer[:_LONGEST_MARKER]
        inside = Context(context.opener + opener, closer + context.closer)
        pieces = list(cut(inner, self._room(inside, opener), self.measure))
        for number, piece in enumerate(pieces):
            first, last = number == 0, number == len(pieces) - 1
            text = (opener if first else "") + piece + (closer if last else "")
            yield Atom(text, gap if first else "", cost if first else Cost.PIECE,
                       context if first else inside)  # fmt: skip

    def _room(self, context: Context, head: str) -> int:
        """What one atom may measure, so that it fits a part with all that goes around it."""
        around = self.measure(context.opener) + self.measure(context.closer) + self.measure(head)
        return max(self.limit - around - 4, _SMALLEST_REST)


def _pieces(
    text: str, gap: str, room: int, measure: Measure, cost: Cost, context: Context
) -> Iterator[Atom]:
    for number, piece in enumerate(cut(text, room, measure)):
        if number == 0:
            yield Atom(piece, gap, cost, context)
        else:
            yield Atom(piece, "", Cost.PIECE, context)


def _prose_cost(word: str, gap: str) -> Cost:
    if _SENTENCE_END.search(word[-6:]):
        return Cost.LINE if "\n" in gap else Cost.SENTENCE
    if "\n" in gap:
        return Cost.LINE
    return Cost.CLAUSE if _CLAUSE_END.search(word[-6:]) else Cost.WORD
