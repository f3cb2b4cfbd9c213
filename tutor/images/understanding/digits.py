"""Numbers that are to be written by hand: from words to the digits in their order."""

import re
from collections.abc import Sequence

from tutor.grading.number_words import spelled_in
from tutor.images.concepts import DIGIT

MOST_DIGITS = 8
BY_HAND = re.compile(
    r"\bhand ?wr?it+[a-z]*\b|\bby hand\b|\bhand writ[a-z]*\b|手写体?|手画的?数字|手绘数字"
)
_ABOUT = re.compile(
    r"\b(?:the|a|an|me|us|for|in|as|of|number|numbers|numeral|figure|digit|digits|draw|write|rite|do|show|make|give|see"
    r"|can|could|will|would|you|i|want|to|please|some|hand|style|picture|pic|like|and|now|font|thanks|ok)\b"
    r"|数字|号码|阿拉伯|[请画写给我用个的一下来看想要帮你能吗吧呗嘛看张图片字体出把以将个]+"
)
_NUMBER = re.compile(r"\d{1,12}")


def only_a_number(words: str) -> str | None:
    """The digits that words consist of ("the number 42", "forty two", "数字9"); else None."""
    plain = BY_HAND.sub(" ", words)
    if digits := _digits(plain):
        return digits
    return _digits(" ".join(_ABOUT.sub(" ", plain).split()))


def written_by_hand(sentence: str) -> str | None:
    """The digits of a sentence that asks for a handwritten number and nothing else."""
    return only_a_number(sentence) if BY_HAND.search(sentence) else None


def digit_ids(digits: str) -> Sequence[str]:
    """The concept of each digit, in order."""
    return [f"{DIGIT}{digit}" for digit in digits[:MOST_DIGITS]]


def _digits(words: str) -> str | None:
    words = words.strip(" ,.:#")
    if _NUMBER.fullmatch(words):
        return words
    found = spelled_in(words)
    if len(found) != 1 or found[0].start > 0 or found[0].end < len(words):
        return None
    value = found[0].value
    return str(value.numerator) if value.denominator == 1 and value >= 0 else None
