"""Words the tutor's turn for a brief: the attempt, what the hint offers, and a question.

Several wordings of each, drawn at random; which of them may be shown is `Release`'s to say.
"""

import re
from collections.abc import Iterator, Sequence
from random import Random

from training.datasets.building import wordings
from training.datasets.building.hint_shapes import Kind, Shape, shape_of
from tutor.language import Language
from tutor.moves import Move
from tutor.pedagogy.brief import Brief
from tutor.pedagogy.release import Release

LONGEST = 240
TRIES = 6
MOSTLY = 0.6
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
    opening = _one_of(wordings.OPENINGS, rng) if a else ""
    return _question(brief, a, opening, rng)


def _last_step(brief: Brief, a: str, rng: Random) -> str:
    opening = _one_of(wordings.LAST_STEP_WITH_ATTEMPT if a else wordings.LAST_STEP, rng)
    return _question(brief, a, opening, rng)


def _question(brief: Brief, a: str, opening: str, rng: Random) -> str:
    shape = shape_of(brief.facts[-1]) if brief.facts else Shape(Kind.ANY)
    question = _one_of(wordings.QUESTIONS[shape.kind], rng)
    return f"{opening.format(a=a)} {_filled(question, a, shape)}".strip()


def _start(brief: Brief, a: str, rng: Random) -> str:
    shape = next(_asked(brief.problem), Shape(Kind.ANY))
    return _filled(_one_of(wordings.START[shape.kind], rng), a, shape)


def _back(brief: Brief, a: str, rng: Random) -> str:
    shape = next(_asked(brief.problem), Shape(Kind.ANY))
    ways = wordings.LOOK_BACK_AT_TASK if shape.kind is Kind.ACTION else wordings.LOOK_BACK
    return _filled(_one_of(ways, rng), a, shape) if a else ""


def _one_of(ways: Sequence[str], rng: Random) -> str:
    """Mostly the first."""
    return ways[0] if rng.random() < MOSTLY else rng.choice(ways)


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
