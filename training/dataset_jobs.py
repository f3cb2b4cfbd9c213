"""The jobs that build a version of a data set, and that check one without keeping it.

Payload: `scope`, `name`, `source` ({upload: {blob, file_name, licence}, bank: {course_ids},
answers: {}, chats: {}}, one or several, or {pictures: {blob, file_name, licence}} alone),
`language`, `by`, `place`, `tell`. The same content again gives the version that there is. What
nothing can be trained on fails once, with a sentence.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from pydantic import TypeAdapter

from storage import datasets, outbox
from storage.blobs import BlobMissing
from storage.database import Session
from storage.datasets import DatasetVersion
from storage.jobs import Job, job_by_id
from storage.learners import identities
from training.datasets import versions
from training.datasets.assembling import Built, assemble
from training.datasets.base_tokenizer import rendering_for
from training.datasets.building import answers, bank, chats
from training.datasets.building.consenting import Consenting
from training.datasets.reading.found import Found, Origin
from training.datasets.reading.read import read
from training.failure import TrainingFailed
from training.gan.uploads.building import build_pictures
from training.worker import Handler, JobFailed, Postponed, Running
from tutor.bank.item import Item
from tutor.bank.reason import BankError
from tutor.engine.contract import ModelUnusable
from tutor.i18n import mark, say
from tutor.language import Language
from tutor.messages import Place
from tutor.notices import notice_body, tell_learner, tell_place
from tutor.tuning.datasets import BUILD, WORD
from tutor.tuning.origin import origin_from
from tutor.tuning.product import Product, product_from

CHECK = "dataset_check"
LOOK_AGAIN = timedelta(seconds=2)
FILE_GONE = mark("The uploaded file is no longer stored. Upload it again.")
_PLACE = TypeAdapter(Place)


async def build_version(running: Running) -> Mapping[str, Any]:
    """Builds and keeps a version, and tells how it ended where somebody asked for that."""
    try:
        version, is_new = await _version(running)
    except JobFailed as error:
        await _tell(running, str(error))
        raise
    result = {
        "version_id": version.id,
        "number": version.number,
        "existing": not is_new,
        "check": dict(version.manifest),
    }
    await _tell(running, _done(running.job.payload, result))
    return result


async def _version(running: Running) -> tuple[DatasetVersion, bool]:
    if "pictures" not in running.job.payload["source"]:
        return await _saved(running, await _built(running))
    try:
        return await build_pictures(running)
    except BlobMissing as error:
        raise JobFailed(say(_language(running), FILE_GONE)) from error


async def tell_result(running: Running) -> Mapping[str, Any]:
    """Says how a build ended whose asker did not wait for it."""
    async with running.database.read() as session:
        build = await job_by_id(session, running.job.payload["job_id"])
    if build is None:
        return {}
    if build.finished_at is None:
        raise Postponed(running.now() + LOOK_AGAIN)
    if build.result is not None:
        text = _done(build.payload, build.result)
    else:
        reason = " ".join((build.error or "").split())
        language = Language(build.payload["language"])
        text = say(language, "The data set was not made. {reason}", reason=reason)
    await _say(running, build, text)
    return {}


async def check_source(running: Running) -> Mapping[str, Any]:
    """The same without keeping anything."""
    built = await _built(running)
    return {"check": dict(built.manifest)}


async def _built(running: Running) -> Built:
    language = _language(running)
    try:
        gathered = await _gathered(running)
        return await asyncio.to_thread(_assembled, running, gathered)
    except BankError as error:
        raise JobFailed(error.reason.said(language)) from error
    except TrainingFailed as error:
        raise JobFailed(say(language, error.message, **error.fields)) from error
    except ModelUnusable as error:
        raise JobFailed(say(language, error.sentence, **error.fields)) from error
    except BlobMissing as error:
        raise JobFailed(say(language, FILE_GONE)) from error


def _assembled(running: Running, gathered: "_Gathered") -> Built:
    """The long part, in a thread of its own."""
    settings = running.settings
    rendering = rendering_for(settings.model, settings.data_dir)
    return assemble(gathered.rows(running), rendering, lambda rows: running.report(rows=rows))


class _Gathered:
    """What was taken from the database, before it is made into rows."""

    def __init__(self) -> None:
        self.bank_items: list[Item] = []
        self.answer_items: list[Item] = []
        self.from_chats: list[Found] = []
        self.upload: Mapping[str, Any] | None = None

    def rows(self, running: Running) -> Iterator[Found]:
        """Every row of all sources. Raises BankError and BlobMissing."""
        if self.upload is not None:
            origin = Origin(self.upload["file_name"], self.upload.get("licence") or "")
            yield from read(running.blobs.existing_path(self.upload["blob"]), origin)
        yield from bank.rows_of(self.bank_items)
        yield from answers.rows_of(self.answer_items)
        yield from self.from_chats


async def _gathered(running: Running) -> _Gathered:
    payload, gathered = running.job.payload, _Gathered()
    source, scope = payload["source"], payload["scope"]
    switched_on = running.settings.train_on_chats
    gathered.upload = source.get("upload")
    async with running.database.long_read() as session:
        if "bank" in source:
            wanted: Sequence[str] | None = source["bank"].get("course_ids")
            for course in await bank.courses_in(session, scope, wanted):
                gathered.bank_items += await bank.bank_items(session, course.id)
        if "answers" in source:
            for course in await bank.courses_in(session, scope, None):
                gathered.answer_items += await answers.approved_items(session, course.id)
            found = await chats.corrected_rows(session, scope, switched_on=switched_on)
            gathered.from_chats += found
        if "chats" in source:
            gathered.from_chats += await chats.chat_rows(session, scope, switched_on=switched_on)
    return gathered


async def _saved(running: Running, built: Built) -> tuple[DatasetVersion, bool]:
    payload, now = running.job.payload, running.now()
    async with running.database.long_write() as session:
        await _check_consents(running, session, built)
        dataset = await datasets.dataset_named(
            session, payload["scope"], payload["name"], by=payload.get("by"), now=now
        )
        before = await datasets.same_version(session, dataset.id, built.content_hash)
        version = before or await versions.save(
            session,
            running.blobs,
            dataset_id=dataset.id,
            built=built,
            by=payload.get("by"),
            now=now,
        )
    return version, before is None


async def _check_consents(running: Running, session: Session, built: Built) -> None:
    """Whoever withdrew while it was built is in no version: it is built again without them."""
    consenting = Consenting(session, switched_on=running.settings.train_on_chats)
    if not await consenting.all_of(built.contributions):
        raise Postponed(running.now())


def _done(payload: Mapping[str, Any], result: Mapping[str, Any]) -> str:
    language, name, check = Language(payload["language"]), payload["name"], result["check"]
    if result["existing"]:
        return say(
            language,
            "The data set “{name}” has just this content already: version {number}. Nothing new "
            "was stored.",
            name=name,
            number=result["number"],
        )
    if product_from(check) is Product.GENERATOR:
        return say(
            language,
            "The pictures “{name}” are ready: version {number} with {pictures} pictures of "
            "{things} things; {rejected} were rejected. {check} shows them.",
            name=name,
            number=result["number"],
            pictures=check["pictures"],
            things=len(check["things"]),
            rejected=check["rejected"]["total"],
            check="`/gan check`",
        )
    return say(
        language,
        "The data set “{name}” is ready: version {number} with {train} examples to train on and "
        "{held_out} held out; {rejected} rows were rejected.",
        name=name,
        number=result["number"],
        train=check["split"]["train"]["examples"],
        held_out=check["split"]["held_out"]["examples"],
        rejected=check["rejected"]["total"],
    )


async def _tell(running: Running, text: str) -> None:
    if running.job.payload.get("tell"):
        await _say(running, running.job, text)


async def _say(running: Running, build: Job, text: str) -> None:
    """A message in the place where it was asked for, else to the person."""
    payload, now = build.payload, running.now()
    key = f"{build.kind}:{build.id}"
    origin = origin_from(payload.get("place"))
    async with running.database.write() as session:
        if origin is not None:
            await outbox.add_notice(
                session,
                platform=origin.place.platform,
                recipient=origin.recipient,
                place=origin.stored_place,
                body=notice_body(text),
                now=now,
                dedupe_key=key,
            )
        elif payload.get("place"):
            place = _PLACE.validate_python(payload["place"])
            await tell_place(session, place, text, now=now, key=key)
        elif payload.get("by"):
            known = await identities(session, payload["by"])
            await tell_learner(session, known, text, now=now, key=key)


def _language(running: Running) -> Language:
    return Language(running.job.payload["language"])


HANDLERS: Mapping[str, Handler] = {
    BUILD: build_version,
    CHECK: check_source,
    WORD: tell_result,
}
