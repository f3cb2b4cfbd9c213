"""Word files (.docx): paragraphs and tables, read from the archive without unpacking it to disk."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from xml.etree import ElementTree

from tutor.knowledge.attachments import Problem
from tutor.knowledge.reading import Extract, Unreadable

MAX_DOCUMENT_BYTES = 40 * 1024 * 1024
_DOCUMENT = "word/document.xml"
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FORMULA = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_TEXTS = {f"{_WORD}t", f"{_FORMULA}t"}
_SPACES = {f"{_WORD}tab": "\t", f"{_WORD}br": "\n", f"{_WORD}cr": "\n"}


def read_word(data: bytes, max_characters: int) -> Extract:
    """The text of the document; raises Unreadable, also for archives that hold none."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            markup = _document(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise Unreadable(Problem.DAMAGED) from error
    if b"<!DOCTYPE" in markup[:4096] or b"<!ENTITY" in markup:
        raise Unreadable(Problem.BOMB)  # Word writes none; they only serve to blow up
    try:
        root = ElementTree.fromstring(markup)  # noqa: S314 - without declarations it is harmless
    except ElementTree.ParseError as error:
        raise Unreadable(Problem.DAMAGED) from error
    return Extract("\n".join(_lines(root)))


def _document(archive: zipfile.ZipFile) -> bytes:
    entry = next((info for info in archive.infolist() if info.filename == _DOCUMENT), None)
    total = sum(info.file_size for info in archive.infolist())
    if entry is None:
        too_much = total > MAX_DOCUMENT_BYTES * 10
        raise Unreadable(Problem.BOMB if too_much else Problem.UNSUPPORTED)
    if entry.flag_bits & 1:
        raise Unreadable(Problem.ENCRYPTED)
    with archive.open(entry) as file:
        markup = file.read(MAX_DOCUMENT_BYTES + 1)  # what the archive claims may be a lie
    if len(markup) > MAX_DOCUMENT_BYTES:
        raise Unreadable(Problem.BOMB)
    return markup


def _lines(root: ElementTree.Element) -> Iterator[str]:
    body = root.find(f"{_WORD}body")
    for element in body if body is not None else ():
        if element.tag == f"{_WORD}tbl":
            for row in element.iter(f"{_WORD}tr"):
                yield " | ".join(_text(cell) for cell in row.findall(f"{_WORD}tc"))
        else:
            yield _text(element)


def _text(element: ElementTree.Element) -> str:
    pieces = []
    for part in element.iter():
        if part.tag in _TEXTS:
            pieces.append(part.text or "")
        pieces.append(_SPACES.get(part.tag, ""))
    return "".join(pieces)
