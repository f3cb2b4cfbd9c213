"""Reviews: cards of spaced repetition, when each is due, and how every review went.

What a card's JSON means is the business of `tutor.learner.reviewing`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, exists, func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.identifiers import new_id
from storage.models import (
    ItemRow,
    ItemSkillRow,
    LearnerParametersRow,
    ReviewCardRow,
    ReviewRow,
    SkillRow,
)
from storage.models.base import columns_for
from storage.session import Session


@dataclass(frozen=True, slots=True)
class ReviewCard:
    """A learner's card for one skill, or for one item that is a fact: one of the two is None."""

    id: str
    learner_id: str
    skill_id: str | None
    item_id: str | None
    card: Mapping[str, Any]
    due_at: datetime
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Review:
    """One review; `id` is that of the attempt. `rating`: 1 again, 2 hard, 3 good, 4 easy."""

    id: str
    learner_id: str
    card_id: str
    rating: int
    seconds: float | None
    reviewed_at: datetime


@dataclass(frozen=True, slots=True)
class LearnerParameters:
    """What was fitted to a learner's own reviews, of which there were `reviews`."""

    learner_id: str
    scheduler: Mapping[str, Any]
    reviews: int
    fitted_at: datetime


_CARD = columns_for(ReviewCardRow, ReviewCard)
_REVIEW = columns_for(ReviewRow, Review)
_PARAMETERS = columns_for(LearnerParametersRow, LearnerParameters)
_THEIRS = ReviewCardRow.learner_id == bindparam("for_learner")
_OF_SKILL = select(*_CARD).where(_THEIRS, ReviewCardRow.skill_id == bindparam("for_skill"))
_OF_ITEM = select(*_CARD).where(_THEIRS, ReviewCardRow.item_id == bindparam("for_item"))
_ITEM_THERE = exists().where(ItemRow.id == ReviewCardRow.item_id, ItemRow.state == "verified")
_SKILL_THERE = exists().where(
    SkillRow.id == ReviewCardRow.skill_id,
    SkillRow.generator.is_not(None)
    | exists()
    .where(ItemSkillRow.skill_id == SkillRow.id)
    .where(ItemRow.id == ItemSkillRow.item_id, ItemRow.state == "verified"),
)
# A card outlives what it asks for: nothing is due while that is withdrawn.
_DUE = _THEIRS & (ReviewCardRow.due_at <= bindparam("by")) & (_ITEM_THERE | _SKILL_THERE)
_DUE_CARDS = select(*_CARD).where(_DUE).order_by(ReviewCardRow.due_at)
_COUNT_DUE = select(func.count()).select_from(ReviewCardRow).where(_DUE)
_ADD_REVIEW = insert(ReviewRow)
_INSERT_CARD = upsert(ReviewCardRow)
_CHANGED_CARD = {name: _INSERT_CARD.excluded[name] for name in ("card", "due_at")}
_PUT_OF_SKILL, _PUT_OF_ITEM = (
    _INSERT_CARD.on_conflict_do_update(
        index_elements=["learner_id", subject], set_=_CHANGED_CARD
    ).returning(ReviewCardRow.id)
    for subject in ("skill_id", "item_id")
)
_PARAMETERS_OF = select(*_PARAMETERS).where(
    LearnerParametersRow.learner_id == bindparam("for_learner")
)


async def review_card(
    session: Session, learner_id: str, *, skill_id: str | None = None, item_id: str | None = None
) -> ReviewCard | None:
    """A learner's card for a skill or an item."""
    assert (skill_id is None) != (item_id is None), (skill_id, item_id)
    query = _OF_SKILL if item_id is None else _OF_ITEM
    subject = {"for_skill": skill_id} if item_id is None else {"for_item": item_id}
    row = (await session.execute(query, {"for_learner": learner_id} | subject)).one_or_none()
    return ReviewCard(*row) if row else None


async def put_card(
    session: Session,
    *,
    learner_id: str,
    skill_id: str | None,
    item_id: str | None,
    card: Mapping[str, Any],
    due_at: datetime,
    now: datetime,
) -> str:
    """Writes the card for a skill or an item, over the one that was there; returns its id."""
    assert (skill_id is None) != (item_id is None), (skill_id, item_id)
    values = {
        "id": new_id(),
        "learner_id": learner_id,
        "skill_id": skill_id,
        "item_id": item_id,
        "card": dict(card),
        "due_at": due_at,
        "created_at": now,
    }
    statement = _PUT_OF_SKILL if item_id is None else _PUT_OF_ITEM
    card_id: str = (await session.execute(statement, values)).scalar_one()
    return card_id


async def due_cards(
    session: Session, learner_id: str, now: datetime, limit: int = 50
) -> list[ReviewCard]:
    """What is due by then, the longest overdue first."""
    query = _DUE_CARDS.limit(limit)
    rows = await session.execute(query, {"for_learner": learner_id, "by": now})
    return [ReviewCard(*row) for row in rows]


async def count_due(session: Session, learner_id: str, now: datetime) -> int:
    """How much is due by then."""
    by = {"for_learner": learner_id, "by": now}
    return (await session.execute(_COUNT_DUE, by)).scalar_one()


async def cards_of(session: Session, learner_id: str) -> list[ReviewCard]:
    """All cards of a learner, the first that comes due first."""
    query = select(*_CARD).where(ReviewCardRow.learner_id == learner_id)
    rows = await session.execute(query.order_by(ReviewCardRow.due_at))
    return [ReviewCard(*row) for row in rows]


async def add_reviews(session: Session, reviews: Sequence[Review]) -> None:
    """Notes reviews."""
    if reviews:
        await session.execute(_ADD_REVIEW, [asdict(review) for review in reviews])


async def reviews_of(
    session: Session, learner_id: str, *, after: str = "", limit: int = 10_000
) -> list[Review]:
    """A learner's reviews in order, page by page."""
    query = select(*_REVIEW).where(ReviewRow.learner_id == learner_id, ReviewRow.id > after)
    rows = await session.execute(query.order_by(ReviewRow.id).limit(limit))
    return [Review(*row) for row in rows]


async def reviews_of_card(session: Session, card_id: str) -> list[Review]:
    """All reviews of a card in order."""
    query = select(*_REVIEW).where(ReviewRow.card_id == card_id).order_by(ReviewRow.id)
    return [Review(*row) for row in await session.execute(query)]


async def clear_reviews(session: Session, learner_id: str) -> None:
    """Forgets a learner's reviews, to make them anew from the attempts."""
    await session.execute(delete(ReviewRow).where(ReviewRow.learner_id == learner_id))


async def drop_cards_without_reviews(session: Session, learner_id: str) -> None:
    """Removes a learner's cards that nothing led to after all."""
    reviewed = exists().where(ReviewRow.card_id == ReviewCardRow.id)
    await session.execute(
        delete(ReviewCardRow).where(ReviewCardRow.learner_id == learner_id, ~reviewed)
    )


async def learner_parameters(session: Session, learner_id: str) -> LearnerParameters | None:
    """What was fitted to a learner, None where nothing was yet."""
    row = (await session.execute(_PARAMETERS_OF, {"for_learner": learner_id})).one_or_none()
    return LearnerParameters(*row) if row else None


async def put_learner_parameters(session: Session, parameters: LearnerParameters) -> None:
    """Writes what was fitted over what was there."""
    statement = upsert(LearnerParametersRow).values(**asdict(parameters))
    kept = {name: statement.excluded[name] for name in ("scheduler", "reviews", "fitted_at")}
    await session.execute(statement.on_conflict_do_update(index_elements=["learner_id"], set_=kept))


async def learners_to_fit(
    session: Session, *, least_reviews: int, after: str = "", limit: int = 100
) -> Sequence[str]:
    """Learners with so many reviews that their parameters can be fitted (again), in pages.

    Again where their reviews have doubled since.
    """
    counted = (
        select(ReviewRow.learner_id, func.count().label("reviews"))
        .where(ReviewRow.learner_id > after)
        .group_by(ReviewRow.learner_id)
        .having(func.count() >= least_reviews)
        .subquery()
    )
    fitted = func.coalesce(LearnerParametersRow.reviews, 0)
    query = (
        select(counted.c.learner_id)
        .outerjoin(LearnerParametersRow, LearnerParametersRow.learner_id == counted.c.learner_id)
        .where(counted.c.reviews >= 2 * fitted)
        .order_by(counted.c.learner_id)
        .limit(limit)
    )
    return list((await session.execute(query)).scalars())
