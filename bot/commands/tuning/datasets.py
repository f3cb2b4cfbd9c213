"""`/tune data …`: a data set from a file or from what is here, what it holds, and a list of all."""

from collections.abc import AsyncIterator, Mapping
from pathlib import PurePath
from typing import Any

from bot.commands.arguments import argument
from bot.commands.offers import offer
from bot.commands.tuning.rights import home_scope, scopes_of, with_refusals
from bot.commands.tuning.waiting import ended, reason_of
from bot.commands.wording import typed
from bot.services import Services
from storage import datasets
from storage.blobs import keep_blob
from storage.database import Session
from storage.datasets import DatasetVersion
from storage.jobs import Job, JobState
from tutor.i18n import mark, say, say_count
from tutor.messages import Button, Picture, ReplyPart, Status, Style, Text
from tutor.tuning.datasets import (
    check_of,
    check_text,
    listed,
    picture_check_of,
    request_build,
    request_word,
    sheet_of,
)
from tutor.tuning.generators.check_text import picture_check_text
from tutor.tuning.origin import origin_of
from tutor.tuning.product import Product, product_from
from tutor.turn import Turn, Upload

SOON_SECONDS = 4.0  # so long nobody minds hearing nothing
SOURCES = (
    ("bank", mark("Questions of the courses here")),
    ("answers", mark("Answers that teachers approved or wrote")),
    ("chats", mark("Rated chats of people who agreed")),
)


@with_refusals
async def upload(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """Stores the file and has it read, cleaned and split."""
    if not turn.uploads:
        yield Text(
            say(
                turn.language,
                "Please give me the file with the command: JSON lines with messages or with prompt "
                "and answer, or CSV.",
            )
        )
        return
    file = turn.uploads[0]
    source = {"upload": await kept(services, turn, file)}
    name = argument(turn, "name") or PurePath(file.name).stem
    async for part in build_of(services, turn, name, source):
        yield part


@with_refusals
async def build(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """A data set from what is stored here already."""
    source = argument(turn, "source") or "bank"
    if source == "chats" and not services.settings.train_on_chats:
        yield Text(
            say(
                turn.language,
                "Chats are not used for training here: the operator has not allowed it "
                "(DAOSHI_TRAIN_ON_CHATS).",
            )
        )
        return
    what: dict[str, Any] = {source: {"course_ids": None} if source == "bank" else {}}
    async for part in build_of(services, turn, argument(turn, "name") or source, what):
        yield part


async def show_list(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """Every data set of this place with its newest version."""
    async with services.database.read() as session:
        found = [one for scope in scopes_of(turn) for one in await listed(session, scope)]
    if not found:
        yield Text(
            say(
                turn.language,
                "There are no data sets yet. {upload} makes one of a file, {build} of what is "
                "here.",
                upload=typed(turn.question.place.platform, "tune data upload"),
                build=typed(turn.question.place.platform, "tune data build"),
            )
        )
        return
    lines = [say(turn.language, "**Data sets**")]
    for one in found:
        line = say(
            turn.language,
            "- **{name}** version {number}: {train} examples, {held_out} held out; licence: "
            "{licence}",
            name=one.name,
            number=one.number,
            train=one.train,
            held_out=one.held_out,
            licence=", ".join(one.licences) or say(turn.language, "not stated"),
        )
        if one.withdrawn:
            line += " · " + say(turn.language, "withdrawn: build a new version")
        lines.append(line)
    yield Text("\n".join(lines))


@with_refusals
async def check(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """What the newest version of a data set holds."""
    async with services.database.read() as session:
        version = await version_meant(session, turn, argument(turn, "name"), Product.ADAPTER)
    if version is None:
        yield no_data(turn)
        return
    async for part in shown(services, turn, version.id):
        yield part


async def show_result(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """What has become of a build since."""
    async for part in _wait(services, turn, payload["job_id"]):
        yield part


async def version_meant(
    session: Session, turn: Turn, name: str, product: Product
) -> DatasetVersion | None:
    """The newest version of the data set of that name, or of the newest data set for this."""
    found: list[DatasetVersion] = []
    for scope in scopes_of(turn):
        if name:
            one = await datasets.dataset_by_name(session, scope, name)
            among = [one] if one else []
        else:
            among = await datasets.datasets_of(session, scope)
        for dataset in among:
            version = await datasets.latest_version(session, dataset.id)
            fits = version is not None and product_from(version.manifest) is product
            found += [version] if version is not None and fits else []
        if name and found:
            break
    return max(found, key=lambda version: version.id, default=None)


def no_data(turn: Turn, product: Product = Product.ADAPTER) -> Text:
    platform = turn.question.place.platform
    if product is Product.GENERATOR:
        upload = typed(platform, "gan upload")
        return Text(
            say(
                turn.language,
                "I know no such pictures here. {upload} takes some in.",
                upload=upload,
            )
        )
    return Text(
        say(
            turn.language,
            "I know no such data set. {list} shows those there are.",
            list=typed(platform, "tune data list"),
        )
    )


async def kept(services: Services, turn: Turn, file: Upload) -> dict[str, str]:
    blob = await services.blobs.put(file.data)
    async with services.database.write() as session:
        await keep_blob(
            session,
            blob,
            owner=f"dataset_upload:{blob.hash}",
            name=file.name,
            media_type=file.media_type,
            learner_id=turn.learner.id,
            now=services.now(),
        )
    return {"blob": blob.hash, "file_name": file.name, "licence": argument(turn, "licence")}


async def build_of(
    services: Services, turn: Turn, name: str, source: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    async with services.database.write() as session:
        job = await request_build(
            session,
            scope=home_scope(turn),
            name=name,
            source=source,
            language=turn.language,
            by=turn.learner.id,
            place=origin_of(turn).to_json(),
            tell=False,
            now=services.now(),
        )
    async for part in _wait(services, turn, job.id):
        yield part


async def _wait(services: Services, turn: Turn, job_id: str) -> AsyncIterator[ReplyPart]:
    """What became of a build; where it takes long, word that it comes by itself."""
    yield Status(say(turn.language, "Reading and checking the data…"))
    job = await ended(services, job_id, SOON_SECONDS)
    if job is None:
        yield Text(say(turn.language, "That job is no longer stored."))
    elif job.finished_at is None:
        async with services.database.write() as session:
            await request_word(session, job, services.now())
        yield Text(_under_way(turn, job))
        label = say(turn.language, "Show the result")
        yield await offer(services, turn, [Button("tune_data_result", label, {"job_id": job_id})])
    elif job.state != JobState.DONE or job.result is None:
        reason = reason_of(job)
        yield Text(say(turn.language, "The data set was not made. {reason}", reason=reason))
    else:
        async for part in shown(services, turn, job.result["version_id"]):
            yield part


def _under_way(turn: Turn, job: Job) -> str:
    lines = [
        say(
            turn.language,
            "The data are being read and checked, which takes a while. I tell you here when it is "
            "done.",
        )
    ]
    if rows := job.progress.get("rows"):
        lines.append(say_count(turn.language, "{count} row so far.", "{count} rows so far.", rows))
    if pictures := job.progress.get("pictures"):
        lines.append(
            say_count(
                turn.language, "{count} picture so far.", "{count} pictures so far.", pictures
            )
        )
    return " ".join(lines)


@with_refusals
async def shown(services: Services, turn: Turn, version_id: str) -> AsyncIterator[ReplyPart]:
    """The check of a version, and the button that trains on it."""
    async with services.database.read() as session:
        version = await datasets.version_by_id(session, version_id)
    if version is not None and product_from(version.manifest) is Product.GENERATOR:
        async for part in _shown_pictures(services, turn, version_id):
            yield part
        return
    async with services.database.read() as session:
        found = await check_of(session, version_id)
    yield Text(check_text(turn.language, found))
    if found.train and not found.withdrawn:
        label = say(turn.language, "Train on it")
        about = {"community_id": turn.community.id, "version_id": version_id}
        yield await offer(services, turn, [Button("tune_prepare", label, about, Style.PRIMARY)])


async def _shown_pictures(
    services: Services, turn: Turn, version_id: str
) -> AsyncIterator[ReplyPart]:
    async with services.database.read() as session:
        found = await picture_check_of(session, version_id)
        sheet = await sheet_of(session, version_id)
    yield Text(picture_check_text(turn.language, found))
    if sheet is not None:
        alt = say(turn.language, "A sheet of the uploaded pictures: each row shows one thing")
        yield Picture(await services.blobs.get(sheet.hash), sheet.name, alt)
    if not found.withdrawn:
        label = say(turn.language, "Train on it")
        about = {"community_id": turn.community.id, "version_id": version_id}
        yield await offer(services, turn, [Button("tune_prepare", label, about, Style.PRIMARY)])
