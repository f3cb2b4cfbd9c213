"""Grades a choice by its letter, its number or its text; several choices by all of them."""

import re

from rapidfuzz.distance import OSA

from tutor.bank.item import AnswerKey, AnswerType
from tutor.grading.normalise import plain, stripped
from tutor.grading.text import words_of
from tutor.grading.verdict import Outcome, Pattern, Stage, Verdict

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LETTER = re.compile(
    r"^(?:option|choice|answer|letter|选项?|第)?\s*[(\[]?([A-Za-z])[)\].:、]?$", re.IGNORECASE
)
_NUMBER = re.compile(
    r"^(?:option|choice|answer|number|no\.?|#|选项?|第)?\s*[(\[]?(\d{1,2})[)\].:]?\s*(?:个|项)?$",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    r"^[(\[]?([A-Za-z])[)\].:、]\s*(.+)$|^(?:option|choice|选项?)\s*([A-Za-z])\b[\s:,.-]*(.+)$",
    re.DOTALL | re.IGNORECASE,
)
_SEVERAL = re.compile(r"\s*(?:[,;/&+]|\band\b|\bplus\b|和|与|以及|、)\s*", re.IGNORECASE)
_LONGEST = 2_000


def grade_choice(key: AnswerKey, answer: str) -> Verdict:
    """The verdict; UNREADABLE where no choice (or, for CHOICE, more than one) can be made out."""
    right = right_choices(key)
    text = plain(answer)[:_LONGEST]
    if answer.strip() in key.choices:
        text = answer
    if key.type is AnswerType.CHOICE:
        chosen = chosen_in(key.choices, text)
        if chosen is None:
            return Verdict(Outcome.UNREADABLE, stage=Stage.KEY)
        read_as = key.choices[chosen]
        if chosen in right:
            return Verdict(Outcome.RIGHT, 1.0, Stage.KEY, read_as=read_as)
        return Verdict(Outcome.WRONG, 0.0, Stage.KEY, Pattern.OTHER_CHOICE, read_as)
    several = several_in(key.choices, text)
    if not several:
        return Verdict(Outcome.UNREADABLE, stage=Stage.KEY)
    return _several(key, right, several)


def _several(key: AnswerKey, right: frozenset[int], chosen: frozenset[int]) -> Verdict:
    """All right ones and no other are right; each wrong one takes one right one away."""
    read_as = ", ".join(key.choices[at] for at in sorted(chosen))
    if {_key(key.choices[at]) for at in chosen} == {_key(key.choices[at]) for at in right}:
        return Verdict(Outcome.RIGHT, 1.0, Stage.KEY, read_as=read_as)
    hits, misses = len(chosen & right), len(chosen - right)
    score = max(0.0, (hits - misses) / len(key.answers)) if right else 0.0
    pattern = Pattern.OTHER_CHOICE if misses else Pattern.INCOMPLETE
    outcome = Outcome.PARTLY if score else Outcome.WRONG
    return Verdict(outcome, score, Stage.KEY, pattern, read_as)


def right_choices(key: AnswerKey) -> frozenset[int]:
    """The places of the right ones among the choices."""
    answers = {answer.strip() for answer in key.answers}
    found = {at for at, text in enumerate(key.choices) if text.strip() in answers}
    same = {_key(key.choices[at]) for at in found} or {_key(answer) for answer in key.answers}
    firsts = {_key(text): at for at, text in reversed(list(enumerate(key.choices)))}
    return frozenset(found) | {firsts[one] for one in same if one in firsts}


def chosen_in(choices: tuple[str, ...], text: str) -> int | None:
    """The one choice that a (plain) text names; None for none or several."""
    text = text.strip()
    exact = _exactly(choices, text) if text else None
    if exact is not None:
        return exact
    bare = stripped(text)
    for one in (text, bare):
        chosen = _by_mark(choices, one) if (one := one.strip()) else None
        if chosen is None:
            chosen = _exactly(choices, one)
        if chosen is None:
            chosen = _labelled(choices, one)
        if chosen is not None:
            return chosen
        if _LABELLED.match(one):
            return None  # a letter beside the text of another choice
    return _nearest(choices, bare)


def several_in(choices: tuple[str, ...], text: str) -> frozenset[int]:
    """All choices that a text names; empty if a part of it names none."""
    whole = chosen_in(choices, text)
    if whole is not None:
        return frozenset((whole,))
    bare = stripped(text)
    if re.fullmatch(r"[A-Za-z]{2,10}", bare) and all(
        LETTERS.index(c) < len(choices) for c in bare.upper()
    ):
        return frozenset(LETTERS.index(c) for c in bare.upper())
    parts = [part for part in _SEVERAL.split(bare) if part.strip()]
    if len(parts) == 1:
        parts = bare.split()
    found = [chosen_in(choices, part) for part in parts]
    return frozenset() if None in found else frozenset(at for at in found if at is not None)


def _by_mark(choices: tuple[str, ...], text: str) -> int | None:
    """By a letter or the choice's number, unless the choices are letters or numbers themselves."""
    if letter := _LETTER.match(text):
        at = LETTERS.index(letter[1].upper())
        own = any(re.fullmatch(r"\W*[A-Za-z]\W*", plain(choice)) for choice in choices)
        return at if at < len(choices) and not own else None
    if (found := _NUMBER.match(text)) and not any(re.search(r"\d", choice) for choice in choices):
        at = int(found[1]) - 1
        return at if 0 <= at < len(choices) else None
    return None


def _labelled(choices: tuple[str, ...], text: str) -> int | None:
    """ "B) green": the letter, if the text beside it does not name another choice."""
    found = _LABELLED.match(text)
    if not found:
        return None
    letter, rest = (found[1] or found[3]).upper(), (found[2] or found[4]).strip()
    at = LETTERS.index(letter)
    if at >= len(choices):
        return None
    said = _exactly(choices, rest)
    if said is None:
        said = _nearest(choices, rest)
    return at if said == at else None


def _exactly(choices: tuple[str, ...], text: str) -> int | None:
    """The choice with just this text; the first where an importer left two that are the same."""
    if text in choices:
        return choices.index(text)
    wanted = _key(text)
    found = (at for at, choice in enumerate(choices) if wanted and _key(choice) == wanted)
    return next(found, None)


def _key(text: str) -> str:
    return re.sub(r"\s+", "", plain(text).casefold().rstrip(".。"))


def _nearest(choices: tuple[str, ...], text: str) -> int | None:
    """By its words, allowing a slip of spelling; a text with figures or signs has to be exact."""
    said = words_of(text)
    if not said or re.search(r"[\d=<>+*/^-]", text):
        return None
    worded = [words_of(choice) for choice in choices]
    same = [at for at, words in enumerate(worded) if words == said]
    if same:
        return same[0] if len(same) == 1 else None
    joined = " ".join(said)
    distances = sorted(
        (OSA.distance(joined, " ".join(words)), at) for at, words in enumerate(worded)
    )
    allowed = min(2, len(joined) // 5)
    if not distances or distances[0][0] > allowed:
        return None
    is_clear = len(distances) == 1 or distances[1][0] > distances[0][0] + 1
    return distances[0][1] if is_clear else None
