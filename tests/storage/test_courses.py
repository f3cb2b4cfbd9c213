"""Courses: who may use them, and in which order lessons and skills come."""

from dataclasses import replace

from storage import courses
from storage.database import Database
from tests.doubles.storage_tour import NOW, meet
from tests.doubles.tour_courses import a_course, visit_courses


async def test_a_course_is_found_by_its_key_and_id(database: Database) -> None:
    async with database.write() as session:
        await courses.add_course(session, a_course("c1", key="fractions"))
        found = await courses.course_by_key(session, "fractions")
        assert found == await courses.course_by_id(session, "c1") == a_course("c1", key="fractions")
        assert await courses.course_by_key(session, "other") is None


async def test_only_open_courses_and_ones_own_are_offered(database: Database) -> None:
    async with database.write() as session:
        learner = await meet(session, "100", "Mei")
        for key, visibility in (("a", courses.EVERYONE), ("b", courses.MEMBERS)):
            await courses.add_course(
                session, replace(a_course(key, key=key), visibility=visibility)
            )
        archived = replace(a_course("d", key="d"), archived_at=NOW)
        await courses.add_course(session, archived)
        open_ = await courses.courses_open_to(session, learner.id)
        everything = await courses.courses(session)
    assert [course.key for course in open_] == ["a"]
    assert [course.key for course in everything] == ["a", "b"]


async def test_courses_come_in_pages(database: Database) -> None:
    async with database.write() as session:
        for key in "abc":
            await courses.add_course(session, a_course(key, key=key))
        first = await courses.courses(session, limit=2)
        second = await courses.courses(session, after=first[-1].key, limit=2)
    assert [course.key for course in [*first, *second]] == ["a", "b", "c"]


async def test_prerequisites_and_lesson_skills_are_replaced_as_a_whole(
    database: Database,
) -> None:
    async with database.write() as session:
        learner = await meet(session, "100", "Mei")
        taught = await visit_courses(session, learner.id)
        one, two = taught.skill_ids
        assert await courses.prerequisites_of(session, taught.course_id) == {two: (one,)}
        lesson_skills = await courses.skills_of_lesson(session, taught.lesson_id)
        assert [skill.id for skill in lesson_skills] == [one, two]
        await courses.replace_prerequisites(session, taught.course_id, {one: [two]})
        await courses.replace_lesson_skills(session, taught.course_id, {taught.lesson_id: [two]})
        assert await courses.prerequisites_of(session, taught.course_id) == {one: (two,)}
        found = await courses.lesson_skills_of(session, taught.course_id)
    assert found == {taught.lesson_id: (two,)}


async def test_skills_and_lessons_are_changed_in_place(database: Database) -> None:
    async with database.write() as session:
        learner = await meet(session, "100", "Mei")
        taught = await visit_courses(session, learner.id)
        [skill, _] = await courses.skills_of(session, taught.course_id)
        renamed = replace(skill, names={"en": "Thirds"}, position=5, generator="fractions")
        await courses.put_skills(session, [], [renamed])
        [_, moved] = await courses.skills_of(session, taught.course_id)
        assert moved == renamed == await courses.skill_by_key(session, taught.course_id, skill.key)
        [lesson] = await courses.lessons_of(session, taught.course_id)
        await courses.put_lessons(session, [], [replace(lesson, names={"en": "New"})])
        [found] = await courses.lessons_by_ids(session, [lesson.id])
    assert found.names == {"en": "New"}
