"""What a dead process left is taken up, whatever breaks on the way, and nothing ends the upkeep."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.adapter import Address, SaveAddress
from bot.dispatch import dispatcher as dispatching
from bot.dispatch.recovery import MOST_ATTEMPTS, MOST_TRIES
from storage import choices, claims, learners, turns
from tests.doubles.fake_adapter import FakeAdapter, FakeSurface
from tests.doubles.questions import person, press, question
from tutor.messages import Kind, Question


class BrokenPlatform(FakeAdapter):
    """Ann's channel is gone: looking into it and writing to it raise what the platform raises."""

    async def find_reply(self, question: Question) -> Address | None:
        if question.author.user_id == "ann":
            raise ConnectionError("channel_not_found")
        return await super().find_reply(question)

    def surface(
        self, question: Question, address: Address | None, save: SaveAddress
    ) -> FakeSurface:
        if question.author.user_id == "ann":
            raise ConnectionError("channel_not_found")
        return super().surface(question, address, save)


async def leave(stage: Any, asked: Question, attempts: int = 1) -> None:
    """A claim as a process leaves it that died while it answered."""
    await stage.dispatcher.claim(asked)
    now = stage.services.now()
    async with stage.services.database.write() as session:
        for _ in range(attempts):
            past = now - timedelta(seconds=1)
            await claims.take_claims(
                session,
                keys=[asked.claim_key],
                owner=stage.dispatcher._owner,
                lease_until=past,
                now=now,
            )


async def claim_of(stage: Any, asked: Question) -> claims.Claim:
    async with stage.services.database.read() as session:
        found = await claims.claim_by_key(session, asked.claim_key)
    assert found is not None
    return found


async def test_a_question_that_cannot_be_looked_for_holds_up_no_other(make_stage: Any) -> None:
    stage = await make_stage("Here I am.", platform=BrokenPlatform())
    lost, found = question(), question(author=person("Bo"), channel="dm-bo")
    await leave(stage, lost)
    await leave(stage, found)
    await stage.dispatcher._recovery.take_up()
    await stage.dispatcher.idle()
    assert [text[:10] for text in stage.platform.replies] == ["Here I am."]
    aside = await claim_of(stage, lost)
    assert aside.lease_until > stage.services.now()
    assert await stage.dispatcher._recovery.take_up() == 0


@pytest.mark.parametrize("attempts", [MOST_ATTEMPTS, MOST_TRIES])
async def test_who_cannot_be_told_is_given_up_after_many_tries(
    make_stage: Any, attempts: int
) -> None:
    stage = await make_stage(platform=BrokenPlatform())
    asked = question()
    await leave(stage, asked, attempts)
    async with stage.services.database.write() as session:
        await claims.save_address(session, asked.claim_key, "dm-ann", "1")
    await stage.dispatcher._recovery.take_up()
    state = (await claim_of(stage, asked)).state
    assert state == ("failed" if attempts == MOST_TRIES else "answering")


async def test_a_question_that_broke_several_processes_gets_a_word(make_stage: Any) -> None:
    stage = await make_stage()
    asked = question()
    await leave(stage, asked, MOST_ATTEMPTS)
    await stage.dispatcher._recovery.take_up()
    assert stage.engine.requests == []
    assert "interrupted" in stage.platform.replies[0]
    assert (await claim_of(stage, asked)).state == "failed"


@pytest.mark.parametrize("other", [False, True])
async def test_a_press_that_was_used_up_before_a_crash_still_counts(
    make_stage: Any, other: bool
) -> None:
    stage = await make_stage("Gravity pulls.", "Masses attract each other.")
    await stage.ask(question())
    (reply,) = stage.platform.messages.values()
    again = next(choice for choice in reply.final.choices if "🔄" in choice.emoji)
    pressed, second = press(again.id), press(again.id)
    await leave(stage, pressed)
    async with stage.services.database.write() as session:
        ann = await learners.find_identity(session, "discord", "", "ann")
        assert ann is not None
        key = (second if other else pressed).claim_key
        used = await choices.press_choice(
            session, again.id, ann.learner_id, stage.services.now(), claim=key
        )
    assert used.option is not None
    assert used.option.once
    await stage.dispatcher._recovery.take_up()
    await stage.dispatcher.idle()
    assert (len(stage.engine.requests) == 1) is other


async def test_a_claim_that_nobody_can_read_holds_up_no_other(make_stage: Any) -> None:
    stage = await make_stage("Here I am.")
    unreadable, asked = question(), question(author=person("Bo"), channel="dm-bo")
    past = stage.services.now() - timedelta(seconds=1)
    async with stage.services.database.write() as session:
        for one, text in ((unreadable, '{"kind": "dance"}'), (asked, None)):
            text = text or dispatching.QUESTION.dump_json(one).decode()
            await claims.insert_claim(
                session,
                key=one.claim_key,
                event_id=one.event_id,
                platform="discord",
                community="",
                channel=one.place.channel,
                thread=None,
                message_id=one.message_id,
                author=":ann",
                question=text,
                lease_until=past,
                now=past,
            )
    assert await stage.dispatcher._recovery.take_up() == 1
    await stage.dispatcher.idle()
    assert len(stage.platform.replies) == 1
    assert (await claim_of(stage, unreadable)).state == "failed"


async def test_an_edit_that_was_left_changes_the_history_and_is_not_answered(
    make_stage: Any,
) -> None:
    stage = await make_stage()
    asked = question("wat is gravty")
    await stage.ask(asked)
    edit = question(
        "What is gravity?",
        kind=Kind.EDIT,
        message_id=asked.message_id,
        handle={"edited_at": "1"},
    )
    stop = question("", kind=Kind.STOP)
    for left in (edit, stop):
        await stage.dispatcher.claim(left)
        async with stage.services.database.write() as session:
            past = stage.services.now() - timedelta(seconds=1)
            await claims.renew_claims(session, [left.claim_key], stage.dispatcher._owner, past)
    await stage.dispatcher._recovery.take_up()
    await stage.dispatcher.idle()
    assert len(stage.platform.messages) == 1
    async with stage.services.database.read() as session:
        stored = await turns.turn_by_message(session, "discord", "dm-ann", asked.message_id)
    assert stored is not None and stored.text == "What is gravity?"
    assert {(await claim_of(stage, left)).state for left in (edit, stop)} == {"sent"}


async def test_no_failure_ends_the_upkeep(make_stage: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = await make_stage()
    monkeypatch.setattr(dispatching, "UPKEEP_SECONDS", 0.01)
    rounds = asyncio.Semaphore(0)

    async def broken() -> int:
        rounds.release()
        raise ValueError("a bug")

    monkeypatch.setattr(stage.dispatcher._recovery, "take_up", broken)
    running = asyncio.create_task(stage.dispatcher.run())
    for _ in range(3):
        await asyncio.wait_for(rounds.acquire(), 5)
    assert not running.done()
    running.cancel()
    await asyncio.wait({running})


async def test_leases_are_renewed_while_recovery_is_slow(
    make_stage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = await make_stage()
    monkeypatch.setattr(dispatching, "UPKEEP_SECONDS", 0.01)
    renewed = asyncio.Semaphore(0)

    async def stuck() -> int:
        await asyncio.Event().wait()
        return 0

    async def renew() -> None:
        renewed.release()

    monkeypatch.setattr(stage.dispatcher._recovery, "take_up", stuck)
    monkeypatch.setattr(stage.dispatcher, "_renew", renew)
    running = asyncio.create_task(stage.dispatcher.run())
    for _ in range(3):
        await asyncio.wait_for(renewed.acquire(), 5)
    running.cancel()
    await asyncio.wait({running})
