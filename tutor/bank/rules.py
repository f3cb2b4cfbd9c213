"""What every item must be, whoever made it, as complaints that name what is wrong.

Checks form only: types, keys, choices, hints. Whether an answer is right is for whoever made it.
"""

from collections.abc import Iterator
from functools import cache

from pydantic import TypeAdapter, ValidationError

from tutor.bank.item import AnswerKey, AnswerType, HintKind, Item, Step
from tutor.bank.problem import value_of
from tutor.language import Language

CHOOSING = (AnswerType.CHOICE, AnswerType.CHOICES)


def complaints(item: Item) -> tuple[str, ...]:
    """Everything that is wrong with the form of an item; nothing where it is sound."""
    return tuple(_complaints(item))


def _complaints(item: Item) -> Iterator[str]:
    adapter = _schema()
    try:
        same = adapter.validate_json(adapter.dump_json(item, warnings=False), strict=True)
    except ValidationError as error:
        yield f"a field has another type: {error.errors()[0]['loc']}"
        return
    if same != item:
        yield "it is another one after being written as JSON"
    if item.language not in {language.value for language in Language}:
        yield f"unknown language {item.language!r}"
    for field in ("key", "stem", "source", "licence", "steps"):
        if not getattr(item, field):
            yield f"no {field}"
    for step in item.steps:
        yield from _of_key(step.answer)
        yield from _of_hints(step)


def _of_key(key: AnswerKey) -> Iterator[str]:
    if not key.answers and key.type is not AnswerType.OPEN:
        yield "no answer"
    if not all(answer.strip() for answer in (*key.answers, *key.choices)):
        yield "an empty answer or choice"
    if (key.type in CHOOSING) != bool(key.choices):
        yield f"choices do not go with the type {key.type.value}"
    if key.choices and len({value_of(choice) for choice in key.choices}) != len(key.choices):
        yield "choices of equal value"
    if key.choices and not set(key.answers) <= set(key.choices):
        yield "an answer that is no choice"
    if key.type is AnswerType.CHOICE and len(key.answers) != 1:
        yield "not exactly one right choice"


def _of_hints(step: Step) -> Iterator[str]:
    kinds = [hint.kind for hint in step.hints]
    if HintKind.BOTTOM_OUT in kinds[:-1]:
        yield "a hint after the answer was given away"
    for hint in step.hints:
        if not hint.text.strip():
            yield "an empty hint"
        if hint.key is not None:
            yield from _of_key(hint.key)


@cache
def _schema() -> TypeAdapter[Item]:
    return TypeAdapter(Item)
