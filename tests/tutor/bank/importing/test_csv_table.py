"""Tables: any separator, encoding and language of headers; each bad row is named by its line."""

from pathlib import Path

import pytest

from tutor.bank.importing import csv_table
from tutor.bank.importing.report import ImportRefused, Options, Reading
from tutor.bank.item import AnswerType, HintKind, Item


def read(tmp_path: Path, text: str | bytes, **options: str) -> Reading:
    file = tmp_path / "questions.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return csv_table.read(file, Options(file_name="questions.csv", **options))


def items(reading: Reading) -> list[Item]:
    return list(reading.courses[0].items)


def skipped(reading: Reading) -> list[tuple[str, str]]:
    return [(remark.place, str(remark.reason.message)) for remark in reading.not_taken]


FULL = """question,answer,equivalents,choices,hints,skill,lesson,type,unit,tolerance,language
How long is a metre in cm?,100,1e2|100.0,,Think of centi.|It is 100.,Lengths,Units,,cm,1%,en
Which is prime?,7,,4|6|7,,Primes,Numbers,,,,
Which are even?,A|C,,2|3|4,,Primes,Numbers,,,,
Solve for x,x=3,,,,,Algebra,,,,
The capital of France?,Paris,paris,,,,,,,,
Why is the sky blue?,Light scatters.,,,,,,open,,,
"""


def test_every_column_is_used(tmp_path: Path) -> None:
    reading = read(tmp_path, FULL)
    metre, prime, even, solve, capital, sky = items(reading)
    assert reading.not_taken == ()
    [step] = metre.steps
    assert step.answer.type is AnswerType.NUMBER
    assert step.answer.answers == ("100", "1e2", "100.0")
    assert (step.answer.unit, step.answer.tolerance) == ("cm", 0.01)
    assert [hint.kind for hint in step.hints] == [HintKind.HINT, HintKind.BOTTOM_OUT]
    assert (metre.lesson, step.skills) == ("units", ("lengths",))
    assert prime.steps[0].answer.type is AnswerType.CHOICE
    assert even.steps[0].answer.type is AnswerType.CHOICES
    assert even.steps[0].answer.answers == ("2", "4")
    assert solve.steps[0].answer.type is AnswerType.EXPRESSION
    assert capital.steps[0].answer.type is AnswerType.TEXT
    assert sky.steps[0].answer.rubric == "Light scatters."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_chinese_tables_in_any_encoding_are_read(
    tmp_path: Path, encoding: str, separator: str
) -> None:
    rows = [
        ("题目", "答案", "知识点", "提示"),
        ("长方形的面积怎么计算？", "长乘以宽", "几何图形", "想一想边长"),
        ("一个星期有多少天？", "7", "时间单位", "数一数日历"),
    ]
    text = "\n".join(separator.join(row) for row in rows)
    reading = read(tmp_path, text.encode(encoding))
    area, days = items(reading)
    assert area.stem == ""
    assert area.steps[0].prompt == "长方形的面积怎么计算？"
    assert days.steps[0].answer.type is AnswerType.NUMBER
    assert days.language == "zh-CN"
    assert [skill.names["zh-CN"] for skill in reading.courses[0].skills] == ["几何图形", "时间单位"]


def test_bad_rows_are_named_by_line_and_reason(tmp_path: Path) -> None:
    text = """question,answer,choices,type,tolerance,id
Fine?,yes,,,,k
,5,,,,
No answer,,,,,
Not there,9,1|2,,,
Strange type,5,,guess,,
No number,five,,number,,
Strange tolerance,5,,,much,
Again,5,,,,k
Fine?,no,,,,
too,many,cells,,,,here
"""
    reading = read(tmp_path, text)
    assert [item.key for item in items(reading)][:1] == ["k"]
    assert [place for place, _ in skipped(reading)] == ["3", "4", "5", "6", "7", "8", "9", "11"]
    assert len({reason for _, reason in skipped(reading)}) == 8


def test_the_same_question_is_taken_once(tmp_path: Path) -> None:
    reading = read(tmp_path, "question,answer\nWhat is 2+3?,5\nwhat is 2 + 3,5\n")
    assert len(items(reading)) == 1
    assert skipped(reading) == [("3", "It asks the same as {other}.")]


def test_the_same_words_with_other_choices_are_another_question(tmp_path: Path) -> None:
    text = "question,answer,choices\nWhich is prime?,7,4|7\nWhich is prime?,5,5|6\n"
    assert len(items(read(tmp_path, text))) == 2


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("word,meaning\na,b\n", "names no column question"),
        ("question,answer,Answer\na,b,c\n", "twice"),
        ('question,answer\n"a,b\n', "damaged at line"),
        ("", "names no column question"),
        (b"question,answer\n\xff\x00\x81\x8d\n", "can't be read"),
    ],
)
def test_a_table_that_is_none_is_refused(tmp_path: Path, text: str | bytes, says: str) -> None:
    with pytest.raises(ImportRefused, match=says):
        read(tmp_path, text)


def test_name_key_language_and_licence_can_be_given(tmp_path: Path) -> None:
    text = "question,answer\nEn fråga?,ja\n"
    options = {"name": "Svenska", "key": "sv", "language": "sv", "licence": "CC0", "scope": "s1"}
    [course] = read(tmp_path, text, **options).courses
    assert (course.key, course.names, course.language) == ("s1/sv", {"sv": "Svenska"}, "sv")
    assert course.items[0].licence == "CC0"
