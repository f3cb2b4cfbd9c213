"""The job that imports an uploaded question bank: the file is a blob, the report its result.

Payload: `blob` (its hash), `file_name`, `owner_id`, `community_id`, `dry_run`, and the fields of
`tutor.bank.importing.report.Options`. What can't be imported fails once, with a sentence.
"""

import asyncio
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from storage.blobs import BlobMissing
from storage.members import TEACHER, add_member
from training.worker import Handler, JobFailed, Running
from tutor.bank.importing.report import Options, Remark
from tutor.bank.importing.use import ImportReport, import_file
from tutor.bank.reason import BankError

KIND = "course_import"
KEPT_REMARKS = 500  # in the result; their number is always whole


async def import_course(running: Running) -> Mapping[str, Any]:
    """Imports the blob that the job names."""
    payload = running.job.payload
    try:
        content = await running.blobs.get(payload["blob"])
    except BlobMissing as error:
        raise JobFailed("The uploaded file is no longer stored. Upload it again.") from error
    with tempfile.TemporaryDirectory(prefix="daoshi-import-") as folder:
        options = _options(payload)
        file = Path(folder) / "upload"
        await asyncio.to_thread(file.write_bytes, content)
        try:
            report = await import_file(
                running.database,
                file,
                options,
                running.now(),
                bool(payload.get("dry_run")),
                owner_id=payload.get("owner_id"),
                community_id=payload.get("community_id"),
                progress=lambda course, done, of: running.report(course=course, done=done, of=of),
            )
        except BankError as error:
            raise JobFailed(str(error)) from error
    if not report.dry_run and payload.get("owner_id"):
        await _make_teacher(running, report, payload["owner_id"])
    return result_of(report)


async def _make_teacher(running: Running, report: ImportReport, owner_id: str) -> None:
    """Whoever imports a course teaches it."""
    async with running.database.write() as session:
        for one in report.courses:
            if one.saved is not None:
                course_id, at = one.saved.course_id, running.now()
                await add_member(session, course_id, owner_id, role=TEACHER, now=at)


def result_of(report: ImportReport) -> dict[str, Any]:
    """A report as the result of a job; reasons are marked sentences with their fields."""
    return {
        "format": report.format.value,
        "dry_run": report.dry_run,
        "counts": asdict(report.counts),
        "courses": [
            {
                "key": one.key,
                "names": dict(one.names),
                "counts": asdict(one.counts),
                "saved": asdict(one.saved) if one.saved else None,
            }
            for one in report.courses
        ],
        "not_taken_count": len(report.not_taken),
        "not_taken": [_remark(remark) for remark in report.not_taken[:KEPT_REMARKS]],
        "remark_count": len(report.remarks),
        "remarks": [_remark(remark) for remark in report.remarks[:KEPT_REMARKS]],
    }


def _remark(remark: Remark) -> dict[str, Any]:
    return {
        "place": remark.place,
        "message": remark.reason.message,
        "fields": {name: str(value) for name, value in remark.reason.fields.items()},
    }


def _options(payload: Mapping[str, Any]) -> Options:
    names = {field.name for field in fields(Options)}
    return Options(**{name: str(payload[name]) for name in names & payload.keys()})


HANDLERS: Mapping[str, Handler] = {KIND: import_course}
