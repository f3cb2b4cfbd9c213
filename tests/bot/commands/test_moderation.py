"""Reports and what staff does with them and with learners."""

from typing import Any

import pytest

from bot.commands.offers import reply_controls
from storage import audit, erase, outbox
from storage.audit import AuditEntry
from storage.standings import stricter
from tests.doubles import questions
from tests.doubles.desk import ADMIN, ANN_IN_SLACK, BOB, TEACHER, Answer, Desk, shared
from tutor.i18n import say
from tutor.language import Language
from tutor.messages import Platform, Provenance, Role

EVE = questions.person("Eve")
OPERATOR = frozenset({Role.LEARNER, Role.OPERATOR})
STAFF = {"author": EVE, "roles": TEACHER, **shared()}


async def replied(desk: Desk, text: str = "a planted secret", **more: object) -> Answer:
    """A reply in a thread of the server, with its buttons."""
    answer = await desk.say(text, **(more or shared(thread="t1")))
    made = next(part for part in answer.parts if isinstance(part, Provenance))
    assert made.turn_id is not None
    controls = await reply_controls(desk.services, answer.turn, made)
    return Answer(answer.turn, [controls])


async def report(desk: Desk, reason: str = "unsafe", note: str = "look here") -> Answer:
    answer = await replied(desk)
    button = next(choice for choice in answer.choices if choice.emoji == "🚩")
    return await desk.press(button, {"reason": reason, "note": note}, **shared(thread="t1"))


async def entries(desk: Desk, action: str) -> list[AuditEntry]:
    async with desk.services.database.read() as session:
        return [entry for entry in await audit.entries(session) if entry.action == action]


async def status_of(desk: Desk, name: str, **where: Any) -> str:
    """How somebody is treated in the server, or elsewhere."""
    where = where or shared()
    turn = await desk.turn(questions.question(author=questions.person(name), **where))
    return stricter(turn.learner.status, turn.standing)


async def test_report_goes_into_the_queue_of_its_community(desk: Desk, language: Language) -> None:
    thanks = await report(desk)
    assert thanks.private
    queue = await desk.give("queue", **STAFF)
    assert queue.private
    assert say(language, "It is unsafe or hurtful") in queue.text
    elsewhere = await desk.give("queue", author=EVE, roles=TEACHER, community="guild-2")
    assert elsewhere.text == say(language, "No open reports.")


async def test_queue_itself_shows_nobodys_words(desk: Desk) -> None:
    await report(desk)
    queue = await desk.give("queue", **STAFF)
    assert "secret" not in queue.text
    assert "look here" not in queue.text
    assert await entries(desk, "report.read") == []


async def test_reading_a_report_shows_the_exchange_and_is_audited(
    desk: Desk, language: Language
) -> None:
    await report(desk)
    queue = await desk.give("queue", **STAFF)
    read = await desk.press(queue.choices[0], **STAFF)
    assert read.private
    assert "a planted secret" in read.text
    assert "look here" in read.text
    (entry,) = await entries(desk, "report.read")
    assert entry.actor_id == read.turn.learner.id
    assert entry.subject_id is not None


async def test_report_is_settled_once(desk: Desk, language: Language) -> None:
    await report(desk)
    queue = await desk.give("queue", **STAFF)
    reads = [await desk.press(queue.choices[0], **STAFF) for _ in range(2)]
    first = await desk.press(reads[0].choices[0], **STAFF)
    second = await desk.press(reads[1].choices[1], **STAFF)
    assert first.text == say(language, "Settled.")
    assert second.text == say(language, "Somebody has settled it already.")
    assert (await desk.give("queue", **STAFF)).text == say(language, "No open reports.")


async def test_reported_learner_can_be_paused_from_the_report(desk: Desk) -> None:
    await report(desk)
    queue = await desk.give("queue", **STAFF)
    read = await desk.press(queue.choices[0], **STAFF)
    await desk.press(read.button("Pause the learner"), **STAFF)
    assert await status_of(desk, "Ann") == "paused"


async def test_learner_cannot_press_what_was_made_for_staff(desk: Desk) -> None:
    await report(desk)
    queue = await desk.give("queue", **STAFF)
    refused = await desk.press(queue.choices[0], author=EVE, **shared())
    assert "secret" not in refused.text
    other = await desk.press(
        queue.choices[0], author=EVE, roles=ADMIN, community="guild-2", channel="general"
    )
    assert "secret" not in other.text


async def test_report_by_command_is_about_the_latest_reply_and_takes_one_tap(
    desk: Desk, language: Language
) -> None:
    none = await desk.give("report")
    assert none.text == say(language, "There is no reply of mine to report yet.")
    await desk.say("first", **shared(thread="t1"))
    await desk.say("second", **shared(thread="t2"))
    asked = await desk.give("report", {"note": "the sum"}, **shared())
    assert len(asked.choices) == 3
    await desk.press(asked.choices[0], **shared())
    queue = await desk.give("queue", **STAFF)
    read = await desk.press(queue.choices[0], **STAFF)
    assert "second" in read.text
    assert "the sum" in read.text


async def test_report_from_a_direct_message_reaches_the_community_of_the_reply(
    desk: Desk,
) -> None:
    await desk.say("said in the server", **shared(thread="t1"))
    asked = await desk.give("report")
    await desk.press(asked.choices[0])
    queue = await desk.give("queue", **STAFF)
    assert "said in the server" in (await desk.press(queue.choices[0], **STAFF)).text


async def test_report_button_works_where_no_form_can_open(desk: Desk) -> None:
    answer = await replied(desk)
    asked = await desk.press(answer.button("Report"), **shared(thread="t1"))
    done = await desk.press(asked.choices[1], **shared(thread="t1"))
    assert "A person will look at it" in done.text


async def test_operator_also_sees_reports_from_direct_messages(desk: Desk) -> None:
    await desk.say("in private")
    asked = await desk.give("report")
    await desk.press(asked.choices[0])
    assert (await desk.give("queue", **STAFF)).text == "No open reports."
    operator = {**STAFF, "roles": OPERATOR}
    queue = await desk.give("queue", **operator)
    assert "in private" in (await desk.press(queue.choices[0], **operator)).text


async def test_moderators_are_told_in_their_channel_without_anybodys_words(desk: Desk) -> None:
    room = {"roles": ADMIN, "community": "guild-1", "channel": "staff-room"}
    answer = await desk.give("setup", **room)
    for label in ("A class", "English", "In all of them", "Tell reports here"):
        answer = await desk.press(answer.button(label), **room)
    await report(desk)
    async with desk.services.database.write() as session:
        (notice,) = await outbox.take_due(
            session,
            platforms=["discord"],
            owner="test",
            lease_until=desk.clock[0],
            now=desk.clock[0],
        )
    assert notice.place is not None
    assert (notice.place["community"], notice.place["channel"]) == ("guild-1", "staff-room")
    assert "secret" not in notice.body["text"]
    assert "look here" not in notice.body["text"]


@pytest.mark.parametrize("written", ["<@bob>", "<@!bob>", "bob", "@bob"])
async def test_staff_pauses_and_resumes_a_learner(
    desk: Desk, language: Language, written: str
) -> None:
    await desk.say("hi", author=BOB, **shared(thread="t1"))
    await desk.give("pause", {"learner": written, "reason": "too loud"}, **STAFF)
    assert await status_of(desk, "Bob") == "paused"
    (entry,) = await entries(desk, "learner.paused")
    assert entry.details == {"reason": "too loud"}
    await desk.give("resume", {"learner": written}, **STAFF)
    assert await status_of(desk, "Bob") == "active"


async def test_staff_blocks_and_unblocks_a_learner(desk: Desk, language: Language) -> None:
    await desk.say("hi", author=BOB, **shared(thread="t1"))
    answer = await desk.give("block", {"learner": "<@bob>"}, **STAFF)
    assert "Bob" in answer.text
    assert await status_of(desk, "Bob") == "blocked"
    await desk.give("unblock", {"learner": "<@bob>"}, **STAFF)
    assert await status_of(desk, "Bob") == "active"


async def test_staff_of_one_server_cannot_touch_somebody_who_was_never_there(
    desk: Desk, language: Language
) -> None:
    await desk.say("hi", author=BOB, community="guild-2", channel="general", thread="t9")
    await desk.give("block", {"learner": "<@bob>"}, **STAFF)
    assert await status_of(desk, "Bob") == "active"
    await desk.give("block", {"learner": "<@bob>"}, **{**STAFF, "roles": OPERATOR})
    assert await status_of(desk, "Bob") == "blocked"


async def test_block_by_the_staff_of_one_server_holds_there_alone(desk: Desk) -> None:
    there = {"community": "guild-2", "channel": "general"}
    await desk.say("hi", author=BOB, **shared(thread="t1"))
    await desk.say("hi", author=BOB, **there, thread="t9")
    await desk.give("block", {"learner": "<@bob>"}, **STAFF)
    assert await status_of(desk, "Bob") == "blocked"
    assert await status_of(desk, "Bob", **there) == "active"
    assert await status_of(desk, "Bob", channel="dm-bob") == "active"
    await desk.give("unblock", {"learner": "<@bob>"}, author=EVE, roles=TEACHER, **there)
    assert await status_of(desk, "Bob") == "blocked"


async def test_staff_can_lift_their_block_when_the_words_are_long_gone(desk: Desk) -> None:
    said = await desk.say("hi", author=BOB, **shared(thread="t1"))
    await desk.give("block", {"learner": "<@bob>"}, **STAFF)
    async with desk.services.database.write() as session:
        assert await erase.delete_turns(session, erase.turns_about(said.turn.learner.id))
    await desk.give("unblock", {"learner": "<@bob>"}, **STAFF)
    assert await status_of(desk, "Bob") == "active"


async def test_staff_cannot_lift_what_an_operator_decided(desk: Desk, language: Language) -> None:
    await desk.say("hi", author=BOB, **shared(thread="t1"))
    await desk.give("block", {"learner": "<@bob>"}, **{**STAFF, "roles": OPERATOR})
    answer = await desk.give("unblock", {"learner": "<@bob>"}, **STAFF)
    assert answer.text != say(language, "{name} can talk to me again.", name="Bob")
    assert await status_of(desk, "Bob") == "blocked"
    assert await status_of(desk, "Bob", channel="dm-bob") == "blocked"


async def test_operator_who_resumes_somebody_also_lifts_what_the_staff_decided(desk: Desk) -> None:
    await desk.say("hi", author=BOB, **shared(thread="t1"))
    await desk.give("pause", {"learner": "<@bob>"}, **STAFF)
    await desk.give("resume", {"learner": "<@bob>"}, **{**STAFF, "roles": OPERATOR})
    assert await status_of(desk, "Bob") == "active"


async def test_pause_by_the_staff_of_a_workspace_holds_in_its_direct_messages(desk: Desk) -> None:
    admin = questions.person("Root", Platform.SLACK)
    zoe = questions.person("Zoe", Platform.SLACK)
    await desk.say("hi", author=zoe, channel="D1")
    await desk.give("pause", {"learner": "<@zoe>"}, author=admin, roles=ADMIN, channel="D2")
    for where in ({"channel": "D1"}, {"community": "W1", "channel": "C1"}):
        turn = await desk.turn(questions.question(author=zoe, **where))
        assert (turn.learner.status, turn.standing) == ("active", "paused"), where


async def test_staff_in_slack_reaches_only_their_own_workspace(desk: Desk) -> None:
    await desk.say("hi", author=ANN_IN_SLACK, channel="D1")
    other = questions.person("Sam", Platform.SLACK, workspace="W2")
    where = {"roles": ADMIN, "community": "T2", "channel": "C1"}
    refused = await desk.give("block", {"learner": "<@ann>"}, author=other, **where)
    assert "I know nobody" in refused.text


async def test_nobody_blocks_themselves_by_mistake(desk: Desk, language: Language) -> None:
    await desk.say("hi", author=EVE, **shared(thread="t1"))
    answer = await desk.give("block", {"learner": "<@eve>"}, **STAFF)
    assert answer.text == say(language, "That is you yourself.")
    assert await status_of(desk, "Eve") == "active"


async def test_unknown_person_is_answered_with_what_to_give(desk: Desk, language: Language) -> None:
    for written in ("<@999>", "two words"):
        answer = await desk.give("pause", {"learner": written}, **STAFF)
        assert answer.text == say(
            language,
            "I know nobody by that in this community. Please mention the person or give their "
            "user id.",
        )


async def test_who_looks_after_a_workspace_never_sees_reports_of_direct_messages(
    desk: Desk,
) -> None:
    admin = questions.person("Root", Platform.SLACK)
    stranger = questions.person("Mallory", Platform.SLACK, workspace="W2")
    for words, more in (
        ("said in private", {}),
        ("said in a channel", shared(thread="t1", community="W1")),
    ):
        answer = await replied(desk, words, author=ANN_IN_SLACK, **more)
        button = next(choice for choice in answer.choices if choice.emoji == "🚩")
        fields = {"reason": "wrong", "note": ""}
        await desk.press(button, fields, author=ANN_IN_SLACK, **more)
    foreign = await desk.give("queue", author=stranger, roles=ADMIN)
    assert foreign.choices == []
    own = await desk.give("queue", author=admin, roles=ADMIN)
    (read,) = own.choices
    shown = await desk.press(read, author=admin, roles=ADMIN)
    assert "said in a channel" in shown.text
    assert "said in private" not in shown.text
