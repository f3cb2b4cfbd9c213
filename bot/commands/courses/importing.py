"""`/course import`: a question bank from a file; first what would be taken, then a button for it.

The file is read by a job. Its report is waited for as long as somebody likes to wait, and can be
asked for again with a button.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from bot.commands.courses.founding import may_found, not_founding
from bot.commands.offers import offer
from bot.services import Services
from storage.blobs import keep_blob
from storage.jobs import Job, JobState, enqueue, job_by_id
from tutor.bank.reason import Reason
from tutor.i18n import say, say_count
from tutor.language import Language
from tutor.messages import Button, ReplyPart, Status, Style, Text
from tutor.names import name_in
from tutor.turn import Turn, Upload

KIND = "course_import"
WAITING_SECONDS = 30.0
POLL_SECONDS = 0.5
SHOWN_REMARKS = 8
SHOWN_COURSES = 10


async def begin(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """Stores the file and has it read without writing anything."""
    async with services.database.read() as session:
        allowed = await may_found(session, turn)
    if not allowed:
        yield Text(not_founding(turn))
        return
    if not turn.uploads:
        yield Text(
            say(
                turn.language,
                "Please give me the file with the command: OATutor, GSM8K, CSV, Moodle XML, GIFT "
                "or an Anki package.",
            )
        )
        return
    async for part in _run(services, turn, await _payload(services, turn, turn.uploads[0])):
        yield part


async def import_now(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """The same file once more, and this time it is written."""
    async for part in _run(services, turn, {**payload["job"], "dry_run": False}):
        yield part


async def show_result(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """What has become of a job since."""
    async for part in _wait(services, turn, payload["job_id"]):
        yield part


async def _payload(services: Services, turn: Turn, upload: Upload) -> dict[str, Any]:
    """What the job is given. Courses of different communities never overwrite each other."""
    blob = await services.blobs.put(upload.data)
    owner = f"{KIND}:{turn.learner.id}:{blob.hash}"
    async with services.database.write() as session:
        await keep_blob(
            session,
            blob,
            owner=owner,
            name=upload.name,
            media_type=upload.media_type,
            learner_id=turn.learner.id,
            now=services.now(),
        )
    in_community = bool(turn.community.external_id)
    return {
        "blob": blob.hash,
        "file_name": upload.name,
        "owner_id": turn.learner.id,
        "community_id": turn.community.id if in_community else None,
        "scope": turn.community.id if in_community else turn.learner.id,
        "language": turn.language.value,
        "dry_run": True,
        "tell_after_seconds": WAITING_SECONDS,
    }


async def _run(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    async with services.database.write() as session:
        job = await enqueue(
            session,
            kind=KIND,
            payload=payload,
            created_by=turn.learner.id,
            learner_id=turn.learner.id,
            max_attempts=2,
            now=services.now(),
        )
    async for part in _wait(services, turn, job.id):
        yield part


async def _wait(services: Services, turn: Turn, job_id: str) -> AsyncIterator[ReplyPart]:
    """The job's report as soon as there is one; after a while, a button to ask for it."""
    yield Status(say(turn.language, "Reading the file…"))
    waited = 0.0
    job = await _job(services, job_id)
    while job is not None and job.finished_at is None and waited < WAITING_SECONDS:
        await asyncio.sleep(POLL_SECONDS)
        waited += POLL_SECONDS
        job = await _job(services, job_id)
    if job is None:
        yield Text(say(turn.language, "That import is no longer stored."))
    elif job.finished_at is None:
        yield Text(say(turn.language, "That takes a while. I write to you when it is done."))
        label = say(turn.language, "Show the result")
        yield await offer(
            services, turn, [Button("course_import_result", label, {"job_id": job_id})]
        )
    elif job.state != JobState.DONE or job.result is None:
        reason = " ".join((job.error or "").split())
        yield Text(say(turn.language, "The import failed. {reason}", reason=reason))
    else:
        yield Text("\n".join(_report(job.result, turn.language)))
        if job.result["dry_run"] and job.result["counts"]["items"]:
            yield await offer(services, turn, [_import_button(job, turn.language)])


async def _job(services: Services, job_id: str) -> Job | None:
    async with services.database.read() as session:
        return await job_by_id(session, job_id)


def _import_button(job: Job, language: Language) -> Button:
    assert job.result is not None, job.id
    items = job.result["counts"]["items"]
    label = say_count(language, "Import {count} item", "Import {count} items", items)
    return Button("course_import", label, {"job": dict(job.payload)}, Style.PRIMARY, once=True)


def _report(result: Mapping[str, Any], language: Language) -> list[str]:
    """What there is in each course, what was left out and why."""
    dry = say(language, "**What would be imported** (nothing is written yet)")
    lines = [dry if result["dry_run"] else say(language, "**Imported**")]
    courses: Sequence[Mapping[str, Any]] = result["courses"]
    for one in courses[:SHOWN_COURSES]:
        lines.append(_course_line(one, language))
    if len(courses) > SHOWN_COURSES:
        more = len(courses) - SHOWN_COURSES
        lines.append(say(language, "- and {count} more courses", count=more))
    left_out = result["not_taken_count"]
    lines.append(
        say_count(language, "{count} entry not taken.", "{count} entries not taken.", left_out)
    )
    for remark in result["not_taken"][:SHOWN_REMARKS]:
        reason = Reason(remark["message"], remark["fields"]).said(language)
        lines.append(f"- `{remark['place']}`: {reason}")
    if left_out > SHOWN_REMARKS:
        lines.append("- …")
    return lines


def _course_line(one: Mapping[str, Any], language: Language) -> str:
    counts, saved = one["counts"], one["saved"]
    line = say(
        language,
        "- {course}: {items} items, {steps} steps, {hints} hints, {skills} skills",
        course=name_in(one["names"], language),
        items=counts["items"],
        steps=counts["steps"],
        hints=counts["hints"],
        skills=counts["skills"],
    )
    if saved is None:
        return line
    what = say(
        language,
        "{added} new, {changed} changed, {unchanged} unchanged, {retired} retired",
        added=saved["added"],
        changed=saved["changed"],
        unchanged=saved["unchanged"],
        retired=saved["retired"],
    )
    return f"{line} ({what})"
