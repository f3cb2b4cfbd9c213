"""The own problem that a learner brought before the open one and had not solved.

An answer may belong to it: whoever brings two problems answers them in any order.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from storage.database import Database
from storage.practices import Practice, practices_of
from tutor.bank.item import StoredItem
from tutor.bank.store import load_item
from tutor.pedagogy.plan import PracticeKind
from tutor.pedagogy.running import Running

REMEMBERED = timedelta(minutes=10)
SHOWN_LETTERS = 80
LATEST = 5


class EarlierProblem:
    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def before(self, running: Running) -> StoredItem | None:
        """What was left for the problem in `running` a few minutes ago."""
        async with self._database.read() as session:
            practices = await practices_of(session, running.practice.learner_id, limit=LATEST)
            for practice in practices:
                if self._was_left(practice, running) and practice.item_id is not None:
                    return await load_item(session, practice.item_id)
        return None

    def _was_left(self, practice: Practice, running: Running) -> bool:
        """A solved problem is no longer the item of its practice."""
        return (
            practice.kind == PracticeKind.OWN.value
            and practice.conversation_id == running.practice.conversation_id
            and practice.item_id not in (None, running.practice.item_id)
            and practice.ended_at is not None
            and self._now() - practice.ended_at <= REMEMBERED
        )


def in_short(stored: StoredItem) -> str:
    """The problem on one line, to name it."""
    line = " ".join((stored.item.stem or stored.item.steps[0].prompt).split())
    return line if len(line) <= SHOWN_LETTERS else f"{line[: SHOWN_LETTERS - 1]}…"
