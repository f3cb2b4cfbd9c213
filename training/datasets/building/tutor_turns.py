"""Words the tutor's turn for a brief: the attempt, what the hint offers, and a question.

Several wordings of each, drawn at random; which of them may be shown is `Release`'s to say.
"""

import re
from collections.abc import Iterator
from random import Random

from training.datasets.building import wordings
from training.datasets.building.hint_shapes import Kind, Shape, shape_of
from tutor.language import Language
from tutor.moves import Move
from tutor.pedagogy.brief import Brief
from tutor.pedagogy.release import Release

LONGEST = 240
TRIES = 6
OPENED = 0.3  # of the turns about an attempt: a sentence of its own names it
LONGEST_QUOTE = 60
PROSE = re.compile(r"\s")
BARE = re.compile(r"[\w.,/%$°^*+()=-]{1,12}")


def turn_for(brief: Brief, attempt: str, rng: Random) -> str:
    """A turn that may be shown; "" where none was found. `attempt` is the bare answer, or ""."""
    release = Release(brief)
    for _ in range(TRIES):
        text = _worded(brief, quoted(attempt), rng)
        if text and len(text) <= LONGEST and release.check(text) is None:
            return text
    return ""


def quoted(attempt: str) -> str:
    """A bare answer as it is, anything else in quotation marks."""
    if len(attempt) > LONGEST_QUOTE:
        return ""
    return f"“{attempt}”" if PROSE.search(attempt) and not BARE.fullmatch(attempt) else attempt


def _worded(brief: Brief, a: str, rng: Random) -> str:
    if brief.language is Language.CHINESE:
        return _chinese(brief, a, rng)
    words = {
        Move.HINT: _hint, Move.WORKED_STEP: _last_step, Move.DIAGNOSE: _start, Move.REFLECT: _back,
    }[brief.move]  # fmt: skip
    return words(brief, a, rng)


def _hint(brief: Brief, a: str, rng: Random) -> str:
    shape = shape_of(brief.facts[-1]) if brief.facts else Shape(Kind.ANY)
    if a and rng.random() > OPENED:
        return _filled(rng.choice(wordings.ABOUT_ATTEMPT[shape.kind]), a, shape)
    opening = rng.choice(wordings.OPENINGS) if a else ""
    return _filled(f"{opening} {rng.choice(wordings.ALONE[shape.kind])}", a, shape)


def _last_step(brief: Brief, a: str, rng: Random) -> str:
    shape = shape_of(brief.facts[-1]) if brief.facts else Shape(Kind.ANY)
    opening = rng.choice(wordings.LAST_STEP_WITH_ATTEMPT if a else wordings.LAST_STEP)
    return _filled(f"{opening} {rng.choice(wordings.ALONE[shape.kind])}", a, shape)


def _start(brief: Brief, a: str, rng: Random) -> str:
    shape = next(_asked(brief.problem), Shape(Kind.ANY))
    return _filled(rng.choice(wordings.START[shape.kind]), a, shape)


def _back(brief: Brief, a: str, rng: Random) -> str:
    shape = next(_asked(brief.problem), Shape(Kind.ANY))
    tasks = wordings.LOOK_BACK_AT_TASK if shape.kind is Kind.ACTION else ()
    return _filled(rng.choice((*wordings.LOOK_BACK, *tasks)), a, shape) if a else ""


def _asked(problem: str) -> Iterator[Shape]:
    """What the problem asks for, in the form of something to do, to find, or to answer."""
    for line in reversed(problem.splitlines()):
        for sentence in reversed(re.split(r"(?<=[.?!])\s+", line)):
            shape = shape_of(sentence)
            if shape.kind in wordings.START and shape.kind is not Kind.ANY:
                yield shape


def _chinese(brief: Brief, a: str, rng: Random) -> str:
    tables = {Move.DIAGNOSE: wordings.CHINESE_START, Move.REFLECT: wordings.CHINESE_LOOK_BACK}
    ways = tables.get(brief.move, wordings.CHINESE if a else wordings.CHINESE_ALONE)
    return rng.choice(ways).format(a=a)


def _filled(text: str, a: str, shape: Shape) -> str:
    return text.format(a=a, p=shape.phrase, d=shape.doing).strip()
