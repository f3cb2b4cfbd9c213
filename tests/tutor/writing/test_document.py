"""Written texts as files."""

import io
from datetime import UTC, datetime

from docx import Document

from tutor.writing.document import file_of, title_of
from tutor.writing.request import FileFormat

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LABEL = "Written by AI (capable); please check it."
TEXT = """# 光的三原色 Light

Some **bold** words, *slanted* ones and `code`.

## Parts

- red
- green
  - dark green

1. first
2. second

> said

```python
print("hi")
```

| colour | 颜色 |
|---|---|
| red | 红 |
"""


def test_word_file_keeps_headings_lists_tables_and_code() -> None:
    file = file_of(TEXT, "Light", FileFormat.DOCX, LABEL, NOW)
    document = Document(io.BytesIO(file.data))
    styles = {p.text: p.style.name for p in document.paragraphs if p.style is not None}
    assert styles["光的三原色 Light"] == "Heading 1"
    assert styles["Parts"] == "Heading 2"
    assert styles["red"] == "List Bullet"
    assert styles["dark green"] == "List Bullet 2"
    assert styles["second"] == "List Number"
    assert styles["said"] == "Quote"
    [table] = document.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["colour", "颜色"],
        ["red", "红"],
    ]
    code = next(p for p in document.paragraphs if p.text == 'print("hi")')
    assert code.runs[0].font.name == "Consolas"
    sentence = next(p for p in document.paragraphs if p.text.startswith("Some"))
    assert sentence.text == "Some bold words, slanted ones and code."
    assert [run.text for run in sentence.runs if run.bold] == ["bold"]


def test_every_file_says_that_a_machine_wrote_it() -> None:
    word = Document(io.BytesIO(file_of(TEXT, "T", FileFormat.DOCX, LABEL, NOW).data))
    assert word.paragraphs[-1].text == LABEL
    assert word.core_properties.comments == LABEL
    markdown = file_of(TEXT, "T", FileFormat.MARKDOWN, LABEL, NOW).data.decode()
    assert markdown.startswith(TEXT.rstrip())
    assert markdown.rstrip().endswith(f"*{LABEL}*")


def test_file_is_named_after_its_title_without_what_breaks_paths() -> None:
    assert title_of(TEXT, "Article") == "光的三原色 Light"
    assert title_of("No heading here.", "Article") == "Article"
    named = file_of(TEXT, "../../光 & Light: a/b", FileFormat.MARKDOWN, LABEL, NOW).name
    assert named == "光-light-a-b.md"


def test_every_numbered_list_begins_at_one() -> None:
    text = "1. a\n2. b\n\nBetween.\n\n1. c\n"
    document = Document(io.BytesIO(file_of(text, "T", FileFormat.DOCX, LABEL, NOW).data))
    numbered = [p for p in document.paragraphs if p.text in {"a", "b", "c"}]
    lists = [p._p.pPr.numPr.numId.val for p in numbered]
    assert lists[0] == lists[1] != lists[2]
