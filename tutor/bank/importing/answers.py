"""Which type an answer is, when its file does not say or says it too roughly.

Mathematics is told from words, so that a near miss of an interval is never taken for a spelling
mistake. What an answer means is the grader's business.
"""

import re

from tutor.bank.item import AnswerKey, AnswerType

PLAIN_NUMBER = re.compile(
    r"[-+−]?[$€£¥]?(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?%?", re.ASCII
)
FRACTION = re.compile(r"[-+−]?\d+ ?/ ?-?\d+", re.ASCII)
LATEX_FRACTION = re.compile(
    r"(?P<sign>[-+]?)(?P<whole>\d*)\\d?frac\{(?P<top>-?\d+)\}\{(?P<bottom>-?\d+)\}", re.ASCII
)
COMMAND = re.compile(r"\\(?!text)[A-Za-z]+")
WORD = re.compile(r"[^\W\d_]{2,}")
CODE = re.compile(r'["\'`\[\]]\S*["\']|[A-Za-z]\w*\.[A-Za-z]|[A-Za-z]{2,}_[A-Za-z]|_\(\)|==|\w\(\)')
MATHEMATICS = """
inf infty infinity sqrt root cbrt pi abs sin cos tan csc sec cot arcsin arccos arctan sinh cosh tanh
log ln exp lim int theta alpha beta gamma delta sigma omega phi lambda mu max min mod gcd deg
degrees or and
"""
MATH_WORDS = frozenset(MATHEMATICS.split())
SIGNS = re.compile(r"[\d+*/^=<>≤≥√π∞|]|\\[A-Za-z]|\([^()]*,[^()]*\)")


def bare(answer: str) -> str:
    """An answer without the marks around a formula that is all of it."""
    text = answer.strip()
    for mark in ("$$", "$"):
        inner = text[len(mark) : -len(mark)]
        if text.startswith(mark) and text.endswith(mark) and inner and mark not in inner:
            return inner.strip()
    return text


def plain_number(answer: str) -> str | None:
    """A number or fraction, written without formula marks; None for anything else."""
    text = bare(answer).replace(r"\%", "%").replace(r"\$", "$").strip()
    if text and PLAIN_NUMBER.fullmatch(text):
        return text
    if FRACTION.fullmatch(text):
        return text.replace(" ", "")
    found = LATEX_FRACTION.fullmatch(text)
    if found is None:
        return None
    fraction = f"{found['top']}/{found['bottom']}"
    return f"{found['sign']}{found['whole']}{' ' * bool(found['whole'])}{fraction}"


def is_mathematical(answer: str) -> bool:
    """Whether an answer is a formula, interval, point or list rather than words or code."""
    text = bare(answer)
    if "→" in text or CODE.search(text) or not SIGNS.search(text):
        return False
    words = WORD.findall(COMMAND.sub(" ", text))
    return all(word.lower() in MATH_WORDS or len(word) == 2 for word in words)


def is_prose(answer: str) -> bool:
    """Whether an answer that should be a formula is words, such as "No solution"."""
    words = WORD.findall(COMMAND.sub(" ", bare(answer)))
    long_words = [word for word in words if len(word) > 2 and word.lower() not in MATH_WORDS]
    return bool(long_words) and not SIGNS.search(bare(answer))


def key_of(
    answers: tuple[str, ...], *, unit: str = "", tolerance: float = 0.0, formula: bool = False
) -> AnswerKey:
    """The key of a free answer, typed by what stands in it; `formula` says that it is no words."""
    numbers = [plain_number(answer) for answer in answers]
    if all(numbers):
        found = tuple(dict.fromkeys(number for number in numbers if number))
        return AnswerKey(AnswerType.NUMBER, found, unit=unit, tolerance=tolerance)
    if formula and "→" not in answers[0] and not is_prose(answers[0]):
        return AnswerKey(AnswerType.EXPRESSION, answers, unit=unit, tolerance=tolerance)
    if is_mathematical(answers[0]):
        return AnswerKey(AnswerType.EXPRESSION, answers, unit=unit, tolerance=tolerance)
    return AnswerKey(AnswerType.TEXT, answers)


def choice_key(
    choices: tuple[str, ...], right: tuple[str, ...], *, all_wanted: bool = True
) -> AnswerKey:
    """The key of a question with choices, each named once.

    Several right ones are all wanted together, unless any one of them is enough.
    """
    several = all_wanted and len(set(right)) > 1
    return AnswerKey(
        AnswerType.CHOICES if several else AnswerType.CHOICE,
        tuple(dict.fromkeys(right)),
        tuple(dict.fromkeys(choices)),
    )
