"""Plain text and markdown for continued pre-training: passages of a document, at its paragraphs."""

from collections.abc import Iterator
from pathlib import Path

from training.datasets.example import Example, ExampleKind
from training.datasets.reading.found import Found, Origin, Rejected, Row
from training.datasets.reading.lines import lines_of

PASSAGE_CHARACTERS = 4000
SHORTEST_CHARACTERS = 20


def read(path: Path, origin: Origin) -> Iterator[Found]:
    """Passages that end at a heading or blank line where they can. Raises DataRefused."""
    passage: list[str] = []
    size, begun = 0, 1
    for line in lines_of(path, origin):
        if isinstance(line, Rejected):
            yield line
            continue
        number, text = line
        ends = size > PASSAGE_CHARACTERS or (
            size > PASSAGE_CHARACTERS // 2 and (not text.strip() or text.startswith("#"))
        )
        if ends:
            yield from _row(passage, begun, origin)
            passage, size, begun = [], 0, number
        passage.append(text)
        size += len(text)
    yield from _row(passage, begun, origin)


def _row(passage: list[str], begun: int, origin: Origin) -> Iterator[Found]:
    text = "\n".join(passage).strip()
    if len(text) < SHORTEST_CHARACTERS:
        return
    example = Example(
        kind=ExampleKind.TEXT,
        group=f"{origin.file_name}:{begun}",
        source=origin.source,
        licence=origin.licence,
        text=text,
    )
    yield Row(str(begun), example)
