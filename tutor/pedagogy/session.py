"""The dialogue about one step of an item: a message comes in, what is decided and said goes out.

Holds no database and stores nothing: whoever keeps the lesson stores what `Decided` carries, as
soon as it comes, and shows the `Spoken` texts in their order. What is decided never waits for the
model.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from tutor.bank.item import AnswerKey, Item, Step
from tutor.grading.verdict import Outcome, Verdict
from tutor.language import Language
from tutor.moves import Move
from tutor.pedagogy.attempts import answer_in
from tutor.pedagogy.brief import Brief
from tutor.pedagogy.dialogue import DialogueState, Event, Intent, Policy
from tutor.pedagogy.hints import guarded, masked
from tutor.pedagogy.intent import easier_step, read_intent
from tutor.pedagogy.phrasing import Phraser
from tutor.pedagogy.policy import Decision, Then, ladder, next_move
from tutor.pedagogy.templates import template

ELSEWHERE = frozenset(
    {Move.TWIN, Move.FINISH, Move.CARE, Move.ANSWER, Move.CITE, Move.CONTEST, Move.EXPLAIN}
)
"""Moves that need more than this step: whoever keeps the lesson finds them in `Decided`."""


class Grades(Protocol):
    """What this needs of `tutor.grading.grader.Grader`."""

    async def grade(
        self, key: AnswerKey, answer: str, language: Language, question: str = ""
    ) -> Verdict: ...


class Author(StrEnum):
    """Who worded a text."""

    CODE = "code"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class Context:
    """What holds while one message is answered.

    `said` are the learner's own earlier words about this step: repeating them gives nothing away.
    `learner_id` shares the engine fairly. `level` is how plainly to speak, "" if not known. The
    item is `number` of `total` of its lesson, 0 where there is none; `seed` varies the templates.
    """

    language: Language
    said: tuple[str, ...] = ()
    learner_id: str = ""
    level: str = ""
    number: int = 0
    total: int = 0
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Decided:
    """What the message came to. Comes first, before anything is said, and is to be stored."""

    event: Event
    decision: Decision

    @property
    def intent(self) -> Intent:
        return self.event.intent

    @property
    def verdict(self) -> Verdict | None:
        return self.event.verdict

    @property
    def elsewhere(self) -> tuple[Move, ...]:
        """The moves that this dialogue leaves to whoever keeps the lesson, in their order."""
        return tuple(move for move in self.decision.moves if _is_elsewhere(move, self.decision))


@dataclass(frozen=True, slots=True)
class Spoken:
    """The next piece of the reply; the pieces of one message, joined, are the whole reply."""

    move: Move
    text: str
    author: Author = Author.CODE
    adapter: str | None = None  # that worded it


class StepDialogue:
    """One step's dialogue in its present state. `state` is the one after the latest message."""

    def __init__(
        self,
        item: Item,
        index: int,
        state: DialogueState,
        policy: Policy,
        *,
        grader: Grades,
        phraser: Phraser,
    ) -> None:
        assert 0 <= index < len(item.steps), index
        steps = list(item.steps)
        steps[index] = guarded(steps[index], item.stem)
        self._item = replace(item, steps=tuple(steps))
        self._index = index
        self.state = state
        self._policy = policy
        self._grader = grader
        self._phraser = phraser

    @property
    def step(self) -> Step:
        """The step with its hints as they may be shown."""
        return self._item.steps[self._index]

    @property
    def problem(self) -> str:
        """Everything that the learner was asked: whatever stands in it is no secret."""
        return self._item.question(self._index)

    def ask(self, context: Context, *, problem_shown: bool = False) -> Spoken:
        """The question itself, as the dialogue begins."""
        text = template(
            Move.ASK,
            context.language,
            item=self._item,
            step=self.step,
            state=self.state,
            problem_shown=problem_shown,
            number=context.number,
            total=context.total,
            seed=context.seed,
        )
        return Spoken(Move.ASK, text)

    async def respond(
        self, message: str, context: Context
    ) -> AsyncGenerator[Decided | Spoken, None]:
        """Reads the message, grades it if it is an attempt, decides, and speaks."""
        intent = read_intent(message, self.step, self.state)
        event = Event(intent, message)
        if intent is Intent.ATTEMPT:
            event = await self._graded(message, context.language)
        parts = self.follow(event, context)
        async with aclosing(parts):
            async for part in parts:
                yield part

    async def follow(
        self, event: Event, context: Context
    ) -> AsyncGenerator[Decided | Spoken, None]:
        """The same for something already understood, such as a pressed button."""
        decision = next_move(self.state, event, self.step, self._policy)
        self.state = decision.state
        yield Decided(event, decision)
        context = replace(context, said=(*context.said, event.text))
        gap = ""
        for move in decision.moves:
            if _is_elsewhere(move, decision):
                continue
            spoken = self._speak(move, event, decision, context)
            async with aclosing(spoken):
                async for piece in spoken:
                    yield replace(piece, text=gap + piece.text)
                    gap = ""
            gap = "\n\n"

    def frame(self, move: Move, decided: Decided, context: Context) -> Spoken:
        """What stands around an elsewhere move: where it leads back to, or introduces."""
        return Spoken(move, self._text(move, decided.event, decided.decision, context))

    async def _graded(self, message: str, language: Language) -> Event:
        """An answer while an easier question is open may as well be the answer to the step."""
        answer = answer_in(message, self.step, self.state)
        verdict = await self._grader.grade(self.step.answer, answer, language, self.problem)
        easier = easier_step(self.step, self.state)
        if easier is None or verdict.outcome is Outcome.RIGHT:
            return Event(Intent.ATTEMPT, message, verdict)
        answer = answer_in(message, easier, self.state)
        verdict = await self._grader.grade(easier.answer, answer, language, easier.prompt)
        return Event(Intent.ATTEMPT, message, verdict, on_scaffold=True)

    async def _speak(
        self, move: Move, event: Event, decision: Decision, context: Context
    ) -> AsyncGenerator[Spoken, None]:
        """The template, or what the model makes of it where it may."""
        text = self._text(move, event, decision, context)
        secret = None if decision.state.closed else self.step.answer
        if secret is not None and move is not Move.ASK:
            text = masked(text, secret, (self.problem, *context.said))
        brief = self._brief(move, text, event, decision, context)
        phrased = self._phraser.phrase(replace(brief, secret=secret), context.learner_id)
        async with aclosing(phrased):
            async for piece in phrased:
                author = Author.MODEL if piece.by_model else Author.CODE
                yield Spoken(move, piece.text, author, piece.adapter)

    def _brief(
        self, move: Move, text: str, event: Event, decision: Decision, context: Context
    ) -> Brief:
        return Brief(
            move=move,
            language=context.language,
            template=text,
            problem=self.problem,
            attempt=event.text if event.intent is Intent.ATTEMPT else self.state.last_answer,
            facts=tuple(self.step.hints[index].text for index in self._used(move, decision)),
            said=context.said,
            level=context.level,
        )

    def _used(self, move: Move, decision: Decision) -> tuple[int, ...]:
        """The hints that a move is made of."""
        if move is Move.WORKED_STEP:
            return ladder(self.step)
        return () if decision.hint is None else (decision.hint,)

    def _text(self, move: Move, event: Event, decision: Decision, context: Context) -> str:
        return template(
            move,
            context.language,
            item=self._item,
            step=self.step,
            state=decision.state,
            verdict=event.verdict,
            hint=decision.hint,
            answer=event.text if event.intent is Intent.ATTEMPT else "",
            intent=event.intent,
            moves=decision.moves,
            on_scaffold=event.on_scaffold,
            problem_shown=move is Move.ASK,
            number=context.number,
            total=context.total,
            seed=context.seed,
        )


def _is_elsewhere(move: Move, decision: Decision) -> bool:
    """A question that follows is about another step or item."""
    return move in ELSEWHERE or (move is Move.ASK and decision.then is Then.NEXT)
