"""A sitting at the terminal, with a door that answers at once."""

import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.adapter import Address, Card, Draft, Ending, Notice
from bot.terminal.adapter import TerminalAdapter
from bot.terminal.screen import JsonScreen, PlainScreen, Screen
from bot.terminal.session import Sitting, TerminalSession
from tutor.language import Language
from tutor.messages import (
    Choice,
    File,
    Form,
    FormField,
    Kind,
    Person,
    Picture,
    Platform,
    Question,
    Role,
)

ANN = Person(Platform.TERMINAL, "local", "ann", "Ann")
SITTING = Sitting(ANN, Language.ENGLISH, frozenset({Role.LEARNER}))
NOW = datetime(2026, 1, 1, tzinfo=UTC)
REPORT = Form(
    "Report this reply",
    (
        FormField("reason", "What is wrong?", options=(("wrong", "It is wrong"), ("x", "Else"))),
        FormField("note", "Anything else?", required=False, max_length=10),
    ),
    "Send",
)
REPLY_CHOICES = (
    Choice("up-1", "", emoji="👍"),
    Choice("again-1", "Try again"),
    Choice("report-1", "Report", form=REPORT),
)


class FakeDoor:
    """Answers each question at once with `answer`, and remembers what it was given."""

    def __init__(self, answer: Callable[[Question], Draft]) -> None:
        self.answer = answer
        self.questions: list[Question] = []
        self.saved: list[Address] = []
        self.adapter: TerminalAdapter | None = None

    async def receive(self, question: Question) -> None:
        assert self.adapter is not None
        self.questions.append(question)

        async def save(address: Address) -> None:
            self.saved.append(address)

        surface = self.adapter.surface(question, None, save)
        draft = self.answer(question)
        await surface.show(replace(draft, text=draft.text[:5], ending=None, choices=()))
        await surface.show(draft)

    async def form_of(self, choice_id: str, person: Person) -> Form | None:
        return None

    async def idle(self) -> None:
        """Everything has been answered already."""


def echo(question: Question) -> Draft:
    return Draft(
        text=f"You said {question.text}",
        choices=REPLY_CHOICES,
        ending=Ending.DONE,
        move="answer",
    )


async def lines_of(*lines: str) -> AsyncIterator[str]:
    for line in lines:
        yield line


@contextmanager
def uninterrupted(_stop: Callable[[], None]) -> Iterator[None]:
    yield


async def sit(
    screen: Screen, door: FakeDoor, folder: Path, *lines: str, greeting: str = ""
) -> TerminalAdapter:
    adapter = TerminalAdapter(screen, ANN, Language.ENGLISH, folder)
    door.adapter = adapter
    session = TerminalSession(door, adapter, screen, SITTING, lambda: NOW, uninterrupted)
    if greeting:
        screen.greet(greeting)
    await session.run(lines_of(*lines))
    return adapter


async def json_of(door: FakeDoor, folder: Path, *lines: str, greeting: str = "") -> list[Any]:
    written: list[str] = []
    await sit(JsonScreen(written.append), door, folder, *lines, greeting=greeting)
    return [json.loads(line) for line in "".join(written).splitlines()]


async def test_every_line_becomes_one_object_in_order(tmp_path: Path) -> None:
    objects = await json_of(FakeDoor(echo), tmp_path, "hello", "what is gravity?")
    assert [o["text"] for o in objects] == ["You said hello", "You said what is gravity?"]
    assert set(objects[0]) == {"text", "choices", "files", "move", "adapter"}
    assert objects[0]["move"] == "answer"
    assert objects[0]["adapter"] is None


@pytest.mark.parametrize("word", ["/quit", "/exit", " /QUIT ", "/退出"])
async def test_quit_leaves(tmp_path: Path, word: str) -> None:
    door = FakeDoor(echo)
    objects = await json_of(door, tmp_path, "hello", word, "never read")
    assert [o["text"] for o in objects] == ["You said hello"]
    assert [asked.text for asked in door.questions] == ["hello"]


async def test_greeting_is_part_of_the_first_object(tmp_path: Path) -> None:
    objects = await json_of(FakeDoor(echo), tmp_path, "a", "b", greeting="Welcome back, Ann.")
    assert objects[0]["text"] == "Welcome back, Ann.\n\nYou said a"
    assert objects[1]["text"] == "You said b"


async def test_nothing_is_printed_for_no_line(tmp_path: Path) -> None:
    assert await json_of(FakeDoor(echo), tmp_path, greeting="Hello") == []


async def test_plain_output_streams_and_repeats_nothing(tmp_path: Path) -> None:
    written: list[str] = []
    screen = PlainScreen(written.append, Language.ENGLISH)
    await sit(screen, FakeDoor(echo), tmp_path, "hello")
    assert written[0] == "You s"
    output = "".join(written)
    assert output.count("You said hello") == 1
    assert "[/1] 👍  [/2] Try again  [/3] Report" in output


async def test_questions_carry_who_and_where(tmp_path: Path) -> None:
    door = FakeDoor(echo)
    await sit(JsonScreen(lambda _: None), door, tmp_path, "hello", "hello")
    first, second = door.questions
    assert (first.author, first.place.platform, first.kind) == (ANN, "terminal", Kind.MESSAGE)
    assert first.claim_key != second.claim_key
    assert door.saved[0] == Address("ann", first.message_id)


async def test_commands_reach_the_dispatcher_as_they_were_typed(tmp_path: Path) -> None:
    door = FakeDoor(echo)
    await sit(JsonScreen(lambda _: None), door, tmp_path, "/help")
    assert door.questions[0].text == "/help"


@pytest.mark.parametrize(
    ("typed", "pressed"), [("/2", "again-1"), ("2", "again-1"), ("/1", "up-1")]
)
async def test_choice_is_picked_by_its_number(typed: str, pressed: str, tmp_path: Path) -> None:
    door = FakeDoor(echo)
    await sit(JsonScreen(lambda _: None), door, tmp_path, "hello", typed)
    question = door.questions[1]
    assert question.kind is Kind.ACTION
    assert question.press is not None
    assert question.press.choice_id == pressed


@pytest.mark.parametrize("answer", ["1", "4", "42"])
async def test_bare_number_that_picks_no_offer_is_an_answer(answer: str, tmp_path: Path) -> None:
    door = FakeDoor(echo)
    await sit(JsonScreen(lambda _: None), door, tmp_path, "what is 2 + 2?", answer)
    assert (door.questions[1].kind, door.questions[1].text) == (Kind.MESSAGE, answer)


async def test_choices_stay_after_a_reply_without_any(tmp_path: Path) -> None:
    def bare_help(question: Question) -> Draft:
        return (
            Draft(text="help", ending=Ending.DONE) if question.text == "/help" else echo(question)
        )

    door = FakeDoor(bare_help)
    await sit(JsonScreen(lambda _: None), door, tmp_path, "hello", "/help", "2", "/2")
    kinds = [question.kind for question in door.questions]
    assert kinds == [Kind.MESSAGE, Kind.MESSAGE, Kind.MESSAGE, Kind.ACTION]


async def test_number_of_no_choice_is_a_sentence_and_no_question(tmp_path: Path) -> None:
    door = FakeDoor(echo)
    objects = await json_of(door, tmp_path, "/9")
    assert objects[0]["text"] == "There is no choice with that number."
    assert not door.questions


async def test_form_is_asked_field_by_field(tmp_path: Path) -> None:
    door = FakeDoor(echo)
    objects = await json_of(door, tmp_path, "hello", "/3", "1", "bad")
    assert "What is wrong?" in objects[1]["text"]
    assert "1. It is wrong" in objects[1]["text"]
    assert "Anything else?" in objects[2]["text"]
    form = door.questions[1]
    assert form.kind is Kind.FORM
    assert form.press is not None
    assert (form.press.choice_id, dict(form.press.fields)) == (
        "report-1",
        {"reason": "wrong", "note": "bad"},
    )


async def test_form_asks_again_for_what_does_not_fit(tmp_path: Path) -> None:
    door = FakeDoor(echo)
    objects = await json_of(door, tmp_path, "hello", "/3", "9", "2", "far too long a note", "-")
    assert objects[2]["text"] == "Please give one of the numbers."
    assert objects[4]["text"] == "At most 10 characters, please."
    press = door.questions[1].press
    assert press is not None
    assert dict(press.fields) == {"reason": "x", "note": ""}


async def test_form_can_be_left(tmp_path: Path) -> None:
    door = FakeDoor(echo)
    await sit(JsonScreen(lambda _: None), door, tmp_path, "hello", "/3", "/cancel", "next")
    assert [question.text for question in door.questions] == ["hello", "next"]


async def test_file_is_sent_along_and_can_be_fetched(tmp_path: Path) -> None:
    note = tmp_path / "my note.txt"
    note.write_text("F = ma")
    door = FakeDoor(echo)
    adapter = await sit(
        JsonScreen(lambda _: None), door, tmp_path, f"/file '{note}' what does this mean?"
    )
    attachment = door.questions[0].attachments[0]
    assert door.questions[0].text == "what does this mean?"
    assert (attachment.name, attachment.media_type, attachment.size_bytes) == (
        "my note.txt",
        "text/plain",
        6,
    )
    assert await adapter.fetch(attachment, limit_bytes=100) == b"F = ma"


async def test_missing_file_is_a_sentence_and_no_question(tmp_path: Path) -> None:
    door = FakeDoor(echo)
    objects = await json_of(door, tmp_path, "/file /nowhere/x.txt what?", "/file")
    assert all("I can't read that file" in o["text"] for o in objects)
    assert not door.questions


async def test_pictures_and_files_are_saved_under_their_own_names(tmp_path: Path) -> None:
    def picture(question: Question) -> Draft:
        return Draft(
            text="Look",
            pictures=(Picture(b"png", "formula.png", "x squared"),),
            files=(File(b"{}", "../../data.json", "application/json"),),
            ending=Ending.DONE,
        )

    folder = tmp_path / "files"
    objects = await json_of(FakeDoor(picture), folder, "draw", "draw")
    paths = [Path(file["path"]) for o in objects for file in o["files"]]
    assert [path.name for path in paths] == [
        "formula.png",
        "data.json",
        "formula-2.png",
        "data-2.json",
    ]
    assert {path.parent for path in paths} == {folder}
    assert paths[0].read_bytes() == b"png"
    assert objects[0]["files"][0]["alt"] == "x squared"


async def test_stopped_reply_is_marked(tmp_path: Path) -> None:
    door = FakeDoor(lambda question: Draft(text="Half of it", ending=Ending.STOPPED))
    objects = await json_of(door, tmp_path, "tell me all")
    assert objects[0]["text"] == "Half of it\n\n*(stopped)*"


def test_a_terminal_reaches_only_the_one_who_sits_there(tmp_path: Path) -> None:
    screen = PlainScreen([].append, Language.ENGLISH)
    adapter = TerminalAdapter(screen, ANN, Language.ENGLISH, tmp_path)
    assert adapter.reaches(ANN.user_id)
    assert not adapter.reaches("bob")


async def test_card_is_printed_once_and_then_a_line_for_each_phase(tmp_path: Path) -> None:
    said: list[str] = []
    screen = PlainScreen(said.append, Language.ENGLISH)
    adapter = TerminalAdapter(screen, ANN, Language.ENGLISH, tmp_path)
    for phase, percent in (("training", 10), ("training", 20), ("evaluating", 100)):
        card = Card("Run", phase, f"Run: {phase}")
        draft = Draft(text=f"Run\n{phase} {percent} %", ending=Ending.DONE)
        await adapter.deliver(Notice("n1", "ann", None, draft, card=card))
        assert adapter.progress() == ""  # there is nothing to stop any more
    assert "".join(said) == "Run\ntraining 10 %\nRun: evaluating\n"
    going = replace(draft, choices=(Choice("stop-1", "Stop"),))
    await adapter.deliver(Notice("n1", "ann", None, going, card=card))
    assert adapter.progress() == "Run: evaluating"
