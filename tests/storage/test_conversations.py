"""Conversations and turns: one open at a time, in order, edited without losing what was said."""

import asyncio
from datetime import timedelta

from storage import claims, communities, conversations, turns
from storage.database import Database, Session
from tests.doubles.storage_tour import MINUTE, NOW, meet


async def community(session: Session) -> str:
    made = await communities.community_for(session, platform="discord", external_id="G1", now=NOW)
    return made.id


async def converse(
    session: Session, learner_id: str | None, thread: str | None = None, *, new: bool = False
) -> conversations.Conversation:
    begin = conversations.start_new_conversation if new else conversations.open_conversation
    return await begin(
        session,
        platform="discord",
        community_id=await community(session),
        channel="C1",
        thread=thread,
        learner_id=learner_id,
        now=NOW,
    )


async def test_a_place_has_one_open_conversation_for_each_learner_and_one_shared(
    database: Database,
) -> None:
    async with database.write() as session:
        mei, li = await meet(session, "1", "Mei"), await meet(session, "2", "Li")
        first = await converse(session, mei.id)
        assert (await converse(session, mei.id)).id == first.id
        others = [
            await converse(session, li.id),
            await converse(session, None),
            await converse(session, mei.id, "T1"),
        ]
    assert len({first.id, *(other.id for other in others)}) == 4
    assert (first.thread, others[2].thread) == (None, "T1")


async def test_opening_at_once_gives_everybody_the_same_conversation(database: Database) -> None:
    async with database.write() as session:
        mei = await meet(session, "1", "Mei")
        await community(session)

    async def open_it(learner_id: str | None) -> str:
        async with database.write() as session:
            return (await converse(session, learner_id)).id

    for learner_id in (mei.id, None):
        assert len(set(await asyncio.gather(*(open_it(learner_id) for _ in range(6))))) == 1


async def test_a_new_conversation_ends_the_one_before(database: Database) -> None:
    async with database.write() as session:
        mei = await meet(session, "1", "Mei")
        first = await converse(session, mei.id)
        second = await converse(session, mei.id, new=True)
        assert second.id != first.id
        assert (await converse(session, mei.id)).id == second.id
        shared = await converse(session, None)
        assert (await converse(session, None, new=True)).id != shared.id


async def test_the_summary_goes_with_the_conversation(database: Database) -> None:
    async with database.write() as session:
        made = await converse(session, None)
        await conversations.set_summary(session, made.id, "They met.", "turn-9")
        found = await conversations.conversation_by_id(session, made.id)
    assert found is not None
    assert (found.summary, found.summary_until) == ("They met.", "turn-9")


async def say(session: Session, conversation_id: str, text: str, **more: object) -> str:
    defaults: dict[str, object] = {"role": "user", "now": NOW}
    turn = await turns.add_turn(
        session,
        conversation_id=conversation_id,
        text=text,
        **(defaults | more),  # type: ignore[arg-type]
    )
    return turn.id


async def test_recent_turns_come_oldest_first_and_after_the_one_named(database: Database) -> None:
    async with database.write() as session:
        made = await converse(session, None)
        ids = [await say(session, made.id, str(number)) for number in range(5)]
        recent = await turns.recent_turns(session, made.id, 3)
        later = await turns.recent_turns(session, made.id, 9, after_id=ids[2])
    assert [turn.text for turn in recent] == ["2", "3", "4"]
    assert [turn.text for turn in later] == ["3", "4"]


async def test_a_claim_that_is_answered_again_replaces_what_it_recorded(
    database: Database,
) -> None:
    async with database.write() as session:
        made = await converse(session, None)
        first = await say(session, made.id, "hal", role="assistant", claim_key="k", state="failed")
        second = await say(session, made.id, "half", role="assistant", claim_key="k")
        await say(session, made.id, "why?", role="user", claim_key="k")
        stored = await turns.recent_turns(session, made.id, 9)
    assert first == second
    assert [(turn.role, turn.text, turn.state) for turn in stored] == [
        ("assistant", "half", "done"),
        ("user", "why?", "done"),
    ]


async def test_an_edit_keeps_the_earlier_versions(database: Database) -> None:
    async with database.write() as session:
        made = await converse(session, None)
        turn_id = await say(session, made.id, "one")
        for text in ("two", "two", "three"):
            await turns.rewrite_turn(session, turn_id, text, NOW)
        await turns.rewrite_turn(session, "gone", "text", NOW)
        found = await turns.turn_by_id(session, turn_id)
        earlier = await turns.earlier_versions(session, turn_id)
    assert found is not None
    assert (found.text, earlier) == ("three", ["one", "two"])


async def test_a_turn_is_found_by_the_message_that_shows_it(database: Database) -> None:
    async with database.write() as session:
        made = await converse(session, None, "T1")
        await claims.insert_claim(
            session,
            key="k",
            event_id="e",
            platform="discord",
            community="G1",
            channel="C1",
            thread="T1",
            message_id="m1",
            author=":1",
            question="{}",
            now=NOW,
        )
        await claims.save_address(session, "k", "T1", "r1")
        asked = await say(session, made.id, "why?", claim_key="k", message_id="m1")
        replied = await say(session, made.id, "because", claim_key="k", role="assistant")
        find = turns.turn_by_message

        async def found(channel: str, message_id: str) -> str | None:
            turn = await find(session, "discord", channel, message_id)
            return turn.id if turn else None

        assert await found("C1", "m1") == await found("T1", "m1") == asked
        assert await found("T1", "r1") == replied
        assert await found("C2", "m1") is None
        assert await find(session, "slack", "C1", "m1") is None
        await claims.finish_claims(session, "k", "sent", NOW)
        assert await claims.purge_claims(session, NOW + MINUTE) == 1
        assert await found("T1", "r1") == replied  # also when the claim is long gone


async def test_history_is_what_a_learner_said_and_was_answered_everywhere(
    database: Database,
) -> None:
    async with database.write() as session:
        mei, li = await meet(session, "1", "Mei"), await meet(session, "2", "Li")
        private, shared = await converse(session, mei.id), await converse(session, None)
        await say(session, private.id, "a", learner_id=mei.id)
        await say(session, private.id, "b", role="assistant")
        await say(session, shared.id, "not hers", learner_id=li.id)
        await say(session, shared.id, "c", learner_id=mei.id)
        newest = await turns.learner_history(session, mei.id, 2)
        older = await turns.learner_history(session, mei.id, 2, before=newest[-1].id)
    assert [turn.text for turn in newest + older] == ["c", "b", "a"]


async def test_a_person_s_latest_rating_of_a_reply_counts(database: Database) -> None:
    async with database.write() as session:
        mei = await meet(session, "1", "Mei")
        made = await converse(session, mei.id)
        turn_id = await say(session, made.id, "reply", role="assistant")
        await turns.rate_turn(session, turn_id, mei.id, 1, NOW)
        await turns.rate_turn(session, turn_id, mei.id, -1, NOW + timedelta(hours=1))
        rows = (await session.exec_driver_sql("SELECT rating FROM ratings")).scalars().all()
    assert rows == [-1]
