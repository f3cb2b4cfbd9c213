"""What a picture shows, in both languages; and the word as something to practise and review.

The questions themselves are items of the bank (`tutor.bank.pictures`), graded like all others.
"""

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.courses import course_by_key
from storage.database import Database, Session
from storage.items import item_by_key
from storage.practices import open_practice
from tutor.bank.item import ItemState
from tutor.bank.pictures import concept_of, item_keys
from tutor.bank.starter import KEY
from tutor.bank.store import load_item
from tutor.i18n import say
from tutor.images.captions import both_names
from tutor.images.concepts import Concept
from tutor.learner.reviewing import Subject, plan_first_review
from tutor.messages import Button, Offer, ReplyPart, Style, Text
from tutor.pedagogy.controls import START
from tutor.pedagogy.plan import PracticeKind
from tutor.turn import Turn

FIRST_REVIEW = timedelta(days=1)


class Naming:
    """Tells words, and keeps them for the learner."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def tell(self, turn: Turn, concept: Concept) -> AsyncGenerator[ReplyPart, None]:
        """The word, and a button that asks for it; not while it is just what a question asks."""
        async with self._database.write() as session:
            asked = await self._is_asked(session, turn, concept)
            words = None if asked else await self._keep(session, turn, concept)
        if asked:
            yield Text(
                say(turn.language, "That's just what I'm asking you! Try it first, or take a hint.")
            )
            return
        yield Text(both_names(concept))
        if words is None:
            return
        yield Text(
            "\n\n" + say(turn.language, "I keep this word for you: `/review` asks for it tomorrow.")
        )
        carried = {
            "kind": PracticeKind.PRACTICE.value,
            "course_id": words.course_id,
            "queue": list(words.item_ids),
            "length": len(words.item_ids),
        }
        label = say(turn.language, "Practise this word")
        yield Offer((Button(START, label, carried, Style.PRIMARY, "✏️"),))

    async def _is_asked(self, session: Session, turn: Turn, concept: Concept) -> bool:
        """Whether the open question here shows this very thing."""
        practice = await open_practice(session, turn.learner.id, turn.conversation.id)
        stored = (
            await load_item(session, practice.item_id) if practice and practice.item_id else None
        )
        return stored is not None and concept_of(stored.item) == concept.id

    async def _keep(self, session: Session, turn: Turn, concept: Concept) -> "_Words | None":
        """Plans a first review of the questions about it; None where no course has them."""
        course = await course_by_key(session, KEY)
        if course is None:
            return None
        found = [
            await item_by_key(session, course.id, key)
            for key in item_keys(concept.id, turn.language)
        ]
        ids = tuple(item.id for item in found if item and item.state == ItemState.VERIFIED)
        for item_id in ids:
            due = self._now() + FIRST_REVIEW
            await plan_first_review(
                session, turn.learner.id, Subject(None, item_id), due, self._now()
            )
        return _Words(course.id, ids) if ids else None


@dataclass(frozen=True, slots=True)
class _Words:
    """The questions about a thing in a course."""

    course_id: str
    item_ids: tuple[str, ...]
