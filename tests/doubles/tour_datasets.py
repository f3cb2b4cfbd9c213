"""A tour of data sets and better answers: calls each of their functions, and fills their tables."""

from datetime import UTC, datetime

from storage import corrections, datasets, items, turns
from storage.database import Session

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


async def visit_datasets(session: Session, learner_id: str, answer_id: str) -> None:
    """Somebody writes a better answer."""
    better = "Leaves catch light."
    await corrections.correct_turn(session, answer_id, learner_id, better, NOW)


async def read_datasets(
    session: Session, learner_id: str, community_id: str, answer_id: str
) -> None:
    await corrections.corrections_of(session, [answer_id])
    await corrections.corrected_replies(session)
    await corrections.rated_replies(session)
    answer = await turns.turn_by_id(session, answer_id)
    assert answer is not None
    await corrections.turns_up_to(session, answer, 8)
    scope = f"community:{community_id}"
    [dataset] = await datasets.datasets_of(session, scope)
    assert dataset == await datasets.dataset_by_name(session, scope, dataset.name)
    assert dataset == await datasets.dataset_by_id(session, dataset.id)
    for version in await datasets.versions_of(session, dataset.id):
        await datasets.version_by_id(session, version.id)
        await datasets.same_version(session, dataset.id, version.content_hash)
        await datasets.contributors(session, version.id)
    await datasets.versions_with_learner(session, learner_id)
    await items.items_changed_by_people(session, "no course")


async def run_datasets(session: Session, learner_id: str) -> None:
    await datasets.withdraw(session, learner_id, NOW)
    await datasets.let_go_of_examples(session, ["training"])
