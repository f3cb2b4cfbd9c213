"""The lessons of all learners: begin one, go on with it, and end it.

The one door to practices for the tutor, for commands and for buttons. Whatever stands where is in
the database, so that a lesson goes on after a restart.
"""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from datetime import datetime
from random import Random

from storage.database import Database
from storage.practices import latest_open_practice, open_practice, practice_by_id
from tutor.bank.item import StoredItem
from tutor.i18n import say
from tutor.messages import ReplyPart, Text
from tutor.pedagogy.answering import Answering, Beside
from tutor.pedagogy.closing import Closing
from tutor.pedagogy.dialogue import Intent
from tutor.pedagogy.next_item import NextItem
from tutor.pedagogy.phrasing import Phraser
from tutor.pedagogy.putting import Illustrate, Putting
from tutor.pedagogy.running import (
    AnsweredMeanwhile,
    Running,
    in_its_language,
    running_from,
)
from tutor.pedagogy.session import Grades
from tutor.pedagogy.starting import Starting, Wish
from tutor.turn import Turn

Parts = AsyncGenerator[ReplyPart, None]


class Lessons:
    """`model` names the language model that may phrase; `rng` chooses among equals. `illustrate`
    draws what belongs to a question."""

    def __init__(
        self,
        database: Database,
        grader: Grades,
        phraser: Phraser,
        now: Callable[[], datetime],
        rng: Random,
        *,
        model: str = "",
        illustrate: Illustrate | None = None,
    ) -> None:
        items = NextItem(database, now, rng)
        self._database = database
        putting = Putting(database, items, Closing(database, now), now, illustrate)
        self._starting = Starting(database, items, putting, now)
        self._answering = Answering(database, grader, phraser, putting, now, model)

    async def runs(self, turn: Turn) -> bool:
        """Whether anything runs for this learner in this conversation."""
        async with self._database.read() as session:
            practice = await open_practice(session, turn.learner.id, turn.conversation.id)
        return practice is not None

    async def here(self, turn: Turn) -> Running | None:
        """What runs for this learner in this conversation."""
        async with self._database.read() as session:
            practice = await open_practice(session, turn.learner.id, turn.conversation.id)
            return await running_from(session, practice, turn)

    async def latest(self, turn: Turn) -> Running | None:
        """What this learner worked on last and has not ended, wherever that is."""
        async with self._database.read() as session:
            practice = await latest_open_practice(session, turn.learner.id)
            return await running_from(session, practice, turn)

    async def named(self, turn: Turn, practice_id: str) -> Running | None:
        """A running practice by its id, if it is this learner's."""
        async with self._database.read() as session:
            practice = await practice_by_id(session, practice_id)
            return await running_from(session, practice, turn)

    def start(self, turn: Turn, wish: Wish) -> Parts:
        """Begins what is wished for, with its first question."""
        return _one_at_a_time(turn, self._starting.start(turn, wish))

    async def begin_own(self, turn: Turn, stored: StoredItem) -> Running:
        """Begins work on a problem that the learner brought; nothing is said yet."""
        return await self._starting.own_problem(turn, stored)

    def answer(self, turn: Turn, running: Running, text: str) -> Parts:
        """Grades a pressed choice, whatever its text might mean elsewhere."""
        turn = in_its_language(turn, running)
        return _one_at_a_time(turn, self._answering.attempt(turn, running, text))

    def message(self, turn: Turn, running: Running, text: str, beside: Beside) -> Parts:
        """Answers what was written while a question is open."""
        turn = in_its_language(turn, running)
        return _one_at_a_time(turn, self._answering.message(turn, running, text, beside))

    def act(self, turn: Turn, running: Running, intent: Intent, beside: Beside) -> Parts:
        """Answers a button or command whose intent is plain."""
        turn = in_its_language(turn, running)
        return _one_at_a_time(turn, self._answering.act(turn, running, intent, beside))

    def resume(self, turn: Turn, running: Running) -> Parts:
        """Puts the open question once more, or the next one."""
        turn = in_its_language(turn, running)
        return _one_at_a_time(turn, self._answering.again(turn, running))


async def _one_at_a_time(turn: Turn, parts: Parts) -> Parts:
    """Of two messages or presses at once the first is answered. Where the other one goes on after
    this one's verdict, its reply is what comes next."""
    said = False
    try:
        async with aclosing(parts):
            async for part in parts:
                said = True
                yield part
    except AnsweredMeanwhile:
        if not said:
            yield Text(
                say(
                    turn.language,
                    "Two of your messages came at once, and I counted only the first. What do you "
                    "think now?",
                )
            )
