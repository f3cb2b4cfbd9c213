"""Uploads are read by what is in them; every row that is left out has a place and a reason."""

import gzip
import json

import pytest

from training.datasets.example import ExampleKind
from training.datasets.reading import lines as reading_lines
from training.datasets.reading.found import DataRefused, Origin, Rejected, Row
from training.datasets.reading.lines import MAX_FILE_BYTES
from training.datasets.reading.read import Format, detect, read


def rows(tmp_path, content, name="data.bin", licence=""):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(read(path, Origin(name, licence)))


def lines(*records):
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in records)


def only(found):
    [row] = found
    assert isinstance(row, Row), row
    return row.example


def reason(found):
    [row] = found
    assert isinstance(row, Rejected), row
    return row.reason.message


TALK = [{"role": "user", "content": "2 + 2?"}, {"role": "assistant", "content": "Count on."}]


def test_messages_become_a_dialogue(tmp_path):
    example = only(rows(tmp_path, lines({"messages": TALK}), licence="CC0"))
    assert example.kind is ExampleKind.DIALOGUE
    assert [one.role for one in example.messages] == ["user", "assistant"]
    assert example.licence == "CC0"


@pytest.mark.parametrize(
    "record",
    [
        {"prompt": "2 + 2?", "completion": "Count on."},
        {"question": "2 + 2?", "answer": "Count on."},
        {"instruction": "2 + 2?", "input": "", "output": "Count on."},
        {
            "conversations": [
                {"from": "human", "value": "2 + 2?"},
                {"from": "gpt", "value": "Count on."},
            ]
        },
    ],
)
def test_common_names_of_prompt_and_answer_are_known(tmp_path, record):
    example = only(rows(tmp_path, lines(record)))
    assert [one.content for one in example.messages] == ["2 + 2?", "Count on."]


def test_chosen_and_rejected_become_a_preference(tmp_path):
    record = {"prompt": "2 + 2?", "chosen": "Count on.", "rejected": "4"}
    example = only(rows(tmp_path, lines(record)))
    assert (example.kind, example.chosen, example.rejected) == (
        ExampleKind.PREFERENCE,
        "Count on.",
        "4",
    )
    assert [one.role for one in example.messages] == ["user"]


@pytest.mark.parametrize(
    ("told", "desired"), [(True, True), ("👎", False), (-1, False), ("5", True)]
)
def test_ratings_are_read_in_their_spellings(tmp_path, told, desired):
    example = only(rows(tmp_path, lines({"messages": TALK, "label": told})))
    assert (example.kind, example.desired) == (ExampleKind.RATED, desired)


def test_gsm8k_loses_its_calculator_marks_and_keeps_the_answer(tmp_path):
    record = {"question": "3 boxes of 4?", "answer": "3*4=<<3*4=12>>12 eggs.\n#### 12"}
    example = only(rows(tmp_path, gzip.compress(lines(record).encode())))
    assert example.messages[-1].content == "3*4=12 eggs.\nThe answer is 12."
    assert (example.source, example.licence) == ("gsm8k", "MIT")


@pytest.mark.parametrize("answer", ["#### Step 1\nAdd.\n#### Step 2\nTake away.", "#### Note"])
def test_headings_of_markdown_make_no_gsm8k(tmp_path, answer):
    example = only(rows(tmp_path, lines({"question": "3 boxes of 4?", "answer": answer})))
    assert (example.source, example.licence) != ("gsm8k", "MIT")
    assert example.messages[-1].content == answer


def test_one_star_is_not_taken_for_a_thumb_up(tmp_path):
    found = rows(tmp_path, lines(*({"messages": TALK, "rating": stars} for stars in (1, 2, 5))))
    assert isinstance(found[0], Rejected) and "star" in found[0].reason.message
    assert [one.example.desired for one in found[1:]] == [False, True]


def test_small_file_that_unpacks_to_one_endless_line_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(reading_lines, "MAX_UNPACKED_BYTES", 3 << 20)
    with pytest.raises(DataRefused, match="too large"):
        rows(tmp_path, gzip.compress(b'{"text": "' + b"a" * (8 << 20)))


def test_table_may_begin_with_a_blank_line(tmp_path):
    found = rows(tmp_path, "\nprompt,answer\n2 + 2?,Count on.\n")
    assert only(found).messages[0].content == "2 + 2?" and found[0].place == "3"


def test_table_is_known_by_its_header_and_may_break_lines(tmp_path):
    found = rows(tmp_path, 'prompt;answer\n"2 + 2\nor 4?";Count on.\n;nothing\n')
    assert found[0].example.messages[0].content == "2 + 2\nor 4?"
    assert isinstance(found[1], Rejected) and found[1].place == "4"


def test_plain_text_is_raw_text(tmp_path):
    found = rows(tmp_path, "# Plants\n\n" + "Leaves catch light. " * 50)
    assert only(found).kind is ExampleKind.TEXT


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("{broken", "no valid JSON"),
        ("[1]x", None),
        (lines({"messages": [{"role": "narrator", "content": "x"}]}), "role"),
        (lines({"messages": TALK[:1]}), "nothing for the tutor to say"),
        (lines({"messages": TALK[::-1]}), "begin with what the user"),
        (lines({"messages": [*TALK, *TALK[1:]]}), "take turns"),
        (lines({"prompt": "2 + 2?", "answer": " "}), "nothing for the tutor to say"),
        (lines({"prompt": " ", "answer": "4"}), "prompt is empty"),
        (lines({"prompt": "a", "chosen": "b", "rejected": "b"}), "are the same"),
        (lines({"name": "Ann"}), "No fields"),
        (lines({"messages": TALK, "label": "perhaps"}), "neither good nor bad"),
    ],
)
def test_bad_row_has_a_place_and_a_reason(tmp_path, row, told):
    if told is not None:
        assert told in reason(rows(tmp_path, row))


def test_rows_after_a_bad_one_are_read(tmp_path):
    first, second = rows(tmp_path, "{broken\n" + lines({"messages": TALK}))
    assert isinstance(first, Rejected) and first.place == "1"
    assert isinstance(second, Row) and second.place == "2"


def test_too_long_line_is_rejected_and_the_next_one_read(tmp_path):
    long = lines({"prompt": "x" * (2 << 20), "answer": "y"})
    first, second = rows(tmp_path, long + lines({"messages": TALK}))
    assert isinstance(first, Rejected) and isinstance(second, Row)


def test_file_over_the_limit_is_refused_by_its_size(tmp_path):
    path = tmp_path / "huge.jsonl"
    with path.open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)
    with pytest.raises(DataRefused, match="at most 200 MB"):
        detect(path, Origin("huge.jsonl"))


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ('{"prompt": "三加四等于多少？", "answer": "先数三。"}'.encode("gbk"), "GB18030"),
        (b"\xff\xfe" + "prompt,answer\n".encode("utf-16-le"), "UTF-16"),
    ],
)
def test_other_encoding_is_named_with_the_way_to_save(tmp_path, content, encoding):
    with pytest.raises(DataRefused, match=f"{encoding}.*Save as"):
        rows(tmp_path, content)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (b"%PDF-1.7\n", "in no format"),
        (b'[{"prompt": "a"}]', "one object a line"),
        (gzip.compress(b'{"prompt": "x"}' * 50, mtime=0)[:20], "damaged"),
    ],
)
def test_whole_file_is_refused_with_what_to_do(tmp_path, content, told):
    with pytest.raises(DataRefused, match=told):
        rows(tmp_path, content)


def test_oatutor_folder_becomes_dialogues_of_hints(tmp_path):
    pool = tmp_path / "content-pool" / "p1"
    tutoring = pool / "steps" / "p1a" / "tutoring"
    tutoring.mkdir(parents=True)
    (pool / "p1.json").write_text(
        json.dumps({"title": "Sum", "body": "Add them.", "courseName": "C"})
    )
    step = {"stepTitle": "What is 2 + 3?", "stepAnswer": ["5"], "problemType": "TextBox"}
    (pool / "steps" / "p1a" / "p1a.json").write_text(json.dumps(step))
    hints = [{"id": "h1", "type": "hint", "title": "Start", "text": "Start at 2."}]
    (tutoring / "p1aDefaultPathway.json").write_text(json.dumps(hints))
    (tmp_path / "skillModel.json").write_text(json.dumps({"p1a": ["adding"]}))
    origin = Origin("pool")
    assert detect(tmp_path, origin) is Format.OATUTOR
    [row] = [one for one in read(tmp_path, origin) if isinstance(one, Row)]
    assert "What is 2 + 3?" in row.example.messages[0].content
    assert row.example.messages[1].content == "Start\nStart at 2."
    assert "OATutor" in row.attribution
