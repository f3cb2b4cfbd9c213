"""Problems without end: each generator computes the key of the problem that it makes.

The same name and seed make the same problem, in English and in Chinese.
"""

from collections.abc import Mapping, Sequence
from random import Random

from tutor.bank.generators.algebra import ALGEBRA
from tutor.bank.generators.amounts import AMOUNTS
from tutor.bank.generators.arithmetic import ARITHMETIC
from tutor.bank.generators.averages import AVERAGES
from tutor.bank.generators.calculus import CALCULUS
from tutor.bank.generators.chance import CHANCE
from tutor.bank.generators.computing import COMPUTING
from tutor.bank.generators.equations import EQUATIONS
from tutor.bank.generators.functions import FUNCTIONS
from tutor.bank.generators.geometry import GEOMETRY
from tutor.bank.generators.programs import PROGRAMS
from tutor.bank.generators.rationals import RATIONALS
from tutor.bank.generators.science import SCIENCE
from tutor.bank.generators.soundness import is_sound
from tutor.bank.generators.trigonometry import TRIGONOMETRY
from tutor.bank.generators.units import UNITS
from tutor.bank.item import Hint, HintKind, Item, Origin, Step
from tutor.bank.problem import Generator, Problem, number_key
from tutor.bank.vocabulary import VOCABULARY
from tutor.language import Language
from tutor.names import name_in

__all__ = ["GENERATORS", "Generator", "generate", "recompute"]

DRAWS = 1000

_ALL = (
    *ARITHMETIC,
    *RATIONALS,
    *AMOUNTS,
    *ALGEBRA,
    *EQUATIONS,
    *GEOMETRY,
    *UNITS,
    *AVERAGES,
    *CHANCE,
    *FUNCTIONS,
    *TRIGONOMETRY,
    *CALCULUS,
    *SCIENCE,
    *COMPUTING,
    *PROGRAMS,
    *VOCABULARY,
)

GENERATORS: Mapping[str, Generator] = {one.name: one for one in _ALL}


def generate(name: str, seed: int, language: Language, *, skills: Sequence[str] = ()) -> Item:
    """A problem of the generator `name`, practising `skills`; the same seed is the same problem."""
    maker, problem = GENERATORS[name], _posed(name, seed)
    step = Step("1", "", problem.key, _hints(problem, language), tuple(skills))
    return Item(
        key=f"{name}-{seed}-{language.value}",
        stem=problem.stem.said_in(language),
        steps=(step,),
        language=language.value,
        title=name_in(maker.names, language),
        family=f"{name}:{seed}",
        source=maker.source,
        licence=maker.licence,
        attribution=maker.attribution,
        origin=Origin.GENERATOR,
    )


def recompute(item: Item) -> bool:
    """Whether every accepted answer of a generated item is right, computed by another way."""
    name, seed = item.family.split(":")
    numbers = _posed(name, int(seed)).numbers
    answers = item.steps[0].answer.answers
    return bool(answers) and all(GENERATORS[name].holds(answer, *numbers) for answer in answers)


def _posed(name: str, seed: int) -> Problem:
    """Draws until the problem is sound; each generator is sound after a few draws."""
    rng = Random(f"{name}:{seed}")  # noqa: S311 — practice, no secret
    for _ in range(DRAWS):
        problem = GENERATORS[name].pose(rng)
        if is_sound(problem):
            return problem
    raise AssertionError(f"{name} makes no sound problem")


def _hints(problem: Problem, language: Language) -> tuple[Hint, ...]:
    easier = number_key(problem.scaffold_answer)
    return (
        Hint(HintKind.HINT, problem.hint.said_in(language)),
        Hint(HintKind.SCAFFOLD, problem.scaffold.said_in(language), key=easier),
        Hint(HintKind.BOTTOM_OUT, problem.solution.said_in(language)),
    )
