"""The job that looks after trials: a worse adapter is taken back, and who started it is told."""

from datetime import timedelta

from storage import adapter_trials, jobs, learners, outbox, schedules
from storage.adapter_trials import AdapterTrial
from storage.artifacts import add_artifact
from storage.blobs import BlobStore
from storage.communities import community_for
from storage.conversations import add_turn, open_conversation, rate_turn
from storage.database import Database, Session
from storage.learners import Learner
from tests.doubles.clock import Clock
from training.schedule import put_standing_schedules
from training.settings import WorkerSettings
from training.trials import HANDLERS, KIND
from training.worker import Running


async def known(session: Session, user_id: str, clock: Clock) -> Learner:
    return await learners.recognise(
        session,
        platform="discord",
        workspace="",
        user_id=user_id,
        display_name="Ann",
        locale=None,
        now=clock(),
    )


async def a_trial(database: Database, blobs: BlobStore, clock: Clock) -> AdapterTrial:
    blob = await blobs.put(b"weights")
    async with database.write() as session:
        admin = await known(session, "admin", clock)
        artifact = await add_artifact(
            session,
            blob,
            kind="text_adapter",
            name="new style",
            base_hash="b",
            card={},
            media_type="application/zip",
            now=clock(),
        )
        return await adapter_trials.add_trial(
            session,
            scope="global",
            control_id=None,
            candidate_id=artifact.id,
            share=0.5,
            by=admin.id,
            now=clock(),
        )


async def rate(database: Database, clock: Clock, adapter: str | None, up: int, down: int) -> None:
    async with database.write() as session:
        place = await community_for(session, platform="discord", external_id="G", now=clock())
        rater = await known(session, "rater", clock)
        conversation = await open_conversation(
            session,
            platform="discord",
            community_id=place.id,
            channel="C1",
            thread=None,
            learner_id=None,
            now=clock(),
        )
        for number in range(up + down):
            turn = await add_turn(
                session,
                conversation_id=conversation.id,
                role="assistant",
                text="Hm.",
                now=clock(),
                adapter=adapter,
                completion_tokens=2,
            )
            await rate_turn(session, turn.id, rater.id, 1 if number < up else -1, clock())


async def look(
    database: Database, blobs: BlobStore, settings: WorkerSettings, clock: Clock
) -> dict[str, object]:
    async with database.write() as session:
        job = await jobs.enqueue(session, kind=KIND, payload={}, now=clock())
    return dict(await HANDLERS[KIND](Running(job, database, blobs, settings, clock)))


async def told(database: Database, clock: Clock) -> list[str]:
    async with database.write() as session:
        due = await outbox.take_due(
            session,
            platforms=["discord"],
            owner="test",
            lease_until=clock() + timedelta(minutes=1),
            now=clock(),
        )
    return [notice.body["text"] for notice in due]


async def test_a_worse_candidate_is_taken_back_once_and_its_admin_is_told(
    database: Database, blobs: BlobStore, settings: WorkerSettings, clock: Clock
) -> None:
    trial = await a_trial(database, blobs, clock)
    clock.advance(minutes=1)
    await rate(database, clock, trial.candidate_id, 20, 20)
    await rate(database, clock, None, 38, 2)
    found = await look(database, blobs, settings, clock)
    assert found == {"trials": 1, "taken_back": [trial.id]}
    assert await look(database, blobs, settings, clock) == {"trials": 0, "taken_back": []}
    [text] = await told(database, clock)
    assert "new style" in text and "50 % 👍 of 40 ratings" in text
    async with database.read() as session:
        ended = await adapter_trials.latest_trial(session, "global")
    assert ended is not None and ended.state == "rolled_back" and ended.outcome is not None
    assert ended.outcome["drop_probability"] > 0.95


async def test_too_few_ratings_decide_nothing(
    database: Database, blobs: BlobStore, settings: WorkerSettings, clock: Clock
) -> None:
    trial = await a_trial(database, blobs, clock)
    await rate(database, clock, trial.candidate_id, 0, 39)
    await rate(database, clock, None, 60, 0)
    assert (await look(database, blobs, settings, clock))["taken_back"] == []
    assert await told(database, clock) == []


async def test_trials_are_looked_at_every_ten_minutes(database: Database, clock: Clock) -> None:
    async with database.write() as session:
        await put_standing_schedules(session, clock())
        found = await schedules.schedule_by_name(session, f"standing:{KIND}")
    assert found is not None and found.rule["every_hours"] * 60 == 10
