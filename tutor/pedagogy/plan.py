"""What a running practice works through, and how far it is: stored with it as JSON.

Pure. Knows neither the database nor what is said; the dialogue about the present step is
`tutor.pedagogy.dialogue`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter

from tutor.pedagogy.dialogue import DialogueState

RIGHT_AT_ONCE, RIGHT_IN_THE_END = 1.0, 0.5


class PracticeKind(StrEnum):
    LESSON = "lesson"
    QUIZ = "quiz"
    PRACTICE = "practice"
    REVIEW = "review"
    OWN = "own"  # a problem that the learner brought


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one item. `score` is from 0 to 1, the mean of its steps.

    `aided`: with hints or the answer shown. `skipped`: left without an answer.
    """

    item_id: str
    skill_id: str | None
    score: float
    aided: bool = False
    revealed: bool = False
    skipped: bool = False

    @property
    def right(self) -> bool:
        """Whether it was solved without help, at the first try."""
        return self.score >= RIGHT_AT_ONCE and not self.aided


@dataclass(frozen=True, slots=True)
class Present:
    """Where the present item stands. `version` is the one that was shown, `step` the open step.

    `scores` are those of the steps before, `first_score` the grade of the first try at this one,
    None before it. `twin`: it follows an item that was revealed. `shown_at` is when the step's
    question was put.
    """

    version: int
    shown_at: datetime
    step: int = 0
    scores: tuple[float, ...] = ()
    first_score: float | None = None
    twin: bool = False
    aided: bool = False
    revealed: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """`skill_ids` are practised; `queue` are items that come before any other.

    `length` is the number of items, None for as many as the learner likes. `twin_of` is the
    revealed item, and its step, of which a similar one comes next. `before` is the mastery of the
    skills at the start. `attempt_id` is the latest answer, unless it was right. `claim` names the
    latest message that was counted, so that it is never counted again. `mastered`: the lesson has
    reached its aim.
    """

    kind: PracticeKind
    skill_ids: tuple[str, ...] = ()
    queue: tuple[str, ...] = ()
    length: int | None = None
    present: Present | None = None
    twin_of: tuple[str, int] | None = None
    results: tuple[Result, ...] = ()
    before: Mapping[str, float] = field(default_factory=dict)
    attempt_id: str | None = None
    claim: str = ""
    mastered: bool = False

    @property
    def number(self) -> int:
        """The number of the present item, counted from 1."""
        return len(self.results) + 1

    @property
    def complete(self) -> bool:
        """Whether nothing has to follow; a similar item after a reveal always does."""
        if self.twin_of is not None:
            return False
        return self.mastered or (self.length is not None and len(self.results) >= self.length)

    @property
    def seen(self) -> tuple[str, ...]:
        return tuple(result.item_id for result in self.results)

    def with_item(self, item_id: str, version: int, now: datetime) -> "Plan":
        """With this item as the present one, at its first step."""
        twin = self.twin_of is not None
        return replace(
            self,
            queue=tuple(waiting for waiting in self.queue if waiting != item_id),
            present=Present(version, now, twin=twin),
            twin_of=None,
            length=self.length + 1 if twin and self.length is not None else self.length,
        )

    def with_step_closed(self, state: DialogueState, now: datetime) -> "Plan":
        """With the score of the open step, on to the next one of the same item."""
        here = self._present
        return replace(
            self,
            present=replace(
                here,
                step=here.step + 1,
                scores=(*here.scores, step_score(state, here.first_score)),
                first_score=None,
                aided=here.aided or is_aided(state),
                revealed=here.revealed or state.revealed,
                shown_at=now,
            ),
        )

    def with_item_closed(
        self, item_id: str, skill_id: str | None, steps: int, *, skipped: bool = False
    ) -> "Plan":
        """With the result of the present item of so many steps; those left out score nothing."""
        here = self._present
        result = Result(
            item_id, skill_id, sum(here.scores) / steps, here.aided, here.revealed, skipped
        )
        return replace(self, results=(*self.results, result), present=None)

    def with_first_score(self, score: float) -> "Plan":
        """With the grade of the first try at the open step; later ones change nothing."""
        here = self._present
        if here.first_score is not None:
            return self
        return replace(self, present=replace(here, first_score=score))

    @property
    def _present(self) -> Present:
        assert self.present is not None, "no item is open"
        return self.present


def is_aided(state: DialogueState) -> bool:
    """Whether help was given before the answer."""
    return state.hints > 0 or state.worked or state.revealed


def step_score(state: DialogueState, first_score: float | None) -> float:
    """What a closed step counts: all if right at once, half after help or another try.

    A partly right first try keeps its part.
    """
    if state.revealed:
        return 0.0
    at_once = 0.0 if is_aided(state) else first_score or 0.0
    return max(at_once, RIGHT_IN_THE_END) if state.solved else at_once


_PLAN = TypeAdapter(Plan)


def plan_from(stored: Mapping[str, Any]) -> Plan:
    """The plan that a practice holds."""
    return _PLAN.validate_python(stored)


def plan_json(plan: Plan) -> dict[str, Any]:
    """The plan as a practice stores it."""
    stored: dict[str, Any] = _PLAN.dump_python(plan, mode="json")
    return stored
