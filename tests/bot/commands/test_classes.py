"""What teachers do in chat with a course and its people, in both languages."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.commands.parse import parse_command
from storage import attempts, disputes, items, members, outbox
from storage.attempts import Attempt
from storage.learners import find_identity
from storage.skill_states import skill_states
from tests.doubles import questions
from tests.doubles.desk import ADMIN, ANN, BOB, Desk, shared
from tests.doubles.small_course import ITEMS, bring_in, hidden, small_course
from tutor.bank.store import load_item
from tutor.grading.verdict import Outcome
from tutor.language import Language
from tutor.learner.model import NewAttempt, record
from tutor.messages import Person, Picture

TESS = questions.person("Tess")


class Class:
    """A course that Tess teaches and Ann and Bob learn in."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.course_id = ""

    async def open(self, *, sees_names: bool = False) -> None:
        course = small_course(replace(hidden(ITEMS[0]), key="new"), visibility="members")
        self.course_id = await bring_in(self.desk.services.database, self.now, course)
        tess, ann, bob = [await self.learner_id(who) for who in (TESS, ANN, BOB)]
        async with self.desk.services.database.write() as session:
            for who in (ann, bob):
                await members.add_member(session, self.course_id, who, now=self.now)
            await members.add_member(
                session, self.course_id, tess, now=self.now, role="teacher", sees_names=sees_names
            )

    @property
    def now(self) -> Any:
        return self.desk.services.now()

    async def learner_id(self, person: Person) -> str:
        await self.desk.turn(questions.question("hi", author=person))
        async with self.desk.services.database.read() as session:
            known = await find_identity(session, person.platform, person.workspace, person.user_id)
        assert known is not None
        return known.learner_id

    async def answers(self, person: Person, *given: str, key: str = "sum-1") -> Attempt:
        """Answers to an item of the course, right where it is the key; the last attempt."""
        learner_id, made = await self.learner_id(person), None
        async with self.desk.services.database.write() as session:
            row = await items.item_by_key(session, self.course_id, key)
            assert row is not None
            item = await load_item(session, row.id)
            assert item is not None
            for answer in given:
                right = answer in item.item.steps[0].answer.answers
                attempt = NewAttempt(
                    learner_id=learner_id,
                    item_id=item.id,
                    item_version=item.version,
                    step=0,
                    skill_ids=item.skill_ids[0],
                    answer=answer,
                    outcome=Outcome.RIGHT if right else Outcome.WRONG,
                    score=float(right),
                    stage="key",
                    course_id=self.course_id,
                )
                learnt = await record(session, attempt, self.now)
                made = await attempts.attempt_by_id(session, learnt.attempt_id)
        assert made is not None
        return made

    async def contests(self, attempt: Attempt, reason: str = "I am right") -> None:
        async with self.desk.services.database.write() as session:
            await disputes.open_dispute(
                session,
                attempt.id,
                learner_id=attempt.learner_id,
                course_id=self.course_id,
                reason=reason,
                now=self.now,
            )

    async def told(self) -> list[str]:
        """What lies in the outbox, for whom."""
        later = self.now + timedelta(days=60)
        async with self.desk.services.database.write() as session:
            rows = await outbox.take_due(
                session, platforms=["discord"], owner="t", lease_until=later, now=later
            )
        return [f"{row.recipient}: {row.body['text']}" for row in rows]


@pytest.fixture
async def class_(desk: Desk) -> Class:
    made = Class(desk)
    await made.open()
    return made


async def test_learners_are_kept_from_what_is_for_teachers(class_: Class) -> None:
    for name in ("class report", "class queue", "class gradebook", "course items", "class policy"):
        answer = await class_.desk.give(name, author=ANN)
        assert "no teacher" in answer.text, name
        assert not answer.files


async def test_a_report_shows_aliases_unless_names_may_be_seen(
    class_: Class, language: Language
) -> None:
    await class_.answers(ANN, "42", "41", "40")
    hidden_names = await class_.desk.give("class report", author=TESS)
    assert hidden_names.private
    assert "Ann" not in hidden_names.text
    assert {Language.ENGLISH: "1 of 2", Language.CHINESE: "2"}[language] in hidden_names.text
    tess = await class_.learner_id(TESS)
    async with class_.desk.services.database.write() as session:
        await members.change_member(session, class_.course_id, tess, sees_names=True)
    named = await class_.desk.give("class report", author=TESS)
    assert "Ann" in named.text
    assert "Bob" in named.text
    for report in (hidden_names, named):
        [overview] = [part for part in report.parts if isinstance(part, Picture)]
        assert overview.data.startswith(b"\x89PNG")
        assert "Ann" not in overview.alt


async def test_who_answers_wrong_three_times_in_a_row_is_stuck(class_: Class) -> None:
    nobody = await class_.desk.give("class stuck", author=TESS)
    await class_.answers(ANN, "41", "40", "39")
    await class_.answers(BOB, "41", "40", "42")
    found = await class_.desk.give("class stuck", author=TESS)
    assert "Nobody" in nobody.text
    assert found.text.count("\n- ") == 1
    assert "last 3 answers" in found.text


async def test_the_gradebook_opens_in_a_spreadsheet_and_runs_nothing(class_: Class) -> None:
    ann = await class_.learner_id(ANN)
    async with class_.desk.services.database.write() as session:
        await members.change_member(session, class_.course_id, ann, group="=1+1")
    await class_.answers(ANN, "42")
    answer = await class_.desk.give("class gradebook", author=TESS)
    [file] = answer.files
    text = file.data.decode("utf-8-sig")
    assert file.data.startswith(b"\xef\xbb\xbf")
    assert len(text.splitlines()) == 3
    assert "'=1+1" in text
    assert ",=1+1" not in text
    assert "Ann" not in text
    assert "Adding numbers (mastery %)" in text.splitlines()[0]


async def test_homework_is_told_to_its_learners_and_can_be_taken_back(
    class_: Class, language: Language
) -> None:
    what = {"what": "Adding numbers", "from": "2026-03-02", "until": "2026-03-09", "items": "5"}
    given = await class_.desk.give("class assign", what, author=TESS)
    told = await class_.told()
    assert "2026-03-09 23:59" in given.text
    assert sorted(line.partition(":")[0] for line in told) == ["ann", "bob"]
    again = await class_.desk.press(given.choices[0], author=TESS)
    empty = await class_.desk.give("class assign", author=TESS)
    assert again.text
    assert "2026" not in empty.text


@pytest.mark.parametrize(
    "line",
    [
        '/class assign "Adding numbers" tomorrow 2026-03-09',
        "/class assign Adding numbers tomorrow 2026-03-09",
        "/class assign adding numbers tomorrow 8:00 2026-03-09",
    ],
)
async def test_homework_is_given_with_or_without_quotation_marks(class_: Class, line: str) -> None:
    call = parse_command(line)
    assert call is not None
    given = await class_.desk.give(call.name, dict(call.arguments), author=TESS)
    assert "**Adding numbers**" in given.text
    assert "until 2026-03-09 23:59" in given.text
    assert "2 learners are told" in given.text


async def test_what_cannot_be_read_without_quotation_marks_names_them(class_: Class) -> None:
    call = parse_command("/class assign Adding numbers blursday")
    assert call is not None
    answer = await class_.desk.give(call.name, dict(call.arguments), author=TESS)
    assert "blursday" in answer.text
    assert "quotation marks" in answer.text


async def test_homework_without_an_end_is_never_due_before_it_was_given(class_: Class) -> None:
    what = {"what": "Adding numbers", "from": "2025-01-01", "items": "1000000"}
    given = await class_.desk.give("class assign", what, author=TESS)
    assert "until 2026-03-08" in given.text
    assert "200 questions" in given.text


async def test_homework_of_an_unknown_name_or_time_is_answered_with_help(class_: Class) -> None:
    wrong_name = await class_.desk.give("class assign", {"what": "Zoology"}, author=TESS)
    past = {"what": "Colours", "from": "now", "until": "2020-01-01"}
    wrong_time = await class_.desk.give("class assign", past, author=TESS)
    assert "no lesson or skill" in wrong_name.text
    assert "2020-01-01" in wrong_time.text


async def test_a_policy_window_binds_and_can_be_ended_early(class_: Class) -> None:
    await class_.desk.give("class policy", {"policy": "exam", "until": "2 hours"}, author=TESS)
    bound = await class_.desk.turn(questions.question("hi", author=ANN))
    free = await class_.desk.turn(questions.question("hi", author=TESS))
    shown = await class_.desk.give("class policy", author=TESS)
    await class_.desk.give("class policy", {"policy": "guided"}, author=TESS)
    after = await class_.desk.turn(questions.question("hi", author=ANN))
    assert (bound.policy, free.policy, after.policy) == ("exam", "guided", "guided")
    assert "exam" in shown.text


async def test_an_accepted_answer_counts_and_its_learner_is_told(
    class_: Class, language: Language
) -> None:
    attempt = await class_.answers(ANN, "forty-two")
    await class_.contests(attempt)
    queue = await class_.desk.give("class queue", author=TESS)
    assert "forty-two" in queue.text
    assert "Ann" not in queue.text
    settled = await class_.desk.press(queue.choices[0], author=TESS)
    async with class_.desk.services.database.read() as session:
        graded = await attempts.attempt_by_id(session, attempt.id)
        states = await skill_states(session, attempt.learner_id)
    assert graded is not None
    assert (graded.outcome, graded.regraded) == ("right", True)
    assert [state.right for state in states.values()] == [1]
    [told] = await class_.told()
    assert told.startswith("ann:")
    assert settled.text


async def test_a_corrected_key_grades_everybody_again_and_tells_them(class_: Class) -> None:
    anns = await class_.answers(ANN, "43")
    bobs = await class_.answers(BOB, "42")
    await class_.contests(anns)
    queue = await class_.desk.give("class queue", author=TESS)
    form = await class_.desk.form(queue.choices[1])
    corrected = await class_.desk.press(queue.choices[1], fields={"step0": "43"}, author=TESS)
    async with class_.desk.services.database.read() as session:
        now = [await attempts.attempt_by_id(session, one.id) for one in (anns, bobs)]
    assert form is not None
    assert [field.value for field in form.fields] == ["42"]
    assert [one.outcome for one in now if one] == ["right", "wrong"]
    assert sorted(line.partition(":")[0] for line in await class_.told()) == ["ann", "bob"]
    assert "2 answers" in corrected.text


async def test_an_answer_that_a_teacher_accepted_stays_right_when_the_key_changes(
    class_: Class,
) -> None:
    """The grader would not take it; a person did."""
    accepted = await class_.answers(ANN, "forty-two or so")
    await class_.contests(accepted)
    queue = await class_.desk.give("class queue", author=TESS)
    await class_.desk.press(queue.choices[0], author=TESS)
    bobs = await class_.answers(BOB, "43")
    await class_.contests(bobs)
    queue = await class_.desk.give("class queue", author=TESS)
    await class_.desk.press(queue.choices[1], fields={"step0": "42 | 43"}, author=TESS)
    async with class_.desk.services.database.read() as session:
        now = [await attempts.attempt_by_id(session, one.id) for one in (accepted, bobs)]
    assert [one.outcome for one in now if one] == ["right", "right"]


async def test_nobody_is_told_that_an_answer_is_right_which_the_corrected_key_does_not_take(
    class_: Class,
) -> None:
    await class_.contests(await class_.answers(ANN, "41"))
    queue = await class_.desk.give("class queue", author=TESS)
    await class_.desk.press(queue.choices[1], fields={"step0": "42 | 43"}, author=TESS)
    [told] = await class_.told()
    assert "the grade stays" in told
    assert "**right**" not in told


async def test_a_rejection_reaches_the_learner_with_its_sentence(class_: Class) -> None:
    await class_.contests(await class_.answers(ANN, "41"))
    queue = await class_.desk.give("class queue", author=TESS)
    await class_.desk.press(queue.choices[2], fields={"answer": "Add the ones."}, author=TESS)
    [told] = await class_.told()
    assert "Add the ones." in told
    empty = await class_.desk.give("class queue", author=TESS)
    assert not empty.choices


async def test_a_press_counts_only_from_somebody_who_teaches_now(class_: Class) -> None:
    await class_.contests(await class_.answers(ANN, "41"))
    queue = await class_.desk.give("class queue", author=TESS)
    tess = await class_.learner_id(TESS)
    async with class_.desk.services.database.write() as session:
        await members.remove_member(session, class_.course_id, tess)
    refused = await class_.desk.press(queue.choices[0], author=TESS)
    assert "Only the teachers" in refused.text
    assert await class_.told() == []


async def test_a_join_code_lets_people_in_until_it_is_used_up(
    class_: Class, language: Language
) -> None:
    made = await class_.desk.give("class join-code", {"uses": "1", "group": "A"}, author=TESS)
    code = made.text.split("**")[1]
    cid, dan = questions.person("Cid"), questions.person("Dan")
    joined = await class_.desk.give("course join", {"code": code}, author=cid)
    late = await class_.desk.give("course join", {"code": code}, author=dan)
    assert joined.choices
    assert not late.choices
    async with class_.desk.services.database.read() as session:
        known = await members.member(session, class_.course_id, await class_.learner_id(cid))
    assert known is not None
    assert (known.role, known.group) == ("learner", "A")


async def test_a_teacher_makes_teachers_but_gives_no_right_to_names(class_: Class) -> None:
    done = await class_.desk.give("class roles", {"who": "<@ann>"}, author=TESS)
    names = {"who": "<@bob>", "role": "teacher-names"}
    refused = await class_.desk.give("class roles", names, author=TESS)
    async with class_.desk.services.database.read() as session:
        ann = await members.member(session, class_.course_id, await class_.learner_id(ANN))
        bob = await members.member(session, class_.course_id, await class_.learner_id(BOB))
    assert "teacher" in done.text
    assert "names" in refused.text
    assert ann is not None
    assert bob is not None
    assert (ann.role, ann.sees_names, bob.role) == ("teacher", False, "learner")


async def test_a_role_of_the_server_makes_teachers_there(class_: Class) -> None:
    created = await class_.desk.give(
        "course create", {"name": "Biology"}, author=BOB, roles=ADMIN, **shared()
    )
    mapping: dict[str, Any] = {"author": BOB, "roles": ADMIN, **shared()}
    arguments = {"who": "<@&77>", "course": "Biology"}
    await class_.desk.give("class roles", arguments, **mapping)
    cid = questions.person("Cid")
    without = await class_.desk.give("class report", author=cid, **shared())
    with_role = await class_.desk.give(
        "class report", author=cid, platform_roles=("77",), **shared()
    )
    elsewhere = await class_.desk.give(
        "class report", author=cid, platform_roles=("77",), community="guild-2", channel="c"
    )
    assert "Biology" in created.text
    assert "no teacher" in without.text
    assert "Biology" in with_role.text
    assert "no teacher" in elsewhere.text
