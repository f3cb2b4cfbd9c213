"""Sets of real numbers: inequalities, intervals and unions in one normal form."""

from dataclasses import dataclass

from tutor.grading.evaluation import Value, close, inexact, mp, number_of
from tutor.grading.expression import Kind, Node, is_scalar, symbols

_TURNED = {"<": ">", ">": "<", "≤": "≥", "≥": "≤", "=": "=", "≠": "≠"}
_SIGNS = frozenset("<>≤≥≠")


@dataclass(frozen=True, slots=True)
class Span:
    """From `low` to `high`, each included or not."""

    low: Value
    high: Value
    low_in: bool = False
    high_in: bool = False


@dataclass(frozen=True, slots=True)
class Region:
    """Spans in order that do not touch; `variable` as written, "" where none is."""

    spans: tuple[Span, ...]
    variable: str = ""


def region_of(node: Node) -> Region | None:
    """The set of real numbers that a node describes; None if it describes none."""
    match node.kind:
        case Kind.ALL:
            return Region((Span(-mp.inf, mp.inf),))
        case Kind.BRACKETS:
            return _interval(node)
        case Kind.RELATION:
            return _relation(node)
        case Kind.UNION | Kind.EITHER | Kind.LIST:
            return _joined([_part(one) for one in node.parts])
        case Kind.BOTH:
            parts = [region_of(one) for one in node.parts]
            common = _common(parts)
            # "(-∞, 2) and (5, ∞)" lists the two; nobody gives an empty set that way
            return common if common is None or common.spans else _joined(parts)
    return None


def same_region(one: Region, other: Region) -> bool:
    """Whether both are the same set, and speak of the same variable where both name one."""
    named = {one.variable, other.variable} - {"", "?"}
    if len(named) > 1 and len({name.lower() for name in named}) > 1:
        return False
    return len(one.spans) == len(other.spans) and all(
        _same_span(a, b) for a, b in zip(one.spans, other.spans, strict=True)
    )


def _same_span(one: Span, other: Span) -> bool:
    ends = (one.low_in, one.high_in) == (other.low_in, other.high_in)
    return ends and close(one.low, other.low) and close(one.high, other.high)


def _part(node: Node) -> Region | None:
    if node.kind is Kind.SET:
        points = [_real(part) for part in node.parts]
        if any(point is None for point in points):
            return None
        return _joined([Region((Span(point, point, True, True),)) for point in points])
    return region_of(node)


def _real(node: Node) -> Value | None:
    """The real value of a scalar without symbols, infinities included."""
    if not is_scalar(node) or symbols(node):
        return None
    value = number_of(node)
    return None if value is None or isinstance(value, mp.mpc) else value


def _interval(node: Node) -> Region | None:
    if len(node.parts) != 2:
        return None
    low, high = (_real(part) for part in node.parts)
    if low is None or high is None or inexact(low) > inexact(high):
        return None
    return Region((_span(low, high, node.name[0] == "[", node.name[1] == "]"),))


def _span(low: Value, high: Value, low_in: bool, high_in: bool) -> Span:
    """Infinity is never included, however it is written."""
    return Span(
        low, high, low_in and not mp.isinf(inexact(low)), high_in and not mp.isinf(inexact(high))
    )


def _relation(node: Node) -> Region | None:
    signs = node.name.split()
    if signs == ["∈"] and node.parts[0].kind is Kind.SYMBOL:
        inside = region_of(node.parts[1])
        return None if inside is None else Region(inside.spans, node.parts[0].name)
    if not set(signs) <= _SIGNS:
        return None
    found: list[Region | None] = [
        _comparison(left, sign, right)
        for left, sign, right in zip(node.parts, signs, node.parts[1:], strict=False)
    ]
    return _common(found)


def _comparison(left: Node, sign: str, right: Node) -> Region | None:
    if right.kind is Kind.SYMBOL:
        left, sign, right = right, _TURNED[sign], left
    if left.kind is not Kind.SYMBOL:
        return None
    value = _real(right)
    if value is None:
        return None
    spans = {
        "<": (Span(-mp.inf, value),),
        "≤": (_span(-mp.inf, value, False, True),),
        ">": (Span(value, mp.inf),),
        "≥": (_span(value, mp.inf, True, False),),
        "≠": (Span(-mp.inf, value), Span(value, mp.inf)),
    }[sign]
    return Region(spans, left.name)


def _variable(regions: list[Region]) -> str | None:
    """The one variable of all of them; None if they speak of several."""
    names = {region.variable for region in regions} - {""}
    return None if len(names) > 1 else next(iter(names), "")


def _joined(regions: list[Region | None]) -> Region | None:
    known = [region for region in regions if region is not None]
    variable = _variable(known)
    if len(known) < len(regions) or variable is None:
        return None
    spans = sorted((s for region in known for s in region.spans), key=lambda s: inexact(s.low))
    merged: list[Span] = []
    for span in spans:
        if merged and _touch(merged[-1], span):
            merged[-1] = _merged(merged[-1], span)
        else:
            merged.append(span)
    return Region(tuple(merged), variable)


def _touch(one: Span, other: Span) -> bool:
    low, high = inexact(other.low), inexact(one.high)
    return bool(low < high or (low == high and (one.high_in or other.low_in)))


def _merged(one: Span, other: Span) -> Span:
    low_in = one.low_in or (other.low_in and close(one.low, other.low))
    if close(one.high, other.high):
        return Span(one.low, one.high, low_in, one.high_in or other.high_in)
    longer = one if inexact(one.high) > inexact(other.high) else other
    return Span(one.low, longer.high, low_in, longer.high_in)


def _common(regions: list[Region | None]) -> Region | None:
    known = [region for region in regions if region is not None]
    variable = _variable(known)
    if not known or len(known) < len(regions) or variable is None:
        return None
    spans = list(known[0].spans)
    for region in known[1:]:
        spans = [c for a in spans for b in region.spans if (c := _overlap(a, b)) is not None]
    return Region(tuple(spans), variable)


def _overlap(one: Span, other: Span) -> Span | None:
    low = max(one, other, key=lambda s: (inexact(s.low), not s.low_in))
    high = min(one, other, key=lambda s: (inexact(s.high), s.high_in))
    span = Span(low.low, high.high, low.low_in, high.high_in)
    if inexact(span.low) < inexact(span.high):
        return span
    both_in = span.low_in and span.high_in
    return span if both_in and close(span.low, span.high) else None
