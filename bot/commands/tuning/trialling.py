"""`/adapter trial …`: two adapters side by side, each learner with one of them."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from bot.commands.arguments import argument
from bot.commands.offers import offer
from bot.commands.tuning.adapters import adapter_meant, capabilities_of
from bot.commands.tuning.rights import home_scope, may_handle, not_yours, with_refusals
from bot.services import Services
from storage.adapter_trials import RUNNING, latest_trial
from storage.database import Session
from tutor.adapters.trials import answers_now, standing, start_trial, stop_trial, summary
from tutor.i18n import say
from tutor.messages import Button, ReplyPart, Style, Text
from tutor.turn import Turn

HALF = 50


@with_refusals
async def start(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """The adapter against what answers here now, for a share of the learners."""
    adapter = await adapter_meant(services, turn, argument(turn, "adapter"))
    percent, scope = int(argument(turn, "percent") or HALF), home_scope(turn)
    capabilities = await capabilities_of(services)
    async with services.database.write() as session:
        await start_trial(
            session,
            scope=scope,
            candidate_id=adapter.id,
            control_id=await answers_now(session, scope),
            by=turn.learner.id,
            now=services.now(),
            capabilities=capabilities,
            share=percent / 100,
        )
        text = await _standing(session, services, turn)
    yield Text(text)


@with_refusals
async def show_status(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """The thumbs of both sides, with buttons to end it."""
    async with services.database.read() as session:
        text = await _standing(session, services, turn)
        trial = await latest_trial(session, home_scope(turn))
    yield Text(text)
    if trial is not None and trial.state == RUNNING:
        about = {"community_id": turn.community.id, "scope": home_scope(turn)}
        keep = say(turn.language, "Keep the candidate")
        back = say(turn.language, "Stop the trial")
        buttons = [
            Button("trial_stop", keep, {**about, "keep": True}, Style.PRIMARY, closes=True),
            Button("trial_stop", back, {**about, "keep": False}, closes=True),
        ]
        yield await offer(services, turn, buttons)


@with_refusals
async def stop(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    keep = argument(turn, "keep") == "yes"
    yield Text(await _stopped(services, turn, home_scope(turn), keep=keep))


@with_refusals
async def press_stop(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    if not await may_handle(services, turn, payload["scope"]):
        yield not_yours(turn)
        return
    yield Text(await _stopped(services, turn, payload["scope"], keep=payload["keep"]))


async def _stopped(services: Services, turn: Turn, scope: str, *, keep: bool) -> str:
    now = services.now()
    async with services.database.write() as session:
        await stop_trial(session, scope=scope, by=turn.learner.id, now=now, keep=keep)
        return await _standing(session, services, turn, scope)


async def _standing(session: Session, services: Services, turn: Turn, scope: str = "") -> str:
    trial = await latest_trial(session, scope or home_scope(turn))
    if trial is None:
        return say(turn.language, "There has been no trial here.")
    return summary(await standing(session, trial, services.now()), turn.language)
