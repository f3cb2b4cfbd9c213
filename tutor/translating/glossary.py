"""The words of courses in both languages: what a course calls a thing, its translations call it."""

from collections.abc import Iterable, Mapping

from storage import courses
from storage.course_places import course_of_place
from storage.database import Session
from tutor.language import Language
from tutor.messages import Visibility
from tutor.turn import Turn

MOST_TERMS = 12
MOST_COURSES = 5
Terms = Mapping[str, str]


async def terms_for(session: Session, turn: Turn, text: str, target: Language) -> Terms:
    """The names of skills and lessons that stand in the text, each with that in `target`.

    Of the courses of the person where they are alone, else of the course of the place.
    """
    ids = await _course_ids(session, turn)
    named: list[Mapping[str, str]] = []
    for course_id in ids:
        named += [skill.names for skill in await courses.skills_of(session, course_id)]
        named += [lesson.names for lesson in await courses.lessons_of(session, course_id)]
    return terms_in(named, text, target)


def terms_in(named: Iterable[Mapping[str, str]], text: str, target: Language) -> Terms:
    """Those of the names that the text uses, the longest first. Pure."""
    lowered = text.casefold()
    found: dict[str, str] = {}
    for names in named:
        wanted = names.get(target.value)
        for language, name in names.items():
            if wanted and language != target.value and name.casefold() in lowered:
                found[name] = wanted
    return dict(sorted(found.items(), key=lambda term: -len(term[0]))[:MOST_TERMS])


async def _course_ids(session: Session, turn: Turn) -> list[str]:
    if turn.question.visibility is Visibility.PRIVATE:
        opened = await courses.courses_open_to(session, turn.learner.id, limit=MOST_COURSES)
        return [course.id for course in opened]
    place = turn.question.place
    here = await course_of_place(session, turn.community.id, place.channel, place.thread or "")
    return [here] if here else []
