"""Grades numbers with or without a unit, in digits, words or a short sentence.

Units. With a unit in the key, another unit of the same dimension is converted and compared, one of
another dimension is wrong. A missing unit: right, with UNIT_MISSING, where the question names the
unit (the key's `unit` is set and its answers are bare) and for money, percent and degrees; asked
for again where the unit is part of the answer ("5 m").

Sentences. One number may stand in a few other words; several numbers, or words that limit, deny or
alter it ("or", "not", "less than", "half of"), are no answer.
"""

import re
from dataclasses import dataclass
from fractions import Fraction

from tutor.bank.item import AnswerKey
from tutor.grading.algebra import Compared, compare
from tutor.grading.compound import compound_in, written_out
from tutor.grading.evaluation import Value, close, mp, number_of
from tutor.grading.expression import Kind, Node, is_scalar, number, symbols
from tutor.grading.forms import Form, has_form, is_worked_out
from tutor.grading.normalise import hedges, last_claim, plain, stripped
from tutor.grading.numbers import NumberFound, numbers_in
from tutor.grading.parsing import parse
from tutor.grading.precision import is_met, pattern_of
from tutor.grading.tokens import NotMathematics
from tutor.grading.units import DifferentUnits, convert, is_money, unit_named
from tutor.grading.verdict import Outcome, Pattern, Stage, Verdict
from tutor.grading.wording import as_signs

LONGEST = 160
_MOST_WORDS = 9
_WORD = re.compile(r"[A-Za-z]+|[\u4e00-\u9fff]")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b|^第")
_UNIT_TAIL = re.compile(r"^(.*[\d)πi%°½¼¾])\s*([A-Za-zμΩ°℃℉\u4e00-\u9fff$€£][^=]*)$")
_MONEY_LEAD = re.compile(r"^(-?)\s*([$€£¥]|USD|RMB|CNY)\s*(.+)$")
_MEASURE_WORD = re.compile(
    r"^(?:个|只|本|支|张|条|人|名|位|件|块|棵|辆|台|次|岁|题|页|粒|颗|枚|朵|头|匹|把|双|对|袋|箱|盒|瓶|杯|种|倍|组|排|行|列|班|份|碗|片|根|间|座|层|套|节|步)"
)
_LENIENT = frozenset(("%", "degree"))
_MATHS_WORDS = re.compile(r"\b(?:int|sum|prod|lim|log|ln|sin|cos|tan|sqrt|root|mod|exp)\b")
_GENERIC = frozenset(
    [
        "of",
        "the",
        "a",
        "an",
        "in",
        "total",
        "items",
        "things",
        "units",
        "pieces",
        "ones",
        "people",
        "each",
        "per",
    ]
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as it was understood. A percentage is its value over a hundred with the unit "%"."""

    value: Value
    unit: str = ""
    shown: str = ""
    node: Node | None = None
    noun: str = ""  # the word after the number, where that is no unit

    def __str__(self) -> str:
        if not self.shown:
            return str(self.value) if isinstance(self.value, Fraction) else f"{self.value}"[:12]
        is_negative = isinstance(self.value, Fraction) and self.value < 0
        return f"-{self.shown}" if is_negative and self.shown[0] != "-" else self.shown


def read_quantity(text: str) -> Quantity | None:
    """The one number that a (plain) text gives; None if it gives none or several."""
    text = written_out(_ORDINAL.sub("", stripped(text)).strip())
    if not text or len(text) > LONGEST:
        return None
    spelled = as_signs(text)
    return (
        _whole(text)
        or _compound(text)
        or _calculated(text)
        or (_calculated(spelled) if spelled != text else None)
        or _after_equals(text)
        or _sentence(text)
    )


def _whole(text: str) -> Quantity | None:
    """A number with its unit and nothing else."""
    found = numbers_in(text)
    if len(found) == 1 and found[0].start == 0 and found[0].end == len(text):
        return _of(found[0], text)
    return None


def _compound(text: str) -> Quantity | None:
    """An amount in several units, maybe in a short sentence."""
    found = compound_in(text)
    if found is None or not _is_beside_little(text[: found.start], text[found.end :]):
        return None
    return Quantity(found.value, found.unit, "", number(found.value))


def _of(found: NumberFound, text: str = "") -> Quantity:
    value = -found.value if found.shown and found.value < 0 else found.value
    plainly = number(value, found.shown)
    node = _node(text) or (Node(Kind.NEGATE, (plainly,)) if value != found.value else plainly)
    return Quantity(found.value, found.unit, found.shown, node)


def _node(text: str) -> Node | None:
    """The tree of mathematics that comes to a number; None for anything else."""
    try:
        node = parse(text, thousands=True)
    except NotMathematics:
        return None
    return node if is_scalar(node) and not symbols(node) else None


def _calculated(text: str) -> Quantity | None:
    """Mathematics such as 3√2 or 25π, maybe with a unit after it or a currency before it."""
    lead = _MONEY_LEAD.match(text)
    if lead and (unit := unit_named(lead[2])):
        inner = _calculated(lead[1] + lead[3])
        return inner and Quantity(inner.value, unit, inner.shown, inner.node)
    node = _node(text)
    if node is not None:
        value = number_of(node)
        return None if value is None else Quantity(value, "", _digits(node), node)
    tail = _UNIT_TAIL.match(text)
    unit = unit_named(tail[2]) if tail else ""
    node = _node(tail[1]) if tail and unit else None
    value = None if node is None else number_of(node)
    if value is None or node is None:
        return None
    return Quantity(value / 100 if unit == "%" else value, unit, _digits(node), node)


def is_out_of_bounds(text: str) -> bool:
    """Whether a (plain) text is a calculation without a value, such as 9^9^9^9 or 1/0."""
    node = _node(stripped(text))
    return node is not None and number_of(node) is None


def _digits(node: Node) -> str:
    return node.parts[0].shown if len(node.parts) == 1 else node.shown


def _after_equals(text: str) -> Quantity | None:
    """What stands last in `x = 5` or `2 + 3 = 5`; None where a number before it differs."""
    if "=" not in text or any(sign in text for sign in "<>≤≥≠"):
        return None
    *before, last = text.split("=")
    quantity = _whole(stripped(last)) or _calculated(stripped(last))
    if quantity is None:
        return None
    for part in before:
        other = _whole(part.strip()) or _calculated(part.strip())
        if (
            other is not None
            and not close(other.value, quantity.value)
            and other.unit == quantity.unit
        ):
            return None
        if other is None and (hedges(part) or (numbers_in(part) and not _has_letters_only(part))):
            return None
    return quantity


def _has_letters_only(text: str) -> bool:
    """Whether numbers only stand in something like `2x`, not in a claim about numbers."""
    return bool(re.fullmatch(r"\s*[A-Za-z][\w']*(?:\([^()]{0,8}\))?\s*", text))


def _sentence(text: str) -> Quantity | None:
    """The only number of a short sentence, or the one of its last claim."""
    claim = last_claim(text)
    if claim and claim != text:
        before = text[: len(text) - len(claim)]
        given = stripped(claim)
        found = _whole(given) or _calculated(given) or _only_number(given)
        if found is not None and not hedges(before) and before.count("?") == 0:
            return found if _agrees(before, found) else None
        return None
    return _only_number(text)


def _agrees(before: str, found: Quantity) -> bool:
    """Whether no other result was claimed earlier on."""
    earlier = last_claim(before.rstrip(" ,.;").rsplit(" ", 1)[0])
    other = _whole(stripped(earlier)) if earlier else None
    return other is None or close(other.value, found.value)


def _only_number(text: str) -> Quantity | None:
    found = numbers_in(text)
    if len(found) != 1:
        return None
    one = found[0]
    left, right = text[: one.start], text[one.end :]
    if not _is_beside_little(left, right):
        return None
    noun = _noun(right)
    quantity = _of(one)
    return Quantity(quantity.value, quantity.unit, quantity.shown, quantity.node, noun)


def _is_beside_little(left: str, right: str) -> bool:
    """Whether a few words stand around a number that do not alter it, and no other mathematics."""
    rest = f"{left} | {right}"
    if hedges(rest) or _MATHS_WORDS.search(rest) or len(_WORD.findall(rest)) > _MOST_WORDS:
        return False
    if re.search(r"[-+*/^=<>≤≥≠√!()\[\]{}%π°:|]", rest.replace(" | ", " ")):
        return False
    touches = re.search(r"[\w.]$", left) and left[-1:].isascii() and left[-1:] != " "
    return not touches and not re.match(r"[A-Za-z_.\d]", right)


def _noun(right: str) -> str:
    """The word right after the number."""
    right = _MEASURE_WORD.sub("", right.strip())
    found = re.match(r"([A-Za-z]+|[\u4e00-\u9fff]{1,4})", right)
    word = found[1].lower() if found else ""
    return "" if word in _GENERIC else word


def grade_number(key: AnswerKey, answer: str, form: Form = Form.NONE) -> Verdict | None:
    """The verdict on a (plain) answer; None if the key's own answers are no numbers."""
    wanted = [q for q in (read_quantity(text) for text in map(plain, key.answers)) if q]
    if not wanted:
        return None
    given = read_quantity(answer)
    if given is None:
        return None
    verdicts = [_grade(_with_unit(one, key), key, given, form) for one in wanted]
    return max(verdicts, key=lambda v: (v.outcome is Outcome.RIGHT, v.pattern != Pattern.NONE))


def _with_unit(one: Quantity, key: AnswerKey) -> tuple[Quantity, bool]:
    """The key with its unit, and whether an answer may leave the unit out."""
    unit = unit_named(key.unit) if key.unit else ""
    if one.unit:
        return one, one.unit in _LENIENT or is_money(one.unit)
    if unit == "%":
        return Quantity(one.value / 100, "%", one.shown, one.node), True
    return Quantity(one.value, unit, one.shown, one.node, "" if unit else key.unit.lower()), True


def _grade(
    wanted_and_bare: tuple[Quantity, bool], key: AnswerKey, given: Quantity, form: Form
) -> Verdict:
    wanted, may_be_bare = wanted_and_bare
    read_as = str(given)
    pattern = Pattern.NONE
    value, target = given.value, wanted.value
    if given.unit and wanted.unit and given.unit != wanted.unit:
        if not isinstance(target, Fraction) or given.unit == "%" or wanted.unit == "%":
            return _wrong(Pattern.UNIT_WRONG, read_as)
        try:
            target = convert(target, wanted.unit, given.unit)
        except DifferentUnits:
            return _wrong(Pattern.UNIT_WRONG, read_as)
        if close(wanted.value, value) and not close(target, value):
            return _wrong(Pattern.UNIT_WRONG, read_as)
    elif (given.unit and not wanted.unit and wanted.noun and given.unit != "%") or (
        given.unit == "degree" and not wanted.unit and not _is_whole(target)
    ):
        return _wrong(Pattern.UNIT_WRONG, read_as)
    elif wanted.unit == "degree" and not given.unit and _speaks_of_pi(given.node):
        value = value * 180 / mp.pi
    elif not given.unit and wanted.unit:
        pattern = Pattern.UNIT_MISSING
        if given.noun and not _may_be_noun(given.noun):
            pattern = Pattern.NONE
        if wanted.unit == "%":
            fraction_shown = any("%" in text or "分之" in text for text in key.answers)
            if not (fraction_shown and close(value, target)):
                value = value / 100
            else:
                pattern = Pattern.NONE
    if wanted.noun and given.noun and not _same_noun(wanted.noun, given.noun):
        return _wrong(Pattern.UNIT_WRONG, read_as)
    shown = given.shown if given.unit != "%" else ""
    if not is_met(target, value, shown, key.tolerance):
        return _wrong(pattern_of(target, value), read_as)
    if pattern is Pattern.UNIT_MISSING and not may_be_bare:
        return Verdict(Outcome.UNREADABLE, 0.0, Stage.NUMBER, pattern, read_as)
    finished = _finished(wanted, given, form)
    if finished is not None:
        return Verdict(finished.outcome, finished.score, Stage.NUMBER, finished.pattern, read_as)
    return Verdict(Outcome.RIGHT, 1.0, Stage.NUMBER, pattern, read_as)


def _is_whole(value: Value) -> bool:
    return isinstance(value, Fraction) and value.denominator == 1


def _speaks_of_pi(node: Node | None) -> bool:
    return node is not None and any(one.name == "pi" for one in node.walk())


def _may_be_noun(noun: str) -> bool:
    return not unit_named(noun)


def _same_noun(one: str, other: str) -> bool:
    one, other = one.split()[-1].rstrip("s"), other.rstrip("s")
    return one[:3] == other[:3] or not one.isascii() or not other.isascii()


def _finished(wanted: Quantity, given: Quantity, form: Form) -> Compared | None:
    """What is still to be done: an unworked calculation or a fraction that was to be reduced."""
    if wanted.node is None or given.node is None:
        return None
    if wanted.unit == "degree" and _speaks_of_pi(given.node):
        return None
    if given.unit == wanted.unit and given.unit != "%" and is_scalar(given.node):
        found = compare(wanted.node, given.node, form)
        if found is not None and found.pattern is Pattern.NOT_SIMPLIFIED:
            return found
    elif isinstance(wanted.value, Fraction) and not is_worked_out(given.node):
        return Compared(Outcome.UNREADABLE, 0.0, Pattern.NOT_SIMPLIFIED)
    if not has_form(form, wanted.node, given.node):
        return Compared(Outcome.UNREADABLE, 0.0, Pattern.NOT_SIMPLIFIED)
    return None


def _wrong(pattern: Pattern, read_as: str) -> Verdict:
    return Verdict(Outcome.WRONG, 0.0, Stage.NUMBER, pattern, read_as)
