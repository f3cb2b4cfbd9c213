"""The key of a bare answer: its type, unit and choices, as far as answer and question tell."""

import re

from tutor.bank.item import AnswerKey, AnswerType
from tutor.grading.choices import LETTERS
from tutor.grading.expression import Kind, Node, symbols
from tutor.grading.expressions import read_key
from tutor.grading.normalise import plain
from tutor.grading.quantity import Quantity, read_quantity
from tutor.grading.units import is_money, same_dimension, unit_at, unit_named
from tutor.language import Language

_CHOICE = re.compile(
    r"(?:^|[\s(（;；,，])[(（]?([A-H])[)）.、:：]\s*(.+?)(?=(?:[\s(（;；,，][(（]?[A-H][)）.、:：]\s*\S)|$)",
    re.DOTALL,
)
_LETTERS = re.compile(r"^[(（]?([A-H])[)）.]?$|^([A-H])(?:\s*(?:[,，、;&]|and|和)?\s*([A-H]))+$")
_ASKED_UNIT = re.compile(
    r"\b(?:how many|in|into|to|number of|express .{0,30} in|what (?:percent|percentage)|"
    r"how much)\s+([a-z²³]+(?:\s(?:per|metres?|meters?|feet|inches|centimet\w+|"
    r"[a-z]+ )\s?[a-z]*)?)",
    re.IGNORECASE,
)
_ASKED_CHINESE = re.compile(
    r"(?:多少|几)(?:个)?([\u4e00-\u9fff/]{1,8})|(?:用|以|化成|换算成|单位[:：为是]?\s*)([\u4e00-\u9fffA-Za-z/²³]{1,8})"
)
_PERCENT = re.compile(r"\bpercent(?:age)?\b|百分之几|百分比|百分率|百分数|%", re.IGNORECASE)
_MONEY = re.compile(r"[$€£¥]|\bhow much (?:money|does|did|do|will|would|is|are)\b", re.IGNORECASE)
_WORDY = re.compile(r"[A-Za-z]{4,}|[\u4e00-\u9fff]")


def key_for(answer: str, question: str = "", language: Language | None = None) -> AnswerKey:
    """How an answer is to be compared, told from its form and the question's wording."""
    choices = choices_in(question)
    if choices and (key := _choice_key(answer, choices)):
        return key
    text = plain(answer)
    number = _number_key(answer, text, question)
    if number is not None:
        return number
    tree = read_key(answer)
    if tree is not None and _is_mathematics(tree, text):
        return AnswerKey(AnswerType.EXPRESSION, (answer,))
    return AnswerKey(AnswerType.TEXT, (answer,))


def choices_in(question: str) -> tuple[str, ...]:
    """The texts of choices A, B, C … that a question lists; none if letters are out of order."""
    found = [(match[1], match[2].strip(" \n,;，；")) for match in _CHOICE.finditer(question)]
    letters = "".join(letter for letter, _ in found)
    return (
        tuple(text for _, text in found) if len(found) > 1 and LETTERS.startswith(letters) else ()
    )


def _choice_key(answer: str, choices: tuple[str, ...]) -> AnswerKey | None:
    text = answer.strip()
    if text in choices:
        return AnswerKey(AnswerType.CHOICE, (text,), choices)
    if not _LETTERS.match(text):
        return None
    places = [LETTERS.index(letter) for letter in re.findall("[A-H]", text)]
    if any(place >= len(choices) for place in places) or len(set(choices)) < len(choices):
        return None
    kind = AnswerType.CHOICE if len(places) == 1 else AnswerType.CHOICES
    return AnswerKey(kind, tuple(choices[place] for place in places), choices)


def _number_key(answer: str, text: str, question: str) -> AnswerKey | None:
    if "=" in text:
        return None
    quantity = read_quantity(text)
    if quantity is None or not _is_bare(text, quantity):
        return None
    if quantity.unit:
        asked = asked_unit(question, quantity.unit)
        if asked == quantity.unit and (bare := _without_unit(text)) and asked != "%":
            return AnswerKey(AnswerType.NUMBER, (bare,), unit=asked)
        return AnswerKey(AnswerType.NUMBER, (answer,), unit=quantity.unit)
    if quantity.noun:
        return AnswerKey(AnswerType.NUMBER, (answer,), unit=quantity.noun)
    return AnswerKey(AnswerType.NUMBER, (answer,), unit=asked_unit(question))


def _is_bare(text: str, quantity: Quantity) -> bool:
    """Whether the number is the answer, not one word of a sentence."""
    if quantity.node is None:
        return False
    if not quantity.noun:
        return len(_WORDY.findall(text)) <= 8
    return len(text.split()) <= 3


def _without_unit(text: str) -> str:
    found = re.match(r"^\s*([-+]?[\d.,]+(?:\s*/\s*\d+)?)", text)
    return found[1].rstrip(".,") if found else ""


def asked_unit(question: str, wanted: str = "") -> str:
    """The unit in which a question asks for its answer (of the dimension of `wanted`), or ""."""
    text = plain(question)
    for found in [*_ASKED_UNIT.finditer(text), *_ASKED_CHINESE.finditer(text)]:
        name = next(group for group in found.groups() if group)
        start = found.start() + found[0].index(name)
        unit, _ = unit_at(text, start)
        unit = unit or unit_named(name.split()[0])
        if unit == "inch" and not name.lower().startswith("inch"):
            continue  # the word "in"
        if unit and (not wanted or unit == wanted or same_dimension(unit, wanted)):
            return unit
    if not wanted and re.search(r"\bwhat (?:percent|percentage)|百分之几", text, re.IGNORECASE):
        return "%"
    if wanted and is_money(wanted) and _MONEY.search(text):
        return wanted
    return ""


def _is_mathematics(tree: Node, text: str) -> bool:
    """Whether a text that can be read as mathematics is meant so: "no" and "cat" are words."""
    if tree.kind in (Kind.ALL, Kind.NONE):
        return len(text) > 1 or text in "∅ℝ"
    if re.fullmatch(r"[A-Z]|[A-Za-z]{2,}", text):
        return tree.kind is Kind.CONSTANT or any(one.kind is Kind.FUNCTION for one in tree.walk())
    wordy = [w for w in re.findall(r"[A-Za-z]{3,}", text) if w.lower() in text.lower().split()]
    return bool(symbols(tree) or tree.parts or not wordy)
