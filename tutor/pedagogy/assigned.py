"""The homework that a practice is done for. Knows nothing of who gave it or how it is reported."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.courses import skills_of_lesson
from storage.database import Session
from storage.homework import homework_for
from storage.learner_activity import answers_by_skill


@dataclass(frozen=True, slots=True)
class Assigned:
    """Open homework of a learner in one course, with the skills that it is about.

    `left` is how many first answers are still to come.
    """

    id: str
    skill_ids: tuple[str, ...]
    left: int


async def assigned(
    session: Session, learner_id: str, course_id: str, now: datetime
) -> list[Assigned]:
    """What a learner has to do in a course now, what is due first first."""
    found = []
    for one in await homework_for(session, learner_id, now):
        if one.course_id != course_id:
            continue
        skill_ids: tuple[str, ...] = (one.skill_id,) if one.skill_id else ()
        if one.lesson_id:
            skills = await skills_of_lesson(session, one.lesson_id)
            skill_ids = tuple(skill.id for skill in skills)
        since = one.opens_at
        done = await answers_by_skill(session, learner_id, earlier=since, since=since, until=now)
        answered = sum(each.answers for each in done if each.skill_id in skill_ids)
        found.append(Assigned(one.id, skill_ids, max(0, one.items - answered)))
    return found


def done_for(tasks: Sequence[Assigned], skill_ids: Sequence[str]) -> Assigned | None:
    """The homework that practising these skills counts for: all of them belong to it."""
    wanted = set(skill_ids)
    return next((task for task in tasks if wanted and wanted <= set(task.skill_ids)), None)
