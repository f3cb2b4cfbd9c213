"""A problem that a learner brings: is it a task, of which kind, and what is it about?

Pure: it reads text (typed, or read from a picture). What it comes to is `tutor.pedagogy.solving`'s
matter; whether the bank has it is `tutor.bank.store`'s.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tutor.bank.item import AnswerKey, Item, Origin, Step
from tutor.language import Language, detect
from tutor.pedagogy.disclosure import plain
from tutor.pedagogy.formulas import Formula, formulas_in
from tutor.pedagogy.own_hints import hints_about

LONGEST = 600
MATHEMATICS = r"[\w\s.,+\-*/^=()\[\]{}|%√π²³⁴<>≤≥!'×÷·−\\]+"


class Task(StrEnum):
    """What is to be done. WORDS and SHAPE cannot be checked: no key can be computed for them."""

    EQUATION = "equation"
    SYSTEM = "system"
    CALCULATION = "calculation"
    PERCENTAGE = "percentage"
    DERIVATIVE = "derivative"
    INTEGRAL = "integral"
    CONVERSION = "conversion"
    MEAN = "mean"
    MEDIAN = "median"
    MODE = "mode"
    GCD = "gcd"
    LCM = "lcm"
    SHAPE = "shape"  # factor, expand, simplify: every form has the same value
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class OwnProblem:
    """`terms` are what the task is done with: equations, an expression, numbers, or units."""

    task: Task
    text: str
    terms: tuple[str, ...] = ()


def recognise(text: str) -> OwnProblem | None:
    """The task in a message; None where there is none, as in a question about an idea."""
    written = plain(text.replace("²", "^2").replace("³", "^3")).strip()
    if not written or len(written) > LONGEST:
        return None
    if CONCEPT.search(written) and not _TO_BE_DONE.search(written):
        return None
    for task, read in _READERS:
        if terms := read(written):
            return OwnProblem(task, text.strip(), tuple(term.strip(" .。?？,，") for term in terms))
    return OwnProblem(Task.WORDS, text.strip()) if _is_word_problem(written) else None


def as_item(problem: OwnProblem, key: AnswerKey, language: Language) -> Item:
    """The problem as an item of the learner's own, with hints that fit its kind."""
    written_in = detect(problem.text) or language
    digest = hashlib.sha256(plain(problem.text).casefold().encode()).hexdigest()[:16]
    hints = hints_about(problem.task, problem.terms, written_in)
    step = Step("1", problem.text, key, hints)
    return Item(f"own-{digest}", problem.text, (step,), written_in.value, origin=Origin.LEARNER)


CONCEPT = re.compile(
    r"^(?:why|how (?:do|does|can|come)|what does|who|when|where|explain|define|tell me about)\b"
    r"|^(?:为什么|为何|怎么理解|什么是|解释|谁)|是什么意思|^how are you",
    re.IGNORECASE,
)
_TO_BE_DONE = re.compile(
    r"^how (?:do|can|would|should) (?:i|you|we|u|one)"
    r" (?:solve|do|work out|find|calculate|compute)\b"
    r"|^what does\b.*\b(?:equals?|make|come to|give)\b",
    re.IGNORECASE,
)
"""What begins like a question about an idea, and asks for a result."""
_WORDY = re.compile(
    r"\b(?:how (?:many|much|long|far|old|fast|tall)|what(?:'s| is| was| are) (?:the|his|her|their)"
    r"|calculate|(?:find|determine) (?:the|how|what|his|her|its|their|[b-z]))\b"
    r"|多少|几[个只本元天次人米岁块条张支]|求",
    re.IGNORECASE,
)
_SHAPE = re.compile(
    r"\b(?:factori[sz]e|factor|expand|simplify)\b|因式分解|分解因式|展开|化简", re.I
)
_PERCENT = (
    r"(\d+(?:\.\d+)?)\s*(?:%|percent|per cent)\s*of\s*(\d+(?:\.\d+)?)",
    r"(?P<whole>\d+(?:\.\d+)?)\s*的\s*(?P<rate>\d+(?:\.\d+)?)\s*%",
)
_DERIVATIVE = (
    rf"(?:derivative of|differentiate|d/d[a-z]|求导[:：]?)\s*({MATHEMATICS})",
    rf"(?:求|计算)?\s*({MATHEMATICS}?)\s*的导数",
    rf"对\s*({MATHEMATICS}?)\s*求导",
)
_FROM_TO = r"(?:\s*(?:from|从)\s*(\S+?)\s*(?:to|到)\s*(\S+))?"
_INTEGRAL = (
    rf"(?:integral of|integrate|∫)\s*({MATHEMATICS}?)\s*(?:\bd[a-z]\b)?{_FROM_TO}\s*[.?。？]?$",
    rf"(?:求|计算)?\s*({MATHEMATICS}?)\s*(?:从\s*(\S+?)\s*到\s*(\S+?)\s*)?的(?:不定|定)?积分",
)
_UNIT = (
    r"°?[a-zA-Zμ²³/]+(?:\s*(?:per)\s*[a-z]+)?|[平立]方[千分厘毫]?米|[千分厘毫微]?[米克升]"
    r"|公里|公斤|小?时|分钟?|秒|吨|斤|天"
)
_CONVERSION = (
    rf"convert\s+(\d+(?:\.\d+)?)\s*({_UNIT})\s+(?:in)?to\s+({_UNIT})",
    rf"^(\d+(?:\.\d+)?)\s*({_UNIT})\s*(?:in|to|=\s*\?)\s*({_UNIT})\s*\??$",
    rf"how many\s+(?P<to>{_UNIT})\s+(?:are|is)(?: there)? (?:in|equal to)\s+"
    rf"(?P<n>\d+(?:\.\d+)?)\s*(?P<of>{_UNIT})",
    rf"(?:把|将)?\s*(\d+(?:\.\d+)?)\s*({_UNIT})\s*"
    rf"(?:换算成?|等于多少|是多少|转换?[成为]|化成|=)\s*({_UNIT})",
)
_NUMBERS = r"((?:-?\d+(?:\.\d+)?(?:\s*(?:,|，|、|and|和|与|\s)\s*)*){2,})"
_LISTS = {
    Task.MEAN: r"mean|average|平均(?:数|值)",
    Task.MEDIAN: r"median|中位数",
    Task.MODE: r"mode|众数",
    Task.GCD: r"gcd|gcf|hcf|(?:greatest|highest) common (?:divisor|factor)|最大公(?:约|因)数",
    Task.LCM: r"lcm|(?:least|lowest) common multiple|最小公倍数",
}
_ASKED_BEFORE = re.compile(
    r"(?:\b(?:solve|find|compute|calculate|evaluate|work out|what(?:'?s| is| does)|how much is"
    r"|(?:help|stuck|trouble)(?: me)? (?:with|on)|(?:answer|solution|result) (?:to|of|for)|do"
    r"|tell me (?:what|how much))|算一?[下个算]?|计算|求|解|题|请问|老师|作业|等于)\W*(?:the )?$",
    re.IGNORECASE,
)
_ASKED_AFTER = re.compile(
    r"^\s*(?:=|equals?\s*\?|(?:is|are|comes? to|equals?) (?:what|how much)|(?:is|are)\s*\?"
    r"|等于|是多少|得多少|得几|怎么[算做解]|的(?:值|结果|答案))",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"[?=]|\b(?:help|solve|calculate|compute|evaluate|work out|what|how much|homework|answer|result"
    r"|equals?)\b|多少|[几求算解]|作业|题|帮",
    re.IGNORECASE,
)


def _is_word_problem(text: str) -> bool:
    return (
        bool(re.search(r"(?<![a-zA-Z\d])\d(?!\d*s\b)|[一二三四五六七八九十两]", text))
        and bool(_WORDY.search(text))
        and (len(text.split()) > 5 or len(re.findall(r"[\u4e00-\u9fff]", text)) > 8)
    )


def _first(patterns: Sequence[str], text: str) -> tuple[str, ...]:
    for pattern in patterns:
        if (match := re.search(pattern, text, re.IGNORECASE)) and match.group(match.lastindex or 0):
            return tuple(group or "" for group in match.groups())
    return ()


def _percentage(text: str) -> tuple[str, ...]:
    if found := _first(_PERCENT[:1], text):
        return found
    match = re.search(_PERCENT[1], text)
    return (match["rate"], match["whole"]) if match else ()


def _conversion(text: str) -> tuple[str, ...]:
    match = re.search(_CONVERSION[2], text, re.IGNORECASE)
    if match:
        return (match["n"], match["of"], match["to"])
    return _first((*_CONVERSION[:2], _CONVERSION[3]), text)


def _listed(task: Task) -> Callable[[str], tuple[str, ...]]:
    def read(text: str) -> tuple[str, ...]:
        if not re.search(rf"(?:\b|(?<=[\u4e00-\u9fff ]))(?:{_LISTS[task]})", text, re.IGNORECASE):
            return ()
        match = re.search(_NUMBERS, text)
        return tuple(re.findall(r"-?\d+(?:\.\d+)?", match.group())) if match else ()

    return read


def _equations(text: str) -> list[Formula]:
    return [formula for formula in formulas_in(text) if formula.is_equation]


def _system(text: str) -> tuple[str, ...]:
    found = _equations(re.sub(r"\s+(?:and|和|与)\s+", ", ", text))
    letters = frozenset[str]().union(*(formula.letters for formula in found))
    return tuple(one.text for one in found) if 2 <= len(found) == len(letters) <= 3 else ()


def _equation(text: str) -> tuple[str, ...]:
    found = _equations(text)
    return (found[0].text,) if len(found) == 1 and len(found[0].letters) == 1 else ()


def _calculation(text: str) -> tuple[str, ...]:
    """A date, a score or a telephone number is no task unless somebody asks for its value."""
    found = [formula for formula in formulas_in(text) if formula.is_calculation]
    if len(found) != 1:
        return ()
    asked = _ASKED_BEFORE.search(found[0].before) or _ASKED_AFTER.search(found[0].after)
    alone = not re.search(r"\w", found[0].before + found[0].after)
    if found[0].is_ambiguous:
        plainly = alone and "?" in found[0].after
    else:
        plainly = alone or bool(_ASKED.search(text))
    return (found[0].text,) if asked or plainly else ()


def _terms(patterns: Sequence[str]) -> Callable[[str], tuple[str, ...]]:
    def read(text: str) -> tuple[str, ...]:
        found = _first(patterns, text)
        term = _about(found[0]) if found else ""
        return (term, *(one for one in found[1:] if one)) if term else ()

    return read


def _about(term: str) -> str:
    """The expression alone, without "f(x) =" and without the words around it."""
    term = re.sub(r"\s*(?:with respect to|wrt)\s+[a-z].*$", "", term, flags=re.IGNORECASE)
    term = re.sub(r"(?<![a-zA-Z])(?:[a-z]\s*\(\s*[a-z]\s*\)|y)\s*=\s*", "", term)
    found = [formula.text for formula in formulas_in(term) if formula.text not in ("a", "A", "I")]
    return found[0] if len(found) == 1 else ""


def _shape(text: str) -> tuple[str, ...]:
    return (text,) if _SHAPE.search(text) and re.search(r"[a-z\d]\s*[+\-*^(]", text, re.I) else ()


def _readers() -> Iterator[tuple[Task, Callable[[str], tuple[str, ...]]]]:
    """From the most to the least particular."""
    yield Task.SHAPE, _shape
    yield Task.DERIVATIVE, _terms(_DERIVATIVE)
    yield Task.INTEGRAL, _terms(_INTEGRAL)
    yield from ((task, _listed(task)) for task in _LISTS)
    yield Task.PERCENTAGE, _percentage
    yield Task.CONVERSION, _conversion
    yield Task.SYSTEM, _system
    yield Task.EQUATION, _equation
    yield Task.CALCULATION, _calculation


_READERS = tuple(_readers())
