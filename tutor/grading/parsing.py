"""Reads plain mathematics into a tree: a whitelist by grammar, so nothing else can get in.

Reads implicit products, chains of relations, intervals, sets, lists, matrices and solutions joined
by "or" and "and". Never evaluates anything.
"""

import re
from fractions import Fraction

from tutor.grading.expression import Kind, Node, number
from tutor.grading.tokens import NotMathematics, Sort, Token, tokens_of

DEEPEST = 40
_RELATIONS = frozenset("=<>≤≥≠∈")
_MIXED = re.compile(r"(?<![\w./^)_*])(\d+)\s+(\d+)\s*/\s*(\d+)(?![\d.]|\s*[\^(*])")
_THOUSANDS = re.compile(
    r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])|(?<![\d.])\d{1,3}(?: \d{3})+(?![\d])"
)
_REALS = re.compile(r"[ℝR]")
_OPEN = {"(": ")", "[": "]", "{": "}"}
_MINUS_ONE = number(-1)
_INVERSES = frozenset(("sin", "cos", "tan"))


def parse(text: str, names: frozenset[str] = frozenset(), *, thousands: bool = False) -> Node:
    """The tree of the text; NotMathematics if it is anything else.

    With `thousands` a comma or blank before three digits only groups them.
    """
    if thousands:
        text = _THOUSANDS.sub(lambda found: re.sub("[, ]", "", found[0]), text)
    text = _MIXED.sub(r"(\1+\2/\3)", text.strip())
    if _REALS.fullmatch(text):
        return Node(Kind.ALL)
    reader = _Reader(tokens_of(text, names))
    node = reader.listing()
    if reader.next.sort is not Sort.END:
        raise NotMathematics(f"at {reader.next.text!r}")
    return node


class _Reader:
    """A recursive descent over the tokens; every method reads one level of the grammar."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.depth = 0
        self.bars = 0

    @property
    def next(self) -> Token:
        return self.tokens[self.at]

    def take(self) -> Token:
        token = self.tokens[self.at]
        self.at += 1
        return token

    def sees(self, *signs: str) -> bool:
        return self.next.sort is Sort.SIGN and self.next.text in signs

    def takes(self, sign: str) -> bool:
        if self.sees(sign):
            self.at += 1
            return True
        return False

    def expect(self, sign: str) -> None:
        if not self.takes(sign):
            raise NotMathematics(f"{sign!r} is missing")

    def listing(self) -> Node:
        """What commas separate; `, and` counts as one."""
        parts = [self.either()]
        while self.sees(","):
            self.take()
            if self.next.sort is Sort.WORD:
                self.take()
            if self.next.sort is Sort.END:
                break
            parts.append(self.either())
        return parts[0] if len(parts) == 1 else Node(Kind.LIST, tuple(parts))

    def either(self) -> Node:
        parts = [self.both()]
        while self.next.sort is Sort.WORD and self.next.text == "or":
            self.take()
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else Node(Kind.EITHER, tuple(parts))

    def both(self) -> Node:
        parts = [self.relation()]
        while self.next.sort is Sort.WORD and self.next.text == "and":
            self.take()
            parts.append(self.relation())
        return parts[0] if len(parts) == 1 else Node(Kind.BOTH, tuple(parts))

    def relation(self) -> Node:
        leaves_variable_out = self.sees(*_RELATIONS)  # "> 5"
        parts = [Node(Kind.SYMBOL, name="?") if leaves_variable_out else self.union()]
        signs = []
        while self.sees(*_RELATIONS):
            signs.append(self.take().text)
            parts.append(self.union())
        if not signs:
            return parts[0]
        return Node(Kind.RELATION, tuple(parts), name=" ".join(signs))

    def union(self) -> Node:
        parts = [self.ratio()]
        while self.sees("∪") or self._letter_u():
            self.take()
            parts.append(self.ratio())
        return parts[0] if len(parts) == 1 else Node(Kind.UNION, tuple(parts))

    def _letter_u(self) -> bool:
        """A capital or small U between two brackets stands for a union."""
        before = self.tokens[self.at - 1].text if self.at else ""
        following = self.tokens[self.at + 1].text if self.at + 1 < len(self.tokens) else ""
        here = self.next
        return here.text in ("U", "u") and before in (")", "]", "}") and following in _OPEN

    def ratio(self) -> Node:
        parts = [self.sum()]
        while self.takes(":"):
            parts.append(self.sum())
        return parts[0] if len(parts) == 1 else Node(Kind.RATIO, tuple(parts))

    def sum(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise NotMathematics("too deeply nested")
        node = self.product()
        while self.sees("+", "-", "±", "∓"):
            sign = self.take().text
            right = self.product()
            if sign in "±∓":
                node = Node(Kind.PLUS_MINUS, (node, right))
            else:
                right = Node(Kind.NEGATE, (right,)) if sign == "-" else right
                left = node.parts if node.kind is Kind.ADD and not node.name else (node,)
                node = Node(Kind.ADD, (*left, right))
        self.depth -= 1
        return node

    def product(self) -> Node:
        node = self.signed()
        while True:
            if self.sees("*"):
                self.take()
                node = _times(node, self.signed())
            elif self.sees("/"):
                self.take()
                node = Node(Kind.DIVIDE, (node, self.signed()))
            elif self._starts_factor():
                node = _times(node, self.power())
            else:
                return node

    def _starts_factor(self) -> bool:
        """Whether what follows multiplies without a sign; two numbers never do."""
        token = self.next
        if token.sort in (Sort.NAME, Sort.CONSTANT, Sort.FUNCTION):
            return not self._letter_u()
        if token.sort is Sort.SIGN and token.text == "|":
            return self.bars == 0
        return self.sees("(", "√", "∛")

    def signed(self) -> Node:
        if self.sees("+", "-", "±", "∓"):
            self.depth += 1
            if self.depth > DEEPEST:
                raise NotMathematics("too many signs")
            sign = self.take().text
            inside = self.signed()
            self.depth -= 1
            kinds = {"-": Kind.NEGATE, "±": Kind.PLUS_MINUS, "∓": Kind.PLUS_MINUS}
            return Node(kinds[sign], (inside,)) if sign in kinds else inside
        return self.power()

    def power(self) -> Node:
        base = self.postfixed()
        if self.takes("^"):
            self.depth += 1
            if self.depth > DEEPEST:
                raise NotMathematics("too many powers")
            exponent = self.signed()
            self.depth -= 1
            return Node(Kind.POWER, (base, exponent))
        return base

    def postfixed(self) -> Node:
        node = self.primary()
        while True:
            if self.next.sort is Sort.POWER:
                node = Node(Kind.POWER, (node, _superscript(self.take().text)))
            elif self.sees("!") and not self._next_is("="):
                self.take()
                node = Node(Kind.FUNCTION, (node,), name="factorial")
            elif self.sees("%"):
                self.take()
                node = Node(Kind.PERCENT, (node,))
            elif self.sees("'") and node.kind is Kind.SYMBOL:
                self.take()
                node = Node(Kind.SYMBOL, name=node.name + "'")
            else:
                return node

    def _next_is(self, text: str) -> bool:
        return self.tokens[self.at + 1].text == text

    def primary(self) -> Node:
        token = self.take()
        match token.sort:
            case Sort.NUMBER:
                return _number(token.text)
            case Sort.NAME:
                return Node(Kind.SYMBOL, name=token.text)
            case Sort.CONSTANT:
                return Node(Kind.CONSTANT, name=token.text)
            case Sort.FUNCTION:
                return self.function(token.text)
            case Sort.SIGN:
                return self.enclosed(token.text)
        raise NotMathematics(f"at {token.text!r}")

    def enclosed(self, sign: str) -> Node:
        if sign == "√":
            return Node(Kind.FUNCTION, (self.postfixed(),), name="sqrt")
        if sign == "∛":
            return Node(Kind.FUNCTION, (self.postfixed(),), name="cbrt")
        if sign == "|":
            self.bars += 1
            inside = self.sum()
            self.bars -= 1
            self.expect("|")
            return Node(Kind.FUNCTION, (inside,), name="abs")
        if sign == "∅":
            return Node(Kind.NONE)
        if sign == "ℝ":
            return Node(Kind.ALL)
        if sign in _OPEN:
            return self.brackets(sign)
        raise NotMathematics(f"at {sign!r}")

    def brackets(self, opening: str) -> Node:
        bars, self.bars = self.bars, 0
        if opening == "{":
            node = self.set()
        else:
            inside = self.listing()
            closing = self.take().text
            if closing not in (")", "]"):
                raise NotMathematics("a bracket is missing")
            node = _bracketed(inside, opening + closing)
        self.bars = bars
        return node

    def set(self) -> Node:
        if self.takes("}"):
            return Node(Kind.NONE)
        self.bars = 1  # a bar inside opens the condition
        inside = self.listing()
        self.bars = 0
        if self.sees("|", ":"):  # {x | x > 5}
            self.take()
            inside = self.listing()
        elif inside.kind is Kind.RATIO and len(inside.parts) == 2:
            inside = inside.parts[1]
        self.expect("}")
        if inside.kind is Kind.RELATION or _is_condition(inside):
            return inside
        return Node(Kind.SET, inside.parts if inside.kind is Kind.LIST else (inside,))

    def function(self, name: str) -> Node:
        exponent: Node | None = None
        base: Node | None = None
        if name == "log" and self.takes("_"):
            base = self.postfixed()
        elif name == "log" and self.next.sort is Sort.POWER:
            raise NotMathematics("a power of a logarithm's name")
        if self.takes("^"):
            exponent = self.signed()
        elif self.next.sort is Sort.POWER:
            exponent = _superscript(self.take().text)
        node = Node(Kind.FUNCTION, self.arguments(), name=name)
        if base is not None:
            node = Node(Kind.FUNCTION, (*node.parts, base), name="log")
        if exponent is None:
            return node
        if name in _INVERSES and _is_minus_one(exponent):
            return Node(Kind.FUNCTION, node.parts, name=f"arc{name}")
        return Node(Kind.POWER, (node, exponent))

    def arguments(self) -> tuple[Node, ...]:
        """What is in parentheses, else the factors up to the next sign or function."""
        if self.takes("("):
            bars, self.bars = self.bars, 0
            inside = self.listing()
            self.bars = bars
            self.expect(")")
            return inside.parts if inside.kind is Kind.LIST else (inside,)
        node = self.signed()
        while self._starts_factor() and self.next.sort is not Sort.FUNCTION:
            node = _times(node, self.power())
        return (node,)


def _times(left: Node, right: Node) -> Node:
    parts = left.parts if left.kind is Kind.MULTIPLY else (left,)
    return Node(Kind.MULTIPLY, (*parts, right))


def _is_minus_one(node: Node) -> bool:
    if node.kind is Kind.NUMBER:
        return node.value == -1
    return node.kind is Kind.NEGATE and node.parts[0] == number(1, "1")


def _is_condition(node: Node) -> bool:
    joined = node.kind in (Kind.EITHER, Kind.BOTH)
    return joined and all(part.kind is Kind.RELATION for part in node.parts)


def _bracketed(inside: Node, name: str) -> Node:
    if inside.kind is Kind.LIST:
        return Node(Kind.BRACKETS, inside.parts, name=name)
    if name == "[]" and inside.kind is not Kind.RELATION:
        if inside.kind is Kind.BRACKETS:
            return Node(Kind.BRACKETS, (inside,), name=name)
        return inside
    if name not in ("()", "[]"):
        raise NotMathematics("brackets that do not match")
    if inside.kind is Kind.ADD:  # a sum in brackets is one part of a sum around it
        return Node(Kind.ADD, inside.parts, name="()")
    return inside


def _number(text: str) -> Node:
    mantissa, _, exponent = text.lower().partition("e")
    if len(exponent) > 4 or len(mantissa) > 400:
        raise NotMathematics("a number out of bounds")
    value = Fraction(mantissa.rstrip(".") or "0")
    if exponent:
        if abs(int(exponent)) > 400:
            raise NotMathematics("a number out of bounds")
        value *= Fraction(10) ** int(exponent)
    return number(value, text)


def _superscript(text: str) -> Node:
    if text in ("n", "x"):
        return Node(Kind.SYMBOL, name=text)
    if not re.fullmatch(r"[+-]?\d{1,4}", text):
        raise NotMathematics(f"the power {text!r}")
    return number(int(text))
