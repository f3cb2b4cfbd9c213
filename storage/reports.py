"""Reports: replies that people complained about, in the moderators' queue until handled.

Who of the staff reads a learner's text is written into the audit log, in the same transaction.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update

from storage import audit
from storage.database import Session
from storage.identifiers import new_id
from storage.models import ReportRow, TurnRow
from storage.models.base import columns_for
from storage.turns import StoredTurn

REASONS = ("wrong", "unsafe", "other")


@dataclass(frozen=True, slots=True)
class Report:
    """`turn_id` None: the reply is gone. `state` is open, handled or dismissed."""

    id: str
    community_id: str
    turn_id: str | None
    reporter_id: str | None
    reason: str
    note: str
    state: str
    handled_by: str | None
    outcome: str
    reported_at: datetime
    handled_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReportedExchange:
    """What staff sees of a report: the reply and the question before it."""

    report: Report
    turns: tuple[StoredTurn, ...]


_REPORT = columns_for(ReportRow, Report)
_TURN = columns_for(TurnRow, StoredTurn)


async def report_turn(
    session: Session,
    *,
    turn_id: str,
    community_id: str,
    reporter_id: str,
    reason: str,
    note: str,
    now: datetime,
) -> str:
    """Puts a reply into the queue; returns the report's id."""
    assert reason in REASONS, reason
    report_id = new_id()
    values = {
        "id": report_id,
        "community_id": community_id,
        "turn_id": turn_id,
        "reporter_id": reporter_id,
        "reason": reason,
        "note": note,
        "state": "open",
        "handled_by": None,
        "outcome": "",
        "reported_at": now,
        "handled_at": None,
    }
    await session.execute(insert(ReportRow), values)
    return report_id


async def open_reports(session: Session, community_id: str, limit: int = 20) -> list[Report]:
    """The queue of a community, oldest first; holds nobody's text but the reporter's note."""
    query = (
        select(*_REPORT)
        .where(ReportRow.community_id == community_id, ReportRow.state == "open")
        .order_by(ReportRow.id)
        .limit(limit)
    )
    return [Report(*row) for row in await session.execute(query)]


async def read_report(
    session: Session, report_id: str, *, reader_id: str, now: datetime
) -> ReportedExchange | None:
    """A report with the exchange it is about; that `reader_id` read it is audited."""
    query = select(*_REPORT).where(ReportRow.id == report_id)
    row = (await session.execute(query)).one_or_none()
    if row is None:
        return None
    report = Report(*row)
    turns = await _exchange(session, report.turn_id) if report.turn_id else ()
    await audit.record(
        session,
        actor_id=reader_id,
        action="report.read",
        subject_id=next((turn.learner_id for turn in turns if turn.learner_id), None),
        community_id=report.community_id,
        details={"report_id": report.id},
        now=now,
    )
    return ReportedExchange(report, turns)


async def handle_report(
    session: Session,
    report_id: str,
    *,
    by: str,
    outcome: str,
    now: datetime,
    dismissed: bool = False,
) -> bool:
    """Closes a report; False when somebody closed it before."""
    statement = (
        update(ReportRow)
        .where(ReportRow.id == report_id, ReportRow.state == "open")
        .values(
            state="dismissed" if dismissed else "handled",
            handled_by=by,
            outcome=outcome,
            handled_at=now,
        )
        .returning(ReportRow.community_id)
    )
    community_id = (await session.execute(statement)).scalar_one_or_none()
    if community_id is None:
        return False
    await audit.record(
        session,
        actor_id=by,
        action="report.dismissed" if dismissed else "report.handled",
        community_id=community_id,
        details={"report_id": report_id},
        now=now,
    )
    return True


async def _exchange(session: Session, turn_id: str) -> tuple[StoredTurn, ...]:
    """The reported turn and the one before it in its conversation."""
    reported = select(TurnRow.conversation_id).where(TurnRow.id == turn_id).scalar_subquery()
    query = (
        select(*_TURN)
        .where(TurnRow.conversation_id == reported, TurnRow.id <= turn_id)
        .order_by(TurnRow.id.desc())
        .limit(2)
    )
    rows = (await session.execute(query)).all()
    return tuple(StoredTurn(*row) for row in reversed(rows))
