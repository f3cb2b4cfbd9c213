"""`/tune start`, `/tune estimate`, `/gan train`: what a training would take, then a button."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any

from bot.commands.arguments import argument
from bot.commands.classes.times import shown_time, unreadable, zone_of
from bot.commands.offers import offer
from bot.commands.tuning.datasets import no_data, version_meant
from bot.commands.tuning.rights import home_scope, may_handle, not_yours, with_refusals
from bot.commands.tuning.waiting import ended, reason_of
from bot.services import Services
from storage import datasets
from storage.datasets import DatasetVersion
from storage.jobs import Job, JobState, enqueue
from tutor.classes.dates import DateUnreadable, parse_time
from tutor.i18n import mark, say
from tutor.language import Language
from tutor.messages import Button, ReplyPart, Status, Style, Text
from tutor.tuning import card
from tutor.tuning.origin import origin_of
from tutor.tuning.product import GAN, Product, product_from, product_of
from tutor.tuning.runs import start_run
from tutor.turn import Turn

ESTIMATE = "tune_estimate"
METHODS = (
    ("supervised", mark("Supervised: answers as in the data")),
    ("pretrain", mark("Pretrain: raw course text")),
    ("kto", mark("KTO: thumbs up and down")),
    ("dpo", mark("DPO: better and worse answers")),
    ("seq2seq", mark("Seq2seq: models of the T5 family")),
)
EFFORTS = (
    ("quick", mark("Quick: minutes, to see whether it is worth it")),
    ("normal", mark("Normal")),
    ("thorough", mark("Thorough: hours")),
)
STARTS = (
    ("scratch", mark("From scratch")),
    ("shipped", mark("From the generator that comes with Daoshi")),
)
SIZES = (("32", mark("32 pixels: minutes")), ("64", mark("64 pixels: four times as long")))
VARIANTS = (
    ("rslora", mark("rsLoRA")),
    ("lora", mark("LoRA")),
    ("lora_plus", mark("LoRA+")),
    ("eva", mark("EVA")),
    ("pissa", mark("PiSSA")),
    ("olora", mark("OLoRA")),
)
NOW = "now"
GIGABYTE = 1 << 30


async def start(
    services: Services, turn: Turn, product: Product = Product.ADAPTER
) -> AsyncIterator[ReplyPart]:
    """The estimate with a button to begin."""
    async for part in _prepare(services, turn, product):
        yield part


async def estimate(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """The same: beginning is one more press."""
    async for part in _prepare(services, turn, Product.ADAPTER):
        yield part


@with_refusals
async def prepare(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """The same for the version under whose check a button was pressed."""
    async with services.database.read() as session:
        version = await datasets.version_by_id(session, payload["version_id"])
    if version is None:
        yield no_data(turn)
        return
    async for part in _estimated(services, turn, version, "", None):
        yield part


@with_refusals
async def begin(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """Starts the training; its card appears where this was pressed."""
    if not await may_handle(services, turn, payload["scope"]):
        yield not_yours(turn)
        return
    now, chosen = services.now(), payload["not_before"]
    async with services.database.write() as session:
        run = await start_run(
            session,
            scope=payload["scope"],
            name=payload["name"],
            version_id=payload["version_id"],
            recipe=payload["recipe"],
            language=turn.language,
            place=origin_of(turn).to_json(),
            started_by=turn.learner.id,
            not_before=now if chosen == NOW else datetime.fromisoformat(chosen) if chosen else None,
            now=now,
        )
        await card.refresh(session, run, now=now)
    yield Text(
        say(
            turn.language,
            "“{name}” is on its way. The card here shows how far it is, and the report comes here "
            "too.",
            name=run.name,
        )
    )


async def _prepare(services: Services, turn: Turn, product: Product) -> AsyncIterator[ReplyPart]:
    async with services.database.read() as session:
        version = await version_meant(session, turn, argument(turn, "data"), product)
    if version is None:
        yield no_data(turn, product)
        return
    try:
        when = _chosen_time(services, turn)
    except DateUnreadable as error:
        yield Text(unreadable(turn, error))
        return
    async for part in _estimated(services, turn, version, argument(turn, "name"), when):
        yield part


def _chosen_time(services: Services, turn: Turn) -> str | None:
    """NOW, a time as ISO text, or None: as soon as it disturbs nobody."""
    written = argument(turn, "when")
    if not written or written.lower() in (NOW, "现在"):
        return NOW if written else None
    moment = parse_time(written, services.now(), zone_of(turn))
    return moment.isoformat()


ASKED = {
    Product.ADAPTER: ("method", "effort", "variant"),
    Product.GENERATOR: ("effort", "start", "size"),
}
"""The options of a command that belong to the recipe."""


def _recipe(turn: Turn, product: Product) -> dict[str, Any]:
    given = {name: argument(turn, name) for name in ASKED[product]}
    method = {"method": GAN} if product is Product.GENERATOR else {}
    chosen = {name: value for name, value in given.items() if value}
    return {"effort": "normal", **chosen, **method}


async def _estimated(
    services: Services, turn: Turn, version: DatasetVersion, name: str, when: str | None
) -> AsyncIterator[ReplyPart]:
    """Has the worker find out by a dry run what it takes."""
    recipe = _recipe(turn, product_from(version.manifest))
    async with services.database.write() as session:
        dataset = await datasets.dataset_by_id(session, version.dataset_id)
        job = await enqueue(
            session,
            kind=ESTIMATE,
            payload={"version_id": version.id, "recipe": recipe},
            scope=home_scope(turn),
            created_by=turn.learner.id,
            max_attempts=2,
            now=services.now(),
        )
    assert dataset is not None, version.dataset_id
    about = {
        "community_id": turn.community.id,
        "scope": home_scope(turn),
        "name": name or dataset.name,
        "version_id": version.id,
        "recipe": recipe,
        "not_before": when,
    }
    title = say(
        turn.language,
        "**Train on “{data}”, version {number}** ({effort})",
        data=dataset.name,
        number=version.number,
        effort=recipe["effort"],
    )
    async for part in _offered(services, turn, job.id, title, about):
        yield part


@with_refusals
async def show_estimate(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """What has become of an estimate since."""
    async for part in _offered(
        services, turn, payload["job_id"], payload["title"], payload["about"]
    ):
        yield part


async def _offered(
    services: Services, turn: Turn, job_id: str, title: str, about: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """The figures and the button that begins it; where they take long, one that asks again."""
    yield Status(say(turn.language, "Estimating…"))
    job = await ended(services, job_id)
    if job is not None and job.state == JobState.FAILED:
        reason = reason_of(job)
        yield Text(say(turn.language, "This can't be trained. {reason}", reason=reason))
        return
    lines = [title, *_figures(turn.language, job, product_of(about["recipe"]))]
    if about["not_before"] and about["not_before"] != NOW:
        moment = shown_time(datetime.fromisoformat(about["not_before"]), zone_of(turn))
        lines.append(say(turn.language, "- Begins at {time}", time=moment))
    yield Text("\n".join(lines))
    label = say(turn.language, "Start")
    buttons = [Button("tune_begin", label, dict(about), Style.PRIMARY, emoji="▶️", once=True)]
    if job is not None and job.result is None:
        later = {"job_id": job_id, "title": title, "about": dict(about)}
        label = say(turn.language, "Show the estimate")
        buttons.append(Button("tune_estimate_result", label, later))
    yield await offer(services, turn, buttons)


def _figures(language: Language, job: Job | None, product: Product) -> list[str]:
    """The estimate in lines, once the worker has it."""
    if job is None or job.result is None:
        return [say(language, "- The estimate is not ready yet.")]
    return estimate_lines(language, job.result, product)


def estimate_lines(
    language: Language, result: Mapping[str, Any], product: Product = Product.ADAPTER
) -> list[str]:
    """Time, memory, disk and work of a dry run."""
    drawn = mark("- {steps} steps over {tokens} pictures, each of them many times")
    work = mark("- {steps} steps over {tokens} tokens")
    return [
        say(language, "- Time: about {time}", time=card.time_left(language, result["seconds"])),
        say(
            language,
            "- Memory: {memory} GB at most; disk: {disk} GB",
            memory=f"{result['peak_bytes'] / GIGABYTE:.1f}",
            disk=f"{result['disk_bytes'] / GIGABYTE:.1f}",
        ),
        say(
            language,
            drawn if product is Product.GENERATOR else work,
            steps=result["steps"],
            tokens=f"{result['tokens']:,}",
        ),
    ]
