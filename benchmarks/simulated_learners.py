"""Logs of learners who don't exist, for measuring the learner model where no real log is at hand.

Three ways to learn, mixed in one log, so that no single model of learning is favoured: ability that
grows a little with each answer, knowledge that comes all at once (a hidden Markov model with guess
and slip), and ability that never changes. Everybody practises a skill until three right answers in
a row, or gives up, as in ASSISTments' skill builders. Seeded: the same log every time.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

IN_A_ROW = 3
GIVES_UP = 0.05
WAYS = ("grows", "clicks", "stays")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a log."""

    learner: str
    skill: str
    correct: int
    order: int
    split: str = ""


@dataclass(frozen=True, slots=True)
class Skill:
    """`difficulty` in log-odds; the others are of knowledge that comes at once."""

    name: str
    difficulty: float
    p_init: float
    p_learn: float
    p_slip: float
    p_guess: float


def simulate(
    learners: int = 1500, skills: int = 60, seed: int = 7, ways: tuple[str, ...] = WAYS
) -> list[Row]:
    """A log in the order of time, in which learners take turns of one skill each."""
    rng = Random(seed)
    bank = [_skill(number, rng) for number in range(skills)]
    turns = [turn for number in range(learners) for turn in _turns(f"L{number}", bank, ways, rng)]
    turns.sort(key=lambda turn: turn[0])
    rows = [row for _, row in turns]
    return [
        Row(learner, skill, correct, order) for order, (learner, skill, correct) in enumerate(rows)
    ]


def _skill(number: int, rng: Random) -> Skill:
    return Skill(
        name=f"S{number}",
        difficulty=rng.gauss(-0.9, 0.8),
        p_init=rng.betavariate(4, 3),
        p_learn=rng.betavariate(2, 9),
        p_slip=rng.betavariate(2, 14),
        p_guess=rng.betavariate(3, 9),
    )


def _turns(
    learner: str, bank: list[Skill], ways: tuple[str, ...], rng: Random
) -> Iterator[tuple[float, tuple[str, str, int]]]:
    """What one learner answers, each with the time of day it happens at."""
    ability, way, clock = rng.gauss(0.0, 0.8), rng.choice(ways), rng.random() * 100
    for skill in rng.sample(bank, min(len(bank), 1 + int(rng.expovariate(1 / 6)))):
        clock += rng.expovariate(1.0)
        for number, correct in enumerate(_practise(skill, ability, way, rng)):
            yield clock + number / 1000, (learner, skill.name, correct)


def _practise(skill: Skill, ability: float, way: str, rng: Random) -> Iterator[int]:
    row, gained = 0, 0.0
    own = ability + rng.gauss(0.0, 0.6)
    pace = rng.lognormvariate(-1.8, 0.6)
    known = rng.random() < _logistic(_logit(skill.p_init) + ability)
    while row < IN_A_ROW:
        if way == "clicks":
            chance = 1.0 - skill.p_slip if known else skill.p_guess
            known = known or rng.random() < skill.p_learn
        else:
            chance = _logistic(own + gained - skill.difficulty)
            gained += pace if way == "grows" else 0.0
        correct = int(rng.random() < chance)
        row = row + 1 if correct else 0
        yield correct
        if rng.random() < GIVES_UP:
            return


def _logistic(logit: float) -> float:
    return 1.0 / (1.0 + math.exp(-logit))


def _logit(chance: float) -> float:
    return math.log(chance / (1.0 - chance))
