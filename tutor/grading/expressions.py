"""Grades answers in mathematics by reading both sides and comparing the trees."""

import re
from collections.abc import Iterator
from functools import lru_cache

from tutor.bank.item import AnswerKey
from tutor.grading.algebra import Compared, compare
from tutor.grading.expression import Kind, Node, is_scalar, symbols
from tutor.grading.forms import Form
from tutor.grading.normalise import hedges, last_claim, plain, stripped
from tutor.grading.parsing import parse
from tutor.grading.tokens import NotMathematics
from tutor.grading.verdict import Outcome, Stage, Verdict
from tutor.grading.wording import as_signs, without_left_side

LONGEST = 600
_ORDER = (Outcome.WRONG, Outcome.UNREADABLE, Outcome.PARTLY, Outcome.RIGHT)


@lru_cache(maxsize=1024)
def read_key(text: str) -> Node | None:
    """The tree of a key; None if it is no mathematics."""
    for reading in dict.fromkeys(_forms(plain(text))):
        try:
            return parse(reading)
        except NotMathematics:
            continue
    return None


def read_answer(text: str, key: Node) -> Node | None:
    """The tree of a (plain) answer, read as the key's kind; None if it is no mathematics."""
    names = frozenset(name for name in symbols(key) if len(name) > 1)
    for reading in _readings(text):
        for spelled in dict.fromkeys(_forms(reading)):
            try:
                return parse(spelled, names, thousands=is_scalar(key))
            except NotMathematics:
                continue
    return None


def _readings(text: str) -> Iterator[str]:
    yield text
    yield stripped(text)
    claim = last_claim(text)
    if claim and not hedges(text[: len(text) - len(claim)]):
        yield stripped(claim)


def _forms(text: str) -> Iterator[str]:
    text = re.sub(r"(?<=[\w)\]}])[.。]$", "", text.strip())
    yield without_left_side(text)
    yield without_left_side(as_signs(text))


def grade_expression(key: AnswerKey, answer: str, form: Form = Form.NONE) -> Verdict | None:
    """The verdict on a (plain) answer; None where key or answer is no mathematics that we read."""
    verdicts = [_grade(wanted, answer, form, key.tolerance) for wanted in key.answers]
    known = [verdict for verdict in verdicts if verdict is not None]
    best = max(
        known, key=lambda v: (_ORDER.index(v.outcome), v.score, v.pattern != ""), default=None
    )
    if best is not None and best.outcome is Outcome.WRONG and len(known) < len(verdicts):
        return None
    return best


def _grade(wanted: str, answer: str, form: Form, tolerance: float) -> Verdict | None:
    tree = read_key(wanted)
    if tree is None or len(answer) > LONGEST:
        return None
    given = read_answer(answer, tree)
    if given is None:
        return None
    found: Compared | None = compare(tree, given, form, tolerance)
    if found is None:
        return None
    return Verdict(found.outcome, found.score, Stage.ALGEBRA, found.pattern, stripped(answer)[:80])


def is_single_name(node: Node) -> bool:
    return node.kind is Kind.SYMBOL
