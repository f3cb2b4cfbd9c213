"""`/adapter compare`: one question, answered by the model as it is and by adapters, side by side.

The answers are drafts of the model alone: nothing checks them, so that the difference shows.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from bot.commands.arguments import argument, form_field
from bot.commands.tuning.adapters import adapter_meant, capabilities_of, visible
from bot.commands.tuning.rights import with_refusals
from bot.services import Services
from storage.artifacts import Artifact, artifact_by_id
from tutor.adapters.fitness import fits_base
from tutor.adapters.listing import listed
from tutor.adapters.refusals import AdapterRefused, AdapterUnknown
from tutor.engine.contract import EngineError, Message, Priority, Sampling, TextRequest
from tutor.i18n import mark, say
from tutor.language import Language
from tutor.messages import ReplyPart, Status, Text
from tutor.prompt import ANSWER_IN, SIMPLE_PERSONA
from tutor.turn import Turn

MOST_COMPARED = 3
TOKENS = 160
SECONDS = 60.0


@with_refusals
async def compare(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """The adapter that is named, or the newest ones."""
    written = argument(turn, "adapter")
    if written:
        ids = [(await adapter_meant(services, turn, written)).id]
    else:
        capabilities = await capabilities_of(services)
        async with services.database.read() as session:
            found = await listed(session, visible(turn), capabilities)
        ids = [one.id for one in found if not one.parked and not one.withdrawn][:MOST_COMPARED]
    async for part in _compared(services, turn, ids, argument(turn, "question")):
        yield part


@with_refusals
async def press_compare(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """The adapter of a report, with the question that was entered."""
    async for part in _compared(
        services, turn, [payload["artifact_id"]], form_field(turn, "question")
    ):
        yield part


async def _compared(
    services: Services, turn: Turn, ids: Sequence[str], question: str
) -> AsyncIterator[ReplyPart]:
    if not ids:
        raise AdapterUnknown
    language = turn.language
    yield Status(say(language, "Asking them all…"))
    yield Text(f"**{question}**\n\n")
    async for name, answer in answers(services, language, ids, question):
        yield Text(_block(name, answer))


async def answers(
    services: Services, language: Language, ids: Sequence[str], question: str
) -> AsyncIterator[tuple[str, str]]:
    """Names with their answers, the model as it is first; raises AdapterRefused before any."""
    adapters = [await _usable(services, one) for one in ids]
    base = await _answer(services, question, language, None)
    yield say(language, "The model as it is"), base
    for adapter in adapters:
        answer = await _answer(services, question, language, adapter.id)
        yield f"{adapter.name} ({adapter.id[-6:]})", answer


def _block(name: str, answer: str) -> str:
    quoted = "\n".join(f"> {line}" for line in answer.strip().splitlines()) or "> …"
    return f"**{name}**\n{quoted}\n\n"


async def _usable(services: Services, artifact_id: str) -> Artifact:
    """The adapter, loaded into the engine; raises AdapterRefused."""
    async with services.database.read() as session:
        artifact = await artifact_by_id(session, artifact_id)
    if artifact is None:
        raise AdapterUnknown
    if not fits_base(artifact.base_hash, await capabilities_of(services)):
        raise AdapterRefused(mark("“{name}” was made for another model."), name=artifact.name)
    if not await services.pins.loader.load(artifact):
        raise AdapterRefused(mark("“{name}” can't be loaded just now."), name=artifact.name)
    return artifact


async def _answer(
    services: Services, question: str, language: Language, adapter: str | None
) -> str:
    """Without chance, so that a difference is the adapter's; learners who wait go first."""
    request = TextRequest(
        messages=(
            Message("system", f"{SIMPLE_PERSONA} {ANSWER_IN[language]}"),
            Message("user", question),
        ),
        adapter=adapter,
        sampling=Sampling(temperature=0.0),
        max_tokens=TOKENS,
        priority=Priority.BACKGROUND,
        deadline_seconds=SECONDS,
    )
    try:
        return "".join([delta.text async for delta in services.engine.stream(request)])
    except EngineError:
        return say(language, "(no answer)")
