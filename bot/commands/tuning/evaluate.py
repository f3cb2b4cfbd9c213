"""`/adapter evaluate`: compares an adapter again, with the engine as it is now.

For those in whose place it was made: the report changes what the adapter counts for everywhere.
"""

from collections.abc import AsyncIterator

from bot.commands.arguments import argument
from bot.commands.tuning.adapters import adapter_meant, capabilities_of
from bot.commands.tuning.datasets import no_data, version_meant
from bot.commands.tuning.rights import home_scope, is_operator, not_yours, scopes_of, with_refusals
from bot.services import Services
from storage.datasets import DatasetVersion, dataset_by_id, version_by_id
from tutor.i18n import say
from tutor.messages import ReplyPart, Text
from tutor.tuning import card
from tutor.tuning.evaluations import start_evaluation
from tutor.tuning.origin import origin_of
from tutor.tuning.product import Product
from tutor.turn import Turn

EFFORT = "normal"


@with_refusals
async def evaluate(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """Starts the comparison; its card and report come where it was asked for."""
    adapter = await adapter_meant(services, turn, argument(turn, "adapter"))
    if adapter.owner not in scopes_of(turn) and not is_operator(turn):
        yield not_yours(turn)
        return
    named, version = argument(turn, "data"), None
    if named:
        version = await _named(services, turn, named)
        if version is None:
            yield no_data(turn)
            return
    capabilities, now = await capabilities_of(services), services.now()
    async with services.database.write() as session:
        run = await start_evaluation(
            session,
            artifact_id=adapter.id,
            scope=home_scope(turn),
            version_id=version.id if version else None,
            effort=argument(turn, "effort") or EFFORT,
            capabilities=capabilities,
            language=turn.language,
            place=origin_of(turn).to_json(),
            started_by=turn.learner.id,
            now=now,
        )
        await card.refresh(session, run, now=now)
        measured = await version_by_id(session, run.version_id)
        dataset = await dataset_by_id(session, measured.dataset_id) if measured else None
    assert measured is not None and dataset is not None, run.version_id
    yield Text(
        say(
            turn.language,
            "“{name}” is compared again, on what was held out of “{data}”, version {number}. The "
            "card here shows how far it is, and the report comes here too.",
            name=run.name,
            data=dataset.name,
            number=measured.number,
        )
    )


async def _named(services: Services, turn: Turn, name: str) -> DatasetVersion | None:
    async with services.database.read() as session:
        return await version_meant(session, turn, name, Product.ADAPTER)
