"""Reports: a queue for moderators, in which reading somebody's text leaves a trace."""

from storage import audit, communities, conversations, reports, turns
from storage.database import Database, Session
from tests.doubles.storage_tour import NOW, meet


async def report(session: Session) -> tuple[str, str, str, str]:
    """Ids of a community, a learner, a moderator and a report of a reply to the learner."""
    mei, staff = await meet(session, "1", "Mei"), await meet(session, "2", "Staff")
    community = await communities.community_for(
        session, platform="discord", external_id="G1", now=NOW
    )
    made = await conversations.open_conversation(
        session,
        platform="discord",
        community_id=community.id,
        channel="C1",
        thread=None,
        learner_id=mei.id,
        now=NOW,
    )
    for text in ("earlier", "7 × 8?"):
        await turns.add_turn(
            session, conversation_id=made.id, role="user", text=text, learner_id=mei.id, now=NOW
        )
    reply = await turns.add_turn(
        session, conversation_id=made.id, role="assistant", text="54", now=NOW
    )
    report_id = await reports.report_turn(
        session,
        turn_id=reply.id,
        community_id=community.id,
        reporter_id=mei.id,
        reason="wrong",
        note="it is 56",
        now=NOW,
    )
    return community.id, mei.id, staff.id, report_id


async def test_a_report_waits_in_its_community_s_queue(database: Database) -> None:
    async with database.write() as session:
        community_id, _, _, report_id = await report(session)
        [waiting] = await reports.open_reports(session, community_id)
        assert await reports.open_reports(session, "elsewhere") == []
    assert (waiting.id, waiting.reason, waiting.note) == (report_id, "wrong", "it is 56")


async def test_staff_that_reads_a_learner_s_text_is_audited(database: Database) -> None:
    async with database.write() as session:
        community_id, mei, staff, report_id = await report(session)
        seen = await reports.read_report(session, report_id, reader_id=staff, now=NOW)
        assert seen is not None
        assert [turn.text for turn in seen.turns] == ["7 × 8?", "54"]
        [entry] = await audit.entries(session, community_id=community_id)
        assert await reports.read_report(session, "unknown", reader_id=staff, now=NOW) is None
    assert (entry.actor_id, entry.action, entry.subject_id) == (staff, "report.read", mei)
    assert entry.details == {"report_id": report_id}


async def test_a_report_is_handled_once(database: Database) -> None:
    async with database.write() as session:
        community_id, _, staff, report_id = await report(session)
        handle = reports.handle_report
        assert await handle(session, report_id, by=staff, outcome="corrected", now=NOW)
        assert not await handle(session, report_id, by=staff, outcome="again", now=NOW)
        assert await reports.open_reports(session, community_id) == []
        [entry] = await audit.entries(session)
    assert (entry.action, entry.details) == ("report.handled", {"report_id": report_id})


async def test_the_audit_log_is_read_in_pages_newest_first(database: Database) -> None:
    async with database.write() as session:
        for number in range(5):
            await audit.record(session, actor_id=None, action=str(number), now=NOW)
        first = await audit.entries(session, limit=3)
        second = await audit.entries(session, limit=3, before=first[-1].id)
    assert [entry.action for entry in first + second] == ["4", "3", "2", "1", "0"]
