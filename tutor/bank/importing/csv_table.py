"""Imports tables of questions (CSV, TSV), with English or Chinese headers, in any common encoding.

Columns: question and answer; if wanted also equivalents, choices, hints, skill, lesson, type, unit,
tolerance, language, key and title. Several values in one cell stand on lines or between `|`.
"""

import csv
import io
import re
from collections.abc import Mapping
from pathlib import Path

from charset_normalizer import from_bytes

from tutor.bank.importing.answers import choice_key, key_of, plain_number
from tutor.bank.importing.draft import Draft, one_step, read_bytes
from tutor.bank.importing.report import ImportRefused, Notes, Options, Reading
from tutor.bank.item import AnswerKey, AnswerType, Hint, HintKind
from tutor.i18n import mark

HEADERS: Mapping[str, tuple[str, ...]] = {
    "question": ("question", "prompt", "problem", "front", "问题", "题目", "题干", "問題", "題目"),
    "answer": ("answer", "key answer", "back", "solution", "答案", "正确答案", "正確答案"),
    "equivalents": ("equivalents", "equivalent", "also", "等价答案", "等价", "其他答案"),
    "choices": ("choices", "options", "选项", "選項"),
    "hints": ("hints", "hint", "提示"),
    "skill": ("skill", "topic", "技能", "知识点", "知識點"),
    "lesson": ("lesson", "chapter", "unit name", "课", "课程", "章节", "单元"),
    "type": ("type", "类型", "題型", "题型"),
    "unit": ("unit", "单位", "單位"),
    "tolerance": ("tolerance", "误差", "容差", "允许误差"),
    "language": ("language", "lang", "语言", "語言"),
    "key": ("key", "id", "编号", "編號"),
    "title": ("title", "标题", "標題"),
}
COLUMNS = {spelling: column for column, spellings in HEADERS.items() for spelling in spellings}
TYPES = {type_.value: type_ for type_ in AnswerType} | {
    "数字": AnswerType.NUMBER,
    "数值": AnswerType.NUMBER,
    "表达式": AnswerType.EXPRESSION,
    "单选": AnswerType.CHOICE,
    "多选": AnswerType.CHOICES,
    "文本": AnswerType.TEXT,
    "填空": AnswerType.TEXT,
    "问答": AnswerType.OPEN,
}
SEPARATORS = ",;\t|，"
SEVERAL = re.compile(r"\s*[|\n｜]\s*")
MAX_CELL_CHARACTERS = 1 << 20

Row = Mapping[str, str]


def read(path: Path, options: Options) -> Reading:
    """One course of the rows with a question and an answer. Raises ImportRefused."""
    notes = Notes()
    draft = Draft(options, path, notes)
    text = _decoded(read_bytes(path, options), options.file_name or path.name)
    for place, row in _rows(text, notes):
        _take(place, row, draft, notes)
    return notes.reading([draft.course()])


def has_header(first_line: str) -> bool:
    """Whether a line names the columns that a table of questions must have."""
    separator = max(SEPARATORS, key=first_line.count)
    named = {COLUMNS.get(cell.strip(' "\r').lower()) for cell in first_line.split(separator)}
    return {"question", "answer"} <= named


def _decoded(content: bytes, name: str) -> str:
    for encoding in ("utf-8-sig", "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ""):
        try:
            if encoding:
                return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    found = from_bytes(content, cp_isolation=["gb18030", "big5", "cp1252", "latin_1"]).best()
    if found is None or b"\x00" in content:
        raise ImportRefused(mark("The text of {name} can't be read. Save it in UTF-8."), name=name)
    return str(found)


def _rows(text: str, notes: Notes) -> list[tuple[str, Row]]:
    """The rows with their line numbers, by our names of the columns. Raises ImportRefused."""
    csv.field_size_limit(MAX_CELL_CHARACTERS)
    first_line = text.lstrip().partition("\n")[0]
    separator = max(SEPARATORS, key=first_line.count)
    reader = csv.reader(io.StringIO(text.replace("\x00", "")), delimiter=separator, strict=True)
    rows: list[tuple[str, Row]] = []
    try:
        header = [COLUMNS.get(cell.strip().lower(), "") for cell in next(reader, [])]
        _check_header(header)
        for cells in reader:
            place = str(reader.line_num)
            if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
                notes.skip(place, mark("The row has more cells than the header; quote its text."))
            elif any(cell.strip() for cell in cells):
                pairs = zip(header, cells, strict=False)
                rows.append((place, {name: cell.strip() for name, cell in pairs if name}))
    except csv.Error as error:
        message = mark("The table is damaged at line {line}. Save it again as CSV.")
        raise ImportRefused(message, line=reader.line_num) from error
    return rows


def _check_header(header: list[str]) -> None:
    for column in ("question", "answer"):
        if column not in header:
            message = mark(
                "The first line names no column {column}. Name the columns question and answer "
                "(or 题目 and 答案) in the first line."
            )
            raise ImportRefused(message, column=column)
    for column in filter(None, header):
        if header.count(column) > 1:
            message = mark("The first line names the column {column} twice. Rename one.")
            raise ImportRefused(message, column=column)


def _take(place: str, row: Row, draft: Draft, notes: Notes) -> None:
    question = row.get("question", "")
    if not question:
        notes.skip(place, mark("The question is missing."))
        return
    key = _key(place, row, notes)
    if key is None:
        return
    hints = tuple(Hint(HintKind.HINT, text) for text in _several(row.get("hints", "")))
    draft.add(
        place,
        one_step(question, key, hints),
        key=row.get("key", ""),
        title=row.get("title", ""),
        lesson=row.get("lesson", ""),
        skill=row.get("skill", ""),
        language=row.get("language", ""),
    )


def _key(place: str, row: Row, notes: Notes) -> AnswerKey | None:
    """The key of a row; None, with a word on it, where it has none."""
    stated = row.get("type", "").lower()
    if stated and stated not in TYPES:
        notes.skip(place, mark("There is no type of answer {type}."), type=stated)
        return None
    type_ = TYPES.get(stated)
    answer = row.get("answer", "")
    if type_ is AnswerType.OPEN:
        return AnswerKey(AnswerType.OPEN, rubric=answer)
    if not answer:
        notes.skip(place, mark("There is no answer."))
        return None
    choices = tuple(_several(row.get("choices", "")))
    if choices or type_ in (AnswerType.CHOICE, AnswerType.CHOICES):
        return _choice(place, answer, choices, type_, notes)
    tolerance = _tolerance(place, row.get("tolerance", ""), notes)
    if tolerance is None:
        return None
    answers = tuple(dict.fromkeys([answer, *_several(row.get("equivalents", ""))]))
    key = key_of(answers, unit=row.get("unit", ""), tolerance=tolerance)
    if type_ is None or type_ is key.type:
        return key
    if type_ is AnswerType.NUMBER and plain_number(answer) is None:
        notes.skip(place, mark("The answer {answer} is no number."), answer=answer)
        return None
    return AnswerKey(type_, answers, unit=key.unit, tolerance=key.tolerance)


def _choice(
    place: str, answer: str, choices: tuple[str, ...], type_: AnswerType | None, notes: Notes
) -> AnswerKey | None:
    right = (answer,) if answer in choices else tuple(_several(answer))
    lettered = {chr(ord("A") + number): choice for number, choice in enumerate(choices)}
    right = tuple(one if one in choices else lettered.get(one.upper(), one) for one in right)
    if len(set(choices)) < 2 or not set(right) <= set(choices):
        notes.skip(place, mark("The right answer is none of the choices."))
        return None
    key = choice_key(choices, right)
    if type_ is AnswerType.CHOICES:
        return AnswerKey(AnswerType.CHOICES, key.answers, key.choices)
    return key


def _tolerance(place: str, cell: str, notes: Notes) -> float | None:
    """A relative tolerance: 0.01 or 1%."""
    if not cell:
        return 0.0
    try:
        value = float(cell.removesuffix("%")) / (100 if cell.endswith("%") else 1)
    except ValueError:
        value = -1.0
    if not 0 <= value < 1:
        notes.skip(place, mark("The tolerance {cell} is no share such as 0.01 or 1%."), cell=cell)
        return None
    return value


def _several(cell: str) -> list[str]:
    return [part for part in SEVERAL.split(cell.strip()) if part]
