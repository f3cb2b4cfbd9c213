"""A tour of classes: calls each function of their storage, and fills their tables."""

from datetime import UTC, datetime, timedelta

from storage import (
    attempts,
    class_activity,
    class_records,
    course_places,
    disputes,
    homework,
    join_codes,
    members,
    policies,
    teaching_roles,
)
from storage.database import Session
from tests.doubles.practising import Bench, an_answer
from tests.doubles.tour_courses import Taught

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


async def visit_classes(
    session: Session, learner_id: str, staff_id: str, community_id: str, taught: Taught
) -> None:
    """Somebody joins a course that another teaches, gets homework, rules, and a class record."""
    course_id = taught.course_id
    await members.add_member(session, course_id, staff_id, role=members.TEACHER, now=NOW)
    code = await join_codes.create_join_code(
        session,
        course_id,
        role=members.LEARNER,
        group="A",
        uses=2,
        created_by=learner_id,
        expires_at=NOW + DAY,
        now=NOW,
    )
    await join_codes.use_join_code(session, code.code, learner_id, NOW)
    await course_places.bind_place(session, community_id, "C1", "T1", course_id)
    role = f"teachers of {course_id}"
    await teaching_roles.add_teaching_role(session, community_id, role, by=learner_id, now=NOW)
    await policies.set_policy(
        session, course_id, "exam", starts_at=NOW, ends_at=NOW + DAY, by=learner_id, now=NOW
    )
    await homework.assign_homework(
        session,
        course_id,
        lesson_id=taught.lesson_id,
        skill_id=None,
        title="Halves",
        items=5,
        opens_at=NOW,
        due_at=NOW + DAY,
        by=learner_id,
        now=NOW,
    )
    await class_records.record_class(
        session,
        course_id,
        controller="The school",
        age_band="10-12",
        basis="parental_consent",
        country="DE",
        contact={"name": "Mr Li"},
        by=learner_id,
        now=NOW,
    )
    await class_records.record_parental_consent(
        session, course_id, learner_id, granted=True, by=learner_id, now=NOW
    )


async def contest(session: Session, learner_id: str, bench: Bench) -> None:
    """Somebody contests the grade of an answer, and it is looked at."""
    answer = an_answer(learner_id, bench)
    attempt_id = await attempts.add_attempt(session, answer, expected=0.5, now=NOW)
    opened = await disputes.open_dispute(
        session,
        attempt_id,
        learner_id=learner_id,
        course_id=bench.course_id,
        reason=f"says {learner_id}",
        now=NOW,
    )
    assert opened is not None


async def read_classes(session: Session, learner_id: str, community_id: str) -> None:
    """Calls what reads."""
    await members.member(session, "c", learner_id)
    await members.members_of(session, "c")
    await members.members_of(session, "c", role=members.LEARNER, group="A")
    await members.names_of(session, "c")
    await members.memberships(session, learner_id)
    await members.courses_joined(session, learner_id)
    await members.groups_of(session, "c")
    await join_codes.valid_join_codes(session, "c", NOW)
    await course_places.course_of_place(session, community_id, "C1", "T1")
    await course_places.course_of_place(session, community_id, "C1", None)
    await course_places.places_of(session, "c")
    await teaching_roles.teaching_roles(session, community_id)
    await teaching_roles.makes_teacher(session, community_id, ("R1", "R2"))
    await policies.policies_in_force(session, learner_id, NOW)
    await policies.policy_of_course(session, "c", NOW)
    await policies.coming_windows(session, "c", NOW)
    await homework.homework_by_id(session, "h")
    await homework.homework_of(session, "c")
    await homework.homework_of(session, "c", due_after=NOW)
    await homework.homework_for(session, learner_id, NOW)
    await disputes.dispute_by_id(session, "d")
    await disputes.open_disputes(session, "c")
    await disputes.count_open_disputes(session, "c")
    await disputes.accepted_attempts(session, "i")
    await class_records.class_record(session, "c")
    await class_records.classes_of(session, learner_id)
    await class_records.parents_agreed(session, "c")
    await class_activity.activity_in_course(session, "c", since=NOW)
    await class_activity.activity_in_course(
        session, "c", since=NOW, until=NOW, skill_ids=["s", "t"], first_tries=True
    )
    await class_activity.latest_outcomes(session, "c", since=NOW, count=3)


async def run_classes(session: Session, learner_id: str, staff_id: str, community_id: str) -> None:
    """Calls what changes."""
    [mine, *_] = await members.memberships(session, learner_id)
    await members.change_member(session, mine.course_id, learner_id, group="B")
    await join_codes.withdraw_join_code(session, "c", "AAAA-BBBB")
    await course_places.release_place(session, community_id, "C9", None)
    await teaching_roles.remove_teaching_role(session, community_id, "R9")
    await homework.cancel_homework(session, "h", NOW)
    await disputes.settle_dispute(
        session, "d", disputes.REJECTED, by=staff_id, answer="no", now=NOW
    )
    await members.remove_member(session, "c", learner_id)
