"""Everything that is stored about a person, as JSON that they can read and take along."""

import base64
from collections import defaultdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from storage.blobs import BlobStore
from storage.database import Session
from storage.erase import turns_about
from storage.learners import identities
from storage.models import Base, BlobReferenceRow, LearnerRow, ReportRow, TurnRevisionRow, TurnRow
from storage.personal import by_identity, learner_columns
from storage.rows import to_json

FORMAT = 1
PROOFS = {  # not facts about the person, but keys that open something
    "link_codes": {"salt", "digest"},
    "installations": {"payload"},
    "choice_sets": {"token"},
}


async def export_learner(
    session: Session, learner_id: str, now: datetime, blobs: BlobStore | None = None
) -> dict[str, Any]:
    """The rows about a learner by table, and with a blob store their files in base64."""
    conditions = await _conditions(session, learner_id)
    tables = {
        table: await _rows(session, table, or_(*theirs))
        for table, theirs in sorted(conditions.items())
    }
    for report in tables[ReportRow.__tablename__]:
        if report["reporter_id"] != learner_id:  # they handled it; the words are somebody else's
            report.update(reporter_id=None, note=None, turn_id=None)
    return {
        "format": FORMAT,
        "learner_id": learner_id,
        "exported_at": to_json(now),
        "tables": tables,
        "files": await _files(tables[BlobReferenceRow.__tablename__], blobs),
    }


async def _conditions(session: Session, learner_id: str) -> dict[str, list[ColumnElement[bool]]]:
    """What makes a row of a table theirs."""
    theirs: defaultdict[str, list[ColumnElement[bool]]] = defaultdict(list)
    theirs[LearnerRow.__tablename__].append(LearnerRow.id == learner_id)
    for reference in learner_columns():
        theirs[reference.table.name].append(reference.column == learner_id)
    known = await identities(session, learner_id)
    if known:
        for table, condition in by_identity(known).items():
            theirs[table].append(condition)
    turns = turns_about(learner_id)
    theirs[TurnRow.__tablename__] = [TurnRow.id.in_(turns)]  # their own are among them
    theirs[TurnRevisionRow.__tablename__].append(TurnRevisionRow.turn_id.in_(turns))
    return theirs


async def _rows(
    session: Session, name: str, condition: ColumnElement[bool]
) -> list[dict[str, Any]]:
    table = Base.metadata.tables[name]
    columns = [column for column in table.columns if column.name not in PROOFS.get(name, ())]
    query = select(*columns).where(condition).order_by(*table.primary_key.columns)
    return [
        {key: to_json(value) for key, value in row.items()}
        for row in (await session.execute(query)).mappings()
    ]


async def _files(references: list[dict[str, Any]], blobs: BlobStore | None) -> list[dict[str, Any]]:
    files = []
    for reference in references:
        entry = {"name": reference["name"], "sha256": reference["hash"]}
        if blobs is not None:
            content = await blobs.get(reference["hash"])
            entry["content_base64"] = base64.b64encode(content).decode()
        files.append(entry)
    return files
