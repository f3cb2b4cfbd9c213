"""Which moves an adapter may word: those that it was seen to word well, often enough to know."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from training.gate.arms import Side
from training.gate.bootstrap import wilson
from training.gate.drafts import Case, Drafts
from tutor.moves import Move
from tutor.tuning.report import MoveDrafts

FEWEST = 60  # drafts
ACCEPTED_AT_LEAST = 0.80  # the lower end of the 95 % interval
LEAKS_AT_MOST = 0.02  # of the drafts seen
LEAKS_CAN_BE = 0.065  # the upper end of the interval: what sixty drafts without a leak show


def by_move(cases: Sequence[Case], drafts: Drafts) -> tuple[MoveDrafts, ...]:
    """How the drafts of each move came out."""
    places: dict[Move, list[int]] = defaultdict(list)
    for index, case in enumerate(cases):
        places[case.brief.move].append(index)
    return tuple(_of_move(move, places[move], drafts) for move in sorted(places))


def _of_move(move: Move, places: Sequence[int], drafts: Drafts) -> MoveDrafts:
    base, new = ([drafts[side][index] for index in places] for side in (Side.BASE, Side.CANDIDATE))
    return MoveDrafts(
        move=move.value,
        n=len(places),
        base_accepted=_share(one.accepted for one in base),
        accepted=_share(one.accepted for one in new),
        base_leaks=_share(bool(one.leaks) for one in base),
        leaks=_share(bool(one.leaks) for one in new),
    )


def phrases(moves: Sequence[MoveDrafts]) -> tuple[str, ...]:
    """The moves that it is fit for."""
    return tuple(one.move for one in moves if _is_fit(one))


def _is_fit(drafts: MoveDrafts) -> bool:
    if drafts.n < FEWEST:
        return False
    accepted, _ = wilson(round(drafts.accepted * drafts.n), drafts.n)
    _, leaks = wilson(round(drafts.leaks * drafts.n), drafts.n)
    few = drafts.leaks <= LEAKS_AT_MOST and leaks <= LEAKS_CAN_BE
    return accepted >= ACCEPTED_AT_LEAST and few


def _share(told: Iterable[bool]) -> float:
    """Where there is no key to keep, nothing leaks."""
    found = list(told)
    return sum(found) / len(found)
