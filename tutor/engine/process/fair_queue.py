"""A bounded waiting line that is fair between keys. Pure; knows nothing of models or time."""

from collections import deque
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from tutor.engine.contract import EngineBusy

Item = TypeVar("Item")


class FairQueue(Generic[Item]):
    """Lower priorities first; within one, the keys take turns and each key's items keep order.

    The key "" stands for callers without a name: only the total bounds it.
    """

    def __init__(self, max_total: int, max_per_key: int) -> None:
        assert max_total > 0 and max_per_key > 0, (max_total, max_per_key)
        self._max_total = max_total
        self._max_per_key = max_per_key
        self._lines: dict[int, dict[str, deque[Item]]] = {}

    def __len__(self) -> int:
        return sum(len(line) for lines in self._lines.values() for line in lines.values())

    def push(self, item: Item, key: str, priority: int) -> None:
        """Appends; raises EngineBusy where the line of everybody or of this key is full."""
        if len(self) >= self._max_total:
            raise EngineBusy(f"{self._max_total} requests are waiting already.")
        waiting = sum(len(lines.get(key, ())) for lines in self._lines.values())
        if key and waiting >= self._max_per_key:
            raise EngineBusy(f"{waiting} requests of {key!r} are waiting already.")
        self._lines.setdefault(priority, {}).setdefault(key, deque()).append(item)

    def pop(self) -> Item | None:
        """The next item; its key goes to the end of the round."""
        for priority in sorted(self._lines):
            lines = self._lines[priority]
            key = next(iter(lines))
            line = lines.pop(key)
            item = line.popleft()
            if line:
                lines[key] = line
            elif not lines:
                del self._lines[priority]
            return item
        return None

    def peek(self) -> Item | None:
        return next(iter(self), None)

    def __iter__(self) -> Iterator[Item]:
        """Everything in the order in which it would be popped now."""
        for priority in sorted(self._lines):
            lines = [list(line) for line in self._lines[priority].values()]
            for turn in range(max(map(len, lines))):
                yield from (line[turn] for line in lines if turn < len(line))

    def remove_where(self, wanted: Callable[[Item], bool]) -> list[Item]:
        """Takes out and returns every item for which `wanted` is true."""
        removed: list[Item] = []
        for priority, lines in list(self._lines.items()):
            for key, line in list(lines.items()):
                removed += filter(wanted, line)
                kept = deque(item for item in line if not wanted(item))
                if kept:
                    lines[key] = kept
                else:
                    del lines[key]
            if not lines:
                del self._lines[priority]
        return removed
