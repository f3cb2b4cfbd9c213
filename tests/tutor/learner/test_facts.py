"""Facts: counted by the grades that hold, by the learner's own days, and never from too little."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from storage import attempts, goals, learners
from storage.database import Database, Session
from storage.learner_activity import Mistakes
from storage.learners import Learner
from tests.doubles.practising import NOW, Bench, a_bench, a_learner, an_answer
from tutor.grading.verdict import Outcome, Pattern, Verdict
from tutor.learner.facts import SEEN_AT, Repeated, Tally, gather, repeated, streak
from tutor.learner.model import record, regrade
from tutor.learner.reminding import Reminders, set_reminders

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


async def scene(session: Session) -> tuple[Learner, Bench]:
    learner = await learners.learner_by_id(session, await a_learner(session))
    assert learner is not None
    return learner, await a_bench(session)


async def answers(
    session: Session, learner: Learner, bench: Bench, grades: Sequence[bool], **how: Any
) -> list[str]:
    at: datetime = how.pop("at", NOW - HOUR)
    return [
        (
            await record(
                session, an_answer(learner.id, bench, right=right, number=number % 4, **how), at
            )
        ).attempt_id
        for number, right in enumerate(grades)
    ]


async def test_the_window_and_the_one_before_are_counted_apart(database: Database) -> None:
    async with database.write() as session:
        learner, bench = await scene(session)
        await answers(session, learner, bench, [True, False, False])
        await answers(session, learner, bench, [True, True], at=NOW - 9 * DAY, seconds=5000.0)
        await answers(session, learner, bench, [True], at=NOW - 20 * DAY)
        facts = await gather(session, learner, NOW)
    assert facts.tally == Tally(3, 1, 0, 0.0)
    assert facts.before == Tally(2, 2, 0, 1200.0)
    assert facts.tally.percent == 33


async def test_help_and_second_tries_are_no_right_answers(database: Database) -> None:
    async with database.write() as session:
        learner, bench = await scene(session)
        await answers(session, learner, bench, [True, True], aided=True)
        await answers(session, learner, bench, [True], first_try=False)
        facts = await gather(session, learner, NOW)
    assert facts.tally == Tally(answers=2, right=0, helped=2)


async def test_a_corrected_grade_counts_everywhere(database: Database) -> None:
    async with database.write() as session:
        learner, bench = await scene(session)
        ids = await answers(session, learner, bench, [False, False, True], pattern="sign")
        before = await gather(session, learner, NOW)
        attempt = await attempts.attempt_by_id(session, ids[0])
        assert attempt is not None
        verdict = Verdict(Outcome.RIGHT, 1.0)
        await regrade(session, attempt, verdict, reason="key", by=None, now=NOW - HOUR)
        after = await gather(session, learner, NOW)
    assert before.repeated == (Repeated(Pattern.SIGN, 2),)
    assert after.repeated == ()
    assert (before.tally.right, after.tally.right) == (1, 2)
    assert (before.regraded, after.regraded) == (0, 1)


async def test_too_few_answers_make_no_skill_strong_or_weak(database: Database) -> None:
    async with database.write() as session:
        learner, bench = await scene(session)
        await answers(session, learner, bench, [True, True], skill=0)
        await answers(session, learner, bench, [False, False], skill=1)
        unsure = await gather(session, learner, NOW)
        await answers(session, learner, bench, [True], skill=0)
        await answers(session, learner, bench, [False], skill=1)
        sure = await gather(session, learner, NOW)
    assert (unsure.strongest, unsure.weakest) == (None, None)
    assert sure.strongest is not None
    assert sure.weakest is not None
    assert sure.strongest.skill_id == bench.skills[0]
    assert sure.weakest.skill_id == bench.skills[1]


async def test_last_week_s_weakness_is_followed(database: Database) -> None:
    async with database.write() as session:
        learner, bench = await scene(session)
        await answers(session, learner, bench, [False] * 3, at=NOW - 9 * DAY)
        await answers(session, learner, bench, [True, True])
        facts = await gather(session, learner, NOW)
    assert facts.weakness is not None
    assert facts.weakness.skill.skill_id == bench.skills[0]
    assert facts.weakness.skill.tally == Tally(3)
    assert facts.weakness.since == Tally(2, 2)


async def test_days_are_those_of_the_learner_s_own_clock(database: Database) -> None:
    async with database.write() as session:
        learner, bench = await scene(session)
        await answers(session, learner, bench, [True], at=NOW.replace(hour=8) - DAY)
        await answers(session, learner, bench, [True], at=NOW.replace(hour=17) - 2 * DAY)
        in_london = await gather(session, learner, NOW)
        await set_reminders(session, learner, Reminders(zone="Asia/Shanghai"), NOW)
        moved = await learners.learner_by_id(session, learner.id)
        assert moved is not None
        in_shanghai = await gather(session, moved, NOW)
    assert (in_london.active_days, in_london.streak_days) == (2, 2)
    assert (in_shanghai.active_days, in_shanghai.streak_days) == (1, 1)


async def test_mastery_goals_and_what_changed_since_last_time(database: Database) -> None:
    async with database.write() as session:
        learner, bench = await scene(session)
        for kind, skill_id, target in (("skill", bench.skills[1], 0), ("weekly", None, 20)):
            await goals.add_goal(
                session,
                learner_id=learner.id,
                kind=kind,
                skill_id=skill_id,
                target=target,
                now=NOW,
            )
        settings = {SEEN_AT: (NOW - 2 * DAY).isoformat()}
        await learners.set_settings(session, learner.id, settings)
        changed = await learners.learner_by_id(session, learner.id)
        assert changed is not None
        await answers(session, learner, bench, [False], at=NOW - 3 * DAY)
        await answers(session, learner, bench, [True] * 6)
        facts = await gather(session, changed, NOW)
    assert [one.skill_id for one in facts.mastered] == [bench.skills[0]]
    assert [(goal.target, goal.reached) for goal in facts.goals] == [(98, 0), (20, 7)]
    assert facts.since is not None
    assert (facts.since.tally, facts.since.mastered) == (Tally(6, 6), 1)
    assert facts.since.day == date(2026, 11, 21)
    assert (facts.skills_begun, facts.skills_mastered) == (1, 1)


async def test_nothing_yet_is_no_error(database: Database) -> None:
    async with database.write() as session:
        learner, _ = await scene(session)
        facts = await gather(session, learner, NOW)
    assert facts.tally == Tally()
    assert facts.names == ()
    assert facts.since is None


def test_a_streak_bears_that_today_is_not_over() -> None:
    today = date(2026, 11, 23)
    assert streak(set(), today) == 0
    assert streak({today - DAY, today - 2 * DAY}, today) == 2
    assert streak({today, today - 2 * DAY}, today) == 1


def test_kinds_of_mistakes_add_up_over_skills() -> None:
    made = [Mistakes("sign", "a", 1, NOW), Mistakes("sign", "b", 2, NOW)]
    once = Mistakes("inverse", "a", 1, NOW)
    assert repeated([*made, once]) == (Repeated(Pattern.SIGN, 3),)
