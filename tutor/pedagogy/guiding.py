"""Whether a message is answered by teaching: in the open lesson, or as a problem of their own.

Where others read along, nobody is told in public whether they are right, nor are their answers
repeated: there are hints, and a button to go on in private.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from tutor.bank.item import StoredItem
from tutor.i18n import say
from tutor.messages import Button, Offer, Provenance, ReplyPart, Style, Text, Visibility
from tutor.moves import Move
from tutor.pedagogy.another_problem import brings_another
from tutor.pedagogy.answering import GAP, Beside
from tutor.pedagogy.controls import ALONE, CHECK, payload
from tutor.pedagogy.dialogue import Intent, Policy
from tutor.pedagogy.earlier_problem import in_short
from tutor.pedagogy.guarding import Guard
from tutor.pedagogy.intent import read_intent
from tutor.pedagogy.lessons import Lessons
from tutor.pedagogy.own_problem import recognise
from tutor.pedagogy.own_work import Brought, OwnWork
from tutor.pedagogy.plan import PracticeKind
from tutor.pedagogy.policy import ladder
from tutor.pedagogy.running import Running
from tutor.pedagogy.templates import template
from tutor.turn import Turn

Parts = AsyncGenerator[ReplyPart, None]

HELPED_IN_PUBLIC = frozenset({Intent.HINT, Intent.DONT_KNOW})
BESIDE_IN_PUBLIC = frozenset({Intent.OTHER, Intent.EXPLAIN, Intent.CHAT, Intent.DISTRESS})


class Guiding:
    """Teaches where teaching is due; None from its methods means that it is not."""

    def __init__(self, lessons: Lessons, own_work: OwnWork) -> None:
        self._lessons = lessons
        self._own_work = own_work

    async def lesson(self, turn: Turn, beside: Beside) -> Parts | None:
        """The reply to a message while a question is open here."""
        if not await self._lessons.runs(turn):
            return None
        await turn.burst_over()  # an answer is counted once, with all that belongs to it
        running = await self._lessons.here(turn)
        if running is None:
            return None
        if not running.outdated and _brings_another(turn, running):
            return None if running.plan.kind is PracticeKind.OWN else self._put_off(turn)
        if turn.question.visibility is Visibility.SHARED:
            return self._in_public(turn, running, beside)
        return self._lessons.message(turn, running, turn.text, beside)

    async def problem(
        self, turn: Turn, text: str, beside: Beside, *, checkable: bool = False
    ) -> Parts | None:
        """The reply to a problem that somebody brings, unless they may have it solved.

        `checkable`: only to one whose key is known.
        """
        if turn.policy is not Policy.GUIDED:
            return None
        brought = await self.brought(turn, text)
        if brought is None or (checkable and brought.key is None):
            return None
        return self._work_on(turn, brought, beside)

    async def brought(self, turn: Turn, text: str) -> Brought | None:
        """The problem in a text, with its key where there is one."""
        return await self._own_work.problem_in(text, turn.learner.id, turn.language)

    async def guard(self, turn: Turn) -> Guard | None:
        """What an answer in this conversation must keep for now."""
        running = await self.open_question(turn)
        return guard_of(turn, running) if running else None

    async def open_question(self, turn: Turn) -> Running | None:
        """The practice whose question is to be answered in this conversation."""
        running = await self._lessons.here(turn)
        open_ = running is not None and running.asks and not running.outdated
        return running if open_ else None

    async def guard_for(self, turn: Turn, text: str) -> Guard | None:
        """The same for work on a given text, which may be a problem itself."""
        guard = await self.guard(turn)
        if guard is not None or turn.policy is Policy.OPEN:
            return guard
        brought = await self.brought(turn, text)
        if brought is None or brought.key is None:
            return None
        return Guard(brought.key, turn.language, text)

    def opening(self, turn: Turn, running: Running) -> str:
        """Introduces an explanation of something in the open question."""
        return _framed(Move.EXPLAIN, turn, running) + GAP

    def reminder(self, turn: Turn, running: Running) -> str:
        """Leads back to the open question."""
        return _framed(Move.ANSWER, turn, running)

    async def _put_off(self, turn: Turn) -> Parts:
        """A problem that comes in the middle of a lesson waits, and counts as no answer."""
        yield Text(
            say(
                turn.language,
                "That's another problem, and I'd like to help you with it. Let's finish this one "
                "first; or stop here and send it again.",
            )
        )
        yield Provenance(Move.DECLINE.value)

    async def _work_on(self, turn: Turn, brought: Brought, beside: Beside) -> Parts:
        """Help instead of the solution: a hint to begin with."""
        await turn.burst_over()
        stored = await self._own_work.keep(brought, turn.learner.id)
        left = await self._lessons.here(turn)
        running = await self._lessons.begin_own(turn, stored)
        if left is not None and left.asks and left.item.id != stored.id:
            yield Text(_now_about(turn, stored) + GAP)
        if turn.question.visibility is Visibility.SHARED:
            yield Text(_opening(turn, brought))
            async for part in self._public_hint(turn, running, beside):
                yield part
            return
        yield Text(_opening(turn, brought) + GAP)
        hint = self._lessons.act(turn, running, Intent.HINT, beside)
        async with aclosing(hint):
            async for part in hint:
                yield part

    async def _in_public(self, turn: Turn, running: Running, beside: Beside) -> Parts:
        put = running.stored is not None and not running.outdated
        intent = read_intent(turn.text, running.step, running.state) if put else None
        if intent in BESIDE_IN_PUBLIC:
            parts = beside(turn, running, Move.ANSWER)
        elif intent in HELPED_IN_PUBLIC and _hints_left(running):
            parts = self._public_hint(turn, running, beside)
        else:
            parts = _elsewhere(turn, running)
        async with aclosing(parts):
            async for part in parts:
                yield part

    async def _public_hint(self, turn: Turn, running: Running, beside: Beside) -> Parts:
        """The hint's text, with the buttons that lead to a private place in place of its own."""
        yield Text(GAP)
        hint = self._lessons.act(turn, running, Intent.HINT, beside)
        async with aclosing(hint):
            async for part in hint:
                if not isinstance(part, Offer):
                    yield part
        yield _private_buttons(turn, running)


async def _elsewhere(turn: Turn, running: Running) -> Parts:
    yield Text(
        say(
            turn.language,
            "Answers are between you and me: press a button, and we go on where only you can read.",
        )
    )
    yield _private_buttons(turn, running)
    yield Provenance(Move.DECLINE.value)


def _hints_left(running: Running) -> bool:
    """Whether there is help that does not go as far as the answer."""
    return running.state.hints < len(ladder(running.step))


def _brings_another(turn: Turn, running: Running) -> bool:
    """Whether a message turns to another problem, which is no answer to the open question."""
    if not running.asks:
        return running.plan.kind is PracticeKind.OWN and recognise(turn.text) is not None
    if running.outdated:
        return False
    return brings_another(turn.text, running.step, running.state, _question(running))


def _question(running: Running) -> str:
    return running.item.item.question(running.index)


def _framed(move: Move, turn: Turn, running: Running) -> str:
    item, step, state = running.item.item, running.step, running.state
    return template(move, turn.language, item=item, step=step, state=state)


def guard_of(turn: Turn, running: Running) -> Guard:
    """What must stay unsaid while this question is open."""
    said = (running.state.last_answer, turn.text)
    key, problem = running.step.answer, _question(running)
    return Guard(key, turn.language, problem, tuple(filter(None, said)))


def _opening(turn: Turn, brought: Brought) -> str:
    if brought.key is None:
        return say(
            turn.language,
            "I can't check this one myself, so I won't call anything right or wrong. But I can "
            "help you think it through.",
        )
    return say(
        turn.language,
        "Let's work this out together: I won't just give you the answer, but I can check yours.",
    )


def _now_about(turn: Turn, stored: StoredItem) -> str:
    """Names the new problem where another one is left for it."""
    return say(
        turn.language,
        "We leave the other problem for now; this is about the new one: {problem}",
        problem=in_short(stored),
    )


def _private_buttons(turn: Turn, running: Running) -> Offer:
    carried = payload(running)
    alone = say(turn.language, "Work on it in private")
    check = say(turn.language, "Check my answer")
    return Offer(
        (
            Button(ALONE, alone, carried, Style.PRIMARY, "🔒"),
            Button(CHECK, check, carried, emoji="✅"),
        )
    )
