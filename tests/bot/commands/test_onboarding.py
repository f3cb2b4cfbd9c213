"""`/onboard`: a checklist from its first line to the last tick, and who sees what of it."""

from datetime import timedelta
from typing import Any

import pytest

from storage import materials, members, outbox, policies
from storage.materials import NewPassage
from tests.doubles.desk import ADMIN, ANN, BOB, Answer, Desk, shared
from tests.doubles.small_course import bring_in
from tutor.language import Language
from tutor.messages import Choice
from tutor.moves import Move

BOSS: dict[str, Any] = {"author": BOB, "roles": ADMIN, **shared()}
NEW: dict[str, Any] = {"author": ANN, **shared()}
TASKS = "Get your badge\nRead how holidays work [handbook.md p. 2]"


async def upload(desk: Desk) -> None:
    """A document of two pages in the channel."""
    community = (await desk.give("history", **BOSS)).turn.community
    async with desk.services.database.write() as session:
        added = await materials.add_material(
            session,
            course_id=None,
            community_id=community.id,
            channel="general",
            name="handbook.md",
            media_type="text/markdown",
            blob_hash="0" * 64,
            uploaded_by=None,
            now=desk.clock[0],
        )
        passages = [
            NewPassage(2, "Holidays", "Everybody has thirty days of holiday a year.", b""),
            NewPassage(9, "Canteen", "Lunch is served at noon.", b""),
        ]
        await materials.put_passages(session, added.id, 9, passages)


async def made(desk: Desk, tasks: str = TASKS) -> Answer:
    """The first checklist of the community."""
    created = await desk.give("onboard create", {"title": "First week"}, **BOSS)
    return await desk.press(created.choices[0], {"title": "First week", "tasks": tasks}, **BOSS)


def beginning(answer: Answer, word: str) -> Choice:
    return next(choice for choice in answer.choices if choice.label.startswith(word))


async def notices(desk: Desk) -> list[Any]:
    async with desk.services.database.write() as session:
        return await outbox.take_due(
            session,
            platforms=["discord"],
            owner="test",
            lease_until=desk.clock[0] + timedelta(hours=1),
            now=desk.clock[0],
        )


async def test_admin_writes_a_checklist_in_a_form(desk: Desk, language: Language) -> None:
    await upload(desk)
    created = await desk.give("onboard create", {"title": "First week"}, **BOSS)
    assert "handbook.md" in created.text
    form = await desk.form(created.choices[0])
    assert form is not None
    assert [field.value for field in form.fields] == ["First week", ""]
    saved = await desk.press(created.choices[0], {"title": "First week", "tasks": TASKS}, **BOSS)
    assert "First week" in saved.text
    assert "1. Get your badge" in saved.text
    assert "handbook.md" in saved.text
    change = await desk.form(saved.choices[1])
    assert change is not None
    assert "Read how holidays work [handbook.md" in change.fields[1].value


async def test_document_that_is_not_there_is_named(desk: Desk) -> None:
    saved = await made(desk, "Read it [nowhere.pdf p. 3]")
    assert "nowhere.pdf" in saved.text


async def test_somebody_new_is_told_and_ticks_tasks_off(desk: Desk) -> None:
    await upload(desk)
    await made(desk)
    given = await desk.give("onboard start", {"learner": "<@ann>"}, **BOSS)
    assert "First week" in given.text
    [notice] = await notices(desk)
    assert notice.recipient == "ann"
    assert "First week" in notice.body["text"]

    mine = await desk.give("onboard list", **NEW)
    assert mine.private
    assert "0 of 2 done" in mine.text
    assert "handbook.md p. 2" in mine.text
    one = await desk.press(mine.button("Done: Get your badge"), **NEW)
    assert "1 of 2 done" in one.text
    back = await desk.press(one.button("Undo: Get your badge"), **NEW)
    assert "0 of 2 done" in back.text
    await desk.press(back.button("Done: Get your badge"), **NEW)
    every = await desk.press(back.button("Done: Read how holidays work"), **NEW)
    assert "2 of 2 done" in every.text
    assert "Welcome aboard" in every.text


async def test_admin_sees_how_far_people_are_and_reminds_them_once_a_day(desk: Desk) -> None:
    await made(desk)
    await desk.give("onboard start", {"learner": "<@ann>"}, **BOSS)
    await notices(desk)
    mine = await desk.give("onboard list", **NEW)
    await desk.press(mine.button("Done: Get your badge"), **NEW)
    seen = await desk.give("onboard progress", **BOSS)
    assert seen.private
    assert "Ann: 1 of 2, next: Read how holidays work" in seen.text
    remind = beginning(seen, "Remind")
    await desk.press(remind, **BOSS)
    await desk.press(remind, **BOSS)
    assert len([one for one in await notices(desk) if one.recipient == "ann"]) == 1


async def test_learners_see_and_change_nothing_of_others(desk: Desk, language: Language) -> None:
    saved = await made(desk)
    await desk.give("onboard start", {}, **BOSS)
    for name, arguments in (
        ("onboard create", {"title": "X"}),
        ("onboard progress", {}),
        ("onboard start", {"learner": "<@bob>"}),
    ):
        answer = await desk.give(name, arguments, **NEW)
        assert "First week" not in answer.text, name
        assert not answer.choices, name
    assert await desk.outcome(saved.choices[0], ANN) == "foreign"
    assert "First week" not in (await desk.give("onboard list", **NEW)).text


async def test_rights_that_were_lost_are_asked_for_at_the_press(desk: Desk) -> None:
    saved = await made(desk)
    no_longer = {"author": BOB, **shared()}
    answer = await desk.press(beginning(saved, "Remove"), **no_longer)
    assert "Removed" not in answer.text
    assert "First week" in (await desk.give("onboard progress", **BOSS)).text


async def test_another_server_does_not_see_a_checklist(desk: Desk) -> None:
    await made(desk)
    elsewhere = {"author": BOB, "roles": ADMIN, "community": "guild-2", "channel": "general"}
    assert "First week" not in (await desk.give("onboard progress", **elsewhere)).text
    assert "First week" not in (await desk.give("onboard start", **elsewhere)).text


async def test_question_about_a_task_is_answered_out_of_its_page(desk: Desk) -> None:
    await upload(desk)
    await made(desk)
    mine = await desk.give("onboard start", {}, **NEW)
    desk.engine.answers.append("Everybody has thirty days of holiday a year.")
    asked = await desk.press(
        beginning(mine, "Ask about"), {"text": "How many days of holiday do I have?"}, **NEW
    )
    assert "thirty days" in asked.text
    prompt = desk.engine.requests[-1].messages[-1].content
    assert "thirty days of holiday" in prompt
    assert "How many days" in prompt
    assert "Lunch" not in prompt
    assert "handbook.md" in asked.text
    assert asked.private


async def test_change_keeps_what_was_done(desk: Desk) -> None:
    saved = await made(desk)
    mine = await desk.give("onboard start", {}, **NEW)
    await desk.press(mine.button("Done: Get your badge"), **NEW)
    fields = {"title": "First month", "tasks": "Meet the team\nGet your badge"}
    await desk.press(beginning(saved, "Change"), fields, **BOSS)
    again = await desk.give("onboard list", **NEW)
    assert "**First month** · 1 of 2 done" in again.text
    assert "2. ✅ Get your badge" in again.text


async def test_of_several_checklists_one_is_chosen(desk: Desk, language: Language) -> None:
    await made(desk)
    created = await desk.give("onboard create", {}, **BOSS)
    await desk.press(created.choices[0], {"title": "Engineers", "tasks": "Clone it"}, **BOSS)
    which = await desk.give("onboard start", {}, **NEW)
    assert which.labels == ["First week", "Engineers"]
    chosen = await desk.press(which.choices[1], **NEW)
    assert "Clone it" in chosen.text


async def test_checklist_without_tasks_is_refused(desk: Desk) -> None:
    answer = await made(desk, " \n ")
    assert "at least one task" in answer.text


@pytest.mark.parametrize("name", ["onboard list", "onboard start", "onboard progress"])
async def test_where_there_is_no_checklist_it_says_who_makes_one(desk: Desk, name: str) -> None:
    assert "onboard create" in (await desk.give(name, **BOSS)).text


async def test_in_an_examination_no_question_is_answered(desk: Desk) -> None:
    await upload(desk)
    await made(desk)
    mine = await desk.give("onboard start", {}, **NEW)
    course_id = await bring_in(desk.services.database, desk.services.now())
    learner, now = mine.turn.learner.id, desk.clock[0]
    async with desk.services.database.write() as session:
        await members.add_member(session, course_id, learner, now=now)
        await policies.set_policy(
            session, course_id, "exam", starts_at=now, ends_at=None, by=learner, now=now
        )
    answer = await desk.press(beginning(mine, "Ask about"), {"text": "What is 2 + 2?"}, **NEW)
    assert answer.move == Move.NO_HELP
    assert not desk.engine.requests
