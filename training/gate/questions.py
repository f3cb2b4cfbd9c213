"""Asks many questions, each of them once, whatever becomes of the engine in between.

What is known is not asked again. A question at which the engine failed before comes after all the
others, alone, and once the engine has answered a harmless one: so it shows whose fault it is.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from training.gate.arms import Arm, Asking, EngineSilent, each
from training.gate.failure import QuestionFails
from training.gate.results import Results
from tutor.engine.contract import EngineBusy, EngineError, EnginePaused, ModelUnusable

MOST_FAILURES = 4
NOT_ITS_FAULT = (EngineBusy, EnginePaused, EngineSilent, ModelUnusable)


@dataclass(frozen=True, slots=True)
class Question:
    """`text` tells it from everything else that this arm is asked; `ask` gives what is kept."""

    arm: Arm
    text: str
    ask: Callable[[], Awaitable[Mapping[str, Any]]]


async def ask_all(
    asking: Asking,
    results: Results,
    questions: Sequence[Question],
    done: Callable[[], Awaitable[None]],
) -> list[Mapping[str, Any]]:
    """The results in the order of the questions. Raises EngineError, to be called again later, and
    QuestionFails."""
    found: dict[int, Mapping[str, Any]] = {}

    async def take(index: int) -> None:
        question = questions[index]
        known = results.get(question.arm, question.text)
        found[index] = known if known is not None else await _asked(results, question)
        await done()

    failures = [results.failures(one.arm, one.text) for one in questions]
    await each([index for index, times in enumerate(failures) if not times], take)
    doubtful = [index for index, times in enumerate(failures) if times]
    for index in sorted(doubtful, key=failures.__getitem__):
        if results.get(questions[index].arm, questions[index].text) is None:
            await asking.control()
        await take(index)
    return [found[index] for index in range(len(questions))]


async def _asked(results: Results, question: Question) -> Mapping[str, Any]:
    try:
        result = await question.ask()
    except NOT_ITS_FAULT:
        raise
    except EngineError as error:
        if results.add_failure(question.arm, question.text) >= MOST_FAILURES:
            raise QuestionFails(str(error)) from error
        raise
    results.add(question.arm, question.text, result)
    return result
