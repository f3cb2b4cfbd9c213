"""A practice that runs, with everything that is needed to go on with it; and how it is kept.

What is said about it is not known here.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from storage.database import Session
from storage.practices import Practice, end_practice, save_practice
from tutor.bank.item import ItemState, Step, StoredItem
from tutor.bank.store import load_item
from tutor.language import Language, go_on_in
from tutor.pedagogy.dialogue import DialogueState
from tutor.pedagogy.plan import Plan, PracticeKind, plan_from, plan_json
from tutor.turn import Turn

FRESH = DialogueState()


class AnsweredMeanwhile(Exception):
    """Another message of the same learner was counted first; nothing of this one was stored."""


@dataclass(frozen=True, slots=True)
class Running:
    """A practice of one learner. `stored` is its present item, None between two items."""

    practice: Practice
    plan: Plan
    state: DialogueState
    stored: StoredItem | None

    @property
    def id(self) -> str:
        return self.practice.id

    @property
    def item(self) -> StoredItem:
        """The present item, where there is one."""
        assert self.stored is not None, self.id
        return self.stored

    @property
    def index(self) -> int:
        """Which step of the item is open."""
        assert self.plan.present is not None, self.id
        return self.plan.present.step

    @property
    def step(self) -> Step:
        return self.item.item.steps[self.index]

    @property
    def skill_ids(self) -> tuple[str, ...]:
        """The skills of the open step, the main one first."""
        of_steps = self.item.skill_ids
        return of_steps[self.index] if self.index < len(of_steps) else ()

    @property
    def place(self) -> str:
        """Names the open question, so that a button of an earlier one is recognised."""
        step = self.plan.present.step if self.plan.present else 0
        return f"{len(self.plan.results)}.{step}"

    @property
    def asks(self) -> bool:
        """Whether a question is open to be answered."""
        return self.stored is not None and not self.state.closed and not self.state.reflecting

    @property
    def begun(self) -> bool:
        """Whether an answer was given to the present item, or one of its steps was closed."""
        return self.index > 0 or self.state.tries > 0

    @property
    def outdated(self) -> bool:
        """Whether the item was changed or withdrawn since its question was put."""
        if self.stored is None or self.plan.present is None:
            return False
        return self.withdrawn or self.stored.version != self.plan.present.version

    @property
    def withdrawn(self) -> bool:
        """Whether the present item may no longer be put to anybody."""
        return self.item.item.state is not ItemState.VERIFIED

    def counted(self, turn: Turn) -> bool:
        """Whether what `turn` asks was counted already, by a reply that broke off."""
        return bool(self.plan.claim) and self.plan.claim == turn.question.claim_key

    def changed(self, plan: Plan, state: DialogueState, stored: StoredItem | None) -> Self:
        """The same practice further on; `save` makes it last."""
        practice = replace(
            self.practice,
            item_id=stored.id if stored else None,
            plan=plan_json(plan),
            dialogue=state.to_json(),
        )
        return replace(self, practice=practice, plan=plan, state=state, stored=stored)

    def with_item(self, stored: StoredItem, now: datetime) -> Self:
        """With this item put at its first step."""
        return self.changed(self.plan.with_item(stored.id, stored.version, now), FRESH, stored)

    def after_step(self, now: datetime) -> Self:
        """On to the next step of the item, else with the item closed."""
        plan = self.plan.with_step_closed(self.state, now)
        if self.index + 1 < len(self.item.item.steps):
            return self.changed(plan, FRESH, self.stored)
        return self._closed(plan)

    def skipped(self, now: datetime) -> Self:
        """With the item left, its open step unsolved."""
        plan = self.plan.with_step_closed(self.state, now)
        return self._closed(plan, skipped=not self.begun)

    def broken_off(self, now: datetime) -> Self:
        """With the present item counted as far as it came, if it was begun."""
        if self.stored is None or self.outdated or not self.begun:
            return self
        return self.skipped(now)

    def after_reveal(self, now: datetime) -> Self:
        """As after a step; where the item is through with it, a similar one comes next.

        Not in a quiz, which has as many questions as it promised.
        """
        of = (self.item.id, self.index)
        after = self.after_step(now)
        if after.stored is not None or self.plan.kind is PracticeKind.QUIZ:
            return after
        return after.changed(replace(after.plan, twin_of=of), FRESH, None)

    def put_back(self) -> Self:
        """As if the item had not been put; one that was only changed comes again."""
        queue = self.plan.queue if self.withdrawn else (self.item.id, *self.plan.queue)
        return self.changed(replace(self.plan, present=None, queue=queue), FRESH, None)

    def _closed(self, plan: Plan, *, skipped: bool = False) -> Self:
        main = next(iter(self.skill_ids), None)
        steps = len(self.item.item.steps)
        closed = plan.with_item_closed(self.item.id, main, steps, skipped=skipped)
        return self.changed(closed, FRESH, None)


def in_its_language(turn: Turn, running: Running) -> Turn:
    """The turn in the language in which the practice goes on.

    An answer has no language of its own, and some platforms tell a locale with presses only.
    """
    setting = turn.learner.language
    language = go_on_in(
        Language(running.practice.language), Language(setting) if setting else None, turn.text
    )
    return replace(turn, language=language)


async def running_from(session: Session, practice: Practice | None, turn: Turn) -> Running | None:
    """A stored practice of the learner in `turn`, with its item; None where none runs."""
    if practice is None or practice.ended_at or practice.learner_id != turn.learner.id:
        return None
    stored = await load_item(session, practice.item_id) if practice.item_id else None
    plan = plan_from(practice.plan)
    return Running(practice, plan, DialogueState.from_json(practice.dialogue), stored)


async def save(session: Session, running: Running, now: datetime) -> Running:
    """Keeps it as it is; raises AnsweredMeanwhile if it is no longer as it was loaded."""
    return _kept(running, await save_practice(session, running.practice, now))


async def end(session: Session, running: Running, now: datetime) -> Running:
    """Keeps it for the last time; raises as `save` does."""
    return _kept(running, await end_practice(session, running.practice, now))


def _kept(running: Running, practice: Practice | None) -> Running:
    if practice is None:
        raise AnsweredMeanwhile(running.id)
    return replace(running, practice=practice)
