"""A document with its pages, as material is read for citing."""

from dataclasses import dataclass

from tutor.knowledge.attachments import Problem


@dataclass(frozen=True, slots=True)
class Page:
    """`number` counts from 1; documents without pages (text, Markdown, Word) have one page."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """`pages` with text, in order; `page_count` counts the empty ones too. Or a `problem`.

    Not `complete`: it is longer than what is read, so that its end is missing.
    """

    pages: tuple[Page, ...] = ()
    page_count: int = 0
    problem: Problem | None = None
    complete: bool = True
