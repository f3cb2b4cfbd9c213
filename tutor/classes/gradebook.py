"""The gradebook: one row a learner, their mastery by skill, and what they did of the homework.

A CSV file that spreadsheets open as it is meant: UTF-8 with a byte order mark, and no cell that a
spreadsheet would run as a formula.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from storage.class_activity import Activity, activity_in_course
from storage.courses import Skill, skills_of, skills_of_lesson
from storage.database import Session
from storage.homework import Homework, homework_of
from storage.members import LEARNER, members_of
from storage.skill_states import SkillState, states_in_course
from tutor.classes.naming import Register, by_call
from tutor.i18n import say
from tutor.language import Language
from tutor.names import name_in

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
FIRST_DAY = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Task:
    """Homework with what each learner did of it: first answers in its skills, in its time."""

    homework: Homework
    done: dict[str, Activity]


async def gradebook(session: Session, course_id: str, register: Register, now: datetime) -> bytes:
    """The file, with members called as `register` says."""
    language = register.language
    skills = await skills_of(session, course_id)
    states = {(s.learner_id, s.skill_id): s for s in await states_in_course(session, course_id)}
    tasks = [await _task(session, one, now) for one in await homework_of(session, course_id)]
    answers = await activity_in_course(session, course_id, since=FIRST_DAY)
    rows = [_heading(language, skills, tasks)]
    for one in by_call(await members_of(session, course_id, role=LEARNER), register):
        mine = answers.get(one.learner_id)
        rows.append(
            [
                register.call(one),
                one.group,
                str(mine.answers if mine else 0),
                str(mine.right if mine else 0),
                f"{mine.last_at:%Y-%m-%d}" if mine else "",
                *(_mastery(states.get((one.learner_id, skill.id))) for skill in skills),
                *(_done(task, one.learner_id, one.group) for task in tasks),
            ]
        )
    return as_csv(rows)


def as_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """Rows as a CSV file for spreadsheets."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([safe_cell(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def safe_cell(text: str) -> str:
    """Text that no spreadsheet takes for a formula; whole numbers stay as they are."""
    return f"'{text}" if text.lstrip().startswith(FORMULA_STARTS) else text


async def _task(session: Session, homework: Homework, now: datetime) -> Task:
    skill_ids = [homework.skill_id] if homework.skill_id else []
    if homework.lesson_id:
        skill_ids = [skill.id for skill in await skills_of_lesson(session, homework.lesson_id)]
    done = await activity_in_course(
        session,
        homework.course_id,
        since=homework.opens_at,
        until=min(homework.due_at, now),
        skill_ids=skill_ids,
        first_tries=True,
    )
    return Task(homework, done)


def _heading(language: Language, skills: Sequence[Skill], tasks: Sequence[Task]) -> list[str]:
    return [
        say(language, "Learner"),
        say(language, "Group"),
        say(language, "Answers"),
        say(language, "Right answers"),
        say(language, "Last answer"),
        *(say(language, "{skill} (mastery %)", skill=name_in(s.names, language)) for s in skills),
        *(
            say(
                language,
                "{homework} (right of {items}, due {date})",
                homework=task.homework.title,
                items=task.homework.items,
                date=f"{task.homework.due_at:%Y-%m-%d}",
            )
            for task in tasks
        ),
    ]


def _mastery(state: SkillState | None) -> str:
    return f"{100 * state.mastery:.0f}" if state and state.attempts else ""


def _done(task: Task, learner_id: str, group: str) -> str:
    """Empty where it was not theirs to do."""
    if task.homework.group not in ("", group):
        return ""
    done = task.done.get(learner_id)
    return str(min(done.right, task.homework.items) if done else 0)
