"""Whether an answer in mathematics says the same as the key: expressions, equations, sets, lists.

Compares trees; never evaluates text, never asks a computer algebra system.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from tutor.grading.evaluation import Undefined, Value, close, evaluate, number_of
from tutor.grading.expression import Kind, Node, is_scalar, leaves, symbols
from tutor.grading.forms import Form, has_form, is_worked_out, prime_form
from tutor.grading.precision import is_met, pattern_of
from tutor.grading.probing import constant_ratio, same_function, vanishes
from tutor.grading.regions import region_of, same_region
from tutor.grading.verdict import Outcome, Pattern

_LISTS = frozenset((Kind.LIST, Kind.EITHER, Kind.BOTH, Kind.SET))
_CURVE_NAMES = frozenset(("y", "z"))
_CONSTANT_NAMES = frozenset(("C", "c", "K", "k"))


@dataclass(frozen=True, slots=True)
class Compared:
    """What a comparison came to; None as a whole means that it could not be made."""

    outcome: Outcome
    score: float = 0.0
    pattern: Pattern = Pattern.NONE


RIGHT = Compared(Outcome.RIGHT, 1.0)
WRONG = Compared(Outcome.WRONG)


def compare(
    key: Node, answer: Node, form: Form = Form.NONE, tolerance: float = 0.0
) -> Compared | None:
    """How the answer compares with the key; None where this module cannot tell."""
    judge = _Judge(form, tolerance)
    answer = _renamed(key, answer)
    return judge.compare(key, answer)


@dataclass(frozen=True, slots=True)
class _Judge:
    form: Form
    tolerance: float

    def compare(self, key: Node, answer: Node) -> Compared | None:
        match key.kind:
            case Kind.RELATION:
                return self.relation(key, answer)
            case Kind.RATIO:
                return self.ratio(key, answer)
            case Kind.BRACKETS:
                return self.brackets(key, answer)
            case Kind.UNION | Kind.ALL:
                return self.region(key, answer)
            case Kind.NONE:
                return RIGHT if answer.kind is Kind.NONE else WRONG
        if key.kind in _LISTS or _is_plus_minus(key):
            return self.listed(key, answer)
        if is_scalar(key):
            return self.scalar(key, _single_value(answer))
        return None

    def scalar(self, key: Node, answer: Node | None) -> Compared | None:
        if answer is None or not is_scalar(answer):
            return WRONG
        if not symbols(key):
            return self.number(key, answer)
        if not same_function(key, answer):
            opposite = same_function(key, Node(Kind.NEGATE, (answer,)))
            return Compared(Outcome.WRONG, 0.0, Pattern.SIGN if opposite else Pattern.NONE)
        return RIGHT if has_form(self.form, key, answer) else _unfinished()

    def number(self, key: Node, answer: Node) -> Compared | None:
        wanted = number_of(key)
        if wanted is None:
            return None
        if symbols(answer):
            same = same_function(key, answer)
            return _unfinished() if same else WRONG
        value = number_of(answer)
        if value is None:
            return WRONG
        if not is_met(wanted, value, _shown(answer), self.tolerance):
            return Compared(Outcome.WRONG, 0.0, pattern_of(wanted, value))
        if isinstance(wanted, Fraction) and not self._finished(key, answer):
            return _unfinished()
        return RIGHT if has_form(self.form, key, answer) else _unfinished()

    @staticmethod
    def _finished(key: Node, answer: Node) -> bool:
        """A product of whole numbers is met by the same product; a plain number by a plain one."""
        wanted = None if is_worked_out(key) else prime_form(key)
        if wanted is not None:
            return prime_form(answer) == wanted
        return is_worked_out(answer) or not is_worked_out(key)

    def relation(self, key: Node, answer: Node) -> Compared | None:
        if region_of(key) is not None:
            return self.region(key, answer)
        if key.name == "=":
            return self.equation(key, answer)
        if key.name in ("<", ">", "≤", "≥"):
            return _inequality(key, answer)
        return None

    def equation(self, key: Node, answer: Node) -> Compared | None:
        solved = _assignment(key)
        given = _assignment(answer)
        if solved is not None and _is_plus_minus(solved[1]):
            return self.listed(key, answer)
        if solved is not None and not symbols(solved[1]):
            if given is not None and given[0] in (solved[0], ""):
                return self.compare(solved[1], given[1])
            return WRONG
        if solved is not None and given is not None and given[0] == solved[0]:
            found = self.scalar(solved[1], given[1])
            if found is None or found.outcome is not Outcome.WRONG:
                return found
        if solved is not None and is_scalar(answer):
            return self._right_side_only(solved, answer)
        if answer.kind is not Kind.RELATION or answer.name != "=":
            return WRONG
        if not symbols(key):
            return RIGHT if _same_sides(key, answer) else WRONG
        if solved is not None and solved[0] not in _CURVE_NAMES:
            return WRONG  # it was to be solved for this variable
        return RIGHT if _same_equation(key, answer, solved) else WRONG

    def _right_side_only(self, solved: tuple[str, Node], answer: Node) -> Compared | None:
        """A formula for `h` may leave "h =" out; the equation of a curve needs its "y ="."""
        found = self.scalar(solved[1], answer)
        if found is None or found.outcome is not Outcome.RIGHT or solved[0] != "y":
            return found
        return Compared(Outcome.UNREADABLE, 0.0, Pattern.INCOMPLETE)

    def region(self, key: Node, answer: Node) -> Compared | None:
        wanted, given = region_of(key), region_of(answer)
        if wanted is None:
            return None
        if given is None:
            return WRONG
        return RIGHT if same_region(wanted, given) else WRONG

    def ratio(self, key: Node, answer: Node) -> Compared | None:
        if answer.kind is Kind.DIVIDE and len(key.parts) == 2:
            answer = Node(Kind.RATIO, answer.parts)
        if answer.kind is not Kind.RATIO or len(answer.parts) != len(key.parts):
            return WRONG
        wanted = [value for part in key.parts if (value := number_of(part)) is not None]
        given = [value for part in answer.parts if (value := number_of(part)) is not None]
        if not len(wanted) == len(given) == len(key.parts):
            return None
        pairs = zip(wanted[1:], given[1:], strict=True)
        same = all(close(a * given[0], b * wanted[0]) for a, b in pairs)
        return RIGHT if same else WRONG

    def brackets(self, key: Node, answer: Node) -> Compared | None:
        """A point, vector or matrix part by part; an interval also as an inequality."""
        answer = _as_point(answer, len(key.parts))
        if self._same_parts(key, answer):
            return RIGHT
        if region_of(key) is not None and answer.kind is not Kind.BRACKETS:
            return self.region(key, answer)
        return self.region(key, answer) if key.name != "()" and region_of(key) else WRONG

    def _same_parts(self, key: Node, answer: Node) -> bool:
        """Part by part; with two parts the kind of brackets tells points from intervals."""
        if answer.kind is not Kind.BRACKETS or len(answer.parts) != len(key.parts):
            return False
        if len(key.parts) == 2 and key.name != answer.name:
            return False
        pairs = zip(key.parts, answer.parts, strict=True)
        return all(self._same(("", one), ("", other)) for one, other in pairs)

    def listed(self, key: Node, answer: Node) -> Compared | None:
        """Several solutions in any order (or in theirs); some of them are a part."""
        wanted, given = items_of(key), items_of(answer)
        if not wanted:
            return WRONG
        if region_of(key) is not None and key.kind in (Kind.EITHER, Kind.BOTH):
            return self.region(key, answer)
        names = {name for name, _ in (*wanted, *given)} - {""}
        wanted_names = {name for name, _ in wanted} - {""}
        if len(wanted_names) <= 1 < len(names):
            return WRONG
        if Form.ORDERED in self.form and key.kind is Kind.LIST:
            return self._in_order(wanted, given)
        return self._in_any_order(wanted, given)

    def _in_order(self, wanted: list[tuple[str, Node]], given: list[tuple[str, Node]]) -> Compared:
        if len(wanted) != len(given):
            return WRONG
        same = all(self._same(a, b) for a, b in zip(wanted, given, strict=True))
        return RIGHT if same else WRONG

    def _in_any_order(
        self, wanted: list[tuple[str, Node]], given: list[tuple[str, Node]]
    ) -> Compared:
        left = list(given)
        hits = 0
        for one in wanted:
            hit = next((other for other in left if self._same(one, other)), None)
            if hit is not None:
                left.remove(hit)
                hits += 1
        left = [one for one in left if not any(self._same(one, other) for other in wanted)]
        if hits == len(wanted) and not left:
            return RIGHT
        score = max(0.0, (hits - len(left)) / len(wanted))
        if not score:
            return WRONG
        return Compared(Outcome.PARTLY, score, Pattern.NONE if left else Pattern.INCOMPLETE)

    def _same(self, one: tuple[str, Node], other: tuple[str, Node]) -> bool:
        if one[0] and other[0] and one[0] != other[0]:
            return False
        found = self.compare(one[1], other[1])
        return found is not None and found.outcome is Outcome.RIGHT


def _unfinished() -> Compared:
    return Compared(Outcome.UNREADABLE, 0.0, Pattern.NOT_SIMPLIFIED)


def _shown(node: Node) -> str:
    """The digits of a plain number, with or without a sign."""
    return node.parts[0].shown if node.kind is Kind.NEGATE else node.shown


def _is_plus_minus(node: Node) -> bool:
    return any(one.kind is Kind.PLUS_MINUS for one in node.walk())


def _assignment(node: Node) -> tuple[str, Node] | None:
    """`x = value` as its name and value; a bare value has the name ""."""
    if node.kind is not Kind.RELATION:
        return ("", node)
    if set(node.name.split()) != {"="}:
        return None
    for lone, value in ((node.parts[0], node.parts[-1]), (node.parts[-1], node.parts[0])):
        if lone.kind is Kind.SYMBOL and lone.name not in symbols(value):
            between = node.parts[1:-1]
            if all(same_function(part, value) for part in between):
                return lone.name, value
    return None


def _single_value(node: Node) -> Node | None:
    """The value of `5`, `x = 5`, `5 = x`, `2 + 3 = 5` (if that is so), `{5}`; else None."""
    if node.kind is Kind.SET and len(node.parts) == 1:
        return node.parts[0]
    if node.kind is not Kind.RELATION:
        return node
    assigned = _assignment(node)
    if assigned is not None:
        return assigned[1]
    if set(node.name.split()) != {"="} or not all(map(is_scalar, node.parts)):
        return None
    first, last = node.parts[0], node.parts[-1]
    return last if all(same_function(first, part) for part in node.parts[1:]) else None


def items_of(node: Node) -> list[tuple[str, Node]]:
    """The solutions one by one with the variable each is given for."""
    if node.kind in _LISTS:
        found = [item for part in node.parts for item in items_of(part)]
        names = [name for name, _ in found if name]
        return [(name or (names[0] if names else ""), value) for name, value in found]
    assigned = _assignment(node)
    if assigned is None:
        if node.kind is Kind.RELATION and node.name == "∈":
            return items_of(node.parts[1])
        return [("", node)]
    name, value = assigned
    if value.kind in _LISTS:
        return [(name, one) for _, one in items_of(value)]
    return [(name, one) for one in _both_signs(value)]


def _both_signs(node: Node) -> list[Node]:
    if not _is_plus_minus(node):
        return [node]
    return [_with_sign(node, sign) for sign in (1, -1)]


def _with_sign(node: Node, sign: int) -> Node:
    parts = tuple(_with_sign(part, sign) for part in node.parts)
    if node.kind is not Kind.PLUS_MINUS:
        return Node(node.kind, parts, node.name, node.value, node.shown)
    last = parts[-1] if sign > 0 else Node(Kind.NEGATE, (parts[-1],))
    return last if len(parts) == 1 else Node(Kind.ADD, (parts[0], last))


def _as_point(node: Node, size: int) -> Node:
    """`x = 2, y = 3` as the point (2, 3): by the order of the names."""
    if node.kind not in (Kind.LIST, Kind.BOTH) or len(node.parts) != size:
        return node
    items = items_of(node) if all(part.kind is Kind.RELATION for part in node.parts) else []
    names = [name for name, _ in items]
    if len(items) != size or len(set(names)) != size or "" in names:
        return node
    return Node(Kind.BRACKETS, tuple(value for _, value in sorted(items, key=lambda i: i[0])), "()")


def _renamed(key: Node, answer: Node) -> Node:
    """Gives symbols the case of the key's, and a constant of integration its name."""
    wanted = symbols(key)
    missing = wanted - symbols(answer)
    names: dict[str, str] = {}
    for name in sorted(symbols(answer) - wanted):
        for other in sorted(missing):
            both_constants = name in _CONSTANT_NAMES and other in _CONSTANT_NAMES
            if name.lower() == other.lower() or both_constants:
                names[name] = other
                missing -= {other}
                break
    return _with_names(answer, names) if names else answer


def _with_names(node: Node, names: Mapping[str, str]) -> Node:
    parts = tuple(_with_names(part, names) for part in node.parts)
    name = names.get(node.name, node.name) if node.kind is Kind.SYMBOL else node.name
    return Node(node.kind, parts, name, node.value, node.shown)


def _difference(node: Node) -> Node:
    return Node(Kind.ADD, (node.parts[0], Node(Kind.NEGATE, (node.parts[1],))))


def _same_sides(key: Node, answer: Node) -> bool:
    """For an identity of numbers such as ln(e²) = 2: side by side, as fully written."""
    pairs = zip(key.parts, answer.parts, strict=False)
    sized = len(key.parts) == len(answer.parts) and leaves(key) == leaves(answer)
    return sized and all(same_function(a, b) for a, b in pairs)


def _same_equation(key: Node, answer: Node, solved: tuple[str, Node] | None) -> bool:
    """Equal up to a constant factor, or true exactly where the key's `y = …` is."""
    if not all(is_scalar(part) for part in (*key.parts, *answer.parts)):
        return False
    one, other = _difference(key), _difference(answer)
    if symbols(one) != symbols(other):
        return False
    if constant_ratio(one, other) is not None:
        return True
    return solved is not None and _holds_on(solved, other)


def _holds_on(solved: tuple[str, Node], other: Node) -> bool:
    """Whether `other` = 0 on y = g(x), and for no second y (it is linear in y)."""
    name, value = solved
    names = symbols(value)

    def at_solution(at: Mapping[str, Fraction]) -> Value:
        there = evaluate(value, at)
        if not isinstance(there, Fraction):
            raise Undefined("not exact")
        return evaluate(other, {**at, name: there})

    def bend(at: Mapping[str, Fraction]) -> Value:
        low, middle, high = (evaluate(other, {**at, name: Fraction(y)}) for y in (2, 3, 4))
        return low - 2 * middle + high

    return vanishes(at_solution, names) and vanishes(bend, names)


def _inequality(key: Node, answer: Node) -> Compared | None:
    """In several variables: the same up to a positive factor, or turned with a negative one."""
    turned = {"<": ">", ">": "<", "≤": "≥", "≥": "≤"}
    if answer.kind is not Kind.RELATION or answer.name not in turned:
        return WRONG
    if not all(is_scalar(part) for part in (*key.parts, *answer.parts)):
        return None
    ratio = constant_ratio(_difference(key), _difference(answer))
    if ratio is None or not isinstance(ratio, Fraction):
        return WRONG
    expected = answer.name if ratio > 0 else turned[answer.name]
    return RIGHT if expected == key.name else WRONG
