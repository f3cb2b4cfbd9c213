"""Reads documents that teachers upload, page by page, in a process that can be killed."""

import json
from collections.abc import Mapping

from tutor.i18n import mark, say
from tutor.knowledge.attachments import Problem, explain_problem
from tutor.knowledge.bounded import ask_process
from tutor.knowledge.document import Document, Page
from tutor.language import Language

READER = "tutor.knowledge.read_material"
MAX_FILE_BYTES = 64 * 1024 * 1024
TIMEOUT_SECONDS = 300.0
_MAX_ANSWER_BYTES = 32 * 1024 * 1024

_SENTENCES: Mapping[Problem, str] = {
    Problem.TOO_HARD: mark("“{name}” took me too long to read. Please upload it in parts."),
    Problem.UNSUPPORTED: mark(
        "I can't read “{name}”. Please upload it as PDF, Word (.docx), slides (.pptx), Markdown or "
        "text."
    ),
    Problem.NO_TEXT: mark(
        "There is no text in “{name}”; its pages may be scanned. Please upload a version with text."
    ),
}


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
    return Document(pages, answer["page_count"], complete=answer["complete"])


def explain_unread(problem: Problem, name: str, language: Language) -> str:
    """A sentence on why a document could not be read, and what its teacher can do."""
    own = _SENTENCES.get(problem)
    if own is None:
        return explain_problem(problem, name, language, MAX_FILE_BYTES)
    return say(language, own, name=name)
