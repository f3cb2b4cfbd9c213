"""A person's own data: the file, the erasure, the consents."""

import json

from sqlalchemy import func, select

from storage import consents
from storage.models import LearnerRow, TurnRow
from tests.doubles.desk import BOB, Desk, shared
from tutor.i18n import say
from tutor.language import Language


async def count(desk: Desk, table: type) -> int:
    async with desk.services.database.read() as session:
        return (await session.execute(select(func.count()).select_from(table))).scalar_one()


async def test_export_is_a_private_json_file_with_what_was_said(
    desk: Desk, language: Language
) -> None:
    await desk.say("my own words 你好")
    await desk.say("the words of Bob", author=BOB, channel="dm-bob")
    answer = await desk.give("data export", **shared())
    assert answer.private
    (file,) = answer.files
    assert (file.name, file.media_type) == ("daoshi-data.json", "application/json")
    exported = json.loads(file.data)
    assert "my own words 你好" in str(exported)
    assert "words of Bob" not in str(exported)


async def test_delete_asks_first_and_no_changes_nothing(desk: Desk, language: Language) -> None:
    await desk.say("something")
    answer = await desk.give("data delete")
    assert "`/data export`" in answer.text
    kept = await desk.press(answer.button(say(language, "Keep it")))
    assert kept.text == say(language, "Nothing was deleted.")
    assert await count(desk, TurnRow) == 2
    assert await desk.outcome(answer.choices[0], answer.turn.question.author) == "already"


async def test_delete_erases_the_person_and_nobody_else(desk: Desk, language: Language) -> None:
    await desk.say("something")
    await desk.say("something of Bob", author=BOB, channel="dm-bob")
    answer = await desk.give("data delete")
    done = await desk.press(answer.button(say(language, "Delete everything")))
    assert done.text
    assert not done.choices
    assert await count(desk, LearnerRow) == 1
    assert await count(desk, TurnRow) == 2
    assert (await desk.say("hello again")).turn.learner.is_new


async def test_delete_button_is_only_for_its_owner_and_only_for_ten_minutes(desk: Desk) -> None:
    answer = await desk.give("data delete")
    assert await desk.outcome(answer.choices[0], BOB) == "foreign"
    desk.wait(minutes=10)
    assert await desk.outcome(answer.choices[0], answer.turn.question.author) == "expired"


async def test_consent_is_no_until_somebody_says_yes_and_every_change_is_kept(
    desk: Desk, language: Language
) -> None:
    answer = await desk.give("data consent")
    assert f"**{say(language, 'yes')}**" not in answer.text
    answer = await desk.press(answer.button(say(language, "Allow training")))
    assert f"**{say(language, 'yes')}**" in answer.text
    answer = await desk.press(answer.button(say(language, "No training")))
    assert f"**{say(language, 'yes')}**" not in answer.text
    async with desk.services.database.read() as session:
        kept = await consents.consent_history(session, answer.turn.learner.id)
    assert [(entry.purpose, entry.granted, entry.source) for entry in kept] == [
        ("training", True, "settings"),
        ("training", False, "settings"),
    ]


async def test_consent_says_when_the_operator_has_switched_training_off(desk: Desk) -> None:
    assert "switched training on conversations off" in (await desk.give("data consent")).text
