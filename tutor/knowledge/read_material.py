"""`python -m tutor.knowledge.read_material`: the pages of one document, as `material` asks.

Input: a JSON line with name and media type, then the bytes. Output: one JSON object.
"""

import json
import os
import sys

from tutor.knowledge.attachments import Problem
from tutor.knowledge.limits import bound_this_process
from tutor.knowledge.reading import Unreadable, read_attachment
from tutor.knowledge.sniffing import Content, sniff

MEMORY_LIMIT_BYTES = 3 * 1024**3
PROCESSOR_LIMIT_SECONDS = 300
MAX_BYTES = 64 * 1024 * 1024
MAX_CHARACTERS = 4_000_000
MAX_PAGES = 500


def main() -> None:
    """Reads, answers and ends."""
    bound_this_process(MEMORY_LIMIT_BYTES, PROCESSOR_LIMIT_SECONDS)
    header = json.loads(sys.stdin.buffer.readline())
    data = sys.stdin.buffer.read(MAX_BYTES)
    answer_to = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # libraries may print; the answer is ours
    with os.fdopen(answer_to, "w", encoding="utf-8", errors="replace") as output:
        json.dump(_answer(header["name"], header["media_type"], data), output)


def _answer(name: str, media_type: str, data: bytes) -> dict[str, object]:
    try:
        texts, count = page_texts(name, media_type, data)
    except Unreadable as error:
        return {"problem": error.problem.value}
    except MemoryError:
        return {"problem": Problem.TOO_HARD.value}
    left = MAX_CHARACTERS
    pages = []
    for number, text in enumerate(texts, 1):
        kept = text.strip()[:left]
        left -= len(kept)
        if kept:
            pages.append([number, kept])
    if not pages:
        return {"problem": Problem.NO_TEXT.value}
    complete = left > 0 and count <= len(texts)
    return {"problem": None, "pages": pages, "page_count": count, "complete": complete}


def page_texts(name: str, media_type: str, data: bytes) -> tuple[list[str], int]:
    """The text of each page or slide, and how many there are; one where a file has no pages.

    Raises Unreadable. Nothing is recognised in pictures: what is cited has to be what is there.
    """
    from tutor.knowledge.pdf import pdf_pages
    from tutor.knowledge.slides import is_slides, slide_texts

    content = sniff(data)
    if content is Content.PDF:
        return pdf_pages(data, MAX_PAGES)
    if content is Content.PICTURE:
        raise Unreadable(Problem.UNSUPPORTED)
    if content is Content.ZIP and is_slides(data):
        texts = slide_texts(data)
        return texts, len(texts)
    read = read_attachment(name, media_type, data, MAX_CHARACTERS)
    if read.problem is not None:
        raise Unreadable(read.problem)
    return [read.text], 1


if __name__ == "__main__":
    main()
