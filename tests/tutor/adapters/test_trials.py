"""Trials: stable sides, honest intervals, and a roll-back that hardly ever errs."""

import asyncio
from dataclasses import asdict

import numpy as np
import pytest

from storage.adapter_trials import AdapterTrial, running_trial, running_trials
from storage.artifacts import add_artifact
from storage.assignments import assign, assignment_at
from storage.blobs import Blob
from storage.communities import community_for
from storage.conversations import add_turn, open_conversation, rate_turn
from storage.database import Database
from storage.learners import find_identity, recognise
from tests.doubles.clock import Clock
from tests.tutor.adapters.conftest import HERE, Register
from tutor.adapters.fitness import KIND
from tutor.adapters.package import MEDIA_TYPE
from tutor.adapters.posterior import probability_of_drop, rate
from tutor.adapters.refusals import NotPromotable, TrialRefused
from tutor.adapters.trials import (
    DROP,
    ENOUGH_RATINGS,
    ROLLED_BACK,
    SURE,
    answers_now,
    end,
    gets_candidate,
    standing,
    start_trial,
    stop_trial,
    summary,
)
from tutor.language import Language
from tutor.tuning.report import binding_of

LOOKS = 10


def test_a_learners_side_is_stable_and_the_share_is_kept() -> None:
    learners = [f"L{number}" for number in range(4000)]
    first = [gets_candidate("T1", 0.3, one) for one in learners]
    assert first == [gets_candidate("T1", 0.3, one) for one in learners]
    assert abs(sum(first) / len(first) - 0.3) < 0.03
    other = [gets_candidate("T2", 0.3, one) for one in learners]
    both = sum(a and b for a, b in zip(first, other, strict=True)) / len(first)
    assert abs(both - 0.09) < 0.02  # independent of other trials


def test_the_probability_is_that_of_a_sample_of_the_same_posteriors() -> None:
    rng = np.random.default_rng(3)
    for up, down, c_up, c_down in ((45, 5, 30, 20), (20, 20, 20, 20), (0, 0, 0, 0), (5, 40, 40, 5)):
        control = rng.beta(1 + up, 1 + down, 400_000)
        candidate = rng.beta(1 + c_up, 1 + c_down, 400_000)
        sampled = float(np.mean(control - candidate > DROP))
        figure = probability_of_drop(rate(up, down), rate(c_up, c_down), DROP)
        assert figure == pytest.approx(sampled, abs=0.004)


def test_an_interval_holds_the_share_and_narrows() -> None:
    few, many = rate(8, 2), rate(800, 200)
    assert few.low < 0.8 < few.high and many.low < 0.8 < many.high
    assert many.high - many.low < (few.high - few.low) / 5
    assert rate(0, 0).low == pytest.approx(0.025)


def taken_back(control_rate: float, candidate_rate: float, rng: np.random.Generator) -> bool:
    """Whether a trial is ended in one of its looks, 40 more ratings for each side between them."""
    ups = np.zeros(2, int)
    for look in range(1, LOOKS + 1):
        ups += rng.binomial(ENOUGH_RATINGS, [control_rate, candidate_rate])
        seen = ENOUGH_RATINGS * look
        sides = [rate(int(up), seen - int(up)) for up in ups]
        if probability_of_drop(sides[0], sides[1], DROP) > SURE:
            return True
    return False


def test_equal_adapters_are_seldom_taken_back_and_worse_ones_nearly_always() -> None:
    """In up to 400 ratings a side, looked at ten times; figures of a fixed seed."""
    rng = np.random.default_rng(11)
    alarms = sum(taken_back(0.8, 0.8, rng) for _ in range(300)) / 300
    caught = sum(taken_back(0.8, 0.6, rng) for _ in range(100)) / 100
    better = sum(taken_back(0.8, 0.85, rng) for _ in range(100)) / 100
    assert alarms <= 0.05
    assert caught >= 0.95
    assert better <= 0.02


class Ratings:
    """A community in which learners are answered by adapters and rate that."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database, self.clock = database, clock

    async def community(self) -> str:
        async with self.database.write() as session:
            found = await community_for(
                session, platform="discord", external_id="G1", now=self.clock()
            )
        return found.id

    async def rate(self, adapter: str | None, up: int, down: int, channel: str = "C1") -> None:
        community = await self.community()
        async with self.database.write() as session:
            for number in range(up + down):
                learner = await recognise(
                    session,
                    platform="discord",
                    workspace="",
                    user_id=f"{adapter}-{number}",
                    display_name="Ann",
                    locale=None,
                    now=self.clock(),
                )
                conversation = await open_conversation(
                    session,
                    platform="discord",
                    community_id=community,
                    channel=channel,
                    thread=None,
                    learner_id=learner.id,
                    now=self.clock(),
                )
                turn = await add_turn(
                    session,
                    conversation_id=conversation.id,
                    role="assistant",
                    text="Hm.",
                    now=self.clock(),
                    learner_id=learner.id,
                    adapter=adapter,
                    completion_tokens=2,
                )
                thumb = 1 if number < up else -1
                await rate_turn(session, turn.id, learner.id, thumb, self.clock())


@pytest.fixture
def ratings(database: Database, clock: Clock) -> Ratings:
    return Ratings(database, clock)


async def start(database: Database, clock: Clock, scope: str, candidate: str) -> AdapterTrial:
    async with database.write() as session:
        return await start_trial(
            session,
            scope=scope,
            candidate_id=candidate,
            control_id=None,
            by=None,
            now=clock(),
            capabilities=HERE,
        )


async def test_only_ratings_of_its_time_and_place_count(
    database: Database, clock: Clock, register: Register, ratings: Ratings
) -> None:
    made = await register()
    community = await ratings.community()
    await ratings.rate(made.id, 9, 0)
    clock.advance(minutes=1)
    trial = await start(database, clock, f"channel:{community}:C1", made.id)
    clock.advance(minutes=1)
    await ratings.rate(made.id, 3, 1)
    await ratings.rate(made.id, 0, 7, channel="C2")
    await ratings.rate(None, 2, 2)
    async with database.read() as session:
        stands = await standing(session, trial, clock())
    assert (stands.candidate.up, stands.candidate.down) == (3, 1)
    assert (stands.control.up, stands.control.down) == (2, 2)
    assert not stands.must_end
    said = summary(stands, Language.ENGLISH)
    assert "tutoring: 75 % 👍 of 4 ratings" in said and "the model as it is: 50 %" in said


async def test_answers_beside_a_control_that_only_words_moves_are_those_of_the_model(
    database: Database, clock: Clock, register: Register, ratings: Ratings
) -> None:
    """Lessons are not rated: without them such a side would never have a rating."""
    wording, made = await register("wording", answers=False), await register()
    async with database.write() as session:
        trial = await start_trial(
            session,
            scope="global",
            candidate_id=made.id,
            control_id=wording.id,
            by=None,
            now=clock(),
            capabilities=HERE,
        )
    clock.advance(minutes=1)
    await ratings.rate(made.id, 20, 25)
    await ratings.rate(None, 40, 5)
    async with database.read() as session:
        stands = await standing(session, trial, clock())
    assert (stands.control.up, stands.control.down) == (40, 5)
    assert stands.must_end
    assert "wording: 89 % 👍 of 45 ratings" in summary(stands, Language.ENGLISH)


async def test_a_trial_is_held_against_what_its_scope_inherits(
    database: Database, clock: Clock, register: Register
) -> None:
    everywhere, theirs = await register(), await register()
    scopes = "global", "community:C1", "channel:C1:D1", "learner:C1:L1", "learner:L1"
    seen = []
    for scope, artifact in (("global", everywhere), ("community:C1", theirs)):
        async with database.write() as session:
            await assign(
                session,
                scope=scope,
                kind=KIND,
                artifact_id=artifact.id,
                by=None,
                reason="promote",
                now=clock(),
            )
            seen.append([await answers_now(session, one) for one in scopes])
    assert seen[0] == [everywhere.id] * 5
    assert seen[1] == [everywhere.id, theirs.id, theirs.id, theirs.id, everywhere.id]


async def test_only_ratings_in_the_learners_community_count_for_the_learner_there(
    database: Database, clock: Clock, register: Register, ratings: Ratings
) -> None:
    made = await register()
    community = await ratings.community()
    await ratings.rate(made.id, 2, 0)
    async with database.read() as session:
        ann = await find_identity(session, "discord", "", f"{made.id}-0")
    assert ann is not None
    seen = []
    for scope in (f"learner:{community}:{ann.learner_id}", f"learner:C9:{ann.learner_id}"):
        trial = AdapterTrial("T", scope, None, made.id, 0.5, "", None, None, clock(), None)
        async with database.read() as session:
            seen.append((await standing(session, trial, clock())).candidate.up)
    assert seen == [1, 0]


async def test_a_worse_candidate_is_taken_back_where_it_was_assigned(
    database: Database, clock: Clock, register: Register, ratings: Ratings
) -> None:
    made = await register()
    async with database.write() as session:
        await assign(
            session,
            scope="global",
            kind=KIND,
            artifact_id=made.id,
            by=None,
            reason="promote",
            now=clock(),
        )
    trial = await start(database, clock, "global", made.id)
    clock.advance(minutes=1)
    await ratings.rate(made.id, 20, 25)
    await ratings.rate(None, 40, 5)
    async with database.write() as session:
        stands = await standing(session, trial, clock())
        assert stands.must_end
        assert await end(session, stands, ROLLED_BACK, by=None, now=clock())
        assert not await end(session, stands, ROLLED_BACK, by=None, now=clock())
        assert await running_trial(session, "global") is None
        left = await assignment_at(session, "global", KIND)
    assert left is not None and left.artifact is None


async def test_of_two_trials_that_are_started_at_once_in_a_scope_one_begins(
    database_url: str, clock: Clock
) -> None:
    """On SQLite and PostgreSQL, by two processes that both looked before either wrote."""
    here, there = await Database.open(database_url), await Database.open(database_url)
    async with here.write() as session:
        made = await add_artifact(
            session,
            Blob("a" * 64, 1),
            kind=KIND,
            name="tutoring",
            base_hash="",
            card={"report": {"passed": True, "binding": asdict(binding_of(HERE))}},
            media_type=MEDIA_TYPE,
            now=clock(),
        )
    entered = 0

    async def begin(database: Database) -> AdapterTrial:
        nonlocal entered
        async with database.write() as session:
            entered += 1
            begun = await start_trial(
                session,
                scope="global",
                candidate_id=made.id,
                control_id=None,
                by=None,
                now=clock(),
                capabilities=HERE,
            )
            await asyncio.sleep(0.3)  # the other one asks before this one is written
            return begun

    ended = await asyncio.gather(begin(here), begin(there), return_exceptions=True)
    async with here.read() as session:
        running = await running_trials(session)
    for database in (here, there):
        await database.close()
    assert entered == 2
    assert sorted(type(one).__name__ for one in ended) == ["AdapterTrial", "TrialRefused"]
    assert len(running) == 1


async def test_a_kept_candidate_answers_everybody_from_then_on(
    database: Database, clock: Clock, register: Register
) -> None:
    made = await register()
    await start(database, clock, "course:X", made.id)
    with pytest.raises(TrialRefused, match="runs here already"):
        await start(database, clock, "course:X", made.id)
    async with database.write() as session:
        await stop_trial(session, scope="course:X", by=None, now=clock(), keep=True)
        kept = await assignment_at(session, "course:X", KIND)
    assert kept is not None and kept.artifact is not None and kept.artifact.id == made.id


async def test_what_did_not_pass_is_not_tried_on_people(
    database: Database, clock: Clock, register: Register
) -> None:
    made = await register(passed=False)
    with pytest.raises(NotPromotable):
        await start(database, clock, "global", made.id)
