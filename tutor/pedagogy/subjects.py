"""What a learner means by a few words: a course, one of its lessons, or one of its skills.

Names are matched in every language they have, with typing mistakes; the nearest are suggested.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process, utils

from storage.courses import Course, Lesson, Skill, lesson_skills_of, lessons_of, skills_of
from storage.database import Session
from tutor.language import Language
from tutor.names import Names, name_in

SURE, NEAR = 86, 60
SUGGESTED = 4


@dataclass(frozen=True, slots=True)
class Subject:
    """What is to be practised; `skill_ids` empty is the whole course."""

    course: Course
    names: Names
    key: str = ""
    skill_ids: tuple[str, ...] = ()
    lesson_id: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The subject that was meant, else those that come near, the nearest first, or any."""

    subject: Subject | None
    near: tuple[Subject, ...] = ()
    lessons: tuple[Subject, ...] = ()


async def find_subject(session: Session, words: str, courses: Sequence[Course]) -> Found:
    """Looks among the courses, their lessons and their skills."""
    subjects = [subject for course in courses for subject in await _subjects(session, course)]
    names = _names(subjects)
    exact = [i for i, name in names.items() if utils.default_process(name) == _plain(words)]
    if exact:
        return Found(subjects[exact[0][0]])
    matches = process.extract(
        words, names, scorer=fuzz.WRatio, processor=utils.default_process, limit=2 * SUGGESTED
    )
    near = _in_order(subjects[key[0]] for _, score, key in matches if score >= NEAR)
    if matches and matches[0][1] >= SURE and _is_clear(matches, subjects):
        return Found(subjects[matches[0][2][0]], near)
    lessons = tuple(subject for subject in subjects if subject.lesson_id is not None)
    return Found(None, near[:SUGGESTED], lessons)


def subject_name(subject: Subject, language: Language) -> str:
    return name_in(subject.names, language)


async def _subjects(session: Session, course: Course) -> list[Subject]:
    lessons: list[Lesson] = await lessons_of(session, course.id)
    taught: Mapping[str, tuple[str, ...]] = await lesson_skills_of(session, course.id)
    skills: list[Skill] = await skills_of(session, course.id)
    return [
        Subject(course, course.names, course.key),
        *(Subject(course, one.names, one.key, taught.get(one.id, ()), one.id) for one in lessons),
        *(Subject(course, one.names, one.key, (one.id,)) for one in skills),
    ]


def _names(subjects: Sequence[Subject]) -> dict[tuple[int, str], str]:
    """Every name of every subject, also the one in its files; the key says whose it is."""
    return {
        (index, language): name
        for index, subject in enumerate(subjects)
        for language, name in {**subject.names, "key": subject.key}.items()
    }


def _is_clear(
    matches: Sequence[tuple[str, float, tuple[int, str]]], subjects: Sequence[Subject]
) -> bool:
    """Whether nothing else comes as near as the best."""
    best = matches[0]
    rivals = (key for _, score, key in matches[1:] if score >= best[1])
    return all(subjects[key[0]].skill_ids == subjects[best[2][0]].skill_ids for key in rivals)


def _in_order(subjects: Iterable[Subject]) -> tuple[Subject, ...]:
    once: dict[tuple[str, str | None, tuple[str, ...]], Subject] = {}
    for subject in subjects:
        once.setdefault((subject.course.id, subject.lesson_id, subject.skill_ids), subject)
    return tuple(once.values())


def _plain(words: str) -> str:
    return utils.default_process(words)
