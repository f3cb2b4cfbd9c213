"""Quiz questions that a model wrote, as drafts: nobody's word until a teacher approves them.

Where the key can be computed from the question, it is, and the draft's source says so.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tutor.bank.item import AnswerKey, AnswerType, Hint, HintKind, Item, ItemState, Origin, Step
from tutor.grading.grader import grade_quickly
from tutor.grading.verdict import Outcome
from tutor.language import Language
from tutor.pedagogy.own_problem import recognise
from tutor.pedagogy.solving import Solver

_LINE = re.compile(
    r"^\s*(?:[-*]\s*|\d+[.)、]\s*)?\**\s*([QAH])\s*\d*\s*[:：]\s*\**\s*(.+?)\s*$", re.I
)
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?(?:/\d+)?%?")
_SENTENCE_WORDS = 12


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft after its key was computed, where that can be done.

    `computed`: the key is ours; `corrected`: the model's was another one.
    """

    item: Item
    computed: bool = False
    corrected: bool = False


async def checked(draft: Item, solver: Solver) -> Checked:
    """A draft with the key that can be computed from its question; else with the model's own."""
    problem = recognise(draft.stem)
    key = await solver.solve(problem) if problem else None
    if key is None:
        return Checked(draft)
    [step] = draft.steps
    verdict = grade_quickly(key, step.answer.answers[0], Language(draft.language))
    corrected = verdict is None or verdict.outcome is not Outcome.RIGHT
    hints = () if corrected else step.hints  # they lead to what the model took for right
    step = replace(step, answer=key, hints=hints)
    item = replace(draft, steps=(step,), source=f"{draft.source}, key computed")
    return Checked(item, computed=True, corrected=corrected)


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
