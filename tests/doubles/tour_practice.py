"""A tour of practice: calls each function of its storage, and fills its tables."""

from dataclasses import replace

from storage import (
    attempts,
    goals,
    learner_activity,
    practices,
    predictors,
    ratings,
    reviews,
    skill_states,
)
from storage.database import Session
from tests.doubles.practising import NOW, Bench, a_bench, an_answer
from tutor.learner.mastery import fresh_state
from tutor.learner.prediction import fresh_learner


async def visit_practice(
    session: Session, learner_id: str, staff_id: str, conversation_ids: tuple[str, ...]
) -> Bench:
    """Somebody practises in some conversations, is graded again, reviews, and has goals."""
    bench = await a_bench(session)
    for conversation_id in conversation_ids:
        practice = await practices.begin_practice(
            session,
            learner_id=learner_id,
            conversation_id=conversation_id,
            course_id=bench.course_id,
            kind="lesson",
            language="en",
            plan={"skills": list(bench.skills)},
            item_id=bench.item(),
            now=NOW,
        )
        answer = an_answer(learner_id, bench, practice_id=practice.id, answer=f"of {learner_id}")
        attempt_id = await attempts.add_attempt(session, answer, expected=0.5, now=NOW)
        await _regrade(session, attempt_id, staff_id)
    await _follow(session, learner_id, bench, attempt_id)
    await goals.add_goal(
        session, learner_id=learner_id, kind="skill", skill_id=bench.skills[0], now=NOW
    )
    await goals.add_goal(session, learner_id=learner_id, kind="weekly", target=20, now=NOW)
    return bench


async def _regrade(session: Session, attempt_id: str, staff_id: str) -> None:
    attempt = await attempts.attempt_by_id(session, attempt_id)
    assert attempt is not None
    await attempts.add_regrade(
        session, attempt, outcome="wrong", score=0.0, reason="the key", by=staff_id, now=NOW
    )


async def _follow(session: Session, learner_id: str, bench: Bench, attempt_id: str) -> None:
    """What follows from attempts, written down without the learner model."""
    skill_id = bench.skills[0]
    await skill_states.put_skill_states(session, [fresh_state(learner_id, skill_id, NOW)])
    rating = await ratings.lock_learner(session, fresh_learner(learner_id))
    await ratings.put_learner_rating(session, replace(rating, rating=0.5))
    await ratings.move_skill_rating(session, skill_id, 0.25)
    await ratings.move_item_rating(session, bench.item(), 0.25)
    for subject in (
        {"skill_id": skill_id, "item_id": None},
        {"skill_id": None, "item_id": bench.item()},
    ):
        card_id = await reviews.put_card(
            session, learner_id=learner_id, **subject, card={"state": 1}, due_at=NOW, now=NOW
        )
    review = reviews.Review(attempt_id, learner_id, card_id, 3, 4.0, NOW)
    await reviews.add_reviews(session, [review])
    fitted = reviews.LearnerParameters(learner_id, {"parameters": [1.0]}, 400, NOW)
    await reviews.put_learner_parameters(session, fitted)


async def read_practice(session: Session, learner_id: str, conversation_id: str) -> None:
    """Calls what reads."""
    await practices.practice_by_id(session, "p")
    await practices.open_practice(session, learner_id, conversation_id)
    await practices.latest_open_practice(session, learner_id)
    await practices.practices_of(session, learner_id, before=NOW)
    await attempts.latest_attempts(session, learner_id, before="f" * 32)
    await attempts.latest_attempts(session, learner_id, skill_id="s", before="f" * 32)
    await attempts.history(session, learner_id)
    await attempts.attempts_on_item(session, "i")
    await attempts.attempts_in_course(session, "c")
    await attempts.attempts_in_practice(session, "p")
    await attempts.attempts_after(session)
    await attempts.seen_items(session, learner_id, "s")
    window = {"since": NOW, "until": NOW}
    await learner_activity.answers_by_skill(session, learner_id, earlier=NOW, **window)
    await learner_activity.mistakes(session, learner_id, **window)
    await learner_activity.answer_moments(session, learner_id, **window)
    await learner_activity.count_regraded(session, learner_id, **window)
    await skill_states.skill_states(session, learner_id)
    await skill_states.skill_states(session, learner_id, ["s", "t"])
    await skill_states.states_in_course(session, "c")
    await skill_states.states_in_course(session, "c", [learner_id])
    await ratings.learner_rating(session, learner_id)
    await ratings.skill_ratings(session, ["s", "t"])
    await ratings.item_ratings(session, ["i", "j"])
    await reviews.review_card(session, learner_id, skill_id="s")
    await reviews.review_card(session, learner_id, item_id="i")
    await reviews.due_cards(session, learner_id, NOW)
    await reviews.count_due(session, learner_id, NOW)
    await reviews.cards_of(session, learner_id)
    await reviews.reviews_of(session, learner_id)
    await reviews.reviews_of_card(session, "c")
    await reviews.learner_parameters(session, learner_id)
    await reviews.learners_to_fit(session, least_reviews=400)
    await goals.open_goals(session, learner_id)
    await goals.reached_goals(session, learner_id)
    await predictors.newest_predictor(session, "next_answer")


async def run_practice(session: Session, learner_id: str) -> None:
    """Calls what changes."""
    practice = await practices.latest_open_practice(session, learner_id)
    assert practice is not None
    saved = await practices.save_practice(session, practice, NOW)
    assert saved is not None
    await practices.end_practice(session, saved, NOW)
    await ratings.put_item_rating(session, practice.item_id or "", ratings.Rating(0.5, 2))
    await reviews.clear_reviews(session, "nobody")
    await reviews.drop_cards_without_reviews(session, "nobody")
    await skill_states.clear_skill_states(session, "nobody")
    for goal in await goals.open_goals(session, learner_id):
        await goals.drop_goal(session, goal.id)
    await goals.reach_goal(session, "g", NOW)
    await predictors.add_predictor(
        session, kind="next_answer", parameters={"intercept": 0.0}, metrics={}, now=NOW
    )
