"""Finding, joining, making and filling courses in chat, in both languages."""

from dataclasses import replace
from typing import Any

import pytest

from bot.commands.courses.items import item_line
from storage import course_places, items, jobs, members
from storage.jobs import JobState
from tests.doubles import questions
from tests.doubles.desk import ADMIN, ANN, BOB, Desk, shared
from tests.doubles.small_course import ITEMS, bring_in, hidden, small_course
from tutor.bank.item import ItemState
from tutor.language import Language
from tutor.messages import Platform, Role
from tutor.turn import Turn, Upload

BY_ADMIN: dict[str, Any] = {"author": BOB, "roles": ADMIN, **shared()}


@pytest.fixture
async def course_id(desk: Desk) -> str:
    """A course that is open to everyone."""
    return await bring_in(desk.services.database, desk.services.now())


async def test_an_open_course_is_joined_and_opened_in_two_taps(
    desk: Desk, course_id: str, language: Language
) -> None:
    listed = await desk.give("course list", author=ANN)
    joined = await desk.press(listed.choices[0], author=ANN)
    opened = await desk.press(joined.choices[0], author=ANN)
    mine = await desk.give("course list", author=ANN)
    name, skill = {
        Language.ENGLISH: ("Small course", "Adding numbers"),
        Language.CHINESE: ("小课程", "加法"),
    }[language]
    assert name in listed.text
    assert name in joined.text
    assert skill in opened.text
    assert mine.text.index(name)
    assert len(mine.choices) == 1


async def test_the_skills_show_what_comes_before(desk: Desk, course_id: str) -> None:
    shown = await desk.give("course skills", author=ANN)
    lines = shown.text.splitlines()
    assert any("Slopes" in line and "after Adding numbers" in line for line in lines)
    assert shown.private


async def test_a_wrong_code_is_answered_kindly(desk: Desk) -> None:
    answer = await desk.give("course join", {"code": "AAAA-BBBB"}, author=ANN)
    assert "lets nobody in" in answer.text


async def test_learners_make_no_courses(desk: Desk) -> None:
    for name, arguments in (("course create", {"name": "X"}), ("course import", {"file": "x"})):
        answer = await desk.give(name, arguments, author=ANN, **shared())
        assert "Only teachers" in answer.text, name


@pytest.mark.parametrize("name", ["course create", "course import"])
async def test_a_learner_at_the_terminal_is_told_how_to_become_a_teacher(
    desk: Desk, name: str
) -> None:
    ann = questions.person("Ann", Platform.TERMINAL, workspace="local")
    refused = await desk.give(name, {"name": "X", "file": "x"}, author=ann)
    assert "without `--learner`" in refused.text
    assert "`daoshi course role KEY terminal:ann teacher`" in refused.text


async def test_the_owner_at_the_terminal_makes_courses(desk: Desk) -> None:
    owner = questions.person("Eve", Platform.TERMINAL, workspace="local")
    roles = frozenset({Role.LEARNER, Role.TEACHER, Role.ADMIN, Role.OPERATOR})
    made = await desk.give("course create", {"name": "Biology"}, author=owner, roles=roles)
    assert "you teach it" in made.text


async def test_a_course_that_is_made_can_be_given_a_place(desk: Desk) -> None:
    made = await desk.give("course create", {"name": "Biology"}, **BY_ADMIN)
    bound = await desk.give("course place", **BY_ADMIN)
    async with desk.services.database.read() as session:
        found = await course_places.course_of_place(
            session, made.turn.community.id, "general", "thread-7"
        )
        [mine] = await members.memberships(session, made.turn.learner.id)
    assert "Biology" in bound.text
    assert found == mine.course_id
    assert (mine.role, mine.sees_names) == ("teacher", True)
    await desk.give("course place", {"here": "no"}, **BY_ADMIN)
    async with desk.services.database.read() as session:
        here = (session, made.turn.community.id, "general", None)
        assert await course_places.course_of_place(*here) is None


async def test_a_teacher_of_several_courses_chooses_which(desk: Desk) -> None:
    for name in ("Biology", "Physics"):
        await desk.give("course create", {"name": name}, **BY_ADMIN)
    asked = await desk.give("class report", **BY_ADMIN)
    named = await desk.give("class report", {"course": "physics"}, **BY_ADMIN)
    chosen = await desk.press(asked.button("Biology"), **BY_ADMIN)
    assert "Which course" in asked.text
    assert "Physics" in named.text
    assert "Biology" in chosen.text


async def test_unverified_items_are_gone_through_one_by_one(desk: Desk, language: Language) -> None:
    unsure = [replace(hidden(ITEMS[n]), key=f"unsure-{n}") for n in (0, 1, 2)]
    course = await bring_in(
        desk.services.database, desk.services.now(), small_course(*unsure, visibility="members")
    )
    operator: dict[str, Any] = {"author": BOB, "roles": frozenset({*ADMIN, "operator"})}
    first = await desk.give("course approve", **operator)
    second = await desk.press(first.choices[0], **operator)  # approve
    third = await desk.press(second.choices[1], fields={"step0": "84 | 84.0"}, **operator)
    last = await desk.press(third.choices[2], **operator)  # retire
    async with desk.services.database.read() as session:
        counts = await items.count_items(session, course)
        corrected = await items.item_by_key(session, course, "unsure-1")
        assert corrected is not None
        steps = await items.steps_of(session, [corrected.id])
    assert "17 + 25" in first.text
    assert "42" in first.text
    assert not last.choices
    assert counts == {"verified": 9, "retired": 1}
    assert corrected.state == ItemState.VERIFIED
    assert steps[corrected.id][0].answers == ["84", "84.0"]


async def test_items_are_listed_by_state(desk: Desk, course_id: str) -> None:
    operator: dict[str, Any] = {"author": BOB, "roles": frozenset({*ADMIN, "operator"})}
    verified = await desk.give("course items", **operator)
    retired = await desk.give("course items", {"state": "retired"}, **operator)
    assert "7 verified" in verified.text
    assert "No items" in retired.text


async def test_an_item_is_listed_by_what_it_asks(desk: Desk, course_id: str) -> None:
    operator: dict[str, Any] = {"author": BOB, "roles": frozenset({*ADMIN, "operator"})}
    async with desk.services.database.read() as session:
        [first, *_] = await items.items_of_course(session, course_id, state="verified")
    bare = replace(first, title="", stem="")
    listed = await desk.give("course items", **operator)
    assert item_line(bare, "How much is\n1 + 1?", Language.ENGLISH).startswith("- How much is 1 +")
    assert "\n-  ·" not in listed.text


async def test_an_import_says_first_what_it_would_take(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.commands.courses.importing.WAITING_SECONDS", 0.0)
    without = await desk.give("course import", {"file": "x"}, **BY_ADMIN)
    started = await give_file(desk, Upload("bank.csv", "text/csv", b"question,answer\n1+1,2\n"))
    async with desk.services.database.write() as session:
        [job] = await jobs.list_jobs(session)
        now = desk.services.now()
        lease: Any = {"kinds": ["course_import"], "lease_until": now}
        assert await jobs.take_job(session, owner="w", now=now, **lease)
        await jobs.finish_job(session, job.id, "w", RESULT, now)
    shown = await desk.press(started.choices[0], **BY_ADMIN)
    going = await desk.press(shown.choices[0], **BY_ADMIN)
    async with desk.services.database.read() as session:
        second, first = await jobs.list_jobs(session)
    assert "give me the file" in without.text
    assert "1 items" in shown.text
    assert "`row 3`" in shown.text
    assert shown.labels == ["Import 1 item"]
    assert going.choices
    assert (first.payload["dry_run"], second.payload["dry_run"]) == (True, False)
    assert first.payload["blob"] == second.payload["blob"]
    assert second.state == JobState.QUEUED


async def give_file(desk: Desk, upload: Upload) -> Any:
    """The command as the dispatcher gives it on, with the file that came along."""
    looked_up = desk.turn

    async def with_upload(question: Any) -> Turn:
        return replace(await looked_up(question), uploads=(upload,))

    desk.turn = with_upload  # type: ignore[method-assign]
    try:
        return await desk.give("course import", {"file": upload.name}, **BY_ADMIN)
    finally:
        desk.turn = looked_up  # type: ignore[method-assign]


COUNTS = {"courses": 1, "lessons": 1, "skills": 1, "items": 1, "steps": 1, "hints": 0}
RESULT: dict[str, Any] = {
    "format": "csv",
    "dry_run": True,
    "counts": COUNTS,
    "courses": [{"key": "k", "names": {"en": "Bank"}, "counts": COUNTS, "saved": None}],
    "not_taken_count": 1,
    "not_taken": [{"place": "row 3", "message": "It has no answer.", "fields": {}}],
    "remark_count": 0,
    "remarks": [],
}
