"""The tutor with a real database and an engine that says what it is told."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.wiring import now
from storage.communities import community_for
from storage.conversations import open_conversation
from storage.database import Database
from storage.learners import recognise
from storage.turns import StoredTurn, recent_turns, turn_by_id
from tests.doubles.assembled import assembled
from tests.doubles.fake_engine import FakeEngine
from tests.doubles.questions import question
from tests.doubles.turns import turn
from tutor.engine.profiles import EMBEDDED, UNKNOWN
from tutor.language import Language
from tutor.messages import Offer, Provenance, ReplyPart, Status, Text
from tutor.turn import Turn


class Lesson:
    """One learner, one conversation, one tutor."""

    def __init__(self, database: Database, engine: FakeEngine, profile: Any, folder: Path) -> None:
        self.database, self.engine = database, engine
        self.tutor = assembled(database, engine, now, folder, profile=profile).tutor
        self.turn: Turn

    async def begin(self) -> None:
        async with self.database.write() as session:
            learner = await recognise(
                session,
                platform="discord",
                workspace="",
                user_id="ann",
                display_name="Ann",
                locale=None,
                now=now(),
            )
            place = await community_for(session, platform="discord", external_id="", now=now())
            conversation = await open_conversation(
                session,
                platform="discord",
                community_id=place.id,
                channel="dm-ann",
                thread=None,
                learner_id=learner.id,
                now=now(),
            )
        old = replace(learner, is_new=False, created_at=now() - timedelta(days=1))
        self.turn = turn(learner=old, community=place, conversation=conversation)

    async def ask(self, text: str, **more: Any) -> list[ReplyPart]:
        asked = question(text)
        self.turn = replace(self.turn, question=asked, questions=(asked,), **more)
        return [part async for part in self.tutor.reply(self.turn)]

    async def again(self, reply: Provenance) -> list[ReplyPart]:
        asked = await self._stored(reply.question_id)
        return [part async for part in self.tutor.regenerate(self.turn, asked)]

    async def go_on(self, reply: Provenance) -> list[ReplyPart]:
        cut = await self._stored(reply.turn_id)
        return [part async for part in self.tutor.go_on(self.turn, cut)]

    async def _stored(self, turn_id: str | None) -> StoredTurn:
        assert turn_id is not None
        async with self.database.read() as session:
            stored = await turn_by_id(session, turn_id)
        assert stored is not None
        return stored


def text_of(parts: list[ReplyPart]) -> str:
    return "".join(part.text for part in parts if isinstance(part, Text))


def made(parts: list[ReplyPart]) -> Provenance:
    return next(part for part in parts if isinstance(part, Provenance))


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    opened = await Database.open(sqlite_url)
    yield opened
    await opened.close()


async def lesson(database: Database, *answers: Any, **options: Any) -> Lesson:
    profile = options.pop("profile", UNKNOWN)
    folder = Path(database.url.removeprefix("sqlite:///")).parent
    made = Lesson(database, FakeEngine(*answers, **options), profile, folder)
    await made.begin()
    return made


async def test_question_and_answer_are_remembered(database: Database) -> None:
    ann = await lesson(database, "A pull between masses.")
    await ann.ask("What is gravity?")
    async with database.read() as session:
        stored = await recent_turns(session, ann.turn.conversation.id, 10)
    assert [(one.role, one.text) for one in stored] == [
        ("user", "What is gravity?"),
        ("assistant", "A pull between masses."),
    ]


async def test_another_try_answers_the_same_question_again(database: Database) -> None:
    ann = await lesson(database, "first", "second")
    reply = made(await ann.ask("What is gravity?"))
    again = await ann.again(reply)
    assert text_of(again) == "second"
    first, second = ann.engine.requests
    assert second.messages == first.messages
    assert second.sampling != first.sampling


async def test_after_another_try_the_new_answer_counts(database: Database) -> None:
    ann = await lesson(database, "first", "second", "third")
    await ann.again(made(await ann.ask("What is gravity?")))
    await ann.ask("And mass?")
    prompt = [message.content for message in ann.engine.requests[-1].messages]
    assert "second" in prompt
    assert "first" not in prompt


async def test_a_cut_reply_says_so_and_goes_on(database: Database) -> None:
    ann = await lesson(database, "word " * 500, "the end.")
    reply = made(await ann.ask("Tell me a lot"))
    assert reply.cut
    assert text_of(await ann.go_on(reply)) == "the end."


async def test_every_further_try_answers_the_question_and_never_an_answer(
    database: Database,
) -> None:
    ann = await lesson(database, "first", "an aside", "second", "third")
    reply = made(await ann.ask("What is gravity?"))
    await ann.ask("And who are you?")
    again = made(await ann.again(reply))
    assert text_of(await ann.again(again)) == "third"
    first, _, *tries = [request.messages for request in ann.engine.requests]
    assert tries == [first, first]


async def test_a_text_worked_on_apart_is_no_part_of_the_conversation(database: Database) -> None:
    ann = await lesson(database, "A pull.", "in simple words", "Newton.")
    await ann.ask("What is gravity?")
    elsewhere = replace(ann.turn, question=question())
    explained = made([part async for part in ann.tutor.explain(elsewhere, "a hard text")])
    assert explained.question_id is None
    await ann.ask("Who found it?")
    prompt = [message.content for message in ann.engine.requests[-1].messages[1:]]
    assert prompt == ["What is gravity?", "A pull.", "Who found it?"]


async def test_a_cut_explanation_goes_on_from_its_own_words(database: Database) -> None:
    ann = await lesson(database, "word " * 500, "the end.")
    cut = made([part async for part in ann.tutor.explain(ann.turn, "a hard text")])
    assert text_of(await ann.go_on(cut)) == "the end."
    assert "word word" in ann.engine.requests[-1].messages[-1].content


async def test_a_reply_goes_on_where_it_was_cut_whatever_was_said_since(
    database: Database,
) -> None:
    ann = await lesson(database, "word " * 500, "Paris.", "the end.")
    cut = made(await ann.ask("Tell me a lot"))
    await ann.ask("And the capital of France?")
    await ann.go_on(cut)
    prompt = [message.content for message in ann.engine.requests[-1].messages]
    assert prompt[-2].startswith("word")
    assert "Paris." not in prompt


async def test_very_long_earlier_messages_are_read_no_further_than_the_prompt_could_hold(
    database: Database,
) -> None:
    ann = await lesson(database, "Read.", "Again.")
    encoded: list[str] = []
    encode = ann.engine.encode

    async def noted(texts: Sequence[str]) -> list[list[int]]:
        encoded.extend(texts)
        return await encode(texts)

    ann.engine.encode = noted  # type: ignore[method-assign]
    await ann.ask("It begins here. " + "x" * 200_000 + " What does it mean?")
    await ann.ask("And now?")
    assert any(text.startswith("It begins here.") for text in encoded)
    assert max(map(len, encoded)) < 10_000
    earlier = ann.engine.requests[-1].messages[-3].content
    assert earlier.startswith("It begins here.")
    assert earlier.endswith("What does it mean?")


async def test_a_long_conversation_is_summarised_and_fits(database: Database) -> None:
    ann = await lesson(database, default=lambda request: "word " * 60)
    for number in range(30):
        conversation = await refreshed(database, ann)
        await ann.ask(f"Question {number} about the sea. Please.", conversation=conversation)
    last = ann.engine.requests[-1]
    system = last.messages[0].content
    assert "Question 0 about the sea." in system
    assert len(" ".join(m.content for m in last.messages).split()) < 1500
    assert [m.role for m in last.messages[1:]] == ["user", "assistant"] * (
        len(last.messages) // 2 - 1
    ) + ["user"]


async def refreshed(database: Database, ann: Lesson) -> Any:
    from storage.conversations import conversation_by_id

    async with database.read() as session:
        return await conversation_by_id(session, ann.turn.conversation.id)


async def test_waiting_is_told(database: Database) -> None:
    ann = await lesson(database, "Hello.", queue_positions=(3, 2))
    parts = await ann.ask("Hi")
    statuses = [part.text for part in parts if isinstance(part, Status)]
    assert "3" in statuses[0]
    assert "2" in statuses[1]


async def test_a_language_that_the_model_lacks_is_named_and_no_model_is_asked(
    database: Database,
) -> None:
    ann = await lesson(database, profile=EMBEDDED)
    parts = await ann.ask("重力是什么？", language=Language.CHINESE)
    assert "a stronger model" in text_of(parts)
    assert ann.engine.requests == []
    assert made(parts).turn_id is None


async def test_the_first_reply_ends_with_one_useful_thing(database: Database) -> None:
    ann = await lesson(database, "Hello.", "Again.")
    ann.turn = replace(ann.turn, learner=replace(ann.turn.learner, is_new=True))
    assert "/help" in text_of(await ann.ask("Hi"))
    assert "/help" not in text_of(await ann.ask("Hi again"))


async def test_a_known_learner_is_welcomed_back_with_their_last_question(
    database: Database,
) -> None:
    ann = await lesson(database, "A pull.")
    assert "Ann" in await ann.tutor.greeting(ann.turn)
    await ann.ask("What is gravity?")
    assert "What is gravity?" in await ann.tutor.greeting(ann.turn)


async def test_a_text_is_worked_on_apart_from_the_conversation(database: Database) -> None:
    ann = await lesson(database, "A pull.", "In short: green.")
    await ann.ask("What is gravity?")
    parts = [part async for part in ann.tutor.summarise(ann.turn, "Leaves are green.")]
    assert text_of(parts) == "In short: green."
    assert "gravity" not in str(ann.engine.requests[-1].messages)


async def test_an_endless_message_keeps_its_beginning_and_its_end(database: Database) -> None:
    ann = await lesson(database)
    await ann.ask("BEGIN " + "x" * 100_000 + " END?")
    sent = ann.engine.requests[-1].messages[-1].content
    assert sent.startswith("BEGIN")
    assert sent.endswith("END?")
    assert len(sent) < 5000


@pytest.mark.parametrize(
    "text", ["hi", "Thanks!", "bye", "Who are you?", "你好", "谢谢老师", "再见"]
)
async def test_a_small_model_is_not_asked_to_return_a_courtesy(
    database: Database, text: str
) -> None:
    ann = await lesson(database, "nonsense", profile=EMBEDDED)
    said = text_of(await ann.ask(text))
    assert said
    assert "nonsense" not in said
    assert "DAOSHI_MODEL" not in said
    assert ann.engine.requests == []


async def test_chinese_courtesies_are_answered_warmly_with_something_to_begin(
    database: Database,
) -> None:
    ann = await lesson(database, profile=EMBEDDED)
    parts = await ann.ask("你好", language=Language.CHINESE)
    assert "DAOSHI_MODEL" not in text_of(parts)
    assert any(isinstance(part, Offer) and part.buttons for part in parts)


async def test_a_new_learner_reads_the_tip_with_a_greeting_and_not_with_thanks(
    database: Database,
) -> None:
    ann = await lesson(database, profile=EMBEDDED)
    new = replace(ann.turn.learner, is_new=True)
    assert "/help" in text_of(await ann.ask("hello", learner=new))
    assert "/help" not in text_of(await ann.ask("thanks", learner=new))


async def test_a_courtesy_with_a_question_behind_it_is_a_question(database: Database) -> None:
    ann = await lesson(database, "A pull between masses.", profile=EMBEDDED)
    assert "A pull" in text_of(await ann.ask("hi, what is gravity?"))


async def test_a_model_that_can_talk_returns_courtesies_itself(database: Database) -> None:
    ann = await lesson(database, "Hello from the model.")
    assert "from the model" in text_of(await ann.ask("hi"))
