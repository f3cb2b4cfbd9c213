"""Imports Anki packages (.apkg): cards with a front and a back, and cloze notes.

Decks become lessons. Only the direction front to back is taken; media are left out.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from tutor.bank.importing.anki_package import Note, read_package
from tutor.bank.importing.answers import key_of
from tutor.bank.importing.draft import Draft, one_step
from tutor.bank.importing.html_text import plain
from tutor.bank.importing.report import Notes, Options, Reading
from tutor.bank.item import AnswerKey, AnswerType, Hint, HintKind, Step
from tutor.i18n import mark

CLOZE = re.compile(r"\{\{c(\d+)::(.*?)(?:::(.*?))?\}\}", re.DOTALL)
FRONTS = ("front", "question", "word", "expression", "正面", "问题", "单词", "生词")
BACKS = ("back", "answer", "meaning", "definition", "translation", "背面", "答案", "释义", "意思")
HINTS = ("hint", "hints", "提示")
LONGEST_ANSWER = 80  # characters; what is longer is no answer that could be compared as text
BLANK = "____"


def read(path: Path, options: Options) -> Reading:
    """One course of all notes that can be asked. Raises ImportRefused."""
    notes = Notes()
    draft = Draft(options, path, notes)
    package = read_package(path, options.file_name or path.name)
    for note in package.notes:
        place = f"{note.kind} {note.id}".strip()
        fields = {name: plain(html) for name, html in note.fields.items()}
        if any(field.media for field in fields.values()):
            notes.remark(place, mark("Its pictures or sounds are left out."))
        _take(note, {name: field.text for name, field in fields.items()}, place, draft, notes)
    if package.media:
        message = mark("{count} media files are left out.")
        notes.remark(options.file_name or path.name, message, count=package.media)
    return notes.reading([draft.course()])


def _take(note: Note, fields: Mapping[str, str], place: str, draft: Draft, notes: Notes) -> None:
    lesson = note.deck.rpartition("::")[2].strip()
    cloze = next((text for text in fields.values() if CLOZE.search(text)), None)
    if cloze is not None:
        draft.add(place, _cloze_steps(cloze), key=note.guid, lesson=lesson)
        return
    front, back = _field(fields, FRONTS, 0), _field(fields, BACKS, 1)
    if not front or not back:
        notes.skip(place, mark("Its front or its back has no text."))
        return
    if len(fields) > 2 and not _named(fields, BACKS):
        message = mark("Its fields have names of their own; the first two are front and back.")
        notes.remark(place, message)
    key = _key(back)
    if key.type is AnswerType.OPEN:
        notes.remark(place, mark("Its back is too long to be compared; it is judged as free text."))
    hint = _named(fields, HINTS)
    hints = (Hint(HintKind.HINT, hint),) if hint else ()
    draft.add(place, one_step(front, key, hints), key=note.guid, lesson=lesson)


def _key(back: str) -> AnswerKey:
    if len(back) > LONGEST_ANSWER or "\n" in back:
        return AnswerKey(AnswerType.OPEN, rubric=back)
    return key_of((back,))


def _cloze_steps(text: str) -> tuple[Step, ...]:
    """One step for each number of a gap; the other gaps are filled, as on Anki's cards."""
    numbers = sorted({int(found[1]) for found in CLOZE.finditer(text)})
    return tuple(_cloze_step(text, number) for number in numbers)


def _cloze_step(text: str, number: int) -> Step:
    gaps = [found for found in CLOZE.finditer(text) if int(found[1]) == number]
    answer = ", ".join(dict.fromkeys(gap[2].strip() for gap in gaps))

    def gap(found: re.Match[str]) -> str:
        if int(found[1]) != number:
            return found[2]
        return f"{BLANK} ({found[3].strip()})" if found[3] else BLANK

    return Step(str(number), CLOZE.sub(gap, text), _key(answer))


def _field(fields: Mapping[str, str], names: tuple[str, ...], position: int) -> str:
    values = list(fields.values())
    return _named(fields, names) or (values[position] if len(values) > position else "")


def _named(fields: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((text for name, text in fields.items() if name.strip().lower() in names), "")
