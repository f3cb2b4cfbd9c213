"""GSM8K: the final answer is the key, the worked solution its hints."""

import gzip
import json
from pathlib import Path

import pytest

from tutor.bank.importing import gsm8k
from tutor.bank.importing.report import ImportRefused, Options, Reading
from tutor.bank.item import AnswerType, HintKind

LINE = {
    "question": "Mei sold 48 clips, then half as many. How many in all?",
    "answer": "She sold 48/2 = <<48/2=24>>24 clips.\nShe sold 48+24 = <<48+24=72>>72.\n#### 72",
}


def read(file: Path) -> Reading:
    return gsm8k.read(file, Options())


def test_solution_becomes_hints_and_calculator_marks_go(tmp_path: Path) -> None:
    file = tmp_path / "gsm8k.jsonl"
    file.write_text(json.dumps(LINE) + "\n")
    [item] = read(file).courses[0].items
    [step] = item.steps
    assert step.answer.type is AnswerType.NUMBER
    assert step.answer.answers == ("72",)
    assert [(hint.kind, hint.text) for hint in step.hints] == [
        (HintKind.HINT, "She sold 48/2 = 24 clips."),
        (HintKind.BOTTOM_OUT, "She sold 48+24 = 72."),
    ]


def test_gzip_reads_the_same_and_keys_do_not_depend_on_the_line(tmp_path: Path) -> None:
    other = {"question": "What is 1,000 + 1?", "answer": "Add.\n#### 1,001"}
    plain, packed = tmp_path / "a.jsonl", tmp_path / "b.jsonl.gz"
    plain.write_text(f"{json.dumps(LINE)}\n{json.dumps(other)}\n")
    packed.write_bytes(gzip.compress(f"{json.dumps(other)}\n{json.dumps(LINE)}\n".encode()))
    assert set(read(plain).courses[0].items) == set(read(packed).courses[0].items)


def test_bad_lines_are_named(tmp_path: Path) -> None:
    file = tmp_path / "gsm8k.jsonl"
    lines = [
        json.dumps(LINE),
        '{"question": "cut of',
        json.dumps({"question": "No answer?"}),
        json.dumps({"question": "No end?", "answer": "Just words."}),
        json.dumps([1, 2]),
        json.dumps(LINE),
    ]
    file.write_text("\n".join(lines))
    reading = read(file)
    assert len(reading.courses[0].items) == 1
    assert [remark.place for remark in reading.not_taken] == ["2", "3", "4", "5", "6"]


@pytest.mark.parametrize(
    "content",
    [gzip.compress(b'{"question": "?"}' * 99)[:40], b'{"question": "\xff\xfe'],
    ids=["cut", "bytes"],
)
def test_a_damaged_file_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "gsm8k.jsonl.gz"
    file.write_bytes(content)
    with pytest.raises(ImportRefused):
        read(file)
