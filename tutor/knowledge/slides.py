"""Slides (.pptx): the text of every slide, its tables and its notes."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from tutor.knowledge.attachments import Problem
from tutor.knowledge.reading import Extract, Unreadable

PRESENTATION = "ppt/presentation.xml"
MAX_UNPACKED_BYTES = 400 * 1024 * 1024
MAX_SLIDES = 1000


def is_slides(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return PRESENTATION in archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError):
        return False


def read_slides(data: bytes, max_characters: int) -> Extract:
    """The text of all slides; raises Unreadable."""
    texts = slide_texts(data)
    return Extract("\n\n".join(text for text in texts if text), len(texts), len(texts))


def slide_texts(data: bytes) -> list[str]:
    """The text of each slide, in order; raises Unreadable."""
    _refuse_bomb(data)
    from pptx import Presentation
    from pptx.exc import PackageNotFoundError

    try:
        slides = list(Presentation(io.BytesIO(data)).slides)[:MAX_SLIDES]
        return ["\n".join(line for line in _lines(slide) if line.strip()) for slide in slides]
    except (PackageNotFoundError, KeyError, ValueError, AttributeError, SyntaxError) as error:
        raise Unreadable(Problem.DAMAGED) from error


def _refuse_bomb(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(info.file_size for info in archive.infolist()) > MAX_UNPACKED_BYTES:
            raise Unreadable(Problem.BOMB)
        if any(info.flag_bits & 1 for info in archive.infolist()):
            raise Unreadable(Problem.ENCRYPTED)


def _lines(slide: Any) -> Iterator[str]:
    title = slide.shapes.title
    if title is not None and title.has_text_frame:
        yield f"# {title.text_frame.text.strip()}"
    for shape in slide.shapes:
        if title is None or shape.shape_id != title.shape_id:
            yield from _shape_lines(shape)
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        yield slide.notes_slide.notes_text_frame.text


def _shape_lines(shape: Any) -> Iterator[str]:
    if shape.has_text_frame:
        yield shape.text_frame.text
    elif getattr(shape, "has_table", False) and shape.has_table:
        for row in shape.table.rows:
            yield " | ".join(cell.text for cell in row.cells)
    elif hasattr(shape, "shapes"):  # a group
        for inner in shape.shapes:
            yield from _shape_lines(inner)
