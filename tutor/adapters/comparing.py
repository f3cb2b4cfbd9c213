"""One prompt, answered by the model as it is and by adapters, for whoever has to choose.

Asks at background priority, one after the other, greedily: the same prompt gives the same answers.
"""

from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass

from storage.artifacts import Artifact, artifact_by_id
from storage.assignments import resolve
from storage.database import Session
from tutor.adapters.fitness import KIND
from tutor.adapters.loading import Loader
from tutor.adapters.refusals import AdapterUnknown
from tutor.adapters.scopes import nearest_first
from tutor.engine.contract import Engine, Message, Priority, Sampling, TextRequest

COMPARED_TOKENS = 160
DEADLINE_SECONDS = 90.0
GREEDY = Sampling(repetition_penalty=1.1)


@dataclass(frozen=True, slots=True)
class Compared:
    """`artifact` None is the model as it is; `text` None: it could not be loaded."""

    artifact: Artifact | None
    text: str | None


async def to_compare(
    session: Session, scopes: Sequence[str], candidate_id: str
) -> list[Artifact | None]:
    """Base, what answers in these scopes now, and the candidate, each once."""
    candidate = await artifact_by_id(session, candidate_id)
    if candidate is None or candidate.kind != KIND:
        raise AdapterUnknown
    present = await resolve(session, KIND, nearest_first(scopes))
    current = present.artifact if present else None
    shown: list[Artifact | None] = [None]
    if current is not None and current.id != candidate.id:
        shown.append(current)
    return [*shown, candidate]


async def compare(
    engine: Engine,
    loader: Loader,
    adapters: Sequence[Artifact | None],
    prompt: str,
    *,
    system: str = "",
    fairness_key: str = "",
) -> list[Compared]:
    """The answers in the order of `adapters`. No database session may be open meanwhile."""
    asked = Message("user", prompt)
    messages = (Message("system", system), asked) if system else (asked,)
    answers = []
    for artifact in adapters:
        if artifact is not None and not await loader.load(artifact):
            answers.append(Compared(artifact, None))
            continue
        request = TextRequest(
            messages=messages,
            adapter=artifact.id if artifact else None,
            sampling=GREEDY,
            max_tokens=COMPARED_TOKENS,
            priority=Priority.BACKGROUND,
            deadline_seconds=DEADLINE_SECONDS,
            fairness_key=fairness_key,
        )
        answers.append(Compared(artifact, await _text(engine, request)))
    return answers


async def _text(engine: Engine, request: TextRequest) -> str:
    async with aclosing(engine.stream(request)) as deltas:
        return "".join([delta.text async for delta in deltas]).strip()
