"""A problem that a learner brings: what it is in the bank, or with a computed key, or without one.

Becomes an item of their own, for them alone. Without a key nobody is told right or wrong.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from storage.courses import courses_open_to
from storage.database import Database
from storage.items import asks_somewhere
from tutor.bank.digest import text_digest
from tutor.bank.item import AnswerKey, AnswerType, Item, StoredItem
from tutor.bank.store import add_item, find_same_text
from tutor.language import Language
from tutor.pedagogy.own_problem import as_item, recognise
from tutor.pedagogy.solving import Solver

UNKNOWN = AnswerKey(AnswerType.OPEN)
ASKS = re.compile(
    r"\b(?:solve|find|compute|calculate|evaluate|work out|what|how|factor\w*|expand|simplify)\b"
    r"|[?？求解算几]|多少|因式|化简|展开",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Brought:
    """A problem as it was understood. `stored` where a course of theirs has it."""

    item: Item
    stored: StoredItem | None = None

    @property
    def key(self) -> AnswerKey | None:
        """What is right; None where nobody knows."""
        key = self.item.steps[0].answer
        return None if key.type is AnswerType.OPEN else key


class OwnWork:
    """Understands problems, and keeps those that are worked on."""

    def __init__(self, database: Database, solver: Solver, now: Callable[[], datetime]) -> None:
        self._database = database
        self._solver = solver
        self._now = now

    async def problem_in(self, text: str, learner_id: str, language: Language) -> Brought | None:
        """The problem in a message; None where it asks for none to be solved."""
        known = await self._known(text, learner_id)
        if known is not None:
            return Brought(known.item, known)
        problem = recognise(text)
        if problem is None:
            return None
        key = await self._solver.solve(problem)
        if key is None and not ASKS.search(text):
            return None  # a formula that somebody wrote down, not one to be solved
        return Brought(as_item(problem, key or UNKNOWN, language))

    async def _known(self, text: str, learner_id: str) -> StoredItem | None:
        """The item of the learner's courses that asks just this; most messages are none."""
        async with self._database.read() as session:
            if not await asks_somewhere(session, text_digest(text)):
                return None
            courses = [course.id for course in await courses_open_to(session, learner_id)]
            found = await find_same_text(session, text, courses)
        return found[0] if found else None

    async def keep(self, brought: Brought, learner_id: str) -> StoredItem:
        """The problem as an item that can be worked on."""
        if brought.stored is not None:
            return brought.stored
        async with self._database.write() as session:
            return await add_item(
                session, brought.item, course_id=None, owner_id=learner_id, now=self._now()
            )
