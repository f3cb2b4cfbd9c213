"""The job that imports an uploaded question bank: the file is a blob, the report its result.

Payload: `blob` (its hash), `file_name`, `owner_id`, `community_id`, `dry_run`, the fields of
`tutor.bank.importing.report.Options`, and from chat `language` and `tell_after_seconds`: so long
somebody waits for the report. What can't be imported fails once, with a sentence.
"""

import asyncio
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import timedelta
from pathlib import Path
from typing import Any

from storage.blobs import BlobMissing
from storage.learners import identities
from storage.members import TEACHER, add_member
from training.worker import Handler, JobFailed, Running
from tutor.bank.importing.report import Options, Remark
from tutor.bank.importing.use import ImportReport, import_file
from tutor.bank.reason import BankError
from tutor.i18n import say, say_count
from tutor.language import Language
from tutor.notices import tell_learner

KIND = "course_import"
KEPT_REMARKS = 500  # in the result; their number is always whole


async def import_course(running: Running) -> Mapping[str, Any]:
    """Imports the blob that the job names, and tells how it ended if nobody waits any more."""
    try:
        result = await _imported(running)
    except JobFailed as error:
        await _tell(running, failure=str(error))
        raise
    await _tell(running, result)
    return result


async def _imported(running: Running) -> Mapping[str, Any]:
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


async def _tell(
    running: Running, result: Mapping[str, Any] | None = None, *, failure: str = ""
) -> None:
    """A message to whoever asked in chat, once they have stopped waiting there."""
    job, payload = running.job, running.job.payload
    waits = timedelta(seconds=payload.get("tell_after_seconds", 0))
    owner_id, now = payload.get("owner_id"), running.now()
    if "tell_after_seconds" not in payload or not owner_id or now < job.created_at + waits:
        return
    language, name = Language(payload["language"]), payload["file_name"]
    async with running.database.write() as session:
        known = await identities(session, owner_id)
        text = _ended(language, name, result, failure)
        await tell_learner(session, known, text, now=now, key=f"{KIND}:{job.id}")


def _ended(language: Language, name: str, result: Mapping[str, Any] | None, failure: str) -> str:
    if result is None:
        return say(
            language,
            "“{name}” could not be imported. {reason}",
            name=name,
            reason=" ".join(failure.split()),
        )
    count = result["counts"]["items"]
    if result["dry_run"]:
        return say_count(
            language,
            "I have read “{name}”: {count} item can be imported. The button “Show the result” "
            "under my earlier message goes on from there.",
            "I have read “{name}”: {count} items can be imported. The button “Show the result” "
            "under my earlier message goes on from there.",
            count,
            name=name,
        )
    return say_count(
        language,
        "“{name}” is imported: {count} item.",
        "“{name}” is imported: {count} items.",
        count,
        name=name,
    )


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
