"""Commands and presses on their whole way: claimed, dispatched, shown where they belong."""

from collections.abc import AsyncIterator

import pytest

from bot.dispatch.dispatcher import Dispatcher
from tests.doubles import questions
from tests.doubles.desk import ADMIN, ANN, BOB, Desk, shared
from tests.doubles.fake_adapter import FakeAdapter, Shown
from tutor.messages import Choice, Question, Visibility


class Stage:
    def __init__(self, desk: Desk) -> None:
        self.platform = FakeAdapter()
        self.dispatcher = Dispatcher(desk.services, quiet_seconds=0.0)
        self.dispatcher.register(self.platform)

    async def ask(self, question: Question) -> Shown:
        """The message that answered a question."""
        await self.dispatcher.receive(question)
        await self.dispatcher.idle()
        return list(self.platform.messages.values())[-1]

    def button(self, label: str) -> Choice:
        found = [
            choice
            for shown in self.platform.messages.values()
            for choice in shown.final.choices
            if choice.label == label
        ]
        return found[-1]


@pytest.fixture
async def stage(desk: Desk) -> AsyncIterator[Stage]:
    stage = Stage(desk)
    yield stage
    await stage.dispatcher.close(0.1)


async def test_typed_command_in_a_channel_is_answered_in_private(stage: Stage) -> None:
    await stage.ask(questions.question("what is a prime?", **shared()))
    shown = await stage.ask(questions.question("/history", **shared()))
    assert "what is a prime?" in shown.final.text
    assert shown.question.visibility is Visibility.PRIVATE


async def test_reply_carries_buttons_that_work(stage: Stage) -> None:
    first = await stage.ask(questions.question("what is a prime?"))
    assert "prime" in first.final.text
    again = await stage.ask(questions.press(stage.button("Try again").id))
    assert "prime" in again.final.text
    thanks = await stage.ask(questions.press(stage.button("Helpful").id))
    assert thanks.final.text == "Thank you!"


async def test_second_press_of_what_counts_once_is_told_so_in_private(stage: Stage) -> None:
    await stage.ask(questions.question("what is a prime?"))
    button = stage.button("Try again")
    await stage.ask(questions.press(button.id))
    messages = len(stage.platform.messages)
    await stage.ask(questions.press(button.id))
    assert len(stage.platform.messages) == messages
    assert len(stage.platform.whispers) == 1


async def test_stranger_in_a_shared_place_may_rate_but_not_regenerate(stage: Stage) -> None:
    await stage.ask(questions.question("what is a prime?", **shared()))
    thanks = await stage.ask(
        questions.press(stage.button("Helpful").id, author=BOB, **shared(thread="t1"))
    )
    assert thanks.question.visibility is Visibility.PRIVATE
    messages = len(stage.platform.messages)
    await stage.ask(
        questions.press(stage.button("Try again").id, author=BOB, **shared(thread="t1"))
    )
    assert len(stage.platform.messages) == messages
    assert len(stage.platform.whispers) == 1


async def test_form_opens_only_for_those_who_may_press(stage: Stage) -> None:
    await stage.ask(questions.command("settings"))
    button = stage.button("Change name")
    form = await stage.dispatcher.form_of(button.id, ANN)
    assert form == button.form
    assert form is not None
    assert await stage.dispatcher.form_of(button.id, BOB) is None
    shown = await stage.ask(questions.press(button.id, fields={"name": "Captain"}))
    assert "Captain" in shown.final.text


async def test_deleting_ones_data_ends_well_although_the_press_is_deleted_too(
    stage: Stage,
) -> None:
    await stage.ask(questions.question("what is a prime?"))
    await stage.ask(questions.command("data delete"))
    shown = await stage.ask(questions.press(stage.button("Delete everything").id))
    assert shown.final.text.startswith("Done.")
    history = await stage.ask(questions.command("history"))
    assert "prime" not in history.final.text


async def test_whole_setup_through_the_dispatcher(stage: Stage) -> None:
    place = {"roles": ADMIN, "visibility": Visibility.PRIVATE, **shared()}
    await stage.ask(questions.command("setup", **place))
    for label in ("A class", "English", "In all of them"):
        shown = await stage.ask(questions.press(stage.button(label).id, **place))
        assert shown.question.visibility is Visibility.PRIVATE
    assert "A class" in shown.final.text
