"""PDF files: their text, or where pages were scanned, what can be recognised on the first ones."""

import pypdfium2
from pypdfium2 import PdfDocument, PdfiumError, PdfPage
from pypdfium2.raw import FPDF_ERR_PASSWORD, FPDF_GetLastError

from tutor.knowledge.attachments import Problem
from tutor.knowledge.reading import Extract, Unreadable

MAX_PAGES = 200
SCANNED_PAGES = 3
_SIDE_PIXELS = 1800


def read_pdf(data: bytes, max_characters: int) -> Extract:
    """The text of the pages until there is enough; raises Unreadable."""
    document = _opened(data)
    count = len(document)
    if count == 0:
        raise Unreadable(Problem.EMPTY)
    texts, length = [], 0
    for number in range(min(count, MAX_PAGES)):
        text = _text(document[number])
        texts.append(text)
        length += len(text)
        if length > max_characters:
            break
    if not length:
        texts = [_recognised(document[number]) for number in range(min(count, SCANNED_PAGES))]
    return Extract("\n\n".join(text for text in texts if text), count, len(texts))


def pdf_pages(data: bytes, max_pages: int) -> tuple[list[str], int]:
    """The text of each of the first pages, "" where it has none, and how many pages there are.

    Raises Unreadable.
    """
    document = _opened(data)
    count = len(document)
    return [_text(document[number]) for number in range(min(count, max_pages))], count


def _opened(data: bytes) -> PdfDocument:
    try:
        return pypdfium2.PdfDocument(data)
    except PdfiumError as error:
        encrypted = FPDF_GetLastError() == FPDF_ERR_PASSWORD or "assword" in str(error)
        raise Unreadable(Problem.ENCRYPTED if encrypted else Problem.DAMAGED) from error


def _text(page: PdfPage) -> str:
    try:
        text: str = page.get_textpage().get_text_range()
    except PdfiumError:
        return ""  # one broken page does not take the others with it
    return text.replace("\r\n", "\n").replace("\ufffe", "-").strip()


def _recognised(page: PdfPage) -> str:
    from tutor.knowledge.recognition import recognise

    longest = max(*page.get_size(), 1.0)
    try:
        picture = page.render(scale=min(2.5, _SIDE_PIXELS / longest)).to_pil().convert("RGB")
    except PdfiumError as error:
        raise Unreadable(Problem.DAMAGED) from error
    return recognise(picture)
