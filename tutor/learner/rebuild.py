"""All that follows from a learner's attempts, made again from them.

Attempts are taken in the order in which they were recorded, each with the grade that holds now and
with what was expected of it then. So skill states, the learner's rating, cards and reviews come
out as they were, to the last digit, as long as no grade changed and no parameters of the scheduler
were fitted in between. After a regrade the ratings are what they would have been, but for the later
expectations, which had been made from the old grade. Ratings of skills take everybody's answers and
are left alone; that of an item is made again by `rebuild_item`.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fsrs import Scheduler

from storage import attempts, ratings, reviews, skill_states
from storage.attempts import Attempt
from storage.ratings import LearnerRating, Rating
from storage.reviews import Review
from storage.session import Session
from storage.skill_states import SkillState
from tutor.learner import elo, reviewing
from tutor.learner.evidence import evidence_of
from tutor.learner.mastery import advance, fresh_state
from tutor.learner.prediction import after_answer, fresh_learner
from tutor.learner.reviewing import Subject


@dataclass
class Replay:
    """What the attempts so far come to. `rated` are (attempt, subject, rating) of reviews."""

    learner: LearnerRating
    scheduler: Scheduler
    states: dict[str, SkillState] = field(default_factory=dict)
    cards: dict[Subject, dict[str, Any]] = field(default_factory=dict)
    began: dict[Subject, datetime] = field(default_factory=dict)
    rated: list[tuple[Attempt, Subject, int]] = field(default_factory=list)

    def take(self, attempt: Attempt) -> None:
        """One more attempt, in the order in which they were recorded."""
        at = attempt.attempted_at
        evidence = evidence_of(attempt, expected=attempt.expected, at=at)
        if not evidence.counts:
            return
        for skill_id in dict.fromkeys(attempt.skills):
            state = self.states.get(skill_id) or fresh_state(attempt.learner_id, skill_id, at)
            self.states[skill_id] = advance(state, evidence)
        self.learner = after_answer(self.learner, evidence)
        self._review(attempt)

    def _review(self, attempt: Attempt) -> None:
        subject = reviewing.subject_of(attempt, attempt.skill_id)
        rating = reviewing.rating_of(attempt)
        if subject is None or rating is None:
            return
        at, card = attempt.attempted_at, self.cards.get(subject)
        self.cards[subject] = reviewing.reviewed(self.scheduler, card, rating, at)
        self.began.setdefault(subject, at)
        self.rated.append((attempt, subject, int(rating)))


async def rebuild(session: Session, learner_id: str) -> None:
    """Makes a learner's skill states, rating, cards and reviews again from the attempts."""
    fresh = fresh_learner(learner_id)
    await ratings.lock_learner(session, fresh)
    replay = Replay(fresh, await reviewing.scheduler_of(session, learner_id))
    async for attempt in _history(session, learner_id):
        replay.take(attempt)
    await ratings.put_learner_rating(session, replay.learner)
    await skill_states.clear_skill_states(session, learner_id)
    await skill_states.put_skill_states(session, list(replay.states.values()))
    await _write_reviews(session, learner_id, replay)


async def rebuild_item(session: Session, item_id: str) -> None:
    """Makes an item's rating again from everybody's attempts on it."""
    rating, after = Rating(), ""
    while page := await attempts.attempts_on_item(session, item_id, after=after):
        for attempt in page:
            rating = _rated(rating, attempt)
        after = page[-1].id
    await ratings.put_item_rating(session, item_id, rating)


async def _history(session: Session, learner_id: str) -> AsyncIterator[Attempt]:
    after = ""
    while page := await attempts.history(session, learner_id, after=after):
        for attempt in page:
            yield attempt
        after = page[-1].id


async def _write_reviews(session: Session, learner_id: str, replay: Replay) -> None:
    await reviews.clear_reviews(session, learner_id)
    ids = {
        subject: await reviewing.put(session, learner_id, subject, card, replay.began[subject])
        for subject, card in replay.cards.items()
    }
    await reviews.add_reviews(
        session,
        [
            Review(a.id, learner_id, ids[subject], rating, a.seconds, a.attempted_at)
            for a, subject, rating in replay.rated
        ],
    )
    await reviews.drop_cards_without_reviews(session, learner_id)


def _rated(item: Rating, attempt: Attempt) -> Rating:
    evidence = evidence_of(attempt, expected=attempt.expected, at=attempt.attempted_at)
    if not evidence.rates:
        return item
    moved = elo.move(elo.OF_ITEM, item.attempts, evidence.surprise)
    return Rating(item.rating - moved, item.attempts + 1)
