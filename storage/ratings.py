"""Ratings: how able learners and how hard skills and items have proved to be (Elo)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.models import ItemRatingRow, LearnerRatingRow, SkillRatingRow
from storage.models.base import columns_for
from storage.session import Session


@dataclass(frozen=True, slots=True)
class Rating:
    """A difficulty, and from how many answers it comes."""

    rating: float = 0.0
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class LearnerRating:
    """A general ability, the share of right answers lately, and the number of answers."""

    learner_id: str
    rating: float
    recent: float
    attempts: int


_LEARNER = columns_for(LearnerRatingRow, LearnerRating)
_INSERT_LEARNER = upsert(LearnerRatingRow)
_LOCK_LEARNER = _INSERT_LEARNER.on_conflict_do_update(
    index_elements=["learner_id"], set_={"attempts": LearnerRatingRow.attempts}
).returning(*_LEARNER)
_PUT_LEARNER = _INSERT_LEARNER.on_conflict_do_update(
    index_elements=["learner_id"],
    set_={name: _INSERT_LEARNER.excluded[name] for name in ("rating", "recent", "attempts")},
)
_OF_LEARNER = select(*_LEARNER).where(LearnerRatingRow.learner_id == bindparam("for_learner"))
_OF_SKILLS = select(SkillRatingRow.skill_id, SkillRatingRow.rating, SkillRatingRow.attempts).where(
    SkillRatingRow.skill_id.in_(bindparam("for_ids", expanding=True))
)
_OF_ITEMS = select(ItemRatingRow.item_id, ItemRatingRow.rating, ItemRatingRow.attempts).where(
    ItemRatingRow.item_id.in_(bindparam("for_ids", expanding=True))
)
_INSERT_SKILL, _INSERT_ITEM = upsert(SkillRatingRow), upsert(ItemRatingRow)
_MOVE_SKILL = _INSERT_SKILL.on_conflict_do_update(
    index_elements=["skill_id"],
    set_={
        "rating": SkillRatingRow.rating + _INSERT_SKILL.excluded.rating,
        "attempts": SkillRatingRow.attempts + 1,
    },
)
_MOVE_ITEM = _INSERT_ITEM.on_conflict_do_update(
    index_elements=["item_id"],
    set_={
        "rating": ItemRatingRow.rating + _INSERT_ITEM.excluded.rating,
        "attempts": ItemRatingRow.attempts + 1,
    },
)
_PUT_ITEM = _INSERT_ITEM.on_conflict_do_update(
    index_elements=["item_id"],
    set_={name: _INSERT_ITEM.excluded[name] for name in ("rating", "attempts")},
)


async def lock_learner(session: Session, fresh: LearnerRating) -> LearnerRating:
    """A learner's rating, `fresh` where there was none; others wait who want to change it.

    Whoever changes what follows from a learner's attempts holds this first.
    """
    return LearnerRating(*(await session.execute(_LOCK_LEARNER, asdict(fresh))).one())


async def learner_rating(session: Session, learner_id: str) -> LearnerRating | None:
    """A learner's rating, None before the first answer."""
    row = (await session.execute(_OF_LEARNER, {"for_learner": learner_id})).one_or_none()
    return LearnerRating(*row) if row else None


async def put_learner_rating(session: Session, rating: LearnerRating) -> None:
    """Writes a learner's rating over the one that was there."""
    await session.execute(_PUT_LEARNER, asdict(rating))


async def skill_ratings(session: Session, skill_ids: Sequence[str]) -> dict[str, Rating]:
    """Ratings by skill; those never practised are missing."""
    rows = await session.execute(_OF_SKILLS, {"for_ids": list(skill_ids)})
    return {skill_id: Rating(rating, attempts) for skill_id, rating, attempts in rows}


async def item_ratings(session: Session, item_ids: Sequence[str]) -> dict[str, Rating]:
    """Ratings by item; those never answered are missing."""
    rows = await session.execute(_OF_ITEMS, {"for_ids": list(item_ids)})
    return {item_id: Rating(rating, attempts) for item_id, rating, attempts in rows}


async def move_skill_rating(session: Session, skill_id: str, by: float) -> None:
    """Counts an answer and adds to the rating, in one step however many answer at once."""
    await session.execute(_MOVE_SKILL, {"skill_id": skill_id, "rating": by, "attempts": 1})


async def move_item_rating(session: Session, item_id: str, by: float) -> None:
    """Like `move_skill_rating`, for an item."""
    await session.execute(_MOVE_ITEM, {"item_id": item_id, "rating": by, "attempts": 1})


async def put_item_rating(session: Session, item_id: str, rating: Rating) -> None:
    """Writes an item's rating over the one that was there."""
    await session.execute(_PUT_ITEM, {"item_id": item_id, **asdict(rating)})
