"""Computes the key of a problem that a learner brought, in a process that can be killed.

What has no key here cannot be checked: the tutor says so and never calls an answer right or wrong.
"""

import json

from tutor.bank.item import AnswerKey, AnswerType
from tutor.knowledge.bounded import ask_process
from tutor.pedagogy.own_problem import OwnProblem, Task

WAIT_SECONDS = 15.0  # starting and loading SymPy on a busy machine; computing has 2 s of its own
MAX_ANSWER_BYTES = 10_000
UNSOLVED = frozenset({Task.WORDS, Task.SHAPE})


async def solve(problem: OwnProblem) -> AnswerKey | None:
    """The key; None where none can be computed in time."""
    if problem.task in UNSOLVED:
        return None
    request = json.dumps({"task": problem.task.value, "terms": problem.terms}).encode()
    found = await ask_process("tutor.pedagogy.compute", request, WAIT_SECONDS, MAX_ANSWER_BYTES)
    if not found:
        return None
    return AnswerKey(
        AnswerType(found["type"]),
        tuple(found["answers"]),
        tolerance=found.get("tolerance", 0.0),
    )
