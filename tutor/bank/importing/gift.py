"""Imports Moodle's GIFT text format. $CATEGORY lines become lessons."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tutor.bank.importing.answers import choice_key, key_of
from tutor.bank.importing.draft import Draft, one_step, read_bytes
from tutor.bank.importing.html_text import plain
from tutor.bank.importing.quiz import matching, number_key, range_key, true_false, with_hints
from tutor.bank.importing.report import ImportRefused, Notes, Options, Reading
from tutor.bank.item import AnswerKey, AnswerType, Hint, HintKind, Step
from tutor.i18n import mark

CATEGORY = re.compile(r"\$CATEGORY:\s*(.+)")
TITLE = re.compile(r"::(.*?)(?<!\\)::\s*", re.DOTALL)
TEXT_FORMAT = re.compile(r"\[(html|moodle|plain|markdown)\]\s*")
OPENING, CLOSING = re.compile(r"(?<!\\)\{"), re.compile(r"(?<!\\)\}")
ANSWER = re.compile(r"(?<!\\)([=~])")
WEIGHT = re.compile(r"%(-?\d+(?:\.\d+)?)%")
FEEDBACK = re.compile(r"(?<!\\)#")
ESCAPED = re.compile(r"\\([~=#{}:\\])")
TRUE_FALSE = {"T": True, "TRUE": True, "F": False, "FALSE": False}
BLANK = "____"


@dataclass(frozen=True, slots=True)
class Answer:
    """One `=` or `~` with its share of the marks in per cent."""

    text: str
    share: float


def read(path: Path, options: Options) -> Reading:
    """One course of all questions that can be taken. Raises ImportRefused."""
    notes = Notes()
    draft = Draft(options, path, notes)
    lesson = ""
    for line, block in _blocks(_decoded(path, options)):
        category = CATEGORY.match(block)
        if category:
            lesson = category[1].split("\n")[0].rstrip("/").rpartition("/")[2].strip()
            block = block.partition("\n")[2]
        if block.strip():
            _take(block.strip(), str(line), lesson, draft, notes, options.language)
    return notes.reading([draft.course()])


def _decoded(path: Path, options: Options) -> str:
    try:
        return read_bytes(path, options).decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        name = options.file_name or path.name
        raise ImportRefused(mark("{name} is not in UTF-8. Save it so."), name=name) from error


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    """Questions stand between empty lines; each with the number of its first line."""
    lines: list[str] = []
    first = 0
    for number, line in enumerate([*text.split("\n"), ""], start=1):
        if line.strip():
            if not line.lstrip().startswith("//"):
                first = first or number
                lines.append(line)
        elif lines:
            yield first, "\n".join(lines)
            lines, first = [], 0


def _take(block: str, place: str, lesson: str, draft: Draft, notes: Notes, language: str) -> None:
    title = TITLE.match(block)
    body = TEXT_FORMAT.sub("", block[title.end() :] if title else block, count=1)
    opening = OPENING.search(body)
    closing = CLOSING.search(body, opening.end()) if opening else None
    if opening is None or closing is None:
        message = (
            mark("The answers have no closing brace.")
            if opening
            else mark("There are no answers in { }, so this is no question.")
        )
        notes.skip(place, message)
        return
    tail = body[closing.end() :].strip()
    asked = _shown(
        f"{body[: opening.start()].rstrip()} {BLANK} {tail}" if tail else body[: opening.start()]
    )
    inside, _, explained = body[opening.end() : closing.start()].partition("####")
    steps = _steps(inside.strip(), asked, language)
    if not steps:
        notes.skip(place, mark("The answers are of no kind that is known, or none is right."))
        return
    hints = [Hint(HintKind.BOTTOM_OUT, _shown(explained))] if explained.strip() else []
    stem = asked if len(steps) > 1 else ""
    name = _shown(title[1]) if title else ""
    draft.add(place, with_hints(steps, hints), stem=stem, title=name, lesson=lesson)


def _steps(inside: str, asked: str, language: str) -> tuple[Step, ...]:
    """The steps of a question by what stands in its brackets; none where that is not understood."""
    if not inside:
        return one_step(asked, AnswerKey(AnswerType.OPEN))
    word = FEEDBACK.split(inside)[0].strip().upper()
    if word in TRUE_FALSE:
        return one_step(asked, true_false(asked, right=TRUE_FALSE[word], language=language))
    if inside.startswith("#"):
        number = _numerical(inside[1:].strip())
        return one_step(asked, number) if number else ()
    answers = list(_answers(inside))
    if answers and all("->" in answer.text for answer in answers):
        sides = [answer.text.split("->", 1) for answer in answers]
        pairs = [(_shown(left), _shown(right)) for left, right in sides]
        return matching(
            [pair for pair in pairs if pair[0]], [right for left, right in pairs if not left]
        )
    key = _key(answers, choices="~" in ANSWER.findall(inside))
    return one_step(asked, key) if key else ()


def _key(answers: list[Answer], *, choices: bool) -> AnswerKey | None:
    texts = tuple(_shown(answer.text) for answer in answers)
    right = tuple(text for text, answer in zip(texts, answers, strict=True) if answer.share > 0)
    full = tuple(text for text, answer in zip(texts, answers, strict=True) if answer.share >= 100)
    if choices:
        if len(set(texts)) < 2 or not right:
            return None
        return choice_key(texts, full or right, all_wanted=not full)
    return key_of(tuple(dict.fromkeys(filter(None, full)))) if any(full) else None


def _numerical(inside: str) -> AnswerKey | None:
    """`5:0.1`, `1..5`, or the fully right one of several of these."""
    answers = [a.text for a in _answers(inside) if a.share >= 100] or [FEEDBACK.split(inside)[0]]
    low, dots, high = answers[0].partition("..")
    if dots:
        return range_key(low, high)
    value, _, error = answers[0].partition(":")
    return number_key(value, error)


def _answers(inside: str) -> Iterator[Answer]:
    parts = ANSWER.split(inside)
    for sign, text in zip(parts[1::2], parts[2::2], strict=True):
        weight = WEIGHT.match(text.strip())
        share = float(weight[1]) if weight else (100.0 if sign == "=" else 0.0)
        said = FEEDBACK.split(text.strip()[weight.end() :] if weight else text)[0]
        yield Answer(said.strip(), share)


def _shown(text: str) -> str:
    unescaped = ESCAPED.sub(r"\1", text.replace("\\n", "\n"))
    return plain(unescaped).text if "<" in unescaped and ">" in unescaped else unescaped.strip()
