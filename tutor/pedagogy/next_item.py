"""Which problem of a practice comes next: what waits in it, else what suits the learner.

What suits is `tutor.learner.choosing`'s word. Only verified items are ever put.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from random import Random

from storage.database import Database, Session
from tutor.bank.item import ItemState, StoredItem
from tutor.bank.store import load_item
from tutor.language import Language
from tutor.learner.choosing import choose_item, choose_twin
from tutor.learner.reviewing import Due
from tutor.pedagogy.plan import Plan, PracticeKind
from tutor.pedagogy.running import Running


class NextItem:
    """Finds items for practices in one database; new ones are made and stored on the way."""

    def __init__(self, database: Database, now: Callable[[], datetime], rng: Random) -> None:
        self._database = database
        self._now = now
        self._rng = rng

    async def after(self, running: Running, language: Language) -> StoredItem | None:
        """The next item of a practice; None where nothing is left."""
        plan = running.plan
        async with self._database.write() as session:
            waiting = await _first_waiting(session, plan)
            if waiting is not None or not plan.skill_ids:
                return waiting
            learner_id = running.practice.learner_id
            found = await self._choose(session, learner_id, plan.skill_ids, plan.seen, language)
            if found is None and plan.kind is PracticeKind.PRACTICE:  # once more from the beginning
                found = await self._choose(session, learner_id, plan.skill_ids, (), language)
            return found

    async def twin(
        self, running: Running, of: tuple[str, int], language: Language
    ) -> StoredItem | None:
        """A problem like that step of an item; None where there is none."""
        item_id, step = of
        async with self._database.write() as session:
            revealed = await load_item(session, item_id)
            of_step = revealed.skill_ids[step : step + 1] if revealed else ()
            if not (of_step and of_step[0]):
                return None
            twin_id = await choose_twin(
                session,
                learner_id=running.practice.learner_id,
                item_id=item_id,
                skill_ids=of_step[0][:1],
                language=language,
                exclude=running.plan.seen,
                now=self._now(),
                rng=self._rng,
            )
            return await load_item(session, twin_id) if twin_id else None

    async def for_review(
        self, learner_id: str, cards: Sequence[Due], language: Language
    ) -> tuple[str, ...]:
        """An item for each due card: the fact itself, or one of the skill."""
        chosen: list[str] = []
        async with self._database.write() as session:
            for card in cards:
                if card.item_id is not None:
                    chosen.append(card.item_id)
                elif card.skill_id is not None:
                    found = await self._choose(
                        session, learner_id, (card.skill_id,), tuple(chosen), language
                    )
                    chosen += [found.id] if found else []
        return tuple(dict.fromkeys(chosen))

    async def _choose(
        self,
        session: Session,
        learner_id: str,
        skill_ids: Sequence[str],
        exclude: Sequence[str],
        language: Language,
    ) -> StoredItem | None:
        item_id = await choose_item(
            session,
            learner_id=learner_id,
            skill_ids=skill_ids,
            language=language,
            exclude=exclude,
            now=self._now(),
            rng=self._rng,
        )
        return await load_item(session, item_id) if item_id else None


async def _first_waiting(session: Session, plan: Plan) -> StoredItem | None:
    """The first item of the queue that may be put; the others were withdrawn meanwhile."""
    for item_id in plan.queue:
        waiting = await load_item(session, item_id)
        if waiting is not None and waiting.item.state is ItemState.VERIFIED:
            return waiting
    return None
