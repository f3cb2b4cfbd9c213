"""Splits examples into those to train on and those held out, so that nothing is seen in both.

What shares a group, or asks the same problem, stays together. The hash of the group decides, so
that a problem keeps its side in every later version.
"""

import hashlib
from collections import defaultdict
from collections.abc import Sequence

from training.datasets.example import Example, Split
from training.datasets.normalising import normalised

HELD_OUT_SHARE = 0.1
FEWEST_CLUSTERS = 2


def split(examples: Sequence[Example]) -> list[Split]:
    """The side of each example; some are held out and some are trained on.

    Fewer than two clusters can't be split: whoever calls has refused them (`clusters`).
    """
    found = clusters(examples)
    places = {cluster: _position(cluster) for cluster in set(found)}
    assert len(places) >= FEWEST_CLUSTERS, len(places)
    held_out = {cluster for cluster, place in places.items() if place < HELD_OUT_SHARE}
    by_place = sorted(places, key=lambda cluster: places[cluster])
    if not held_out:
        held_out = {by_place[0]}
    if len(held_out) == len(places):
        held_out.discard(by_place[-1])
    return [Split.HELD_OUT if cluster in held_out else Split.TRAIN for cluster in found]


def clusters(examples: Sequence[Example]) -> list[str]:
    """For each example the name of what it stays together with: the first group in the alphabet."""
    joined = _Joined()
    for example in examples:
        joined.join(f"group:{example.group}", f"problem:{problem_of(example)}")
    groups: dict[str, list[str]] = defaultdict(list)
    roots = [joined.root(f"group:{example.group}") for example in examples]
    for root, example in zip(roots, examples, strict=True):
        groups[root].append(example.group)
    names = {root: min(members) for root, members in groups.items()}
    return [names[root] for root in roots]


def problem_of(example: Example) -> str:
    """The problem that an example is about, so that it is found again in another group."""
    asked = (example.brief or {}).get("problem")
    if isinstance(asked, str) and asked:
        return normalised(asked)
    first = next((one.content for one in example.messages if one.role == "user"), example.text)
    return normalised(first)


def _position(cluster: str) -> float:
    """Where a cluster falls between 0 and 1."""
    digest = hashlib.sha256(cluster.encode("utf-8", "replace")).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


class _Joined:
    """Disjoint sets with path compression (Tarjan 1975)."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def root(self, name: str) -> str:
        path = []
        while (above := self._above.setdefault(name, name)) != name:
            path.append(name)
            name = above
        for passed in path:
            self._above[passed] = name
        return name

    def join(self, one: str, other: str) -> None:
        self._above[self.root(other)] = self.root(one)
