"""Which things a generator of ours offers: the gate, on counts. Pure.

A picture is *named* if the real picture nearest to it in the classifier's features, its own target
left out, shows the same thing; for a real picture, it itself is left out. A thing is offered

- as `named`: if at least half of its pictures are named, and no more than one in seven (at least
  one) fewer than of its real ones;
- as `alike`: if less than half of its real pictures are named, so that the classifier knows no such
  thing (arrows, fruits of one shape, all that differs in colour alone); then three quarters of its
  pictures must be nearest to a real picture of the thing, their own targets included, on average
  they must be more like their targets than three of four real pictures are like the nearest one of
  any other thing, and not more of them may be lacking as above.

What somebody who looked at the pictures could not recognise is left out after that
(`training/data/picture_exclusions.json` says why). If of the pictures of all things together fewer
than 97 % as many are named as of the real ones, the things that are furthest behind are left out.

Handwriting has many right pictures and a drawing no target: there the first way alone leads in, and
nothing is asked of all things together, since ten digits are of use only if they are all there.

Things are chosen by the same pictures that the published figures are of, so these are a little
better than those of new pictures would be; the card has the figures of all things beside them.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

LEAST_NAMED = 0.5
SLACK = 1 / 7  # of a thing's pictures, at least one: there are up to seven styles
TOLD_APART = 0.5  # of the real pictures
LEAST_FOUND = 0.75
LEAST_TOGETHER = 0.97  # of what the real pictures of the same things reach


class Outcome(StrEnum):
    """NAMED and ALIKE are offered; the others say why not."""

    NAMED = "named"
    ALIKE = "alike"
    UNRECOGNISED = "unrecognised"
    EXCLUDED = "excluded"
    BEHIND = "behind"


OFFERED = (Outcome.NAMED, Outcome.ALIKE)


@dataclass(frozen=True, slots=True)
class Thing:
    """Of so many `pictures` of a thing, how many are named, drawn and real; how many drawn ones are
    nearest to a real picture of it, their own targets included; and how like their targets they are
    on average (-1 to 1). Where no drawing has a target of its own, likeness is None."""

    id: str
    pictures: int
    named: int
    named_real: int
    found: int
    likeness: float | None = None

    @property
    def lacking(self) -> int:
        """How many fewer are named than real ones; negative if more are."""
        return self.named_real - self.named


def choose(
    things: Sequence[Thing], alike: float | None, excluded: Mapping[str, str]
) -> dict[str, Outcome]:
    """What becomes of each thing, by id; `alike` is the likeness that is asked of the alike, None
    where no drawing has a target."""
    outcomes = {one.id: _outcome(one, alike) for one in things}
    for thing_id in excluded:
        if outcomes.get(thing_id) in OFFERED:
            outcomes[thing_id] = Outcome.EXCLUDED
    offered = [one for one in things if outcomes[one.id] in OFFERED]
    for thing in _behind(offered) if alike is not None else ():
        outcomes[thing.id] = Outcome.BEHIND
    return outcomes


def _outcome(thing: Thing, alike: float | None) -> Outcome:
    if not thing.pictures or thing.lacking > max(1, math.floor(SLACK * thing.pictures)):
        return Outcome.UNRECOGNISED
    if thing.named >= LEAST_NAMED * thing.pictures:
        return Outcome.NAMED
    told_apart = thing.named_real >= TOLD_APART * thing.pictures
    found = thing.found >= LEAST_FOUND * thing.pictures
    near = alike is not None and thing.likeness is not None and thing.likeness >= alike
    return Outcome.ALIKE if near and found and not told_apart else Outcome.UNRECOGNISED


def _behind(offered: Sequence[Thing]) -> list[Thing]:
    """Those that have to go until the rest are together named as often as they should be."""
    rest = sorted(offered, key=lambda one: one.lacking / one.pictures)
    gone = []
    while rest and _named(rest) < LEAST_TOGETHER * sum(one.named_real for one in rest):
        gone.append(rest.pop())
    return gone


def _named(things: Sequence[Thing]) -> int:
    return sum(one.named for one in things)
