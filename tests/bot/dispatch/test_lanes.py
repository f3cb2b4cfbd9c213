"""Bursts are answered together; one turn at a time in a lane; lanes run side by side."""

import asyncio

import pytest

from bot.dispatch.batch import Batch, Halt
from bot.dispatch.lanes import Lanes
from tests.doubles.questions import command, person, question

QUIET_SECONDS = 0.05


class Answers:
    """Stands for the answering of batches: works for a while, restarts when a message joins."""

    def __init__(self, work_seconds: float = 0.0) -> None:
        self.texts: list[list[str]] = []
        self.running = 0
        self.most_at_once = 0
        self.halts: list[Halt | None] = []
        self._work_seconds = work_seconds
        self.unwinding_seconds = 0.0

    async def __call__(self, batch: Batch) -> None:
        self.running += 1
        self.most_at_once = max(self.most_at_once, self.running)
        try:
            while True:
                task = asyncio.create_task(self._work(batch))
                batch.begin(task)
                await asyncio.wait({task})
                if batch.halt is not Halt.JOINED or not task.cancelled():
                    break
                await asyncio.sleep(self.unwinding_seconds)
        finally:
            self.running -= 1
        self.halts.append(batch.halt)
        if batch.halt is None:
            self.texts.append([asked.text for asked in batch.questions])

    async def _work(self, batch: Batch) -> None:
        await asyncio.sleep(self._work_seconds)
        await batch.become_visible()
        await asyncio.sleep(self._work_seconds)


async def idle(lanes: Lanes) -> None:
    await asyncio.wait_for(lanes.idle(), 10)


async def test_messages_of_a_burst_are_answered_together() -> None:
    answers = Answers()
    lanes = Lanes(answers, QUIET_SECONDS)
    for text in ("hi", "why is", "the sky", "blue?"):
        lanes.put(question(text))
        await asyncio.sleep(QUIET_SECONDS / 4)
    await idle(lanes)
    assert answers.texts == [["hi", "why is", "the sky", "blue?"]]


async def test_a_message_joins_while_the_work_is_beginning_again() -> None:
    answers = Answers(work_seconds=0.2)
    answers.unwinding_seconds = 0.1
    lanes = Lanes(answers, QUIET_SECONDS)
    lanes.put(question("hi"))
    await asyncio.sleep(0.02)
    lanes.put(question("why is"))
    await asyncio.sleep(0.02)
    lanes.put(question("the sky blue?"))
    await idle(lanes)
    assert answers.texts == [["hi", "why is", "the sky blue?"]]


async def test_a_message_while_the_reply_is_shown_gets_the_next_turn() -> None:
    answers = Answers(work_seconds=0.05)
    lanes = Lanes(answers, QUIET_SECONDS)
    lanes.put(question("first"))
    await asyncio.sleep(0.12)
    lanes.put(question("second"))
    lanes.put(question("third"))
    await idle(lanes)
    assert answers.texts == [["first"], ["second", "third"]]
    assert answers.most_at_once == 1


async def test_two_people_are_answered_side_by_side() -> None:
    answers = Answers(work_seconds=0.03)
    lanes = Lanes(answers, QUIET_SECONDS)
    lanes.put(question("a", author=person("Ann")))
    lanes.put(question("b", author=person("Bo")))
    await idle(lanes)
    assert answers.most_at_once == 2


async def test_a_command_does_not_wait_behind_a_reply() -> None:
    answers = Answers(work_seconds=0.05)
    lanes = Lanes(answers, QUIET_SECONDS)
    lanes.put(question("long"))
    await asyncio.sleep(0)
    lanes.put(command("help"))
    await idle(lanes)
    assert answers.most_at_once == 2
    assert sorted(answers.texts) == [[""], ["long"]]


async def test_an_edit_before_the_reply_is_shown_changes_what_is_answered() -> None:
    answers = Answers()
    lanes = Lanes(answers, QUIET_SECONDS)
    asked = question("wat is gravity")
    lanes.put(asked)
    await asyncio.sleep(QUIET_SECONDS / 2)
    assert lanes.edit(question("What is gravity?", message_id=asked.message_id))
    await idle(lanes)
    assert answers.texts == [["What is gravity?"]]
    assert not lanes.edit(question("too late", message_id=asked.message_id))


@pytest.mark.parametrize("by_claim", [True, False])
async def test_a_running_reply_can_be_stopped(by_claim: bool) -> None:
    answers = Answers(work_seconds=5)
    lanes = Lanes(answers, QUIET_SECONDS)
    asked = question("long")
    lanes.put(asked)
    await asyncio.sleep(QUIET_SECONDS * 2)
    stopped = lanes.stop_reply(asked.claim_key) if by_claim else lanes.stop(question("stop"))
    assert stopped
    await idle(lanes)
    assert answers.halts == [Halt.STOPPED]
    assert not lanes.stop(question("stop"))


async def test_draining_interrupts_what_does_not_finish_in_time() -> None:
    answers = Answers(work_seconds=5)
    lanes = Lanes(answers, QUIET_SECONDS)
    lanes.put(question("long"))
    await asyncio.sleep(0.01)
    await lanes.drain(grace_seconds=0.05)
    assert answers.halts == [Halt.SHUTDOWN]
    assert lanes.claim_keys() == []


async def test_what_comes_while_draining_is_left_for_the_next_process() -> None:
    answers = Answers(work_seconds=0.2)
    lanes = Lanes(answers, quiet_seconds=0)
    lanes.put(question("running"))
    await asyncio.sleep(0.25)
    waiting, late = question("waiting"), question("late", author=person("Bo"))
    lanes.put(waiting)
    drained = asyncio.create_task(lanes.drain(grace_seconds=5))
    await asyncio.sleep(0)
    lanes.put(late)
    assert await drained == [waiting.claim_key, late.claim_key]
    assert answers.texts == [["running"]]
