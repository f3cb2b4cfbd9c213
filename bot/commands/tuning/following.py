"""`/tune` and `/gan status`, `stop`, `report`: how trainings stand, what is decided of them."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from bot.commands.arguments import argument
from bot.commands.offers import offer
from bot.commands.tuning.rights import may_handle, not_yours, scopes_of, with_refusals
from bot.notices import pictures_of
from bot.services import Services
from storage.tuning_runs import TuningRun
from tutor.i18n import say
from tutor.messages import Button, ReplyPart, Text
from tutor.tuning import card
from tutor.tuning.product import Product, product_of
from tutor.tuning.runs import cancel_run, reject_run, run_by_id, runs_of
from tutor.tuning.stage import Stage
from tutor.turn import Turn

SHOWN = 8


async def show_status(
    services: Services, turn: Turn, product: Product = Product.ADAPTER
) -> AsyncIterator[ReplyPart]:
    """The latest trainings, with a button to stop each that goes on."""
    runs = await _runs(services, turn, product)
    if not runs:
        yield Text(say(turn.language, "Nothing has been trained here yet."))
        return
    lines = [say(turn.language, "**Trainings**")]
    lines += [_line(turn, run) for run in runs[:SHOWN]]
    yield Text("\n".join(lines))
    active = [run for run in runs[:SHOWN] if Stage(run.stage).active]
    if active:
        yield await offer(services, turn, [_stop_button(turn, run) for run in active])


@with_refusals
async def stop(
    services: Services, turn: Turn, product: Product = Product.ADAPTER
) -> AsyncIterator[ReplyPart]:
    """Stops the training that goes on; of several, the one that was named."""
    runs = [run for run in await _runs(services, turn, product) if Stage(run.stage).active]
    run = _named(runs, argument(turn, "name"))
    if run is not None:
        yield await _stopped(services, turn, run.id)
    elif runs and not argument(turn, "name"):
        yield Text(say(turn.language, "Several trainings go on. Which one?"))
        yield await offer(services, turn, [_stop_button(turn, one) for one in runs])
    else:
        yield Text(say(turn.language, "No such training goes on here."))


@with_refusals
async def press_stop(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    if await _may(services, turn, payload):
        yield await _stopped(services, turn, payload["run_id"])
    else:
        yield not_yours(turn)


@with_refusals
async def press_reject(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """The adapter is kept, and used nowhere."""
    if not await _may(services, turn, payload):
        yield not_yours(turn)
        return
    async with services.database.write() as session:
        run = await reject_run(session, payload["run_id"], services.now())
        await card.refresh(session, run, now=services.now())
    yield Text(
        say(turn.language, "“{name}” is rejected: it stays stored and is not used.", name=run.name)
    )


@with_refusals
async def report(
    services: Services, turn: Turn, product: Product = Product.ADAPTER
) -> AsyncIterator[ReplyPart]:
    """The report card of the latest training, or of one by name."""
    name = argument(turn, "name")
    runs = [run for run in await _runs(services, turn, product) if run.report and run.adapter_id]
    run = _named(runs, name) if name else next(iter(runs), None)
    if run is None:
        yield Text(say(turn.language, "There is no report yet."))
        return
    body = card.report_body(run, turn.language, ())
    yield Text(body["text"])
    for picture in await pictures_of(body, services.blobs):
        yield picture
    buttons = card.report_buttons(turn.community.id, run, turn.language)
    yield await offer(services, turn, buttons)


async def _runs(services: Services, turn: Turn, product: Product) -> list[TuningRun]:
    """Those of this place that make such a thing, the newest first."""
    async with services.database.read() as session:
        found = [run for scope in scopes_of(turn) for run in await runs_of(session, scope)]
    found = [run for run in found if product_of(run.recipe) is product]
    return sorted(found, key=lambda run: run.id, reverse=True)


def _named(runs: list[TuningRun], name: str) -> TuningRun | None:
    """By name or short id; without one, the only one there is."""
    if not name:
        return runs[0] if len(runs) == 1 else None
    wanted = name.casefold()
    return next(
        (run for run in runs if wanted in (run.name.casefold(), card.short_id(run).casefold())),
        None,
    )


def _line(turn: Turn, run: TuningRun) -> str:
    line = f"- **{run.name}** ({card.short_id(run)}): {card.phase_text(turn.language, run)}"
    failure = card.failure_text(turn.language, run)
    return f"{line} · {failure}" if failure else line


def _stop_button(turn: Turn, run: TuningRun) -> Button:
    label = say(turn.language, "Stop “{name}”", name=run.name)
    about = {"community_id": turn.community.id, "run_id": run.id}
    return Button("tune_stop", label, about, emoji="⏹️", once=True)


async def _may(services: Services, turn: Turn, about: Mapping[str, Any]) -> bool:
    async with services.database.read() as session:
        run = await run_by_id(session, about["run_id"])
    return await may_handle(services, turn, run.scope)


async def _stopped(services: Services, turn: Turn, run_id: str) -> Text:
    async with services.database.write() as session:
        run = await cancel_run(session, run_id, services.now())
        await card.refresh(session, run, now=services.now())
    if Stage(run.stage).active:
        return Text(say(turn.language, "“{name}” stops within moments.", name=run.name))
    return Text(say(turn.language, "“{name}” is stopped.", name=run.name))
