"""OATutor's archives, as dialogues: a problem, the learner's question for help, hint after hint.

The hints are those of the item bank's own importer, so what it can't take is rejected here too.
"""

from collections.abc import Iterator
from pathlib import Path

from training.datasets.example import ChatMessage, Example, ExampleKind
from training.datasets.reading.found import Found, Origin, Rejected, Row
from tutor.bank.importing import oatutor
from tutor.bank.importing.report import Options
from tutor.bank.item import Hint, HintKind, Item, ItemState, Step
from tutor.bank.reason import Reason
from tutor.i18n import mark
from tutor.language import Language

SOURCE = "oatutor"
_HELP = {Language.ENGLISH: "Can you give me a hint?", Language.CHINESE: "可以给我一个提示吗？"}
_MORE = {Language.ENGLISH: "I need another hint.", Language.CHINESE: "我还需要一个提示。"}


def read(path: Path, origin: Origin) -> Iterator[Found]:
    """A dialogue for each step with hints. Raises BankError."""
    options = Options(licence=origin.licence, file_name=origin.file_name)
    reading = oatutor.read(path, options)
    for remark in reading.not_taken:
        yield Rejected(remark.place, remark.reason)
    for course in reading.courses:
        for item in course.items:
            yield from _of_item(item)


def _of_item(item: Item) -> Iterator[Found]:
    if item.state is not ItemState.VERIFIED:
        message = mark("The problem needs a picture or asks nothing, so nothing is learnt from it.")
        yield Rejected(item.key, Reason(message))
        return
    for index, step in enumerate(item.steps):
        messages = _messages(item, index, step)
        if messages:
            example = Example(
                kind=ExampleKind.DIALOGUE,
                group=item.family or item.key,
                source=SOURCE,
                licence=item.licence,
                messages=messages,
            )
            yield Row(
                f"{item.key}: {step.key}", example, published=True, attribution=item.attribution
            )
        else:
            message = mark("There is nothing for the tutor to say: the step has no hints.")
            yield Rejected(f"{item.key}: {step.key}", Reason(message))


def _messages(item: Item, index: int, step: Step) -> tuple[ChatMessage, ...]:
    language = Language(item.language) if item.language in set(Language) else Language.ENGLISH
    hints = [hint for hint in step.hints if hint.kind is not HintKind.BOTTOM_OUT and not hint.depth]
    said: list[ChatMessage] = []
    for number, hint in enumerate(hints):
        asked = _MORE[language] if number else f"{item.question(index)}\n\n{_HELP[language]}"
        said += [ChatMessage("user", asked), ChatMessage("assistant", _hint(hint))]
    return tuple(said)


def _hint(hint: Hint) -> str:
    return "\n".join(filter(None, (hint.title, hint.text)))
