"""A tour that calls every function of storage once or more, as the product would.

For tests that look at all statements, or at all tables filled with one person's data.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from storage import (
    arrivals,
    artifacts,
    assignments,
    audit,
    blobs,
    choices,
    claims,
    communities,
    consents,
    conversations,
    installations,
    jobs,
    learners,
    links,
    outbox,
    reports,
    schedules,
    standings,
    turns,
    usage,
)
from storage.blobs import BlobStore
from storage.database import Database, Session
from tests.doubles.tour_adapter_trials import (
    read_adapter_trials,
    run_adapter_trials,
    visit_adapter_trials,
)
from tests.doubles.tour_checklists import read_checklists, run_checklists, visit_checklists
from tests.doubles.tour_classes import contest, read_classes, run_classes, visit_classes
from tests.doubles.tour_courses import read_courses, run_courses, visit_courses
from tests.doubles.tour_datasets import read_datasets, run_datasets, visit_datasets
from tests.doubles.tour_material import read_material, run_material, visit_material
from tests.doubles.tour_practice import read_practice, run_practice, visit_practice
from tests.doubles.tour_tuning_runs import (
    read_tuning_runs,
    run_tuning_runs,
    visit_tuning_runs,
)

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Visitor:
    """A learner with one row or more in every table, and the ids of what they made."""

    learner_id: str
    staff_id: str
    community_id: str
    private_id: str
    shared_id: str
    question_id: str
    answer_id: str
    claim_key: str
    choice_ids: tuple[str, ...]
    report_id: str
    job_id: str
    notice_id: str
    artifact_id: str
    blob: blobs.Blob


async def meet(session: Session, user_id: str, name: str, now: datetime = NOW) -> learners.Learner:
    """A learner of the Discord guild G1."""
    return await learners.recognise(
        session,
        platform="discord",
        workspace="",
        user_id=user_id,
        display_name=name,
        locale="en-GB",
        now=now,
    )


async def visit(database: Database, store: BlobStore, user_id: str = "100") -> Visitor:
    """Somebody arrives, asks, is answered, presses, rates, reports, uploads, and so on."""
    async with database.write() as session:
        learner = await meet(session, user_id, f"Name of {user_id}")
        staff = await meet(session, "1", "Staff")
        community = await communities.community_for(
            session, platform="discord", external_id="G1", now=NOW
        )
        await communities.configure_community(session, community.id, kind="class")
        await communities.configure_channel(session, community.id, "C1", enabled=True)
        taught = await visit_courses(session, learner.id, community.id)
        await visit_classes(session, learner.id, staff.id, community.id, taught)
        await visit_material(session, learner.id, community.id)
        await visit_checklists(session, learner.id, community.id)
        private = await _converse(session, community.id, f"D{user_id}", None, learner.id)
        shared = await _converse(session, community.id, "C1", "T1", None)
        bench = await visit_practice(session, learner.id, staff.id, (private.id, shared.id))
        await contest(session, learner.id, bench)
        key, question, answer = await _exchange(session, private.id, learner, user_id)
        await _exchange(session, shared.id, learner, user_id, channel="C1")
        ids = await choices.create_choices(
            session,
            learner_id=learner.id,
            conversation_id=private.id,
            turn_id=answer.id,
            options=[
                choices.ChoiceOption("rate", payload={"rating": 1}),
                choices.ChoiceOption("regenerate", once=True),
                choices.ChoiceOption("close", closes=True),
            ],
            expires_at=NOW + DAY,
            now=NOW,
        )
        await turns.rate_turn(session, answer.id, learner.id, 1, NOW)
        await visit_datasets(session, learner.id, answer.id)
        await turns.rewrite_turn(session, question.id, f"rewritten by {user_id}", NOW)
        report_id = await reports.report_turn(
            session,
            turn_id=answer.id,
            community_id=community.id,
            reporter_id=learner.id,
            reason="wrong",
            note=f"note of {user_id}",
            now=NOW,
        )
        await consents.record_consent(
            session, learner.id, "training", granted=True, source="settings", now=NOW
        )
        await links.create_link_code(session, learner.id, NOW)
        await links.try_link_code(session, "XXXX-YYYYYY", learner.id, NOW)
        job_id, notice_id = await _work(session, learner.id, user_id)
    blob = await store.put(f"file of {user_id}".encode())
    async with database.write() as session:
        artifact_id = await _products(session, blob, learner.id, user_id)
        await visit_tuning_runs(session, blob, learner.id, community.id)
        await visit_adapter_trials(session, learner.id, community.id, artifact_id)
        await usage.count_and_check(
            session,
            learner_id=learner.id,
            community_id=community.id,
            now=NOW,
            learner_limit=100,
            community_limit=1000,
        )
        await learners.set_status(
            session,
            learner.id,
            "active",
            by=staff.id,
            reason=f"talked to {user_id}",
            now=NOW,
            community_id=community.id,
        )
        decided: Any = {"by": staff.id, "reason": f"{user_id} was loud", "now": NOW}
        for status in ("active", "paused"):
            await standings.set_standing(session, community.id, learner.id, status, **decided)
        await installations.save_installation(
            session,
            platform="discord",
            enterprise_id="",
            team_id="G1",
            user_id=user_id,
            payload=b"encrypted",
            now=NOW,
        )
    return Visitor(
        learner.id,
        staff.id,
        community.id,
        private.id,
        shared.id,
        question.id,
        answer.id,
        key,
        tuple(ids),
        report_id,
        job_id,
        notice_id,
        artifact_id,
        blob,
    )


async def _converse(
    session: Session, community_id: str, channel: str, thread: str | None, learner_id: str | None
) -> conversations.Conversation:
    conversation = await conversations.open_conversation(
        session,
        platform="discord",
        community_id=community_id,
        channel=channel,
        thread=thread,
        learner_id=learner_id,
        now=NOW,
    )
    await conversations.set_summary(session, conversation.id, "They spoke of words.", None)
    await arrivals.find_arrival(
        session,
        platform="discord",
        workspace="",
        user_id="100",
        display_name="Mei",
        locale="en-GB",
        external_id="G1",
        channel=channel,
        thread=thread,
        private=learner_id is not None,
    )
    return conversation


async def _exchange(
    session: Session,
    conversation_id: str,
    learner: learners.Learner,
    user_id: str,
    channel: str = "D",
) -> tuple[str, turns.StoredTurn, turns.StoredTurn]:
    """A claimed question and its answer."""
    key = f"discord:m:G1:{channel}:{user_id}-{conversation_id}"
    await claims.insert_claim(
        session,
        key=key,
        event_id=f"event of {user_id}",
        platform="discord",
        community="G1",
        channel=channel,
        thread=None,
        message_id=f"message-{user_id}-{channel}",
        author=claims.author_key("", user_id),
        question=f'{{"text": "question of {user_id}"}}',
        now=NOW,
    )
    await claims.take_claims(session, keys=[key], owner="p1", lease_until=NOW + MINUTE, now=NOW)
    await claims.save_address(session, key, channel, f"reply-{user_id}-{channel}")
    question = await turns.add_turn(
        session,
        conversation_id=conversation_id,
        role="user",
        text=f"question of {user_id}",
        speaker=learner.display_name,
        learner_id=learner.id,
        claim_key=key,
        message_id=f"message-{user_id}-{channel}",
        now=NOW,
    )
    answer = await turns.add_turn(
        session,
        conversation_id=conversation_id,
        role="assistant",
        text=f"answer to the question of {user_id}",
        claim_key=key,
        now=NOW,
    )
    await claims.finish_claims(session, key, "sent", NOW)
    return key, question, answer


async def _work(session: Session, learner_id: str, user_id: str) -> tuple[str, str]:
    """A job, a schedule and a notice for somebody."""
    payload: Mapping[str, Any] = {"for": f"user {user_id}"}
    job = await jobs.enqueue(
        session,
        kind="count_sheep",
        payload=payload,
        created_by=learner_id,
        learner_id=learner_id,
        now=NOW,
    )
    await schedules.put_schedule(
        session,
        name=f"remind {user_id}",
        kind="reminder",
        payload=payload,
        due_at=NOW + DAY,
        learner_id=learner_id,
        now=NOW,
    )
    notice_id = await outbox.add_notice(
        session,
        platform="discord",
        recipient=user_id,
        body={"text": f"hello {user_id}"},
        dedupe_key=f"hello {user_id}",
        now=NOW,
    )
    return job.id, notice_id


async def _products(session: Session, blob: blobs.Blob, learner_id: str, user_id: str) -> str:
    """An artifact that somebody made and assigned, and a file of theirs."""
    await blobs.keep_blob(
        session,
        blob,
        owner=f"upload:{user_id}",
        name=f"homework of {user_id}.txt",
        media_type="text/plain",
        learner_id=learner_id,
        now=NOW,
    )
    artifact = await artifacts.add_artifact(
        session,
        blob,
        kind="cuckoo_clock",
        name="clock",
        base_hash="b" * 64,
        card={"loss": 0.5},
        media_type="text/plain",
        created_by=learner_id,
        now=NOW,
    )
    await assignments.assign(
        session,
        scope="global",
        kind="cuckoo_clock",
        artifact_id=artifact.id,
        by=learner_id,
        reason="better",
        now=NOW,
    )
    return artifact.id


async def see_everything(database: Database, store: BlobStore, visitor: Visitor) -> None:
    """Calls what `visit` did not."""
    await _read_everything(database, visitor)
    await _run_chats(database, visitor)
    await _run_work(database, visitor)
    await _run_links(database)


async def _read_everything(database: Database, visitor: Visitor) -> None:
    learner_id, community_id = visitor.learner_id, visitor.community_id
    async with database.read() as session:
        await read_courses(session, learner_id)
        await read_classes(session, learner_id, community_id)
        await read_material(session, community_id)
        await read_checklists(session, learner_id, community_id)
        await read_tuning_runs(session, community_id, visitor.artifact_id)
        await read_datasets(session, learner_id, community_id, visitor.answer_id)
        await read_practice(session, learner_id, visitor.private_id)
        await learners.learner_by_id(session, learner_id)
        await learners.identities(session, learner_id)
        await learners.find_identity(session, "discord", "", "100")
        await standings.standing(session, "discord", "G1", learner_id)
        await communities.community_by_id(session, community_id)
        await communities.communities(session)
        await communities.communities(session, "discord")
        await communities.channel_settings(session, community_id, "C1")
        await communities.channels(session, "discord")
        await conversations.conversation_by_id(session, visitor.private_id)
        await turns.recent_turns(session, visitor.private_id, 20)
        await turns.recent_turns(session, visitor.private_id, 20, after_id=visitor.question_id)
        await turns.turn_by_id(session, visitor.answer_id)
        await turns.turn_by_message(session, "discord", "C1", "reply-100-C1")
        await turns.earlier_versions(session, visitor.question_id)
        await turns.learner_history(session, learner_id, 10)
        await turns.learner_history(session, learner_id, 10, before=visitor.answer_id)
        await claims.abandoned_claims(session, NOW, 10)
        await claims.abandoned_claims(session, NOW, 10, platforms=["discord"])
        await claims.claim_by_key(session, visitor.claim_key)
        await claims.last_claimed_message(session, "C1")
        await claims.claimed_places(session, "discord", NOW - DAY)
        await claims.latest_messages(session, "discord", NOW - DAY)
        await choices.peek_choice(session, visitor.choice_ids[0])
        await consents.has_consent(session, learner_id, "training")
        await consents.consent_history(session, learner_id)
        await consents.current_consents(session, learner_id)
        await usage.learner_usage(session, learner_id, NOW - DAY)
        await usage.community_usage(session, community_id, NOW - DAY)
        await audit.entries(session)
        await audit.entries(session, community_id=community_id, before="f" * 32)
        await audit.entries(session, subject_id=learner_id)
        await reports.open_reports(session, community_id)
        await jobs.job_by_id(session, visitor.job_id)
        await jobs.list_jobs(session)
        await jobs.list_jobs(session, scope="global", before="f" * 32)
        await jobs.list_jobs(session, kind="count_sheep")
        await jobs.list_jobs(session, unfinished=True)
        await schedules.due_schedules(session, NOW)
        await schedules.schedule_by_name(session, "remind 100")
        await outbox.notice_by_id(session, visitor.notice_id)
        await artifacts.artifact_by_id(session, visitor.artifact_id)
        await read_adapter_trials(session, learner_id, community_id, visitor.artifact_id)
        await artifacts.artifacts(session, "cuckoo_clock")
        await artifacts.artifacts(session, "cuckoo_clock", with_retired=True, before="f" * 32)
        await assignments.resolve(session, "cuckoo_clock", ["community:x", "global"])
        await assignments.assignment_history(session, scope="global", kind="cuckoo_clock")
        await blobs.blobs_of(session, "upload:100")
        workspace = {"platform": "discord", "enterprise_id": "", "team_id": "G1"}
        await installations.find_installation(session, **workspace)
        await installations.find_installation(session, **workspace, user_id=None)
        await installations.installed_workspaces(session, "discord")


async def _run_chats(database: Database, visitor: Visitor) -> None:
    learner_id = visitor.learner_id
    async with database.write() as session:
        await run_courses(session)
        await run_classes(session, learner_id, visitor.staff_id, visitor.community_id)
        await run_material(session, learner_id, visitor.community_id)
        await run_checklists(session, learner_id, visitor.community_id)
        await run_tuning_runs(session, visitor.community_id, visitor.artifact_id)
        await run_datasets(session, visitor.learner_id)
        await run_practice(session, learner_id)
        await meet(session, "100", "A new name")
        await learners.set_language(session, learner_id, "zh-CN")
        await learners.set_display_name(session, learner_id, "Mei")
        await learners.set_settings(session, learner_id, {"pace": "slow"})
        await claims.renew_claims(session, [visitor.claim_key], "p1", NOW + MINUTE)
        await choices.press_choice(session, visitor.choice_ids[1], learner_id, NOW)
        for owner in (learner_id, None):
            await conversations.start_new_conversation(
                session,
                platform="discord",
                community_id=visitor.community_id,
                channel="C9",
                thread=None,
                learner_id=owner,
                now=NOW,
            )
        await usage.add_tokens(
            session,
            learner_id=learner_id,
            community_id=visitor.community_id,
            now=NOW,
            prompt_tokens=10,
            completion_tokens=5,
        )
        await usage.count_and_check(
            session,
            learner_id=learner_id,
            community_id=visitor.community_id,
            now=NOW,
            learner_limit=100,
            community_limit=1,
        )
        await reports.read_report(session, visitor.report_id, reader_id=visitor.staff_id, now=NOW)
        await reports.handle_report(
            session, visitor.report_id, by=visitor.staff_id, outcome="fixed", now=NOW
        )
        await audit.record(session, actor_id=visitor.staff_id, action="looked", now=NOW)


async def _run_work(database: Database, visitor: Visitor) -> None:
    lease = NOW + MINUTE
    async with database.write() as session:
        job = await jobs.take_job(
            session, owner="w1", kinds=["count_sheep"], lease_until=lease, now=NOW
        )
        assert job is not None
        await jobs.heartbeat(session, job.id, "w1", lease_until=lease, now=NOW, progress={"n": 1})
        await jobs.advance_job(session, job.id, "w1")
        await jobs.fail_job(session, job.id, "w1", "fell asleep", NOW)
        await jobs.end_lost_jobs(session, NOW)
        await jobs.finish_job(session, job.id, "w1", {}, NOW)
        await jobs.cancel_job(session, job.id, "w1", NOW)
        await jobs.request_cancel(session, job.id, NOW)
        schedule = await schedules.schedule_by_name(session, "remind 100")
        assert schedule is not None
        await schedules.advance_schedule(session, schedule, NOW + DAY, NOW)
        await schedules.remove_schedule(session, "nothing")
        notice, *_ = await outbox.take_due(
            session, platforms=["discord"], owner="p1", lease_until=lease, now=NOW
        )
        await outbox.mark_sent(session, notice, "D", "m1", NOW)
        await outbox.put_card(
            session, key="card:1", platform="discord", place={}, body={"text": "1 %"}, now=NOW
        )
        await outbox.put_card(session, key="card:1", platform="discord", body={}, now=NOW)
        await outbox.card_body(session, "card:1")
        await outbox.retry_later(session, visitor.notice_id, "busy", NOW)
        await outbox.mark_failed(session, visitor.notice_id, "busy", NOW)
        await outbox.mark_impossible(session, visitor.notice_id, "left", NOW)
        await artifacts.retire_artifact(session, visitor.artifact_id, NOW)
        await run_adapter_trials(session)
        await assignments.undo_assignment(
            session, scope="global", kind="cuckoo_clock", by=None, now=NOW
        )
        await blobs.release_blobs(session, "nobody")
        await installations.issue_state(session, "state", NOW + MINUTE)
        await installations.consume_state(session, "state", NOW)
        await installations.delete_installation(
            session, platform="slack", enterprise_id="", team_id="T"
        )


async def _run_links(database: Database) -> None:
    async with database.write() as session:
        host = await meet(session, "200", "Host")
        guest = await learners.recognise(
            session,
            platform="slack",
            workspace="T1",
            user_id="U200",
            display_name="Guest",
            locale=None,
            now=NOW,
        )
        code = await links.create_link_code(session, host.id, NOW)
        found = await links.try_link_code(session, code, guest.id, NOW)
        assert found.offer is not None
        await links.confirm_link(session, found.offer.code_id, guest.id, NOW)
