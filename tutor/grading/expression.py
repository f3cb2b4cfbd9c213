"""Mathematics as a tree. Knows neither how it is written nor what it comes to."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Kind(StrEnum):
    NUMBER = "number"  # `value`
    SYMBOL = "symbol"  # `name`
    CONSTANT = "constant"  # `name`: pi, e, i, oo, deg
    ADD = "add"
    MULTIPLY = "multiply"
    DIVIDE = "divide"
    POWER = "power"
    NEGATE = "negate"
    PLUS_MINUS = "plus_minus"  # one part: ±a; two: a ± b
    FUNCTION = "function"  # `name` of its parts
    PERCENT = "percent"
    RATIO = "ratio"
    RELATION = "relation"  # `name`: the signs, blank between; one part more than signs
    BRACKETS = "brackets"  # `name`: "(" + ")", "[" + "]", or mixed; two parts or more
    SET = "set"
    LIST = "list"  # separated by commas
    EITHER = "either"  # separated by "or"
    BOTH = "both"  # separated by "and"
    UNION = "union"
    ALL = "all"  # every real number
    NONE = "none"  # no value at all


@dataclass(frozen=True, slots=True)
class Node:
    """A node; `shown` keeps how a number was written ("2.50"), since digits tell precision."""

    kind: Kind
    parts: tuple["Node", ...] = ()
    name: str = ""
    value: Fraction = Fraction(0)
    shown: str = ""

    def walk(self) -> Iterator["Node"]:
        """This node and all below it."""
        yield self
        for part in self.parts:
            yield from part.walk()


SCALARS = frozenset(
    (
        Kind.NUMBER,
        Kind.SYMBOL,
        Kind.CONSTANT,
        Kind.ADD,
        Kind.MULTIPLY,
        Kind.DIVIDE,
        Kind.POWER,
        Kind.NEGATE,
        Kind.FUNCTION,
        Kind.PERCENT,
    )
)


def number(value: Fraction | int, shown: str = "") -> Node:
    return Node(Kind.NUMBER, value=Fraction(value), shown=shown)


def symbols(node: Node) -> frozenset[str]:
    """The names of the variables in it."""
    return frozenset(one.name for one in node.walk() if one.kind is Kind.SYMBOL)


def is_scalar(node: Node) -> bool:
    """Whether it is a plain number or expression all the way down."""
    return all(one.kind in SCALARS for one in node.walk())


def leaves(node: Node) -> int:
    """How many numbers and symbols it is written with: a measure of how simple it is."""
    return sum(not one.parts for one in node.walk())
