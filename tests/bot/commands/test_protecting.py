"""What teachers record about a class of minors, and what that opens."""

from dataclasses import replace
from typing import Any

import pytest

from storage import class_records, join_codes, members
from storage.consents import record_consent
from storage.learners import find_identity
from tests.doubles import questions
from tests.doubles.desk import ANN, BOB, Desk
from tests.doubles.small_course import bring_in, small_course
from tutor.language import Language
from tutor.messages import Person
from tutor.safety.protection import may_train_on, protection_of

TESS = questions.person("Tess")
FORM = {
    "controller": "Hill School",
    "age_band": "under_13",
    "basis": "parental_consent",
    "country": "cn",
    "contact": "<@tess>",
}


async def learner_id(desk: Desk, person: Person) -> str:
    await desk.turn(questions.question("hi", author=person))
    async with desk.services.database.read() as session:
        known = await find_identity(session, person.platform, person.workspace, person.user_id)
    assert known is not None
    return known.learner_id


@pytest.fixture
async def course_id(desk: Desk) -> str:
    """A course that Tess teaches and Ann learns in."""
    database, now = desk.services.database, desk.services.now()
    made = await bring_in(database, now, replace(small_course(), visibility="members"))
    tess, ann = await learner_id(desk, TESS), await learner_id(desk, ANN)
    async with database.write() as session:
        await members.add_member(session, made, tess, now=now, role="teacher")
        await members.add_member(session, made, ann, now=now)
    return made


async def fill_in(desk: Desk, **changes: Any) -> Any:
    shown = await desk.give("class record", author=TESS)
    (button,) = shown.choices
    form = await desk.form(button)
    assert form is not None
    assert {field.name for field in form.fields} == set(FORM)
    return await desk.press(button, {**FORM, **changes}, author=TESS)


async def test_a_teacher_records_the_class_and_reads_what_is_missing(
    desk: Desk, language: Language, course_id: str
) -> None:
    done = await fill_in(desk, controller="", contact="")
    async with desk.services.database.read() as session:
        record = await class_records.class_record(session, course_id)
        ann = await protection_of(session, await learner_id(desk, ANN))
    assert record is not None
    assert (record.country, record.contact) == ("CN", {})
    assert "/class record" in done.text
    assert ann.minor
    assert not ann.keeps_words


async def test_consent_of_the_parents_opens_the_class_for_one_learner(
    desk: Desk, language: Language, course_id: str
) -> None:
    await fill_in(desk)
    ann = await learner_id(desk, ANN)
    for agreed, keeps in (("yes", True), ("no", False)):
        await desk.give("class consent", {"who": "<@ann>", "agreed": agreed}, author=TESS)
        async with desk.services.database.read() as session:
            assert (await protection_of(session, ann)).keeps_words is keeps
    listed = await desk.give("class consent", author=TESS)
    assert listed.text.startswith("- ")


async def test_who_joins_a_class_that_is_not_ready_is_told_so(
    desk: Desk, language: Language, course_id: str
) -> None:
    await fill_in(desk, contact="")
    now = desk.services.now()
    async with desk.services.database.write() as session:
        code = await join_codes.create_join_code(
            session,
            course_id,
            role="learner",
            group="",
            uses=1,
            expires_at=now.replace(year=2030),
            created_by=None,
            now=now,
        )
    joined = await desk.give("course join", {"code": code.code}, author=BOB)
    assert "/class record" in joined.text
    async with desk.services.database.read() as session:
        assert await members.member(session, course_id, await learner_id(desk, BOB))


@pytest.mark.parametrize("basis", ["school", "parental_consent"])
async def test_chats_of_minors_never_train_models(desk: Desk, course_id: str, basis: str) -> None:
    ann, bob = await learner_id(desk, ANN), await learner_id(desk, BOB)
    async with desk.services.database.write() as session:
        for who in (ann, bob):
            await record_consent(
                session, who, "training", granted=True, source="settings", now=desk.services.now()
            )
        assert await may_train_on(session, ann, switched_on=True)
    await fill_in(desk, basis=basis)
    await desk.give("class consent", {"who": "<@ann>", "agreed": "yes"}, author=TESS)
    async with desk.services.database.read() as session:
        assert not await may_train_on(session, ann, switched_on=True)
        assert await may_train_on(session, bob, switched_on=True)
        assert not await may_train_on(session, bob, switched_on=False)


async def test_learners_can_record_nothing(desk: Desk, course_id: str) -> None:
    shown = await desk.give("class record", author=ANN)
    assert not shown.choices
