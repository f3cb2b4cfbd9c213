"""Quiz questions that a model wrote, as drafts: nobody's word until a teacher approves them."""

import re
from collections.abc import Iterator

from tutor.bank.item import AnswerKey, AnswerType, Hint, HintKind, Item, ItemState, Origin, Step
from tutor.language import Language

_LINE = re.compile(
    r"^\s*(?:[-*]\s*|\d+[.)、]\s*)?\**\s*([QAH])\s*\d*\s*[:：]\s*\**\s*(.+?)\s*$", re.I
)
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?(?:/\d+)?%?")
_SENTENCE_WORDS = 12


def drafts_in(text: str, language: Language, key_prefix: str) -> tuple[Item, ...]:
    """The questions with a short answer, as unverified items of origin MODEL."""
    return tuple(
        _item(f"{key_prefix}-{number}", language, question, answer, hint)
        for number, (question, answer, hint) in enumerate(_questions(text), 1)
    )


def _questions(text: str) -> Iterator[tuple[str, str, str]]:
    question = answer = hint = ""
    for line in text.splitlines():
        match = _LINE.match(line)
        if match is None:
            continue
        letter, words = match.group(1).upper(), match.group(2)
        if letter == "Q":
            if question and answer:
                yield question, answer, hint
            question, answer, hint = words, "", ""
        elif letter == "A":
            answer = words.rstrip(".。")
        else:
            hint = words
    if question and answer:
        yield question, answer, hint


def _item(key: str, language: Language, question: str, answer: str, hint: str) -> Item:
    kept = hint if hint and answer.lower() not in hint.lower() else ""
    hints = (Hint(HintKind.HINT, kept),) if kept else ()
    step = Step("a", "", AnswerKey(_type(answer), (answer,)), hints)
    return Item(
        key=key,
        stem=question,
        steps=(step,),
        language=language.value,
        source="Daoshi",
        state=ItemState.UNVERIFIED,
        origin=Origin.MODEL,
    )


def _type(answer: str) -> AnswerType:
    if _NUMBER.fullmatch(answer):
        return AnswerType.NUMBER
    return AnswerType.TEXT if len(answer.split()) <= _SENTENCE_WORDS else AnswerType.OPEN
