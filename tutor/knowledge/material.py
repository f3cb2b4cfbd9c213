"""Reads documents that teachers upload, page by page, in a process that can be killed."""

import json

from tutor.knowledge.attachments import Problem
from tutor.knowledge.bounded import ask_process
from tutor.knowledge.document import Document, Page

READER = "tutor.knowledge.read_material"
MAX_FILE_BYTES = 64 * 1024 * 1024
TIMEOUT_SECONDS = 300.0
_MAX_ANSWER_BYTES = 32 * 1024 * 1024


async def read_material_bounded(
    name: str, media_type: str, data: bytes, *, timeout_seconds: float = TIMEOUT_SECONDS
) -> Document:
    """The pages of the document; never raises for what is in the file."""
    if not data:
        return Document(problem=Problem.EMPTY)
    if len(data) > MAX_FILE_BYTES:
        return Document(problem=Problem.TOO_LARGE)
    header = json.dumps({"name": name, "media_type": media_type}).encode()
    answer = await ask_process(READER, header + b"\n" + data, timeout_seconds, _MAX_ANSWER_BYTES)
    if answer is None:
        return Document(problem=Problem.TOO_HARD)
    if answer["problem"]:
        return Document(problem=Problem(answer["problem"]))
    pages = tuple(Page(number, text) for number, text in answer["pages"])
    return Document(pages, answer["page_count"])
