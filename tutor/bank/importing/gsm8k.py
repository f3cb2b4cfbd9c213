"""Imports GSM8K's JSON lines: word problems whose worked solution ends in `#### answer`."""

import gzip
import json
import re
import zlib
from pathlib import Path
from typing import Any

from tutor.bank.importing.answers import key_of
from tutor.bank.importing.draft import MAX_FILE_BYTES, Draft, one_step, read_bytes
from tutor.bank.importing.report import ImportRefused, Notes, Options, Reading
from tutor.bank.item import AnswerType, Hint, HintKind
from tutor.i18n import mark

FINAL = "####"
CALCULATOR = re.compile(r"<<[^<>]*>>")
SKILL = "Word problems"


def read(path: Path, options: Options) -> Reading:
    """One course of all lines that hold a question and a final answer. Raises ImportRefused."""
    notes = Notes()
    draft = Draft(options, path, notes, "GSM8K")
    for number, line in enumerate(_lines(path, options), start=1):
        if line.strip():
            _take(line, f"{number}", draft, notes)
    return notes.reading([draft.course()])


def _lines(path: Path, options: Options) -> list[str]:
    content = read_bytes(path, options)
    name = options.file_name or path.name
    if content.startswith(b"\x1f\x8b"):
        try:
            with gzip.open(path) as file:
                content = file.read(MAX_FILE_BYTES + 1)
        except (OSError, EOFError, zlib.error) as error:
            message = mark("The file {name} is damaged or incomplete. Download or pack it again.")
            raise ImportRefused(message, name=name) from error
    if len(content) > MAX_FILE_BYTES:
        message = mark("{name} is larger than {megabytes} MB. Import it in parts.")
        raise ImportRefused(message, name=name, megabytes=MAX_FILE_BYTES >> 20)
    try:
        return content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise ImportRefused(mark("{name} is not in UTF-8. Save it so."), name=name) from error


def _take(line: str, place: str, draft: Draft, notes: Notes) -> None:
    try:
        record: Any = json.loads(line)
    except (ValueError, RecursionError):
        notes.skip(place, mark("This line is no valid JSON."))
        return
    question, answer = (
        (record.get("question"), record.get("answer")) if isinstance(record, dict) else (None, None)
    )
    if not isinstance(question, str) or not isinstance(answer, str) or not question.strip():
        notes.skip(place, mark("The question or the answer is missing."))
        return
    solution, mark_found, final = answer.rpartition(FINAL)
    if not mark_found or not final.strip():
        notes.skip(place, mark("The solution has no final answer after ####."))
        return
    key = key_of((final.strip(),))
    if key.type is not AnswerType.NUMBER:
        notes.remark(place, mark("The final answer is no number; it is compared as it stands."))
    draft.add(place, one_step(question.strip(), key, _hints(solution)), skill=SKILL)


def _hints(solution: str) -> tuple[Hint, ...]:
    """The lines of the solution; the last one gives the answer away."""
    lines = [CALCULATOR.sub("", line).strip() for line in solution.splitlines()]
    lines = [line for line in lines if line]
    hints = [Hint(HintKind.HINT, line) for line in lines[:-1]]
    return (*hints, *(Hint(HintKind.BOTTOM_OUT, line) for line in lines[-1:]))
