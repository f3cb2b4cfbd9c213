"""Random learners with random histories, with corrected grades, as the product records them.

A seed makes the same histories again. Answers are recorded and regraded by the product's functions;
nothing is counted here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from storage import attempts, goals, learners, practices
from storage.attempts import NewAttempt
from storage.learners import Learner
from storage.session import Session
from tests.doubles.practising import Bench, a_conversation
from tutor.grading.verdict import Outcome, Pattern, Verdict
from tutor.learner.facts import SEEN_AT
from tutor.learner.model import record, regrade
from tutor.learner.rebuild import rebuild

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
ZONES = ("UTC", "Asia/Shanghai", "America/Los_Angeles", "Asia/Kolkata")
LEVELS = ("simple", "normal", "detailed")


@dataclass(frozen=True, slots=True)
class History:
    """A learner, what they did last, and in which quizzes."""

    learner: Learner
    now: datetime
    quiz_ids: tuple[str, ...]


async def live(session: Session, bench: Bench, number: int, now: datetime, rng: Random) -> History:
    """Writes one learner's history that ends at `now`."""
    learner = await _learner(session, number, now, rng)
    quiz_ids = tuple([await _quiz(session, learner, bench, now, rng, n) for n in range(2)])
    days = sorted(rng.sample(range(60), rng.randint(0, 14)), reverse=True)
    gifted = rng.random()
    for day in days:
        for _ in range(rng.randint(1, 9)):
            at = now - day * DAY - rng.randint(1, 700) * MINUTE
            await _answer(session, learner, bench, at, rng, gifted)
    for at, practice_id in zip((now - 3 * DAY, now - MINUTE), quiz_ids, strict=True):
        for _ in range(rng.randint(3, 6)):
            await _answer(session, learner, bench, at, rng, gifted, practice_id)
    await _correct_some(session, learner, now, rng)
    await _want(session, learner, bench, now, rng)
    return History(learner, now, quiz_ids)


async def _learner(session: Session, number: int, now: datetime, rng: Random) -> Learner:
    made = await learners.recognise(
        session,
        platform="discord",
        workspace="",
        user_id=f"history-{number}",
        display_name=f"Learner {number}",
        locale="en-GB",
        now=now,
    )
    settings: dict[str, Any] = {"reminders": {"zone": rng.choice(ZONES)}}
    settings["level"] = rng.choice(LEVELS)
    if rng.random() < 0.5:
        settings[SEEN_AT] = (now - rng.randint(1, 20 * 1440) * MINUTE).isoformat()
    await learners.set_settings(session, made.id, settings)
    learner = await learners.learner_by_id(session, made.id)
    assert learner is not None
    return learner


async def _quiz(
    session: Session, learner: Learner, bench: Bench, now: datetime, rng: Random, number: int
) -> str:
    conversation = await a_conversation(session, learner.id, f"{learner.id}-{number}")
    practice = await practices.begin_practice(
        session,
        learner_id=learner.id,
        conversation_id=conversation,
        course_id=bench.course_id,
        kind="quiz",
        language="en",
        plan={},
        item_id=None,
        now=now - (4 - 3 * number) * DAY,
    )
    await practices.end_practice(session, practice, now - (3 - 3 * number) * DAY)
    return practice.id


async def _answer(
    session: Session,
    learner: Learner,
    bench: Bench,
    at: datetime,
    rng: Random,
    gifted: float,
    practice_id: str | None = None,
) -> None:
    skill = min(rng.randrange(len(bench.skills)), rng.randrange(len(bench.skills)))
    chance = (gifted + skill / len(bench.skills)) / 2
    outcome = rng.choices(
        [Outcome.RIGHT, Outcome.WRONG, Outcome.PARTLY, Outcome.OPINION],
        [chance, 0.9 - 0.9 * chance, 0.07, 0.03],
    )[0]
    pattern = Pattern.NONE if outcome is Outcome.RIGHT else rng.choice(_PATTERNS)
    attempt = NewAttempt(
        learner_id=learner.id,
        item_id=bench.item(skill, rng.randrange(4)),
        item_version=1,
        step=0,
        skill_ids=(bench.skills[skill],),
        answer="7",
        outcome=outcome.value,
        score=float(outcome is Outcome.RIGHT),
        stage="number",
        pattern=pattern.value,
        first_try=rng.random() < 0.8,
        aided=rng.random() < 0.2,
        seconds=rng.choice([None, rng.uniform(2, 90), 4000.0]),
        practice_id=practice_id,
        course_id=bench.course_id,
    )
    await record(session, attempt, at)


_PATTERNS = (Pattern.NONE, Pattern.SIGN, Pattern.SIGN, Pattern.ROUNDING, Pattern.UNIT_MISSING)
_TURNED: Mapping[str, Verdict] = {
    Outcome.RIGHT: Verdict(Outcome.WRONG, 0.0),
    Outcome.WRONG: Verdict(Outcome.RIGHT, 1.0),
    Outcome.PARTLY: Verdict(Outcome.RIGHT, 1.0),
    Outcome.OPINION: Verdict(Outcome.WRONG, 0.0),
}


async def _correct_some(session: Session, learner: Learner, now: datetime, rng: Random) -> None:
    """Some grades are turned, and some of these are turned again."""
    for attempt in await attempts.history(session, learner.id):
        chosen = attempt if rng.random() < 0.12 else None
        while chosen is not None:
            await regrade(
                session,
                chosen,
                _TURNED[chosen.outcome],
                reason="a corrected key",
                by=None,
                now=now - rng.randint(1, 15 * 1440) * MINUTE,
                settle=False,
            )
            again = rng.random() < 0.3
            chosen = await attempts.attempt_by_id(session, attempt.id) if again else None
    await rebuild(session, learner.id)


async def _want(
    session: Session, learner: Learner, bench: Bench, now: datetime, rng: Random
) -> None:
    if rng.random() < 0.5:
        await goals.add_goal(
            session, learner_id=learner.id, kind="weekly", target=rng.randint(1, 60), now=now
        )
    if rng.random() < 0.5:
        await goals.add_goal(
            session,
            learner_id=learner.id,
            kind="skill",
            skill_id=rng.choice(bench.skills),
            now=now,
        )
