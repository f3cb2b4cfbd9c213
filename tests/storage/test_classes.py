"""Members, codes, places, policies, homework, disputes and class records, on both databases."""

from datetime import timedelta
from random import Random
from typing import Any

from storage import (
    attempts,
    class_activity,
    class_records,
    course_places,
    courses,
    disputes,
    homework,
    join_codes,
    members,
    merging,
    policies,
    teaching_roles,
)
from storage.aliases import new_alias
from storage.communities import community_for
from storage.database import Database, Session
from tests.doubles.practising import a_bench, a_learner, an_answer
from tests.doubles.tour_classes import DAY, NOW

HOUR = timedelta(hours=1)


async def test_everybody_in_a_course_has_an_alias_of_their_own(database: Database) -> None:
    async with database.write() as session:
        bench = await a_bench(session)
        made = [
            await members.add_member(
                session, bench.course_id, await a_learner(session, str(number)), now=NOW
            )
            for number in range(40)
        ]
        names = await members.names_of(session, bench.course_id)
    assert len({one.alias for one in made}) == 40
    assert names[made[7].learner_id] == "Name of 7"


def test_aliases_go_on_when_those_that_look_well_are_used_up() -> None:
    first = new_alias(set(), Random(1))
    assert new_alias({first}, Random(1)) != first


async def test_joining_again_moves_up_and_never_down(database: Database) -> None:
    async with database.write() as session:
        course, who = (await a_bench(session)).course_id, await a_learner(session)
        first = await members.add_member(session, course, who, now=NOW, group="A")
        teacher = await members.add_member(session, course, who, now=NOW, role=members.TEACHER)
        again = await members.add_member(session, course, who, now=NOW)
        moved = await members.add_member(session, course, who, now=NOW, group="B")
        assert [one.learner_id for one in await members.members_of(session, course)] == [who]
        assert await members.remove_member(session, course, who)
        assert not await members.remove_member(session, course, who)
    assert (first.role, teacher.role, again.role) == ("learner", "teacher", "teacher")
    assert (first.alias, moved.group) == (moved.alias, "B")


async def a_code(session: Session, course: str, **changes: Any) -> str:
    values = {"role": "learner", "uses": 1, "expires_at": NOW + DAY, "created_by": None}
    code = await join_codes.create_join_code(session, course, now=NOW, **{**values, **changes})
    return code.code


async def test_a_code_lets_in_as_many_as_it_says_however_it_is_written(database: Database) -> None:
    async with database.write() as session:
        course = (await a_bench(session)).course_id
        ann, bob = await a_learner(session, "1"), await a_learner(session, "2")
        code = await a_code(session, course, group="A")
        sloppy = code.lower().replace("-", " ")
        joined = await join_codes.use_join_code(session, sloppy, ann, NOW)
        again = await join_codes.use_join_code(session, code, ann, NOW)
        late = await join_codes.use_join_code(session, code, bob, NOW)
    assert joined is not None
    assert (joined.course_id, joined.group) == (course, "A")
    assert again is None  # it is used up
    assert late is None


async def test_a_code_that_is_old_withdrawn_or_unknown_lets_nobody_in(database: Database) -> None:
    async with database.write() as session:
        course, who = (await a_bench(session)).course_id, await a_learner(session)
        old = await a_code(session, course, expires_at=NOW + HOUR)
        withdrawn = await a_code(session, course)
        assert len(await join_codes.valid_join_codes(session, course, NOW)) == 2
        assert await join_codes.withdraw_join_code(session, course, withdrawn)
        for code in (old, withdrawn, "AAAA-AAAA", ""):
            assert await join_codes.use_join_code(session, code, who, NOW + HOUR) is None


async def test_who_is_in_already_uses_no_code_up(database: Database) -> None:
    async with database.write() as session:
        course, who = (await a_bench(session)).course_id, await a_learner(session)
        await members.add_member(session, course, who, now=NOW, role=members.TEACHER)
        code = await a_code(session, course)
        assert await join_codes.use_join_code(session, code, who, NOW) is not None
        [left] = await join_codes.valid_join_codes(session, course, NOW)
    assert left.uses_left == 1


async def test_a_thread_has_its_own_course_and_else_that_of_its_channel(database: Database) -> None:
    async with database.write() as session:
        one, other = (await a_bench(session)).course_id, (await a_bench(session)).course_id
        here = (await community_for(session, platform="discord", external_id="G1", now=NOW)).id
        await course_places.bind_place(session, here, "C1", None, other)
        await course_places.bind_place(session, here, "C1", None, one)
        await course_places.bind_place(session, here, "C1", "T1", other)
        found = [
            await course_places.course_of_place(session, here, channel, thread)
            for channel, thread in (("C1", None), ("C1", "T2"), ("C1", "T1"), ("C2", "T1"))
        ]
        assert await course_places.release_place(session, here, "C1", "T1")
        released = await course_places.course_of_place(session, here, "C1", "T1")
        assert await course_places.places_of(session, one) == [(here, "C1", "")]
    assert found == [one, one, other, None]
    assert released == one


async def test_a_role_of_the_platform_teaches_in_its_community_alone(database: Database) -> None:
    async with database.write() as session:
        by = await a_learner(session)
        here, there = [
            (await community_for(session, platform="discord", external_id=guild, now=NOW)).id
            for guild in ("G1", "G2")
        ]
        await teaching_roles.add_teaching_role(session, here, "R1", by=by, now=NOW)
        await teaching_roles.add_teaching_role(session, here, "R1", by=by, now=NOW)
        assert await teaching_roles.teaching_roles(session, here) == ["R1"]
        assert await teaching_roles.makes_teacher(session, here, ("R0", "R1"))
        assert not await teaching_roles.makes_teacher(session, there, ("R1",))
        assert not await teaching_roles.makes_teacher(session, here, ())
        assert await teaching_roles.remove_teaching_role(session, here, "R1")
        assert not await teaching_roles.makes_teacher(session, here, ("R1",))


async def test_the_latest_of_the_windows_that_hold_counts(database: Database) -> None:
    async with database.write() as session:
        course, who = (await a_bench(session)).course_id, await a_learner(session)
        await members.add_member(session, course, who, now=NOW)

        async def window(policy: str, starts: timedelta, ends: timedelta | None) -> None:
            ends_at = None if ends is None else NOW + ends
            span: Any = {"starts_at": NOW + starts, "ends_at": ends_at}
            await policies.set_policy(session, course, policy, **span, by=None, now=NOW)

        async def at(after: timedelta) -> list[str]:
            return await policies.policies_in_force(session, who, NOW + after)

        assert await at(HOUR) == []
        await window("open", timedelta(0), None)
        await window("exam", HOUR, 2 * HOUR)
        seen = [await at(n * HOUR) for n in (0, 1, 2)]
        assert [
            len(await policies.coming_windows(session, course, NOW + n * HOUR)) for n in (0, 1)
        ] == [1, 0]
        await window("guided", HOUR, None)  # set later: it ends the exam
        ended = await at(HOUR)
        current = await policies.policy_of_course(session, course, NOW + HOUR)
    assert seen == [["open"], ["exam"], ["open"]]
    assert ended == ["guided"]
    assert current is not None
    assert current.policy == "guided"


async def test_windows_bind_learners_of_courses_that_still_run(database: Database) -> None:
    async with database.write() as session:
        course, who = (await a_bench(session)).course_id, await a_learner(session)
        exam: Any = {"starts_at": NOW, "ends_at": None, "by": None, "now": NOW}
        await policies.set_policy(session, course, "exam", **exam)
        stranger = await policies.policies_in_force(session, who, NOW)
        await members.add_member(session, course, who, now=NOW)
        learner = await policies.policies_in_force(session, who, NOW)
        await members.change_member(session, course, who, role=members.TEACHER)
        teacher = await policies.policies_in_force(session, who, NOW)
        await members.change_member(session, course, who, role=members.LEARNER)
        await courses.change_course(session, course, archived_at=NOW)
        archived = await policies.policies_in_force(session, who, NOW)
    assert (stranger, learner, teacher, archived) == ([], ["exam"], [], [])


async def test_linked_people_keep_every_course_and_a_teacher_stays_one(database: Database) -> None:
    async with database.write() as session:
        both, only = (await a_bench(session)).course_id, (await a_bench(session)).course_id
        keep, gone = await a_learner(session, "1"), await a_learner(session, "2")
        kept = await members.add_member(session, both, keep, now=NOW, group="A")
        for course in (both, only):
            await members.add_member(session, course, gone, now=NOW, role=members.TEACHER)
        await merging.merge_learners(session, keep_id=keep, gone_id=gone, now=NOW)
        found = {one.course_id: one for one in await members.memberships(session, keep)}
    assert found.keys() == {both, only}
    assert found[both].teaches
    assert (found[both].alias, found[both].group) == (kept.alias, "A")


async def test_homework_is_for_a_group_in_its_time_until_taken_back(database: Database) -> None:
    async with database.write() as session:
        bench = await a_bench(session)
        ann, bob = await a_learner(session, "1"), await a_learner(session, "2")
        await members.add_member(session, bench.course_id, ann, now=NOW, group="A")
        await members.add_member(session, bench.course_id, bob, now=NOW)
        given = await homework.assign_homework(
            session,
            bench.course_id,
            lesson_id=None,
            skill_id=bench.skills[0],
            title="Sums",
            items=3,
            opens_at=NOW + HOUR,
            due_at=NOW + DAY,
            group="A",
            by=None,
            now=NOW,
        )
        times = (timedelta(0), HOUR, DAY)
        anns = [await homework.homework_for(session, ann, NOW + after) for after in times]
        bobs = await homework.homework_for(session, bob, NOW + HOUR)
        assert await homework.homework_of(session, bench.course_id, due_after=NOW) == [given]
        assert await homework.cancel_homework(session, given.id, NOW)
        assert not await homework.cancel_homework(session, given.id, NOW)
        assert await homework.homework_for(session, ann, NOW + HOUR) == []
    assert anns == [[], [given], []]
    assert bobs == []


async def test_a_grade_is_contested_once_and_settled_once(database: Database) -> None:
    async with database.write() as session:
        bench, who = await a_bench(session), await a_learner(session)
        answer = an_answer(who, bench)
        attempt = await attempts.add_attempt(session, answer, expected=0.5, now=NOW)
        about: Any = {"learner_id": who, "course_id": bench.course_id, "reason": "?", "now": NOW}
        opened = await disputes.open_dispute(session, attempt, **about)
        assert opened is not None
        assert await disputes.open_dispute(session, attempt, **about) is None
        assert await disputes.open_disputes(session, bench.course_id) == [opened]
        settle: Any = {"by": who, "answer": "Yes.", "now": NOW}
        settled = await disputes.settle_dispute(session, opened.id, disputes.ACCEPTED, **settle)
        late = await disputes.settle_dispute(session, opened.id, disputes.REJECTED, **settle)
        assert await disputes.count_open_disputes(session, bench.course_id) == 0
    assert settled is not None
    assert (settled.state, settled.answer) == ("accepted", "Yes.")
    assert late is None


async def test_the_latest_word_of_a_parent_holds(database: Database) -> None:
    async with database.write() as session:
        course, who = (await a_bench(session)).course_id, await a_learner(session)
        await members.add_member(session, course, who, now=NOW)
        record: Any = {"age_band": "10-12", "basis": "parental_consent", "country": "DE"}
        record |= {"controller": "The school", "contact": {"name": "Mr Li"}}
        await class_records.record_class(session, course, **record, by=None, now=NOW)
        changed = await class_records.record_class(
            session, course, **{**record, "country": "FR"}, by=who, now=NOW
        )
        before = await class_records.classes_of(session, who)
        for granted in (True, False, True):
            await class_records.record_parental_consent(
                session, course, who, granted=granted, by=None, now=NOW
            )
        after = await class_records.classes_of(session, who)
        assert await class_records.class_record(session, course) == changed
        assert await class_records.parents_agreed(session, course) == {who: True}
    assert [(one.record, one.parent_agreed) for one in before] == [(changed, False)]
    assert [one.parent_agreed for one in after] == [True]


async def test_activity_counts_grades_as_they_are_now(database: Database) -> None:
    async with database.write() as session:
        bench, who = await a_bench(session), await a_learner(session)
        outcomes = ("right", "wrong", "wrong", "opinion")
        made = [
            await attempts.add_attempt(
                session,
                an_answer(who, bench, outcome=outcome, course_id=bench.course_id),
                expected=0.5,
                now=NOW + n * HOUR,
            )
            for n, outcome in enumerate(outcomes)
        ]
        attempt = await attempts.attempt_by_id(session, made[1])
        assert attempt is not None
        await attempts.add_regrade(
            session, attempt, outcome="right", score=1.0, reason="key", by=None, now=NOW
        )
        found = await class_activity.activity_in_course(session, bench.course_id, since=NOW)
        later = await class_activity.activity_in_course(
            session, bench.course_id, since=NOW + DAY, skill_ids=bench.skills
        )
        latest = await class_activity.latest_outcomes(session, bench.course_id, since=NOW, count=2)
    assert (found[who].answers, found[who].right) == (3, 2)
    assert found[who].last_at == NOW + 2 * HOUR
    assert later == {}
    assert [outcome for outcome, _ in latest[who]] == ["wrong", "right"]
