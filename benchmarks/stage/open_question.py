"""What a learner is being asked just now, read from the database, and how to answer it.

A script that plays a lesson has to know the key; the product must never tell it too early. So the
open question comes from the practice's row, and its key from the bank.
"""

from dataclasses import dataclass
from fractions import Fraction

from storage.database import Database
from storage.learners import find_identity
from storage.practices import latest_open_practice
from tutor.bank.item import AnswerKey, AnswerType, Item, Step
from tutor.bank.store import load_item
from tutor.pedagogy.plan import PracticeKind, plan_from

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
OFF_BY = 7


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody on a platform, as the product keeps them."""

    platform: str
    workspace: str
    user_id: str


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """`answered` counts the items that the practice has behind it."""

    item: Item
    step: Step
    kind: PracticeKind
    answered: int

    @property
    def right(self) -> str:
        return right_answer(self.step.answer)

    @property
    def wrong(self) -> str:
        return wrong_answer(self.step.answer)


async def learner_id_of(database: Database, who: Who) -> str:
    """The id of somebody who has been there before."""
    async with database.read() as session:
        identity = await find_identity(session, who.platform, who.workspace, who.user_id)
    assert identity is not None, who
    return identity.learner_id


async def open_question(database: Database, who: Who) -> OpenQuestion | None:
    """None where no question is open."""
    learner_id = await learner_id_of(database, who)
    async with database.read() as session:
        practice = await latest_open_practice(session, learner_id)
        if practice is None or practice.item_id is None:
            return None
        stored = await load_item(session, practice.item_id)
    plan = plan_from(practice.plan)
    assert stored is not None and plan.present is not None, practice
    step = stored.item.steps[plan.present.step]
    return OpenQuestion(stored.item, step, plan.kind, len(plan.results))


def right_answer(key: AnswerKey) -> str:
    """As a learner would type it: the letter of a choice, else the first answer of the key."""
    if key.type in (AnswerType.CHOICE, AnswerType.CHOICES):
        letters = [LETTERS[key.choices.index(answer)] for answer in key.answers]
        return ", ".join(letters)
    return f"{key.answers[0]} {key.unit}".strip()


def wrong_answer(key: AnswerKey) -> str:
    """Near enough to be somebody's answer."""
    if key.type in (AnswerType.CHOICE, AnswerType.CHOICES):
        others = [choice for choice in key.choices if choice not in key.answers]
        return LETTERS[key.choices.index(others[0])]
    if key.type is AnswerType.NUMBER:
        try:
            return str(Fraction(key.answers[0].replace("−", "-")) + OFF_BY)
        except ValueError:
            return "987"
    return "y = 987x" if key.type is AnswerType.EXPRESSION else "a teapot"
