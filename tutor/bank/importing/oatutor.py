"""Imports item banks in OATutor's JSON layout: one course for each course name.

Every step with text is taken. A problem whose question needs a picture is kept unverified, since
the picture is not imported. Hints keep their order; the hints of a scaffold follow it at depth 1.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tutor.bank.digest import family_digest
from tutor.bank.importing.answers import choice_key, key_of
from tutor.bank.importing.bottom_out import mark_bottom_out
from tutor.bank.importing.oatutor_files import Documents, Json, Problem, read_documents, walk_hints
from tutor.bank.importing.oatutor_plans import Plans, course_key, licence_name
from tutor.bank.importing.oatutor_variables import filled, values_of
from tutor.bank.importing.report import Notes, Options, Reading
from tutor.bank.item import AnswerKey, Course, Hint, HintKind, Item, ItemState, Skill, Step
from tutor.i18n import mark

ATTRIBUTION = "OATutor (CAHLR, UC Berkeley), https://oatutor.io; OpenStax, https://openstax.org"
FIGURE = re.compile(r"##\s*([^#\s]+\.\w+)\s*##")
UNSTATED = "{licence} (of the course; not stated in the file)"
ARCHIVE_LICENCE = "CC BY 4.0 (of the archive; not stated in the file)"


def read(path: Path, options: Options) -> Reading:
    """The courses of a folder or archive. Raises ImportRefused."""
    notes = Notes()
    documents = read_documents(path, notes)
    return notes.reading(_Builder(documents, options, notes).courses())


class _Builder:
    """Puts the documents together."""

    def __init__(self, documents: Documents, options: Options, notes: Notes) -> None:
        self._documents = documents
        self._options = options
        self._notes = notes
        self._plans = Plans(documents.plans)

    def courses(self) -> list[Course]:
        by_course: dict[str, list[tuple[str, Problem]]] = {
            name: [] for name in self._plans.course_names
        }
        for key, problem in sorted(self._documents.problems.items()):
            if problem.document is None:
                message = mark("The problem has no file of its own, so nothing says what it is.")
                self._notes.skip(problem.folder, message)
                continue
            by_course.setdefault(_text(problem.document, "courseName"), []).append((key, problem))
        return [self._course(name, problems) for name, problems in by_course.items()]

    def _course(self, name: str, problems: Sequence[tuple[str, Problem]]) -> Course:
        items = [item for key, problem in problems if (item := self._item(key, problem, name))]
        used = [skill for item in items for step in item.steps for skill in step.skills]
        lessons = self._plans.lessons(name, [p.document for _, p in problems if p.document])
        taught = [skill for lesson in lessons for skill in lesson.skills]
        language = self._language(name)
        return Course(
            key=course_key(name, self._options),
            names={language: name or self._options.name or "OATutor"},
            language=language,
            lessons=lessons,
            skills=tuple(
                Skill(key, {language: _skill_name(key)}) for key in dict.fromkeys([*taught, *used])
            ),
            items=tuple(items),
            source=self._plans.source(name),
            licence=self._options.licence or self._plans.licence(name) or ARCHIVE_LICENCE,
            attribution=ATTRIBUTION,
        )

    def _item(self, key: str, problem: Problem, course: str) -> Item | None:
        document = problem.document
        assert document is not None, key
        values = values_of(document, *problem.steps.values())
        if values:
            message = mark("Its variables are filled with the first of their values.")
            self._notes.remark(problem.folder, message)
            document = filled(document, values)
        steps = self._steps(problem, document, values)
        if not steps:
            self._notes.skip(problem.folder, mark("The problem has no step that could be taken."))
            return None
        language = self._language(course)
        stem = _text(document, "body")
        asked = "\n".join([stem, *(_prompt(step) for step in problem.steps.values())])
        if not asked.strip():
            stem = _text(document, "title")
        item = Item(
            key=key,
            stem=_shown(stem),
            steps=tuple(steps),
            language=language,
            title=_shown(_text(document, "title")),
            lesson=_text(document, "lessonId"),
            source=_text(document, "oer"),
            licence=self._licence(document, course),
            attribution=ATTRIBUTION,
            state=self._state(problem.folder, asked),
        )
        return replace(item, family=family_digest(item))

    def _state(self, place: str, asked: str) -> ItemState:
        if not asked.strip():
            self._notes.remark(place, mark("It asks nothing, so it waits for a teacher."))
            return ItemState.UNVERIFIED
        if FIGURE.search(asked):
            message = mark("It needs a picture, which is not imported, so it waits for a teacher.")
            self._notes.remark(place, message)
            return ItemState.UNVERIFIED
        return ItemState.VERIFIED

    def _steps(self, problem: Problem, document: Json, values: Mapping[str, str]) -> list[Step]:
        steps = []
        for name, raw in sorted(problem.steps.items(), key=lambda pair: _natural(pair[0])):
            step = filled(raw, values)
            key = self._key(step, "stepAnswer", f"{problem.folder}: {name}")
            if key is None:
                continue
            prompt = _prompt(step)
            hints = self._hints(filled(problem.hints.get(name, []), values), name)
            question = f"{_text(document, 'body')}\n{prompt}"
            steps.append(
                Step(
                    key=name,
                    prompt=_shown(prompt),
                    answer=key,
                    hints=mark_bottom_out(hints, key, question),
                    skills=tuple(dict.fromkeys(self._documents.skills.get(name, ()))),
                )
            )
            if name not in self._documents.skills:
                self._notes.remark(name, mark("The skill model names no skill for this step."))
        for name in problem.hints.keys() - problem.steps.keys():
            self._notes.skip(name, mark("These hints belong to a step that is not there."))
        return steps

    def _hints(self, raw: Any, step: str) -> list[Hint]:
        hints, seen = [], set()
        for depth, hint in walk_hints(raw):
            name = _text(hint, "id")
            if name in seen:
                self._notes.remark(name, mark("The id of this hint stands twice; both are taken."))
            seen.add(name)
            kind = HintKind.SCAFFOLD if hint.get("type") == "scaffold" else HintKind.HINT
            key = None
            if kind is HintKind.SCAFFOLD:
                key = self._key(hint, "hintAnswer", name or step)
            title, text = _shown(_text(hint, "title")), _shown(_text(hint, "text"))
            hints.append(Hint(kind, text or title, title if text else "", key, depth))
        return hints

    def _key(self, document: Json, field: str, place: str) -> AnswerKey | None:
        """The key of a step or scaffold; None, with a word on it, where there is none."""
        answers = tuple(a.strip() for a in _texts(document.get(field)) if a.strip())
        if not answers:
            self._notes.skip(place, mark("There is no answer."))
            return None
        choices = tuple(c.strip() for c in _texts(document.get("choices")) if c.strip())
        if document.get("problemType") != "MultipleChoice":
            return key_of(answers, formula=document.get("answerType") == "arithmetic")
        if not set(answers) <= set(choices):
            self._notes.skip(place, mark("The right answer is none of the choices."))
            return None
        if len(set(choices)) < len(choices):
            self._notes.remark(place, mark("A choice stands twice; it is taken once."))
        return choice_key(choices, answers)

    def _licence(self, document: Json, course: str) -> str:
        stated = licence_name(_text(document, "license"))
        of_course = self._options.licence or self._plans.licence(course)
        if stated:
            return stated
        return UNSTATED.format(licence=of_course) if of_course else ARCHIVE_LICENCE

    def _language(self, course: str) -> str:
        return self._options.language or self._plans.language(course)


def _prompt(step: Json) -> str:
    return "\n".join(filter(None, (_text(step, "stepTitle"), _text(step, "stepBody"))))


def _text(document: Json, field: str) -> str:
    value = document.get(field)
    return value.strip() if isinstance(value, str) else ""


def _texts(value: Any) -> list[str]:
    values: Iterable[Any] = value if isinstance(value, list) else [value]
    return [str(one) for one in values if isinstance(one, str | int | float)]


def _shown(text: str) -> str:
    """A text without the marks around the names of pictures."""
    return FIGURE.sub(r"[\1]", text)


def _natural(name: str) -> tuple[int, str]:
    """Steps are lettered a … z, aa …: shorter names come first."""
    return len(name), name


def _skill_name(key: str) -> str:
    words = " ".join(key.replace("_", " ").split())
    return words[:1].upper() + words[1:] or key
