"""What OATutor's coursePlans.json says of courses and lessons, made good where it is silent."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tutor.bank.importing.names import slug
from tutor.bank.importing.report import Options
from tutor.bank.item import Lesson

COUNTRIES = {"se": "sv"}  # the plans write Swedish by the country's code
NAMED_LINK = re.compile(r"(?P<link>\S*)\s*<(?P<name>[^>]+)>")

Json = Mapping[str, Any]


class Plans:
    """The course plans by name."""

    def __init__(self, plans: Sequence[Json]) -> None:
        self._plans = {_text(plan, "courseName"): plan for plan in plans}

    @property
    def course_names(self) -> list[str]:
        return list(self._plans)

    def language(self, course: str) -> str:
        stated = _text(self._plans.get(course, {}), "language") or "en"
        return COUNTRIES.get(stated, stated)

    def licence(self, course: str) -> str:
        return licence_name(_text(self._plans.get(course, {}), "courseLicense"))

    def source(self, course: str) -> str:
        return _text(self._plans.get(course, {}), "courseOER")

    def lessons(self, course: str, problems: Iterable[Json]) -> tuple[Lesson, ...]:
        """The planned lessons, then those that only problems name. Problems know better names."""
        language = self.language(course)
        named = {_text(p, "lessonId"): _text(p, "lesson") for p in problems}
        planned = self._plans.get(course, {}).get("lessons")
        lessons: dict[str, Lesson] = {}
        for plan in planned if isinstance(planned, list) else []:
            key = _text(plan, "id")
            title = named.get(key) or f"{_text(plan, 'name')} {_text(plan, 'topics')}".strip()
            objectives = plan.get("learningObjectives")
            skills = tuple(filter(None, objectives)) if isinstance(objectives, Mapping) else ()
            if key:
                lessons.setdefault(key, Lesson(key, {language: title or key}, skills))
        for key, title in named.items():
            if key and key not in lessons:
                lessons[key] = Lesson(key, {language: title or key})
        return tuple(lessons.values())


def course_key(name: str, options: Options) -> str:
    """The key of a course, within the scope of who imports it."""
    own = f"{options.key or 'oatutor'}-{slug(name)}"
    return f"{options.scope}/{own}" if options.scope else own


def licence_name(stated: str) -> str:
    """The name of a licence that is written as a link with its name, or however it is written."""
    found = NAMED_LINK.fullmatch(stated)
    return found["name"].strip() if found else stated


def _text(document: Json, field: str) -> str:
    value = document.get(field)
    return value.strip() if isinstance(value, str) else ""
