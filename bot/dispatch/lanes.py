"""One turn at a time for each person and conversation; different lanes run side by side."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field, replace

from bot.dispatch.batch import Batch, Halt
from tutor.messages import Kind, Question

LaneKey = tuple[str, str, str, str, str, str]
Answer = Callable[[Batch], Awaitable[None]]

INTERRUPTION_SECONDS = 5.0
"""How long an interrupted reply has to say so."""

INDEPENDENT = frozenset({Kind.COMMAND, Kind.ACTION, Kind.FORM})
"""What never waits behind a reply that is being written: a press on a button, a command."""


def lane_key(question: Question) -> LaneKey:
    """Who, in which conversation."""
    author, place = question.author, question.place
    who = (author.platform, author.workspace, author.user_id)
    return (*who, place.community, place.channel, place.thread or "")


@dataclass
class Lane:
    waiting: deque[Question] = field(default_factory=deque)
    batch: Batch | None = None
    runner: asyncio.Task[None] | None = None


class Lanes:
    """Queues questions and hands them, a batch at a time, to `answer`."""

    def __init__(self, answer: Answer, quiet_seconds: float) -> None:
        self._answer = answer
        self._quiet_seconds = quiet_seconds
        self._lanes: dict[LaneKey, Lane] = {}
        self._loners: set[asyncio.Task[None]] = set()
        self._alone: set[Batch] = set()
        self._left: list[str] | None = None

    def put(self, question: Question, *, quiet: bool = True) -> None:
        """Takes a question; `quiet` False answers it without waiting for the rest of a burst."""
        if self._left is not None:
            self._left.append(question.claim_key)
            return
        if question.kind in INDEPENDENT:
            self._run_alone(question)
            return
        lane = self._lanes.setdefault(lane_key(question), Lane())
        if lane.batch is not None and lane.batch.joinable and question.kind is Kind.MESSAGE:
            lane.batch.join(question)
            return
        lane.waiting.append(question)
        if lane.runner is None:
            lane.runner = asyncio.create_task(self._run(lane_key(question), lane, quiet))

    def stop(self, question: Question) -> bool:
        """Ends the reply that runs in this lane, if one does."""
        lane = self._lanes.get(lane_key(question))
        if lane is None or lane.batch is None:
            return False
        lane.batch.stop(Halt.STOPPED)
        return True

    def stop_reply(self, claim_key: str) -> bool:
        """Ends the running reply that answers the question with this claim."""
        for batch in self._running():
            if any(question.claim_key == claim_key for question in batch.questions):
                batch.stop(Halt.STOPPED)
                return True
        return False

    def lose(self, claim_keys: Collection[str]) -> None:
        """Ends, without a word, the work on questions that another process has taken over."""
        for batch in self._running():
            if not batch.taken.isdisjoint(claim_keys):
                batch.stop(Halt.LOST)

    def edit(self, question: Question) -> bool:
        """Uses an edited text if its message has not been answered yet."""
        lane = self._lanes.get(lane_key(question))
        if lane is None:
            return False
        for index, waiting in enumerate(lane.waiting):
            if waiting.message_id == question.message_id:
                lane.waiting[index] = replace(waiting, text=question.text)
                return True
        return lane.batch is not None and lane.batch.replace(question.message_id, question.text)

    def claim_keys(self) -> list[str]:
        """The claims of everything that waits or runs here."""
        keys = [waiting.claim_key for lane in self._lanes.values() for waiting in lane.waiting]
        keys += [question.claim_key for batch in self._running() for question in batch.questions]
        return keys

    async def idle(self) -> None:
        """Returns when nothing waits or runs."""
        while tasks := self._tasks():
            await asyncio.wait(tasks)

    async def drain(self, grace_seconds: float) -> list[str]:
        """Lets running replies finish, then interrupts what is left.

        Returns the claims of what was never begun: they are for the next process.
        """
        self._left = []
        for lane in self._lanes.values():
            self._left += [question.claim_key for question in lane.waiting]
            lane.waiting.clear()
        if tasks := self._tasks():
            await asyncio.wait(tasks, timeout=grace_seconds)
        for batch in self._running():
            batch.stop(Halt.SHUTDOWN)
        if late := self._tasks():
            await asyncio.wait(late, timeout=INTERRUPTION_SECONDS)
        return self._left

    def _tasks(self) -> set[asyncio.Task[None]]:
        runners = [lane.runner for lane in self._lanes.values() if lane.runner is not None]
        return {*runners, *self._loners}

    def _running(self) -> list[Batch]:
        return [lane.batch for lane in self._lanes.values() if lane.batch] + list(self._alone)

    def _run_alone(self, question: Question) -> None:
        batch = self._batch([question], quiet=False)
        self._alone.add(batch)

        async def answer() -> None:
            try:
                await self._answer(batch)
            finally:
                self._alone.discard(batch)

        task = asyncio.create_task(answer())
        self._loners.add(task)
        task.add_done_callback(self._loners.discard)

    async def _run(self, key: LaneKey, lane: Lane, quiet: bool) -> None:
        try:
            while lane.waiting:
                lane.batch = self._batch(self._next(lane.waiting), quiet)
                await self._answer(lane.batch)
                lane.batch = None
        finally:
            lane.batch = None
            lane.runner = None
            if not lane.waiting:
                self._lanes.pop(key, None)

    def _batch(self, questions: list[Question], quiet: bool) -> Batch:
        seconds = self._quiet_seconds if quiet else 0.0
        return Batch(questions, seconds, asyncio.get_running_loop().time)

    @staticmethod
    def _next(waiting: deque[Question]) -> list[Question]:
        """The first question with all the messages right behind it."""
        questions = [waiting.popleft()]
        while waiting and questions[0].kind is Kind.MESSAGE and waiting[0].kind is Kind.MESSAGE:
            questions.append(waiting.popleft())
        return questions
