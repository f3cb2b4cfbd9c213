"""Puts the next question of a practice: the next step, the next item, or the end."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import datetime

from storage.database import Database
from tutor.messages import Button, Offer, Provenance, ReplyPart, Text
from tutor.moves import Move
from tutor.pedagogy.closing import Closing
from tutor.pedagogy.controls import question_buttons
from tutor.pedagogy.next_item import NextItem
from tutor.pedagogy.running import Running, save
from tutor.pedagogy.templates import template
from tutor.turn import Turn

Parts = AsyncGenerator[ReplyPart, None]
Illustrate = Callable[[Turn, Running], Awaitable[tuple[ReplyPart, ...]]]
"""What is shown with a question that is put for the first time, or again: mostly nothing."""


class Putting:
    """Asks, and remembers that it did."""

    def __init__(
        self,
        database: Database,
        items: NextItem,
        closing: Closing,
        now: Callable[[], datetime],
        illustrate: Illustrate | None = None,
    ) -> None:
        self._illustrate = illustrate
        self._database = database
        self._items = items
        self._closing = closing
        self._now = now

    async def next(
        self, turn: Turn, running: Running, *, gap: str = "", more: tuple[Button, ...] = ()
    ) -> Parts:
        """The next question with its buttons, behind `gap`; the summary where none is left.

        `more` are buttons that belong to what was said before.
        """
        move = Move.ASK
        if running.stored is None:
            move = Move.TWIN if running.plan.twin_of else Move.ASK
            found = await self._with_item(turn, running)
            if found is None:
                async for part in self._closing.finish(turn, running, gap=gap):
                    yield part
                return
            running = found
        yield Text(gap + self.question(turn, running, move))
        async for part in self._illustrations(turn, running):
            yield part
        yield self.buttons(turn, running, more)
        yield Provenance(move.value)

    async def again(self, turn: Turn, running: Running) -> Parts:
        """The open question as it stands, else what comes next."""
        if running.stored is None:
            async for part in self.next(turn, running):
                yield part
            return
        yield Text(self.question(turn, running))
        async for part in self._illustrations(turn, running):
            yield part
        yield self.buttons(turn, running)
        yield Provenance(Move.ASK.value)

    def finish(self, turn: Turn, running: Running, *, gap: str = "") -> Parts:
        """The summary, whatever is left."""
        return self._closing.finish(turn, running, gap=gap)

    async def _with_item(self, turn: Turn, running: Running) -> Running | None:
        """The practice with its next item stored in it; None at its end."""
        plan = running.plan
        if plan.complete:
            return None
        found = None
        if plan.twin_of is not None:
            found = await self._items.twin(running, plan.twin_of, turn.language)
        found = found or await self._items.after(running, turn.language)
        if found is None:
            return None
        async with self._database.write() as session:
            return await save(session, running.with_item(found, self._now()), self._now())

    async def _illustrations(self, turn: Turn, running: Running) -> Parts:
        if self._illustrate is not None:
            for part in await self._illustrate(turn, running):
                yield part

    def question(self, turn: Turn, running: Running, move: Move = Move.ASK) -> str:
        """The open question, with what stands before its first step."""
        plan, item = running.plan, running.item.item
        return template(
            move,
            turn.language,
            item=item,
            step=running.step,
            state=running.state,
            problem_shown=running.index > 0,
            number=0 if plan.length == 1 else plan.number,
            total=plan.length or 0,
            seed=plan.number,
        )

    def buttons(self, turn: Turn, running: Running, more: tuple[Button, ...] = ()) -> Offer:
        """What can be pressed now, behind it `more` about what was said before."""
        own = question_buttons(running, turn.language, turn.policy, types_freely=types_freely(turn))
        return Offer((*own.buttons, *more))


def types_freely(turn: Turn) -> bool:
    """Whether a plain message here reaches us: not below a message that only they can see."""
    return not turn.question.place.community
