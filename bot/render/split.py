"""Splits a Markdown text into parts that a platform takes, each of them balanced by itself.

What stays whole where it fits: a fence, a table, a formula, a heading, an item with what belongs
to it, a word, a grapheme cluster. What does not fit is cut at the best place: a fence is closed
and opened again with its language, a table's head is repeated, emphasis is closed and reopened.
White space around a cut is dropped, everything else survives. Linear in the text's size.
"""

from collections.abc import Sequence
from itertools import accumulate

from bot.render.atoms import NOWHERE, Atom, Atoms, Context, Cost, Unit
from bot.render.blocks import Block, parse
from bot.render.characters import Measure, clean, has_visible, utf16_length

MINIMUM_LIMIT = 100
_EMPTINESS = 100.0


def split(markdown: str, limit: int, measure: Measure = utf16_length) -> list[str]:
    """Parts of at most `limit` by `measure`; none for a text with nothing to see."""
    return split_blocks(parse(clean(markdown)), limit, measure)


def split_blocks(blocks: Sequence[Block], limit: int, measure: Measure = utf16_length) -> list[str]:
    """Like `split`, for blocks that have been parsed or made already."""
    assert limit >= MINIMUM_LIMIT, limit
    atoms = Atoms(limit, measure)
    for block in blocks:
        atoms.add(block)
    atoms.finish()
    return _Packing(atoms.atoms, atoms.units, limit, measure).parts()


class _Packing:
    """Fills parts from front to back, choosing for each the cheapest cut within its limit."""

    def __init__(self, atoms: list[Atom], units: list[Unit], limit: int, measure: Measure) -> None:
        self.atoms = atoms
        self.limit = limit
        self.measure = measure
        sizes = [measure(atom.gap) + measure(atom.text) for atom in atoms]
        self.sums = [0, *accumulate(sizes)]
        self.gaps = [measure(atom.gap) for atom in atoms]
        self.whole = self._whole(units)
        self._context_sizes: dict[Context, tuple[int, int]] = {NOWHERE: (0, 0)}

    def parts(self) -> list[str]:
        parts, start = [], 0
        while start < len(self.atoms):
            end = self._end(start)
            part = self._part(start, end)
            if has_visible(part):
                parts.append(part)
            start = end
        return parts

    def _whole(self, units: list[Unit]) -> list[bool]:
        """For each atom whether a cut before it would break a unit that fits a part."""
        whole = [False] * len(self.atoms)
        reached = 0
        for unit in sorted(units, key=lambda unit: (unit.start, -unit.end)):
            size = self.sums[unit.end] - self.sums[unit.start]
            first = max(unit.start + 1, reached)
            if size <= self.limit and first < unit.end:
                whole[first : unit.end] = [True] * (unit.end - first)
                reached = unit.end
        return whole

    def _end(self, start: int) -> int:
        opener, _ = self._sizes(self.atoms[start].context)
        base = self.sums[start] + self.gaps[start] - opener
        if self.sums[-1] - base <= self.limit:
            return len(self.atoms)
        best, best_loss = None, float("inf")
        for end in range(start + 1, len(self.atoms)):
            size = self.sums[end] - base
            if size > self.limit:
                break
            loss = self._loss(end, size)
            if loss <= best_loss:
                best, best_loss = end, loss
        assert best is not None, (self.atoms[start], self.limit)
        return best

    def _loss(self, end: int, size: int) -> float:
        """The cost of ending a part before atom `end`, and of the room that would stay empty."""
        atom = self.atoms[end]
        _, closer = self._sizes(atom.context)
        if atom.cost is Cost.NEVER or self.whole[end] or size + closer > self.limit:
            return float("inf")
        emphasis = 8 if atom.context.closer and atom.cost >= Cost.LINE else 0
        return atom.cost + emphasis + _EMPTINESS * (1 - size / self.limit) ** 2

    def _sizes(self, context: Context) -> tuple[int, int]:
        known = self._context_sizes.get(context)
        if known is None:
            known = (self.measure(context.opener), self.measure(context.closer))
            self._context_sizes[context] = known
        return known

    def _part(self, start: int, end: int) -> str:
        pieces = [self.atoms[start].context.opener, self.atoms[start].text]
        for atom in self.atoms[start + 1 : end]:
            pieces += (atom.gap, atom.text)
        if end < len(self.atoms):
            pieces.append(self.atoms[end].context.closer)
        return "".join(pieces)
