"""Answers one batch: opens the turn, admits or refuses it, shows the reply as it grows, ends it.

The one place where anything unexpected is caught: logged once, apologised for once.
"""

import asyncio
from contextlib import aclosing
from dataclasses import replace

import structlog

from bot.adapter import Draft, Ending, Surface
from bot.commands.offers import reply_controls, stop_control
from bot.commands.run import action_visibility
from bot.dispatch import refusals
from bot.dispatch.admission import refusal
from bot.dispatch.batch import Batch, Halt
from bot.dispatch.learner_words import learner_words
from bot.dispatch.opening import Opened, Quota, open_turn
from bot.dispatch.replying import Replying
from bot.dispatch.showing import Showing
from bot.services import Services
from storage import choices
from storage.database import Session, StorageUnavailable
from tutor.engine.contract import EngineError, EnginePaused, EngineUnavailable
from tutor.language import Language, choose
from tutor.messages import Choices, Kind, Platform, Provenance, Text, Visibility
from tutor.patience import patiently
from tutor.turn import Turn

log = structlog.get_logger()

ENGINE_TRIES = 3
ENGINE_PAUSE_SECONDS = 1.0


class Answering:
    """Answers batches for the dispatcher's lanes."""

    def __init__(
        self,
        services: Services,
        showing: Showing,
        replying: Replying,
        owner: str,
        quota: Quota,
    ) -> None:
        self._services = services
        self._showing = showing
        self._replying = replying
        self._owner = owner
        self._quota = quota

    async def answer(self, batch: Batch) -> None:
        """Answers a batch, from the beginning again whenever a message joins it."""
        while True:
            attempt = asyncio.create_task(self._attempt(batch))
            batch.begin(attempt)
            try:
                await asyncio.wait({attempt})
            except asyncio.CancelledError:
                attempt.cancel()
                raise
            if not attempt.cancelled():
                return
            if batch.halt is not Halt.JOINED:  # ended before it could begin again
                await self._cut(batch, self._showing.surface(batch))
                return

    async def _attempt(self, batch: Batch) -> None:
        """One go at answering; never raises, except when another message joins."""
        lead = batch.lead
        logger = log.bind(event_id=lead.event_id, platform=lead.place.platform, kind=lead.kind)
        surface = self._showing.surface(batch)
        try:
            opened = await patiently(lambda: self._open(batch))
            if opened is None:
                logger.info("answered_elsewhere")
                self._showing.forget(batch)
                return
            batch.turn = replace(opened.turn, burst_over=batch.become_visible)
            batch.resets_at = opened.resets_at or batch.resets_at
            if len(batch.questions) > len(opened.turn.questions):
                batch.questions = list(opened.turn.questions)
                surface = self._showing.surface(batch)
            if lead.press is not None:
                surface = await self._press_surface(batch)
            await self._reply(batch, opened, surface)
            await self._showing.finish(batch, "sent")
            logger.info("answered", messages=len(batch.questions))
        except asyncio.CancelledError:
            if batch.halt is Halt.JOINED:
                raise
            await asyncio.shield(self._cut(batch, surface))
            logger.info("reply_cut", why=batch.halt)
        except StorageUnavailable as error:
            logger.warning("storage_unavailable", error=str(error))
            await self._fail(batch, surface, refusals.memory_away(_language_of(batch)))
        except Exception:
            logger.exception("reply_failed")
            await self._fail(batch, surface, refusals.broken(_language_of(batch)))

    async def _open(self, batch: Batch) -> Opened | None:
        services = self._services
        return await open_turn(
            services.database,
            batch.questions,
            batch.taken,
            self._owner,
            services.now(),
            self._quota,
            self._stop_button,
        )

    async def _reply(self, batch: Batch, opened: Opened, surface: Surface) -> None:
        """Shows careful words or a refusal in private, or the reply as it grows."""
        turn = batch.turn or opened.turn
        now = self._services.now()
        refused = (
            await self._careful(turn, batch)
            or batch.press_refusal
            or refusal(turn, batch.pressed, batch.resets_at, now)
        )
        if refused:
            await batch.become_visible()
            await surface.whisper(refused)
            return
        try:
            await self._stream(batch, turn, surface, opened.stop)
            ending = Ending.DONE
        except EngineError as error:
            log.warning("engine_failed", event_id=turn.question.event_id, error=str(error))
            begun = not batch.drafting.empty
            ending = Ending.FAILED
            made = await self._remember_partly(batch, turn)
            if made is not None:
                batch.drafting.add(made)
            sentence = refusals.engine_failed(
                turn.language, error, begun=begun, now=self._services.now()
            )
            batch.drafting.add(Text(f"\n\n{sentence}" if begun else sentence))
        await self._end(batch, turn, surface, ending)

    async def _careful(self, turn: Turn, batch: Batch) -> str | None:
        """Care comes before everything: before quotas, lessons, examinations and the model."""
        words = learner_words(turn, batch.pressed)
        danger_only = turn.question.kind is not Kind.MESSAGE
        return await self._services.caring.attend(turn, words, danger_only=danger_only)

    async def _stream(
        self, batch: Batch, turn: Turn, surface: Surface, stop: Choices | None
    ) -> None:
        """Every part goes into the draft; text is shown once the burst is over."""
        drafting = batch.drafting
        for tries_left in range(ENGINE_TRIES - 1, -1, -1):
            try:
                async with aclosing(self._replying.parts(turn, batch.pressed)) as parts:
                    async for part in parts:
                        drafting.add(part)
                        if drafting.empty:
                            await self._show_status(turn, surface, batch)
                            continue
                        await batch.become_visible()
                        await surface.show(drafting.draft(controls=stop))
                return
            except EnginePaused:
                raise
            except EngineUnavailable:
                if drafting.text or not tries_left:
                    raise
                await asyncio.sleep(ENGINE_PAUSE_SECONDS)

    async def _show_status(self, turn: Turn, surface: Surface, batch: Batch) -> None:
        """Says what is going on where only the asker reads it; a place in line is whispered."""
        if turn.question.visibility is Visibility.PRIVATE:
            await surface.show(batch.drafting.draft())
            return
        await surface.show(Draft())
        status = batch.drafting.status
        if status.place_in_line is not None and not batch.line_whispered:
            batch.line_whispered = True
            await surface.whisper(status.text)

    async def _end(self, batch: Batch, turn: Turn, surface: Surface, ending: Ending) -> None:
        drafting = batch.drafting
        await batch.become_visible()
        if drafting.empty:
            if turn.question.press is not None:
                return  # Stop was pressed: the reply that it ended says so itself
            drafting.add(Text(refusals.nothing_to_say(turn.language)))
        made = drafting.provenance
        if made is not None and made.turn_id is not None:
            drafting.add(await reply_controls(self._services, turn, made))
        await surface.show(drafting.draft(ending))

    async def _cut(self, batch: Batch, surface: Surface) -> None:
        """Ends a reply early; never raises. What another process has taken over is left to it."""
        if batch.halt is Halt.LOST:
            self._showing.forget(batch)
            return
        try:
            await self._end_early(batch, surface)
        except Exception:
            log.exception("reply_not_ended", event_id=batch.lead.event_id)

    async def _end_early(self, batch: Batch, surface: Surface) -> None:
        """The person stopped the reply, or this process ends: keep and mark what there is."""
        batch.visible = True
        if batch.turn is not None:
            await self._remember_partly(batch, batch.turn)
        if batch.halt is Halt.SHUTDOWN:
            batch.drafting.add(Text("\n\n" + refusals.interrupted(_language_of(batch))))
        ending = Ending.STOPPED if batch.halt is Halt.STOPPED else Ending.INTERRUPTED
        await surface.show(batch.drafting.draft(ending))
        await self._showing.finish(batch, "sent")

    async def _remember_partly(self, batch: Batch, turn: Turn) -> Provenance | None:
        if turn.question.kind is Kind.MESSAGE and batch.drafting.provenance is None:
            return await self._services.tutor.remember_partly(turn, batch.drafting.text)
        return None

    async def _press_surface(self, batch: Batch) -> Surface:
        """Uses up the pressed choice, and shows its answer to those who may see it.

        A foreign, late or second press changes nothing and is told so in private; one that is
        answered again after a crash is no second one.
        """
        turn, press = batch.turn, batch.lead.press
        assert turn is not None
        assert press is not None
        if batch.resets_at is not None:  # the choice stays for later
            batch.questions = [replace(batch.lead, visibility=Visibility.PRIVATE)]
            return self._showing.surface(batch)
        async with self._services.database.write() as session:
            result = await choices.press_choice(
                session,
                press.choice_id,
                turn.learner.id,
                self._services.now(),
                claim=batch.lead.claim_key,
            )
        batch.pressed = result.option
        batch.press_refusal = refusals.press(turn.language, result.outcome)
        visibility = Visibility.PRIVATE
        if result.option is not None and batch.press_refusal is None:
            visibility = action_visibility(batch.lead, result.option.action)
        batch.questions = [replace(turn.question, visibility=visibility)]
        batch.turn = replace(turn, question=batch.lead, questions=tuple(batch.questions))
        return self._showing.surface(batch)

    async def _stop_button(self, session: Session, turn: Turn) -> Choices | None:
        """Where a platform has buttons, a reply that is being written can be stopped by one."""
        if turn.question.place.platform is Platform.TERMINAL:
            return None
        if turn.question.kind is not Kind.MESSAGE:
            return None
        return await stop_control(session, self._services, turn)

    async def _fail(self, batch: Batch, surface: Surface, sentence: str) -> None:
        """The last resort: one apology, whatever else is broken."""
        batch.visible = True
        batch.drafting.add(Text(f"\n\n{sentence}" if batch.drafting.text else sentence))
        try:
            await surface.show(batch.drafting.draft(Ending.FAILED))
            await self._showing.finish(batch, "failed")
        except Exception:
            log.exception("apology_failed", event_id=batch.lead.event_id)


def _language_of(batch: Batch) -> Language:
    """The best guess while nothing about the person could be looked up."""
    if batch.turn is not None:
        return batch.turn.language
    return choose(None, batch.lead.text, batch.lead.author.locale)
