"""Feedback, progress and goals: private, out of the learner's own answers, with a next step."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from storage import courses, goals, learners, schedules
from storage.models import OutboxRow
from tests.doubles.desk import Answer, Desk
from tests.doubles.practising import Bench, a_bench, an_answer
from tutor.i18n import say
from tutor.language import Language
from tutor.learner.digest import send_digest
from tutor.learner.model import record
from tutor.messages import Picture
from tutor.pedagogy.dialogue import Policy

DAY = timedelta(days=1)


async def practised(desk: Desk) -> tuple[str, Bench]:
    """Ann has answered two skills well and badly, this week and the one before."""
    learner_id = (await desk.give("help")).turn.learner.id
    async with desk.services.database.write() as session:
        bench = await a_bench(session)
        await courses.change_course(session, bench.course_id, visibility="everyone")
        for days, skill, grades in ((9, 1, "0001"), (1, 0, "1111"), (1, 1, "0100")):
            for number, right in enumerate(grades):
                answer = an_answer(
                    learner_id,
                    bench,
                    skill=skill,
                    number=number,
                    right=right == "1",
                    pattern="" if right == "1" else "sign",
                )
                await record(session, answer, desk.clock[0] - days * DAY)
    return learner_id, bench


def pictures(answer: Answer) -> list[Picture]:
    return [part for part in answer.parts if isinstance(part, Picture)]


async def test_feedback_is_private_and_names_what_the_database_holds(
    desk: Desk, language: Language
) -> None:
    await practised(desk)
    answer = await desk.give("feedback", community="guild-1", channel="general")
    assert answer.private
    assert "Skill 0" in answer.text
    assert "Skill 1" in answer.text
    assert {"8", "5", "62"} <= set(re.findall(r"\d+", answer.text))
    assert say(language, "Practise weakest skill") in answer.labels


async def test_the_weakest_skill_is_practised_in_one_press(desk: Desk) -> None:
    _, bench = await practised(desk)
    answer = await desk.give("feedback")
    begun = await desk.press(answer.button("Practise weakest skill"))
    async with desk.services.database.read() as session:
        skill = (await courses.skills_by_ids(session, [bench.skills[1]]))[0]
    assert skill.names["en"] in begun.text


async def test_feedback_tells_what_changed_since_it_was_read(desk: Desk) -> None:
    learner_id, bench = await practised(desk)
    await desk.give("settings", {"level": "detailed"})
    await desk.give("feedback")
    desk.wait(hours=5)
    async with desk.services.database.write() as session:
        await record(session, an_answer(learner_id, bench, number=2), desk.clock[0])
    desk.wait(hours=1)
    again = await desk.give("feedback")
    assert "Since your last feedback (Mar 1): 1 of 1 right at once" in again.text


async def test_the_model_words_it_only_where_it_keeps_to_the_facts(desk: Desk) -> None:
    await practised(desk)
    plain = (await desk.give("feedback")).text
    desk.engine.answers.append(lambda request: request.messages[-1].content.replace("8", "80"))
    desk.engine.answers.append(lambda request: "Well, well! " + request.messages[-1].content)
    desk.clock[0] += timedelta(minutes=1)
    dropped = await desk.give("feedback")
    kept = await desk.give("feedback")
    assert "80" not in dropped.text
    assert kept.text.startswith("Well, well!")
    assert "8 questions" in plain


async def test_nothing_is_said_about_right_and_wrong_during_an_exam(desk: Desk) -> None:
    await practised(desk)
    turn_of = desk.turn

    async def examined(question: object) -> object:
        return replace(await turn_of(question), policy=Policy.EXAM)  # type: ignore[arg-type]

    desk.turn = examined  # type: ignore[assignment,method-assign]
    for command in ("feedback", "progress", "goals"):
        answer = await desk.give(command)
        assert "An exam is on" in answer.text
        assert not answer.choices


async def test_progress_is_shown_in_words_and_on_request_in_pictures(
    desk: Desk, language: Language
) -> None:
    await practised(desk)
    words = await desk.give("progress")
    assert words.private
    assert "Skill 0" in words.text
    assert pictures(words) == []
    shown = await desk.press(words.button(say(language, "Show picture")))
    names = [picture.name for picture in pictures(shown)]
    assert names == ["mastery.png", "activity.png", "forgetting.png"]
    assert all(picture.alt for picture in pictures(shown))
    assert say(language, "Show picture") not in shown.labels


async def test_whoever_has_not_begun_is_told_how_to(desk: Desk, language: Language) -> None:
    assert "`/learn`" in (await desk.give("progress", {"picture": "yes"})).text
    assert "`/learn`" in (await desk.give("feedback")).text


async def test_goals_are_set_by_words_followed_and_dropped(desk: Desk) -> None:
    learner_id, bench = await practised(desk)
    assert "no goals yet" in (await desk.give("goals")).text
    await desk.give("goals", {"change": "set 20"})
    both = await desk.give("goals", {"change": "set Skill 1"})
    assert "1. 20 answers a week: 8 in the last seven days" in both.text
    assert "2. Master Skill 1:" in both.text
    dropped = await desk.press(both.button("Drop 1"))
    assert "20 answers" not in dropped.text
    async with desk.services.database.read() as session:
        [left] = await goals.open_goals(session, learner_id)
    assert left.skill_id == bench.skills[1]
    assert "no goals yet" in (await desk.give("goals", {"change": "drop skill 1"})).text


@pytest.mark.parametrize(
    "words",
    ["I want to master skill 1 by tomorrow", "set Skill 1 until tomorrow", "明天前掌握skill 1"],
)
async def test_a_goal_takes_the_date_that_stands_behind_it(desk: Desk, words: str) -> None:
    learner_id, bench = await practised(desk)
    answer = await desk.give("goals", {"change": words})
    async with desk.services.database.read() as session:
        [goal] = await goals.open_goals(session, learner_id)
    assert goal.skill_id == bench.skills[1]
    assert goal.due_at is not None
    assert goal.due_at.date() == (desk.clock[0] + DAY).date()
    assert f"{goal.due_at:%Y-%m-%d}" in answer.text


async def test_a_date_that_cannot_be_read_is_named(desk: Desk) -> None:
    await practised(desk)
    answer = await desk.give("goals", {"change": "master Skill 1 by blursday"})
    assert "can't read “blursday”" in answer.text
    assert "Master Skill 1" in answer.text


async def test_goals_are_set_in_chinese_and_by_the_form(desk: Desk) -> None:
    await practised(desk)
    assert "15" in (await desk.give("goals", {"change": "设定 15 题"})).text
    answer = await desk.give("feedback")
    button = answer.button("Set a goal")
    form = await desk.form(button)
    assert form is not None
    assert [field.name for field in form.fields] == ["skill", "weekly"]
    changed = await desk.press(button, {"skill": "", "weekly": "25"})
    assert "25 answers a week" in changed.text
    assert "15 answers" not in changed.text


async def test_a_goal_nobody_knows_or_can_reach_is_refused(desk: Desk) -> None:
    await practised(desk)
    assert "I know no skill" in (await desk.give("goals", {"change": "set xyzzyqwv"})).text
    assert "from 1 to 1000" in (await desk.give("goals", {"change": "set 0"})).text


async def test_the_week_comes_by_itself_only_for_who_asked(desk: Desk) -> None:
    learner_id, _ = await practised(desk)
    async with desk.services.database.write() as session:
        assert not await send_digest(session, learner_id, desk.clock[0])
    answer = await desk.give("feedback")
    agreed = await desk.press(answer.button("Every week"))
    assert "every Sunday" in agreed.text
    async with desk.services.database.write() as session:
        [schedule] = await schedules.due_schedules(session, desk.clock[0] + 8 * DAY)
        assert schedule.due_at.weekday() == 6
        assert await send_digest(session, learner_id, schedule.due_at)
        await send_digest(session, learner_id, schedule.due_at + timedelta(hours=1))
        bodies = list((await session.execute(select(OutboxRow.body))).scalars())
    assert len(bodies) == 1
    assert "Skill 1" in bodies[0]["text"]
    await desk.press(agreed.button("No longer weekly"))
    async with desk.services.database.write() as session:
        assert not await send_digest(session, learner_id, schedule.due_at + 7 * DAY)


async def test_the_weekly_hour_follows_the_settings(desk: Desk) -> None:
    await practised(desk)
    await desk.give("feedback", {"weekly": "yes"})
    changed = await desk.give(
        "settings",
        {"reminders": "yes", "at": "7:30", "zone": "Asia/Shanghai", "quiet": "22:00-07:00"},
    )
    assert "daily at 07:30 (Asia/Shanghai)" in changed.text
    async with desk.services.database.read() as session:
        due = await schedules.due_schedules(session, desk.clock[0] + 8 * DAY)
    assert {(one.due_at.hour, one.due_at.minute) for one in due} == {(23, 30)}
    assert sorted(one.kind for one in due) == ["review_reminder", "weekly_feedback"]


async def test_times_that_cannot_be_read_are_explained(desk: Desk) -> None:
    for given, said in (
        ({"at": "noonish"}, "Write the time like 18:30"),
        ({"quiet": "at night"}, "like 21:00-08:00"),
        ({"zone": "Mars/Olympus"}, "don't know the time zone"),
    ):
        assert said in (await desk.give("settings", given)).text
    off = await desk.press(
        (await desk.give("settings", {"reminders": "yes"})).button("Reminders off")
    )
    assert "Reminders: off" in off.text


async def test_times_are_set_by_the_form(desk: Desk) -> None:
    button = (await desk.give("settings")).button("Times and zone")
    form = await desk.form(button)
    assert form is not None
    assert [field.value for field in form.fields] == ["18:00", "UTC", "21:00-08:00"]
    fields = {"at": "19:15", "zone": "Europe/Berlin", "quiet": "21:00-08:00"}
    await desk.press(button, fields)
    learner_id = (await desk.give("help")).turn.learner.id
    async with desk.services.database.read() as session:
        learner = await learners.learner_by_id(session, learner_id)
    assert learner is not None
    assert learner.settings["reminders"]["at"] == "19:15"
    assert not learner.settings["reminders"]["on"]


@pytest.mark.parametrize("words", ["30", "每周30题", "每星期做 30 道题", "30 answers", "30 a week"])
async def test_a_weekly_goal_is_read_as_people_say_it(desk: Desk, words: str) -> None:
    await desk.give("goals", {"change": words})
    assert "30 answers a week" in (await desk.give("goals")).text
