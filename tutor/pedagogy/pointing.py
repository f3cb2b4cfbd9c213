"""Ways to point at an answer that stands in the problem already: a number of it, or a choice.

Such an answer is no secret as a word, so it is told by what is said around it.
"""

import re
from collections.abc import Sequence
from itertools import repeat

from tutor.bank.item import AnswerKey
from tutor.pedagogy.disclosure import disclosures, plain

CHOICE_TALK = re.compile(
    r"\b(?:option|choice|answer|letter)s? (?:\d|[a-j]\b|one|two|three|four|five)|(?<!\w)[a-j]\)"
    r"|\b(?:first|second|third|fourth|fifth|last|middle|other) (?:one|option|choice|answer)\b"
    r"|\bnot (?:[A-J]\b|(?:it|the answer))"
    r"|第[一二三四五六]个|选项?[A-Ja-j一二三四]|最后一个|不是[A-J]",
    re.IGNORECASE,
)
OPPOSITES = re.compile(
    r"\b(?:un)?(?:true|false)\b|\b(?:yes|no|opposite)\b|[对错]|正确|相反|是的|不是", re.IGNORECASE
)
TWO_VALUED = frozenset(
    {"true", "false", "yes", "no", "t", "f", "对", "错", "是", "否", "正确", "错误"}
)
SENTENCE_ENDS = ".!?。！？\n"
SENTENCE_END = re.compile(r"[.!?](?=\s|$)|[。！？\n]")
UNKNOWN = re.compile(r"(?<![a-zA-Z\d'’])[b-hj-zB-HJ-Z](?![a-zA-Z'’])")  # a letter by itself
POINTS = re.compile(
    r"(?:\bends? up (?:with|at)|\bcomes (?:out )?(?:as|at|to)|\b(?:is|are|be)"
    r"|\b(?:try|guess|choose|pick|use|put in)|\b(?:whether|if|that|think of|remember)"
    r"|→|⇒|[:：]|试试|填|选|代入)\s*[{($\s]*$",
    re.IGNORECASE,
)
FITS = re.compile(
    r"[})$\s]*(?:is (?:what|it|the (?:one|number|value|result|answer|solution))|works|fits"
    r"|satisfies|solves|would (?:work|fit)|就是|符合|满足|可以)",
    re.IGNORECASE,
)


def points_at(key: AnswerKey, text: str, words: Sequence[str]) -> str:
    """What in `text` points at the answer, "" if nothing does; `words` are the learner's own."""
    if any(answer.strip().casefold() in TWO_VALUED for answer in key.answers):
        found = OPPOSITES.search(text)
    else:
        found = CHOICE_TALK.search(text) if key.choices else None
    if found:
        return found.group()
    return _named_choice(key, text, words) or _put_in_place(key, text)


def _named_choice(key: AnswerKey, text: str, words: Sequence[str]) -> str:
    """A choice that the learner has not named: leaving others out points at the right one."""
    said = " ".join(words).casefold()
    for choice in map(plain, key.choices):
        pattern = rf"(?<!\w){re.escape(choice.strip())}(?!\w)"
        if choice.casefold() not in said and re.search(pattern, text, re.IGNORECASE):
            return choice
    return ""


def _put_in_place(key: AnswerKey, text: str) -> str:
    """A number of the problem that is also the key, put in its place in so many words."""
    for one in disclosures(key, text):
        start = max(map(text.rfind, SENTENCE_ENDS, repeat(0), repeat(one.start))) + 1
        before, after = text[start : one.start], text[one.end :]
        rest = SENTENCE_END.split(after, maxsplit=1)[0]
        if UNKNOWN.search(f"{before} {rest}") or POINTS.search(before) or FITS.match(after):
            return f"{one.form} as the answer"
    return ""
