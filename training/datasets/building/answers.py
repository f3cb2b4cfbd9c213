"""Examples out of what teachers stand for: items that they wrote, approved or corrected.

The learner asks for the solution; the tutor explains it by the item's hints and names the answer.
"""

from collections.abc import Iterator, Sequence

from storage import items
from storage.database import Session
from training.datasets.example import ChatMessage, Example, ExampleKind
from training.datasets.reading.found import Found, Rejected, Row
from tutor.bank.item import AnswerType, Item, Origin, Step
from tutor.bank.reason import Reason
from tutor.bank.store import load_items
from tutor.i18n import mark
from tutor.language import Language

SOURCE = "answers"
PAGE = 200
_ASKED = {
    Language.ENGLISH: "Please show me the solution.",
    Language.CHINESE: "请给我看看解答。",
}
_CONCLUSION = {Language.ENGLISH: "The answer is {answer}.", Language.CHINESE: "答案是{answer}。"}


async def approved_items(session: Session, course_id: str) -> list[Item]:
    """The verified items of a course that a person wrote, approved or corrected."""
    touched = await items.items_changed_by_people(session, course_id)
    found: list[Item] = []
    after = ""
    while page := await items.items_of_course(session, course_id, after=after, limit=PAGE):
        ids = [row.id for row in page if row.id in touched or row.origin == Origin.TEACHER]
        found += [one.item for one in await load_items(session, ids)]
        after = page[-1].id
    return found


def rows_of(found: Sequence[Item]) -> Iterator[Found]:
    """A dialogue for each step that has a key."""
    for item in found:
        for index, step in enumerate(item.steps):
            place = f"{item.key}: {step.key or index + 1}"
            if step.answer.type is AnswerType.OPEN or not step.answer.answers:
                yield Rejected(place, Reason(mark("An open question has no answer to learn.")))
                continue
            example = Example(
                kind=ExampleKind.DIALOGUE,
                group=item.family or item.key,
                source=SOURCE,
                licence=item.licence,
                messages=_messages(item, index, step),
            )
            yield Row(place, example, published=True, attribution=item.attribution)


def _messages(item: Item, index: int, step: Step) -> tuple[ChatMessage, ...]:
    language = Language(item.language) if item.language in set(Language) else Language.ENGLISH
    hints = [hint.text for hint in step.hints if not hint.depth and hint.key is None]
    answer = f"{step.answer.answers[0]} {step.answer.unit}".strip()
    explained = "\n".join([*hints, _CONCLUSION[language].format(answer=answer)])
    asked = f"{item.question(index)}\n\n{_ASKED[language]}"
    return ChatMessage("user", asked), ChatMessage("assistant", explained)
