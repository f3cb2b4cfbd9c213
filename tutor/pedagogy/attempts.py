"""Recognises an answer in a message, also where it is wrapped in prose, by the kind of key.

Says only that something was answered; whether it is right is `tutor.grading`'s.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from rapidfuzz import fuzz

from tutor.bank.item import AnswerKey, AnswerType, Step
from tutor.pedagogy.answer_shapes import (
    ABOUT_LESSON,
    ANSWERS,
    BARE_NUMBER,
    CHINESE_NUMBER,
    CHOICE_LETTER,
    COUNTED,
    FORMULA_SIGNS,
    FOUND,
    FUNCTIONS,
    LEAD,
    LETTER_IN_PROSE,
    LETTERS,
    MARKER,
    ORDINALS,
    PLACES,
    PROSE,
    QUESTION,
    REASON,
    SEVERAL,
    TAIL,
    WORD_NUMBERS,
)
from tutor.pedagogy.dialogue import DialogueState
from tutor.pedagogy.normal_text import normal

LONGEST_READ = 2000
_LONG_NUMBER = re.compile(r"(\d{40})\d+")


class Attempt(Enum):
    """How surely a message is an answer."""

    NONE = auto()
    POSSIBLE = auto()  # something of the right kind stands in it, and nothing else explains it
    MARKED = auto()  # "i think its 12 because …"
    BARE = auto()  # nothing but the answer and words around it


@dataclass(frozen=True, slots=True)
class Found:
    """An attempt and the part of the message that is to be graded."""

    attempt: Attempt
    answer: str


def readable(text: str) -> str:
    """As much of a message as its meaning hangs on: patterns take long over thousands of digits."""
    return _LONG_NUMBER.sub(r"\1", text[:LONGEST_READ])


def answer_in(text: str, step: Step, state: DialogueState) -> str:
    """The part of an attempt that is to be graded; the whole text where there is nothing else."""
    return attempt_in(text, step, state).answer


def attempt_in(text: str, step: Step, state: DialogueState) -> Found:
    """How surely `text` answers the step's question, and with what."""
    key = step.answer
    said = normal(readable(text))
    forms = tuple(_unwrapped(said))
    if _is_key(said, key):
        return Found(Attempt.BARE, text)
    if (chosen := next((form for form in forms if _is_choice(form, key)), None)) is not None:
        return Found(Attempt.BARE, _in_order(chosen, key) or _as_written(chosen, text))
    if key.type is AnswerType.OPEN:
        return Found(Attempt.POSSIBLE, text)
    values = [form for form in forms if _is_value(form, key, step)]
    if values:
        return Found(Attempt.BARE, _as_written(values[-1], text))
    if key.type is AnswerType.TEXT:
        phrase = _phrase_attempt(said, forms[-1])
        marked = phrase is Attempt.MARKED
        return Found(phrase, _as_written(forms[-1], text) if marked else text)
    first = REASON.split(said, maxsplit=1)[0]
    if first != said and _is_value(answer_part(first), key, step):
        return Found(Attempt.MARKED, answer_part(first))
    return _in_prose(text, said, step, state)


def answer_part(said: str) -> str:
    """A normal text without the words that only stand around an answer."""
    return tuple(_unwrapped(said))[-1]


def _unwrapped(said: str) -> Iterator[str]:
    """The text, and what is left after each word that may stand around an answer."""
    yield said
    yield said.strip(" ?!.,~…。")
    for wrapping in (LEAD, TAIL):
        while (bare := wrapping.sub("", said, count=1).strip()) != said:
            said = bare
            yield said


def _is_key(said: str, key: AnswerKey) -> bool:
    """A vocabulary answer may look like a command ("next"): it still is the answer."""
    return any(normal(answer) == said.strip(" .!?。") for answer in key.answers)


def _is_choice(core: str, key: AnswerKey) -> bool:
    if not key.choices or not core:
        return False
    texts = [_plain_choice(normal(choice)) for choice in key.choices]
    core = _plain_choice(core)
    if core in texts or ORDINALS.match(core):
        return True
    if key.type is AnswerType.CHOICES and LETTERS.match(core):
        return True
    if letter := CHOICE_LETTER.match(core):
        return _numbers_a_choice(letter[1], len(texts))
    if re.match(r"^[a-h]\)?\.? ", core) and any(core[2:].strip(" ).:") == text for text in texts):
        return True
    return len(core) >= 5 and any(fuzz.ratio(core, text) >= 85 for text in texts if len(text) >= 5)


def _plain_choice(text: str) -> str:
    """Without the signs around formulas and sentences."""
    return text.replace("$", "").strip(" .。\"'“”")


def _numbers_a_choice(mark: str, count: int) -> bool:
    if mark.isascii() and mark.isalpha():
        return ord(mark) - ord("a") < count
    return mark in "一二三四五六" or 1 <= int(mark) <= count


def _is_value(core: str, key: AnswerKey, step: Step) -> bool:
    """A number, several numbers, or a formula, with nothing else beside it."""
    if not core or ABOUT_LESSON.search(core):
        return False
    parts = [part for part in SEVERAL.split(core) if part]
    if parts and all(BARE_NUMBER.match(part) for part in parts):
        return True
    return _is_formula(core, key, step)


def _is_formula(core: str, key: AnswerKey, step: Step) -> bool:
    rest = FUNCTIONS.sub(" ", core)
    if PROSE.search(re.sub(r"\b[a-z]{1,3}(?=\b|\d)|(?<=\d)[a-z]{1,3}\b", " ", rest)):
        return False
    letters = set(re.findall(r"[a-z]", rest))
    bare = re.sub(r"[a-z]", " ", rest)
    if not FORMULA_SIGNS.match(bare):
        return False
    has_digit, has_sign = bool(re.search(r"\d", core)), bool(re.search(r"[-+*/^=<>√π∞(]", core))
    if key.type is AnswerType.EXPRESSION:
        known = set(
            re.findall(
                r"(?<![a-z])[a-z](?![a-z])", normal(f"{step.prompt} {' '.join(key.answers)}")
            )
        )
        return (
            has_digit
            or rest != core
            or (has_sign and bool(letters))
            or (len(core) <= 2 and letters <= known and bool(letters))
        )
    return has_digit and len(letters) <= 3


def _as_written(part: str, text: str) -> str:
    """The part of a normal text as the learner wrote it, since case can matter (mW, MW)."""
    at = text.casefold().find(part)
    return text[at : at + len(part)] if at >= 0 else part


def _in_prose(text: str, said: str, step: Step, state: DialogueState) -> Found:
    if step.answer.choices and (chosen := _choice_in_prose(said, step.answer)):
        return Found(Attempt.MARKED, chosen)
    asks = bool(QUESTION.match(said))
    named = [
        choice for choice in step.answer.choices if len(choice) >= 3 and normal(choice) in said
    ]
    if named and not asks:
        return Found(Attempt.MARKED, named[0]) if len(named) == 1 else Found(Attempt.POSSIBLE, text)
    return Found(Attempt.NONE, text) if asks else _number_in_prose(text, said, step, state)


def _choice_in_prose(said: str, key: AnswerKey) -> str:
    found = LETTER_IN_PROSE.search(said)
    return found[1] if found and _numbers_a_choice(found[1], len(key.choices)) else ""


def _number_in_prose(text: str, said: str, step: Step, state: DialogueState) -> Found:
    """A number that is put as a result, else one that is not in the question and is new."""
    searched = COUNTED.sub(lambda found: " " * len(found[0]), said)
    prompt, last = normal(step.prompt), normal(state.last_answer)
    possible = False
    for found in _values(searched):
        number = found[0].strip()
        if f" {number} " in f" {last} ":
            continue
        if MARKER.search(searched[: found.start()]):
            return Found(Attempt.MARKED, number)
        possible |= not re.search(rf"(?<!\d){re.escape(number)}(?!\d)", prompt)
    return Found(Attempt.POSSIBLE if possible else Attempt.NONE, text)


def _in_order(chosen: str, key: AnswerKey) -> str:
    """The letter of "the second one" or "b选项"; "" where it was named otherwise."""
    if (letter := CHOICE_LETTER.match(chosen)) and letter[1].isascii() and letter[1].isalpha():
        return letter[1].upper()
    place = next((at for words, at in PLACES if re.search(words, chosen)), None)
    if place is None or not ORDINALS.match(chosen):
        return ""
    index = place if place >= 0 else len(key.choices) + place
    return chr(ord("A") + index) if 0 <= index < len(key.choices) else ""


def _values(searched: str) -> list[re.Match[str]]:
    """Numbers in digits, else in words; a lone "one" or 一 is seldom meant as a number."""
    digits = list(FOUND.finditer(searched))
    words = re.finditer(f"{CHINESE_NUMBER}|{WORD_NUMBERS}", searched)
    return digits or [
        found for found in words if found[0].strip() not in ("one", "一", "点", "a one")
    ]


def _phrase_attempt(said: str, core: str) -> Attempt:
    """A short phrase that asks nothing."""
    if not core or QUESTION.match(said):
        return Attempt.NONE
    if core != said and ANSWERS.match(said):
        return Attempt.MARKED
    words = len(re.findall(r"[a-z0-9]+", core)) + len(re.findall(r"[\u4e00-\u9fff]", core)) / 2.5
    return Attempt.POSSIBLE if words <= 8 else Attempt.NONE
