"""Every question is answered once, in private where it must be, and with a word when it fails."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any

import pytest

from bot.adapter import Ending
from bot.commands.community import CHANNELS_SETTING, Where
from bot.dispatch.opening import Quota
from storage import claims, communities, learners, standings, turns
from storage.database import StorageUnavailable
from tests.doubles.fake_adapter import FakeAdapter
from tests.doubles.fake_engine import FakeEngine
from tests.doubles.questions import command, person, press, question
from tutor.engine.contract import EngineBusy, EngineUnavailable, TextDelta, TextRequest
from tutor.messages import Kind, Role, Visibility


class BreakingEngine(FakeEngine):
    """Its process dies in the middle of the first answer."""

    async def stream(self, request: TextRequest) -> AsyncGenerator[TextDelta, None]:
        first = not self.requests
        async for delta in super().stream(request):
            if first and delta.finish is not None:
                raise EngineUnavailable("killed")
            yield delta


async def block(stage: Any) -> None:
    async with stage.services.database.write() as session:
        found = await learners.find_identity(session, "discord", "", "ann")
        assert found is not None
        await learners.set_status(
            session, found.learner_id, "blocked", by=None, reason="x", now=stage.services.now()
        )


async def test_a_question_is_answered_with_controls_under_it(make_stage: Any) -> None:
    stage = await make_stage("Gravity pulls things together.")
    await stage.ask(question())
    (reply,) = stage.platform.messages.values()
    assert reply.final.text.startswith("Gravity pulls things together.")
    assert reply.final.ending is Ending.DONE
    assert reply.final.choices


async def test_a_repeated_message_is_answered_once(make_stage: Any) -> None:
    stage = await make_stage()
    asked = question()
    assert await stage.dispatcher.claim(asked)
    assert not await stage.dispatcher.claim(asked)
    stage.dispatcher.accept(asked)
    await stage.ask(asked, asked)
    assert len(stage.platform.messages) == 1


async def test_a_burst_gets_one_answer_with_all_its_words(make_stage: Any) -> None:
    stage = await make_stage(quiet_seconds=0.15)
    for text in ("hi", "why is", "the sky", "blue?"):
        await stage.dispatcher.receive(question(text))
        await asyncio.sleep(0.03)
    await stage.dispatcher.idle()
    assert len(stage.platform.messages) == 1
    assert stage.engine.requests[-1].messages[-1].content == "hi\nwhy is\nthe sky\nblue?"


async def test_the_next_question_knows_the_conversation(make_stage: Any) -> None:
    stage = await make_stage("A pull.", "Newton.")
    await stage.ask(question("What is gravity?"))
    await stage.ask(question("Who found it?"))
    contents = [m.content for m in stage.engine.requests[-1].messages[1:]]
    assert contents == ["What is gravity?", "A pull.", "Who found it?"]


async def test_what_was_said_in_private_stays_out_of_shared_threads(make_stage: Any) -> None:
    stage = await make_stage()
    await stage.ask(question("My secret is platypus."))
    await stage.ask(question("Hello", community="guild", channel="general", thread="t1"))
    assert "platypus" not in str(stage.engine.requests[-1])


async def test_a_blocked_learner_gets_a_private_word(make_stage: Any) -> None:
    stage = await make_stage()
    await stage.ask(question())
    await block(stage)
    await stage.ask(question("again"))
    assert len(stage.platform.messages) == 1
    assert len(stage.platform.whispers) == 1


async def test_a_learner_blocked_in_one_server_is_answered_outside_it(make_stage: Any) -> None:
    stage = await make_stage()
    here = {"community": "G1", "channel": "general", "thread": "t1"}
    await stage.ask(question(**here))
    async with stage.services.database.write() as session:
        ann = await learners.find_identity(session, "discord", "", "ann")
        assert ann is not None
        guild = await communities.community_for(
            session, platform="discord", external_id="G1", now=stage.services.now()
        )
        decided: Any = {"by": None, "reason": "x", "now": stage.services.now()}
        await standings.set_standing(session, guild.id, ann.learner_id, "blocked", **decided)
    await stage.ask(question("again", **here))
    assert (len(stage.platform.messages), len(stage.platform.whispers)) == (1, 1)
    await stage.ask(question("in private"))
    assert (len(stage.platform.messages), len(stage.platform.whispers)) == (2, 1)


async def test_a_blocked_learner_still_gets_their_data(make_stage: Any) -> None:
    stage = await make_stage()
    await stage.ask(question())
    await block(stage)
    await stage.ask(command("data export"))
    *_, exported = stage.platform.messages.values()
    assert exported.final.files


async def test_a_blocked_learner_can_take_their_consent_back(make_stage: Any) -> None:
    stage = await make_stage()
    await stage.ask(command("data consent"))
    (shown,) = stage.platform.messages.values()
    await stage.ask(press(shown.final.choices[0].id))
    _, agreed = stage.platform.messages.values()
    await block(stage)
    await stage.ask(press(agreed.final.choices[0].id))
    assert stage.platform.whispers == []
    *_, taken_back = stage.platform.replies
    assert taken_back != agreed.final.text


async def test_only_chosen_channels_are_answered_where_staff_chose(make_stage: Any) -> None:
    stage = await make_stage()
    here = {"community": "guild", "channel": "general", "thread": "t1"}
    await stage.ask(question(**here))
    async with stage.services.database.write() as session:
        guild = await communities.community_for(
            session, platform="discord", external_id="guild", now=stage.services.now()
        )
        await communities.configure_community(
            session, guild.id, settings={CHANNELS_SETTING: Where.CHOSEN}
        )
    await stage.ask(question(**here))
    await stage.ask(command("ask", arguments={"question": "Why?"}, **here))
    await stage.ask(question())
    assert len(stage.platform.messages) == 2
    assert len(stage.platform.whispers) == 2
    await stage.ask(command("help", visibility=Visibility.PRIVATE, **here))
    assert len(stage.platform.messages) == 3


async def test_a_used_up_quota_is_said_in_private(make_stage: Any) -> None:
    stage = await make_stage(quota=Quota(learner_per_hour=1))
    await stage.ask(question("one"))
    await stage.ask(question("two"))
    assert len(stage.platform.messages) == 1
    assert "hour" in stage.platform.whispers[0][1]


@pytest.mark.parametrize("error", [EngineBusy("full"), EngineUnavailable("gone")])
async def test_a_failing_engine_ends_in_a_kind_sentence(
    make_stage: Any, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.dispatch.answering.ENGINE_PAUSE_SECONDS", 0.0)
    stage = await make_stage(error, error, error)
    await stage.ask(question())
    (reply,) = stage.platform.messages.values()
    assert reply.final.ending is Ending.FAILED
    assert "again" in reply.final.text


async def test_a_reply_that_broke_in_the_middle_can_be_tried_again(make_stage: Any) -> None:
    stage = await make_stage(engine=BreakingEngine("Gravity is", "Gravity pulls."))
    await stage.ask(question())
    (reply,) = stage.platform.messages.values()
    assert reply.final.ending is Ending.FAILED
    assert reply.final.text.startswith("Gravity is")
    again = next(choice for choice in reply.final.choices if "🔄" in choice.emoji)
    await stage.ask(press(again.id))
    assert stage.platform.replies[1] == "Gravity pulls."


async def test_a_place_in_line_is_whispered_in_shared_places(make_stage: Any) -> None:
    stage = await make_stage(engine=FakeEngine("Hello.", queue_positions=(3, 2, 1)))
    await stage.ask(question(community="guild", channel="general", thread="t1"))
    ((_, whispered),) = stage.platform.whispers
    assert "3" in whispered
    assert all(status == "" for _, status in stage.platform.statuses)


async def test_an_engine_that_comes_back_answers_as_if_nothing_had_been(
    make_stage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.dispatch.answering.ENGINE_PAUSE_SECONDS", 0.0)
    stage = await make_stage(EngineUnavailable("restarting"), "Gravity pulls.")
    await stage.ask(question())
    assert stage.platform.replies[0].startswith("Gravity pulls.")


async def test_an_unexpected_error_is_apologised_for_once(make_stage: Any) -> None:
    stage = await make_stage(ValueError("a bug with private words"))
    await stage.ask(question())
    (reply,) = stage.platform.messages.values()
    assert reply.final.ending is Ending.FAILED
    assert "private words" not in reply.final.text


async def test_a_stopped_reply_keeps_what_was_said(make_stage: Any) -> None:
    gate = asyncio.Event()
    stage = await make_stage(engine=FakeEngine("Once upon a time there was", gate=gate))
    await stage.dispatcher.receive(question("A story"))
    while not stage.platform.messages:
        await asyncio.sleep(0.01)
    await stage.dispatcher.receive(question("", kind=Kind.STOP))
    await stage.dispatcher.idle()
    (reply,) = stage.platform.messages.values()
    assert reply.final.ending is Ending.STOPPED
    assert reply.final.text.startswith("Once")
    assert stage.engine.cancelled


async def test_the_stop_button_works_while_the_reply_is_written(make_stage: Any) -> None:
    gate = asyncio.Event()
    stage = await make_stage(engine=FakeEngine("Once upon a time there was", gate=gate))
    await stage.dispatcher.receive(question("A story"))
    while not stage.platform.messages:
        await asyncio.sleep(0.01)
    (reply,) = stage.platform.messages.values()
    stop = reply.drafts[-1].choices[0]
    await stage.dispatcher.receive(press(stop.id))
    await stage.dispatcher.idle()
    assert reply.final.ending is Ending.STOPPED


async def test_a_strangers_press_changes_nothing_and_is_told_so(make_stage: Any) -> None:
    stage = await make_stage("Gravity.", "Another.")
    await stage.ask(question())
    again = next(
        c for s in stage.platform.messages.values() for c in s.final.choices if "🔄" in c.emoji
    )
    await stage.ask(press(again.id, author=person("Eve"), channel="dm-eve"))
    assert len(stage.engine.requests) == 1
    assert "somebody else" in stage.platform.whispers[0][1]


async def test_a_command_is_answered_without_the_model(make_stage: Any) -> None:
    stage = await make_stage()
    await stage.ask(command("help"))
    assert stage.engine.requests == []
    assert "/" in stage.platform.replies[0]


async def test_a_typed_command_is_private_in_a_shared_place(make_stage: Any) -> None:
    stage = await make_stage()
    await stage.ask(question("/history", community="guild", channel="general"))
    (reply,) = stage.platform.messages.values()
    assert reply.question.visibility is Visibility.PRIVATE


async def test_staff_commands_are_refused_to_learners(make_stage: Any) -> None:
    stage = await make_stage()
    await stage.ask(command("setup", community="guild"))
    refused = stage.platform.replies[0]
    staff = frozenset({Role.ADMIN})
    await stage.ask(command("setup", community="guild", roles=staff))
    assert stage.platform.replies[1] != refused


async def test_a_restarted_process_completes_the_message_that_was_begun(make_stage: Any) -> None:
    """The first process dies between posting and storing the address."""
    platform = FakeAdapter()
    first = await make_stage(platform=platform)
    asked = question()
    await first.dispatcher.claim(asked)
    async with first.services.database.write() as session:
        await claims.take_claims(
            session,
            keys=[asked.claim_key],
            owner=first.dispatcher._owner,
            lease_until=first.services.now() - timedelta(seconds=1),
            now=first.services.now(),
        )
    platform.post(asked)
    second = await make_stage("The whole answer.", platform=platform)
    assert await second.dispatcher._recovery.take_up() == 1
    await second.dispatcher.idle()
    assert [text[:17] for text in platform.replies] == ["The whole answer."]


async def test_a_claim_that_nobody_answered_is_taken_up(make_stage: Any) -> None:
    stage = await make_stage("Here I am.")
    asked = question()
    await stage.dispatcher.claim(asked)
    async with stage.services.database.write() as session:
        past = stage.services.now() - timedelta(seconds=1)
        await claims.renew_claims(session, [asked.claim_key], stage.dispatcher._owner, past)
    assert await stage.dispatcher._recovery.take_up() == 1
    await stage.dispatcher.idle()
    assert stage.platform.replies[0].startswith("Here I am.")
    assert await stage.dispatcher._recovery.take_up() == 0


async def test_messages_wait_while_the_database_is_away(
    make_stage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = await make_stage()
    insert, failures = claims.insert_claim, [StorageUnavailable("locked")] * 2

    async def sometimes(*arguments: Any, **more: Any) -> bool:
        if failures:
            raise failures.pop()
        return await insert(*arguments, **more)

    monkeypatch.setattr(claims, "insert_claim", sometimes)
    await stage.ask(question("first"))
    assert len(stage.platform.messages) == 1


async def test_an_edited_question_changes_the_history(make_stage: Any) -> None:
    stage = await make_stage()
    asked = question("wat is gravty")
    await stage.ask(asked)
    edit = question(
        "What is gravity?",
        kind=Kind.EDIT,
        message_id=asked.message_id,
        handle={"edited_at": "1"},
    )
    await stage.ask(edit)
    async with stage.services.database.read() as session:
        stored = await turns.turn_by_message(session, "discord", "dm-ann", asked.message_id)
    assert stored is not None
    assert stored.text == "What is gravity?"
    assert len(stage.platform.messages) == 1


async def test_of_a_burst_only_what_nobody_else_took_is_answered(make_stage: Any) -> None:
    stage = await make_stage()
    taken, ours = question("answered elsewhere"), question("answered here")
    for asked in (taken, ours):
        await stage.dispatcher.claim(asked)
    now = stage.services.now()
    async with stage.services.database.write() as session:
        await claims.renew_claims(session, [taken.claim_key], stage.dispatcher._owner, now)
        await claims.take_claims(
            session,
            keys=[taken.claim_key],
            owner="another",
            lease_until=now + timedelta(minutes=1),
            now=now,
        )
    for asked in (taken, ours):
        stage.dispatcher.accept(asked)
    await stage.dispatcher.idle()
    assert stage.platform.replies[0].startswith("You said: answered here")
    async with stage.services.database.read() as session:
        left = await claims.claim_by_key(session, taken.claim_key)
    assert left is not None and left.state == "answering"


async def test_a_reply_that_another_process_took_over_ends_without_a_word(make_stage: Any) -> None:
    stage = await make_stage(engine=FakeEngine("Once upon a time", gate=asyncio.Event()))
    asked = question("A story")
    await stage.dispatcher.receive(asked)
    while not stage.platform.messages:
        await asyncio.sleep(0.01)
    now = stage.services.now()
    async with stage.services.database.write() as session:
        await claims.renew_claims(session, [asked.claim_key], stage.dispatcher._owner, now)
        await claims.take_claims(
            session,
            keys=[asked.claim_key],
            owner="another",
            lease_until=now + timedelta(minutes=1),
            now=now,
        )
    await stage.dispatcher._renew()
    await stage.dispatcher.idle()
    (reply,) = stage.platform.messages.values()
    assert reply.drafts[-1].ending is None
    async with stage.services.database.read() as session:
        left = await claims.claim_by_key(session, asked.claim_key)
    assert left is not None and left.state == "answering"
    assert stage.dispatcher._showing.addresses == {}


async def test_a_second_stop_does_not_cut_the_first_short(make_stage: Any) -> None:
    stage = await make_stage(engine=FakeEngine("Once upon a time there was", gate=asyncio.Event()))
    asked = question("A story")
    await stage.dispatcher.receive(asked)
    while not stage.platform.messages:
        await asyncio.sleep(0.01)
    for _ in range(2):
        assert stage.dispatcher._stop_reply(asked.claim_key)
        await asyncio.sleep(0)
    await stage.dispatcher.idle()
    (reply,) = stage.platform.messages.values()
    assert reply.final.ending is Ending.STOPPED
    async with stage.services.database.read() as session:
        left = await claims.claim_by_key(session, asked.claim_key)
    assert left is not None and left.state == "sent"


async def test_presses_that_ask_the_tutor_count_and_wait_for_the_next_hour(make_stage: Any) -> None:
    stage = await make_stage("Gravity.", quota=Quota(learner_per_hour=1))
    await stage.ask(question())
    (reply,) = stage.platform.messages.values()
    again = next(choice for choice in reply.final.choices if "🔄" in choice.emoji)
    await stage.ask(press(again.id), press(again.id))
    assert len(stage.engine.requests) == 1
    assert ["hour" in text for _, text in stage.platform.whispers] == [True, True]


async def test_an_edit_does_not_undo_a_used_up_quota(make_stage: Any) -> None:
    stage = await make_stage(quota=Quota(learner_per_hour=1), quiet_seconds=0.1)
    await stage.ask(question("one"))
    refused = question("two")
    await stage.dispatcher.receive(refused)
    await asyncio.sleep(0.03)
    more = {"message_id": refused.message_id, "handle": {"edited_at": "1"}}
    await stage.ask(question("three", kind=Kind.EDIT, **more))
    assert len(stage.platform.messages) == 1
    assert "hour" in stage.platform.whispers[0][1]


async def test_what_is_remembered_of_a_cut_reply_holds_no_words_about_the_cut(
    make_stage: Any,
) -> None:
    stage = await make_stage(engine=FakeEngine("Once upon a time", gate=asyncio.Event()))
    await stage.dispatcher.receive(question("A story"))
    while not stage.platform.messages:
        await asyncio.sleep(0.01)
    await stage.dispatcher.close(0.05)
    async with stage.services.database.read() as session:
        found = await learners.find_identity(session, "discord", "", "ann")
        assert found is not None
        told = await turns.learner_history(session, found.learner_id, 10)
    assert [turn.text for turn in told] == ["Once", "A story"]


async def test_closing_marks_what_was_not_finished(make_stage: Any) -> None:
    stage = await make_stage(engine=FakeEngine("Once upon a time", gate=asyncio.Event()))
    await stage.dispatcher.receive(question("A story"))
    while not stage.platform.messages:
        await asyncio.sleep(0.01)
    await stage.dispatcher.close(0.05)
    (reply,) = stage.platform.messages.values()
    assert reply.final.ending is Ending.INTERRUPTED
