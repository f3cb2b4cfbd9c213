"""When to review what: FSRS cards, one for each learner and skill, or fact item.

Every first answer to a step is a review of its card. The scheduler is the library `fsrs`, with
whole days between reviews and no random spread, so that cards can be made anew from the attempts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, cast

from fsrs import Card, Rating, Scheduler
from fsrs.card import CardDict

from storage import reviews
from storage.reviews import Review, ReviewCard
from storage.session import Session
from tutor.grading.verdict import Outcome

QUICK_SECONDS = 8.0
RETENTION = 0.9
MOST_DAYS = 365


class Answered(Protocol):
    """What a review is read from: a new attempt or a stored one."""

    @property
    def learner_id(self) -> str: ...
    @property
    def item_id(self) -> str: ...
    @property
    def outcome(self) -> str: ...
    @property
    def first_try(self) -> bool: ...
    @property
    def aided(self) -> bool: ...
    @property
    def fact(self) -> bool: ...
    @property
    def seconds(self) -> float | None: ...


@dataclass(frozen=True, slots=True)
class Subject:
    """What a card is about: a skill or an item, the other one is None."""

    skill_id: str | None
    item_id: str | None


@dataclass(frozen=True, slots=True)
class Due:
    """Something to review; `recall` is how likely it is still remembered."""

    card_id: str
    skill_id: str | None
    item_id: str | None
    due_at: datetime
    recall: float


def subject_of(answered: Answered, main_skill: str | None) -> Subject | None:
    """The card that an answer reviews; None for a learner's own problem without a skill."""
    if main_skill is None:
        return None
    return Subject(None, answered.item_id) if answered.fact else Subject(main_skill, None)


def rating_of(answered: Answered) -> Rating | None:
    """How a review went; None where the answer was no first one or not graded.

    Wrong, or right in part, is forgotten; right with help is hard; right at once is easy.
    """
    if not answered.first_try or answered.outcome == Outcome.OPINION:
        return None
    if answered.outcome != Outcome.RIGHT:
        return Rating.Again
    if answered.aided:
        return Rating.Hard
    quick = answered.seconds is not None and answered.seconds <= QUICK_SECONDS
    return Rating.Easy if quick else Rating.Good


def scheduler_with(parameters: Mapping[str, Any] | None) -> Scheduler:
    """The scheduler of a learner; with parameters None that of everybody."""
    fixed: dict[str, Any] = {
        "desired_retention": RETENTION,
        "learning_steps": (),
        "relearning_steps": (),
        "maximum_interval": MOST_DAYS,
        "enable_fuzzing": False,
    }
    if parameters:
        fixed["parameters"] = tuple(parameters["parameters"])
    return Scheduler(**fixed)


def reviewed(
    scheduler: Scheduler, card: Mapping[str, Any] | None, rating: Rating, at: datetime
) -> dict[str, Any]:
    """A card after a review, as JSON; None is a card that was never reviewed."""
    before = Card.from_dict(cast(CardDict, card)) if card else Card(card_id=0, due=at)
    after, _ = scheduler.review_card(before, rating, at)
    return dict(after.to_dict())


def due_at(card: Mapping[str, Any]) -> datetime:
    """When a card comes due."""
    return datetime.fromisoformat(card["due"])


def recall(scheduler: Scheduler, card: Mapping[str, Any], at: datetime) -> float:
    """How likely what a card stands for is remembered then, from 0 to 1."""
    return scheduler.get_card_retrievability(Card.from_dict(cast(CardDict, card)), at)


async def scheduler_of(session: Session, learner_id: str) -> Scheduler:
    """The scheduler with what was fitted to a learner's own reviews."""
    fitted = await reviews.learner_parameters(session, learner_id)
    return scheduler_with(fitted.scheduler if fitted else None)


async def review(
    session: Session, attempt_id: str, answered: Answered, main_skill: str | None, now: datetime
) -> None:
    """Takes an answer as a review of its card, which it makes where there is none."""
    subject, rating = subject_of(answered, main_skill), rating_of(answered)
    if subject is None or rating is None:
        return
    learner_id = answered.learner_id
    scheduler = await scheduler_of(session, learner_id)
    stored = await reviews.review_card(
        session, learner_id, skill_id=subject.skill_id, item_id=subject.item_id
    )
    card = reviewed(scheduler, stored.card if stored else None, rating, now)
    card_id = await put(session, learner_id, subject, card, now)
    noted = Review(attempt_id, learner_id, card_id, int(rating), answered.seconds, now)
    await reviews.add_reviews(session, [noted])


async def plan_first_review(
    session: Session, learner_id: str, subject: Subject, due: datetime, now: datetime
) -> None:
    """A card for something that was shown and never asked for; one that is there stays as it is.

    No attempt stands behind it: when cards are made anew from the attempts, it is left out.
    """
    known = await reviews.review_card(
        session, learner_id, skill_id=subject.skill_id, item_id=subject.item_id
    )
    if known is None:
        await put(session, learner_id, subject, dict(Card(card_id=0, due=due).to_dict()), now)


async def put(
    session: Session, learner_id: str, subject: Subject, card: Mapping[str, Any], now: datetime
) -> str:
    """Writes a card over the one of its subject; returns its id."""
    return await reviews.put_card(
        session,
        learner_id=learner_id,
        skill_id=subject.skill_id,
        item_id=subject.item_id,
        card=card,
        due_at=due_at(card),
        now=now,
    )


async def due(session: Session, learner_id: str, now: datetime, limit: int = 20) -> list[Due]:
    """What a learner should review now, the longest overdue first."""
    cards = await reviews.due_cards(session, learner_id, now, limit)
    if not cards:
        return []
    scheduler = await scheduler_of(session, learner_id)
    return [_due(scheduler, card, now) for card in cards]


def _due(scheduler: Scheduler, card: ReviewCard, now: datetime) -> Due:
    chance = recall(scheduler, card.card, now)
    return Due(card.id, card.skill_id, card.item_id, card.due_at, chance)
