"""Computes the keys of problems that learners bring, in a warm process that can be killed.

What has no key here cannot be checked: the tutor says so and never calls an answer right or wrong.
"""

from collections import OrderedDict

import structlog

from tutor.bank.item import AnswerKey, AnswerType
from tutor.pedagogy.own_problem import OwnProblem, Task
from tutor.worker import Ended, NoAnswer, Worker

WAIT_SECONDS = 15.0  # starting and loading SymPy on a busy machine; computing has 2 s of its own
REMEMBERED = 256
UNSOLVED = frozenset({Task.WORDS, Task.SHAPE})
Problem = tuple[Task, tuple[str, ...]]

_log = structlog.get_logger(__name__)


class Solver:
    """One process with SymPy, and the keys that it computed last: no problem is computed twice."""

    def __init__(self, limit_seconds: float = WAIT_SECONDS) -> None:
        self._worker = Worker("tutor.pedagogy.compute", limit_seconds)
        self._known: OrderedDict[Problem, AnswerKey | None] = OrderedDict()

    async def solve(self, problem: OwnProblem) -> AnswerKey | None:
        """The key; None where none can be computed in time."""
        if problem.task in UNSOLVED:
            return None
        asked = (problem.task, problem.terms)
        if asked not in self._known:
            try:
                found = await self._computed(asked)
            except NoAnswer as error:
                _log.warning("problem_not_computed", task=problem.task.value, reason=str(error))
                return None
            self._remember(asked, found)
        self._known.move_to_end(asked)
        return self._known[asked]

    async def close(self) -> None:
        await self._worker.close()

    async def _computed(self, asked: Problem) -> AnswerKey | None:
        task, terms = asked
        try:
            found = await self._worker.ask({"task": task.value, "terms": terms})
        except Ended:
            return None  # and so it would be the next time
        if not found:
            return None
        return AnswerKey(
            AnswerType(found["type"]),
            tuple(found["answers"]),
            tolerance=found.get("tolerance", 0.0),
        )

    def _remember(self, asked: Problem, key: AnswerKey | None) -> None:
        self._known[asked] = key
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
