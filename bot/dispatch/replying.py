"""What answers a turn: a command, a press, or the tutor. Knows nothing of how it is shown."""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from dataclasses import replace

from bot.adapter import Adapter
from bot.commands.offers import STOP_ACTION, offer
from bot.commands.run import command_obstacle, run_action, run_command
from bot.dispatch import refusals
from bot.dispatch.attachments import answer_files, fetch_uploads, read_files
from bot.services import Services
from storage.choices import ChoiceOption
from tutor.i18n import say
from tutor.messages import Kind, Offer, Platform, ReplyPart, Status, Text
from tutor.turn import Turn


class Replying:
    """`stop_reply` ends the running reply to the question with that claim, if there is one."""

    def __init__(
        self,
        services: Services,
        adapters: Mapping[Platform, Adapter],
        stop_reply: Callable[[str], bool],
    ) -> None:
        self._services = services
        self._adapters = adapters
        self._stop_reply = stop_reply

    async def parts(
        self, turn: Turn, pressed: ChoiceOption | None
    ) -> AsyncGenerator[ReplyPart, None]:
        """The parts of the reply as they come; `pressed` is what the pressed button stands for.

        Buttons that are offered become stored choices here.
        """
        async with aclosing(self._answer(turn, pressed)) as parts:
            async for part in parts:
                if isinstance(part, Offer):
                    yield await offer(self._services, turn, part.buttons)
                else:
                    yield part

    def _answer(self, turn: Turn, pressed: ChoiceOption | None) -> AsyncGenerator[ReplyPart, None]:
        match turn.question.kind:
            case Kind.COMMAND:
                return self._command(turn)
            case Kind.ACTION | Kind.FORM:
                assert pressed is not None, turn.question.event_id
                return self._press(turn, pressed)
            case _:
                return self._message(turn)

    async def _command(self, turn: Turn) -> AsyncGenerator[ReplyPart, None]:
        if turn.question.attachments and not command_obstacle(turn):
            adapter = self._adapters[turn.question.place.platform]
            uploads, notes = await fetch_uploads(adapter, turn)
            for note in notes:
                yield Text(f"{note}\n\n")
            turn = replace(turn, uploads=uploads)
        async for part in run_command(self._services, turn):
            yield part

    async def _press(self, turn: Turn, pressed: ChoiceOption) -> AsyncGenerator[ReplyPart, None]:
        if pressed.action == STOP_ACTION:
            if not self._stop_reply(pressed.payload["claim"]):
                yield Text(refusals.nothing_to_stop(turn.language))
            return
        async for part in run_action(self._services, turn, pressed.action, pressed.payload):
            yield part

    async def _message(self, turn: Turn) -> AsyncGenerator[ReplyPart, None]:
        if any(question.attachments for question in turn.questions):
            yield Status(say(turn.language, "Reading your file…"))
            adapter = self._adapters[turn.question.place.platform]
            reading = await read_files(adapter, turn)
            async for part in answer_files(self._services, turn, reading):
                yield part
            if reading.recognised or not (reading.material or turn.text.strip()):
                return
            turn = replace(turn, material=reading.material)
        async with aclosing(self._services.tutor.reply(turn)) as parts:
            async for part in parts:
                yield part
