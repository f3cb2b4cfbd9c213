"""Reads a family: one problem with its texts in both languages becomes an item in each.

What differs by language is written {"en": …, "zh-CN": …}; all else holds for both. The answers of
a choice are places in the list of choices, so that the twins can't drift apart.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tutor.bank.item import AnswerKey, AnswerType, Hint, HintKind, Item, Step
from tutor.language import Language

Read = Mapping[str, Any]


def items_of(
    family: Read, lesson_of: Mapping[str, str], *, source: str, licence: str
) -> Iterator[Item]:
    """The twins of a family, in every language."""
    for language in Language:
        steps = tuple(
            _step(step, number, language) for number, step in enumerate(family["steps"], 1)
        )
        yield Item(
            key=f"{family['key']}-{language.value}",
            stem=_said(family["stem"], language),
            steps=steps,
            language=language.value,
            lesson=lesson_of[steps[0].skills[0]],
            family=family["key"],
            source=source,
            licence=licence,
        )


def _step(step: Read, number: int, language: Language) -> Step:
    prompt = _said(step["prompt"], language) if "prompt" in step else ""
    hints = _hints(step["hints"], language)
    return Step(str(number), prompt, _key(step, language), hints, tuple(step["skills"]))


def _key(step: Read, language: Language) -> AnswerKey:
    kind = AnswerType(step["type"])
    answers = _said(step["answers"], language)
    choices = tuple(_said(choice, language) for choice in step.get("choices", ()))
    if choices:
        answers = [choices[place] for place in answers]
    return AnswerKey(kind, tuple(answers), choices, step.get("unit", ""))


def _hints(hints: Sequence[Read], language: Language) -> tuple[Hint, ...]:
    """In order; one with an answer of its own is a scaffold, the last gives the answer away."""
    *early, last = hints
    shown = [_early(hint, language) for hint in early]
    return (*shown, Hint(HintKind.BOTTOM_OUT, _said(last, language)))


def _early(hint: Read, language: Language) -> Hint:
    text = _said(hint, language)
    if "answers" not in hint:
        return Hint(HintKind.HINT, text)
    key = AnswerKey(AnswerType.NUMBER, tuple(hint["answers"]))
    return Hint(HintKind.SCAFFOLD, text, key=key)


def _said(value: Any, language: Language) -> Any:
    """The part for this language, where there is one for each."""
    return value[language.value] if isinstance(value, Mapping) else value
