"""A batch: the messages that are answered together, and the one reply that answers them.

Somebody who thinks in bursts ("hi", "why is", "the sky blue?") gets one answer. Work on it begins
with the first message and begins again when another joins; nothing is shown until the burst has
been quiet for a moment.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from bot.dispatch.drafting import Drafting
from storage.choices import ChoiceOption
from tutor.messages import Kind, Question
from tutor.turn import Turn


class Halt(StrEnum):
    """Why an attempt was cancelled."""

    JOINED = "joined"  # another message belongs to the same answer
    STOPPED = "stopped"  # the person asked to stop
    SHUTDOWN = "shutdown"  # this process ends
    LOST = "lost"  # another process has taken the question over


class Batch:
    """One or more questions with one reply. Only messages can be joined."""

    def __init__(
        self, questions: list[Question], quiet_seconds: float, clock: Callable[[], float]
    ) -> None:
        assert questions
        self.questions = questions
        self.taken: set[str] = set()
        self.visible = False
        self.halt: Halt | None = None
        self.drafting = Drafting()
        self.turn: Turn | None = None
        self.pressed: ChoiceOption | None = None
        self.press_refusal: str | None = None
        self.resets_at: datetime | None = None
        self.line_whispered = False
        self._attempt: asyncio.Task[None] | None = None
        self._quiet_seconds = quiet_seconds if self.lead.kind is Kind.MESSAGE else 0.0
        self._clock = clock
        self._quiet_at = clock() + self._quiet_seconds

    @property
    def lead(self) -> Question:
        """The question that the reply belongs to: the latest of the burst."""
        return self.questions[-1]

    @property
    def joinable(self) -> bool:
        """Whether a further message may still be answered by the same reply."""
        going_on = self.halt is None or self.halt is Halt.JOINED
        return self.lead.kind is Kind.MESSAGE and not self.visible and going_on

    def begin(self, attempt: asyncio.Task[None]) -> None:
        self._attempt = attempt
        self.halt = None

    def join(self, question: Question) -> None:
        """Adds a message and makes the work start again with it."""
        assert self.joinable, self.halt
        self.questions.append(question)
        self._restart()

    def replace(self, message_id: str, text: str) -> bool:
        """Puts an edited text in the place of the old one, if it is part of this batch."""
        for index, question in enumerate(self.questions):
            if question.message_id == message_id and self.joinable:
                self.questions[index] = replace(question, text=text)
                self._restart()
                return True
        return False

    def stop(self, halt: Halt) -> None:
        """Ends the work; the reply keeps what it has so far. A second stop changes nothing."""
        if self.halt is None or self.halt is Halt.JOINED:
            self.halt = halt
            if self._attempt is not None:
                self._attempt.cancel()

    async def become_visible(self) -> None:
        """Returns once the burst is over; from then on nothing joins any more."""
        while not self.visible:
            pause = self._quiet_at - self._clock()
            if pause > 0:
                await asyncio.sleep(pause)
            else:
                self.visible = True

    def _restart(self) -> None:
        self._quiet_at = self._clock() + self._quiet_seconds
        self.drafting = Drafting()
        if self.halt is Halt.JOINED:
            return  # it is about to begin again already
        self.halt = Halt.JOINED
        if self._attempt is not None:
            self._attempt.cancel()
