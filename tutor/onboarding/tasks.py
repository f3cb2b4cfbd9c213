"""The tasks of a checklist, as an admin writes them: one a line, with the page to read in brackets.

    Get your badge at the front desk
    Read how holidays work [handbook.pdf p. 12]
    阅读安全须知【手册.pdf 第3页】

Pure: which documents there are is given.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tutor.bank.digest import text_digest
from tutor.i18n import say
from tutor.language import Language

MOST_TASKS = 20
LONGEST_TASK = 200
_CITED = re.compile(r"\s*[\[【]([^\[\]【】]+)[\]】]\s*$")
_PAGE = re.compile(r"[\s,，]*(?:p(?:age|\.)?\s*(\d{1,5})|第\s*(\d{1,5})\s*页)\s*$", re.IGNORECASE)
_NUMBER = re.compile(r"^\s*(?:[-*•]\s+|\d+[.)、]\s*)")


@dataclass(frozen=True, slots=True)
class Task:
    """`key` stays the same as long as the words do. `page` 0 is the document as a whole."""

    key: str
    text: str
    material_id: str | None = None
    document: str = ""
    page: int = 0


@dataclass(frozen=True, slots=True)
class Written:
    """What an admin wrote: the tasks, and the documents in it that are not there."""

    tasks: tuple[Task, ...]
    missing: tuple[str, ...]


def tasks_in(text: str, documents: Mapping[str, str]) -> Written:
    """The tasks of a text. `documents` are the ids of what can be cited, by name."""
    tasks: dict[str, Task] = {}
    missing: list[str] = []
    for line in text.splitlines():
        words = _NUMBER.sub("", line).strip()
        if not words:
            continue
        cited = _CITED.search(words)
        if cited:
            words = words[: cited.start()].strip()
        name, page = _cited(cited.group(1)) if cited else ("", 0)
        found = _document(name, documents) if name else None
        if name and found is None:
            missing.append(name)
        key = (text_digest(words) or words)[:16]
        if words and key not in tasks and len(tasks) < MOST_TASKS:
            material_id, document = found or (None, "")
            tasks[key] = Task(key, words[:LONGEST_TASK], material_id, document, page)
    return Written(tuple(tasks.values()), tuple(missing))


def as_written(tasks: Sequence[Task], language: Language) -> str:
    """The tasks as lines that read as the same tasks."""
    lines = []
    for task in tasks:
        place = citation(task, language)
        lines.append(f"{task.text} [{place}]" if place else task.text)
    return "\n".join(lines)


def citation(task: Task, language: Language) -> str:
    """Where it is written, "" where nothing is cited."""
    if not task.document or not task.page:
        return task.document
    return say(language, "{document} p. {page}", document=task.document, page=task.page)


def stored(tasks: Sequence[Task]) -> list[dict[str, Any]]:
    return [asdict(task) for task in tasks]


def loaded(rows: Sequence[Mapping[str, Any]]) -> tuple[Task, ...]:
    return tuple(
        Task(
            row["key"],
            row["text"],
            row.get("material_id"),
            row.get("document", ""),
            row.get("page") or 0,
        )
        for row in rows
    )


def _cited(inside: str) -> tuple[str, int]:
    """The name of a document and the page in it, 0 where none is given."""
    page = _PAGE.search(inside)
    if page is None:
        return inside.strip(), 0
    return inside[: page.start()].strip(), int(page.group(1) or page.group(2))


def _document(name: str, documents: Mapping[str, str]) -> tuple[str, str] | None:
    """The id and the full name of the document that is meant, with or without its ending."""
    wanted = name.casefold()
    for known, id_ in documents.items():
        if wanted in (known.casefold(), known.casefold().rpartition(".")[0]):
            return id_, known
    return None
