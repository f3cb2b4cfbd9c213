"""A course that is put together question by question, as formats without courses give them."""

from dataclasses import replace
from pathlib import Path

from tutor.bank.digest import family_digest, question_of, text_digest
from tutor.bank.importing.bottom_out import mark_bottom_out
from tutor.bank.importing.names import slug
from tutor.bank.importing.report import ImportRefused, Notes, Options
from tutor.bank.item import AnswerKey, Course, Hint, Item, Lesson, Skill, Step
from tutor.i18n import mark
from tutor.language import Language, detect

MAX_FILE_BYTES = 64 << 20


def read_bytes(path: Path, options: Options) -> bytes:
    """A file as a whole. Raises ImportRefused where it is too large."""
    if path.stat().st_size > MAX_FILE_BYTES:
        message = mark("{name} is larger than {megabytes} MB. Import it in parts.")
        name = options.file_name or path.name
        raise ImportRefused(message, name=name, megabytes=MAX_FILE_BYTES >> 20)
    return path.read_bytes()


class Draft:
    """Collects items; each lesson has one skill of the same name unless told otherwise."""

    def __init__(self, options: Options, path: Path, notes: Notes, default_name: str = "") -> None:
        self._options = options
        self._notes = notes
        file_name = Path(options.file_name or path.name)
        self.name = options.name or default_name or file_name.stem or "course"
        self._items: dict[str, Item] = {}
        self._places: dict[str, str] = {}
        self._lessons: dict[str, list[str]] = {}
        self._names: dict[str, str] = {}

    def add(
        self,
        place: str,
        steps: tuple[Step, ...],
        *,
        stem: str = "",
        key: str = "",
        title: str = "",
        lesson: str = "",
        skill: str = "",
        language: str = "",
    ) -> None:
        """Takes a question, unless its key or its text and answer stand there already."""
        skill = skill or lesson or self.name
        steps = tuple(
            replace(
                step,
                skills=(self._key(skill),),
                hints=mark_bottom_out(step.hints, step.answer, f"{stem}\n{step.prompt}"),
            )
            for step in steps
        )
        item = Item(
            key=key,
            stem=stem,
            steps=steps,
            language=language or self._options.language,
            title=title,
            lesson=self._key(lesson) if lesson else "",
        )
        asked = question_of(item)
        item = replace(
            item,
            key=key or _key_of(item),
            language=item.language or (detect(asked) or Language.ENGLISH).value,
            family=family_digest(item),
        )
        if self._is_new(place, item, given=bool(key)):
            self._take(place, item)

    def _is_new(self, place: str, item: Item, *, given: bool) -> bool:
        if item.key not in self._places:
            return True
        message = (
            mark("Its key {key} stands at {other} already.")
            if given
            else mark("It asks the same as {other}.")
        )
        self._notes.skip(place, message, key=item.key, other=self._places[item.key])
        return False

    def _take(self, place: str, item: Item) -> None:
        self._places[item.key] = place
        self._items[item.key] = item
        if item.lesson:
            skills = self._lessons.setdefault(item.lesson, [])
            skills += [s for step in item.steps for s in step.skills if s not in skills]

    def _key(self, name: str) -> str:
        key = slug(name)
        self._names.setdefault(key, name)
        return key

    def course(self) -> Course:
        """The course of all that was taken."""
        items = tuple(
            replace(item, licence=self._options.licence, source=self._source())
            for item in self._items.values()
        )
        languages = [item.language for item in items]
        language = self._options.language or max(
            languages or ["en"], key=lambda one: languages.count(one)
        )
        used = dict.fromkeys(s for item in items for step in item.steps for s in step.skills)
        key = self._options.key or slug(self.name)
        return Course(
            key=f"{self._options.scope}/{key}" if self._options.scope else key,
            names={language: self.name},
            language=language,
            lessons=tuple(
                Lesson(lesson, {language: self._names[lesson]}, tuple(skills))
                for lesson, skills in self._lessons.items()
            ),
            skills=tuple(Skill(skill, {language: self._names[skill]}) for skill in used),
            items=items,
            source=self._source(),
            licence=self._options.licence,
        )

    def _source(self) -> str:
        return self._options.file_name


def _key_of(item: Item) -> str:
    """A key of what is asked, with the choices: "Which is prime?" is asked of many."""
    choices = [choice for step in item.steps for choice in step.answer.choices]
    return text_digest("\n".join([question_of(item), *choices])) or slug(question_of(item))


def one_step(prompt: str, key: AnswerKey, hints: tuple[Hint, ...] = ()) -> tuple[Step, ...]:
    """The only step of a question."""
    return (Step("1", prompt, key, hints),)
