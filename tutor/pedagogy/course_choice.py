"""Which course is meant: the running lesson's, the place's, or the only one that a learner has."""

from dataclasses import dataclass

from storage.course_places import course_of_place
from storage.courses import Course, courses_open_to
from storage.database import Session
from storage.members import memberships
from storage.practices import open_practice
from tutor.turn import Turn

MOST_OFFERED = 25  # what a select menu holds


@dataclass(frozen=True, slots=True)
class CourseChoice:
    """One course, or those among which the learner has to choose; neither where there is none."""

    course: Course | None = None
    among: tuple[Course, ...] = ()


async def choose_course(session: Session, turn: Turn, course_id: str | None = None) -> CourseChoice:
    """The course for what `turn` asks; `course_id` is one that was named already.

    Courses that everyone may use count only for learners who belong to none.
    """
    open_to_all = await courses_open_to(session, turn.learner.id)
    theirs = {course.id: course for course in open_to_all}
    for named in (course_id, await _of_lesson(session, turn), await _of_place(session, turn)):
        if named in theirs:
            return CourseChoice(theirs[named])
    joined = [m.course_id for m in await memberships(session, turn.learner.id)]
    among = [theirs[id_] for id_ in joined if id_ in theirs] or open_to_all
    if len(among) == 1:
        return CourseChoice(among[0])
    return CourseChoice(among=tuple(among[:MOST_OFFERED]))


async def usable_course(session: Session, turn: Turn, course_id: str) -> Course | None:
    """A course by its id, if this learner may use it."""
    open_to_them = await courses_open_to(session, turn.learner.id)
    return next((course for course in open_to_them if course.id == course_id), None)


async def _of_lesson(session: Session, turn: Turn) -> str | None:
    running = await open_practice(session, turn.learner.id, turn.conversation.id)
    return running.course_id if running else None


async def _of_place(session: Session, turn: Turn) -> str | None:
    place = turn.question.place
    return await course_of_place(session, turn.community.id, place.channel, place.thread)
