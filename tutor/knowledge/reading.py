"""Turns the bytes of a file into text. Unbounded by itself: runs in the process of `read_file`.

Trusts what the bytes are, not what the file is called.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import PurePath

from tutor.knowledge.attachments import MAX_CHARACTERS, FileKind, Problem, ReadAttachment
from tutor.knowledge.sniffing import Content, sniff

_MARKDOWN = {".md", ".markdown", ".rmd", ".qmd"}
_TABLES = {".csv", ".tsv"}
_CODE = {
    ".py", ".js", ".ts", ".jsx", ".tsx", ".java", ".c", ".h", ".cpp", ".hpp", ".cs", ".go", ".rs",
    ".rb", ".php", ".swift", ".kt", ".scala", ".r", ".jl", ".m", ".sql", ".sh", ".ps1", ".lua",
    ".hs", ".html", ".css", ".json", ".yaml", ".yml", ".toml", ".xml", ".tex", ".ipynb", ".v",
}  # fmt: skip


class Unreadable(Exception):
    """A file that gives no text; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Extract:
    """The text of a file, before it is capped."""

    text: str
    pages: int = 0
    pages_read: int = 0


def read_attachment(
    name: str, media_type: str, data: bytes, max_characters: int = MAX_CHARACTERS
) -> ReadAttachment:
    """What the file says, in this process and without limits of time or memory."""
    content = sniff(data)
    kind = _kind(content, name, media_type)
    unread = ReadAttachment(name, kind)
    try:
        extract = _reader(content)(data, max_characters)
    except Unreadable as error:
        return replace(unread, problem=error.problem)
    except MemoryError:
        return replace(unread, problem=Problem.TOO_HARD)
    text = extract.text.strip()
    if not text:
        return replace(unread, problem=Problem.NO_TEXT if content.is_drawn else Problem.EMPTY)
    return replace(
        unread,
        text=text[:max_characters].rstrip(),
        characters_left_out=max(len(text) - max_characters, 0),
        pages=extract.pages,
        pages_read=extract.pages_read,
    )


def _reader(content: Content) -> Callable[[bytes, int], Extract]:
    """Imported where needed: a text file should not wait for libraries of pictures."""
    if content is Content.PDF:
        from tutor.knowledge.pdf import read_pdf

        return read_pdf
    if content is Content.ZIP:
        return _read_archive
    if content is Content.PICTURE:
        from tutor.knowledge.picture import read_picture

        return read_picture
    if content is Content.TEXT:
        from tutor.knowledge.plain_text import read_text

        return read_text
    problem = Problem.ENCRYPTED if content is Content.ENCRYPTED else Problem.UNSUPPORTED
    return _refusing(problem)


def _read_archive(data: bytes, max_characters: int) -> Extract:
    """Word or slides: both are archives, told apart by what is in them."""
    from tutor.knowledge.slides import is_slides, read_slides
    from tutor.knowledge.word import read_word

    return (read_slides if is_slides(data) else read_word)(data, max_characters)


def _refusing(problem: Problem) -> Callable[[bytes, int], Extract]:
    def refuse(data: bytes, max_characters: int) -> Extract:
        raise Unreadable(problem)

    return refuse


def _kind(content: Content, name: str, media_type: str) -> FileKind:
    fixed = {
        Content.PDF: FileKind.PDF,
        Content.PICTURE: FileKind.PICTURE,
        Content.ZIP: FileKind.SLIDES if name.lower().endswith(".pptx") else FileKind.WORD,
    }
    if content is not Content.TEXT:
        return fixed.get(content, FileKind.UNKNOWN)
    suffix = PurePath(name).suffix.lower()
    if suffix in _MARKDOWN or media_type == "text/markdown":
        return FileKind.MARKDOWN
    if suffix in _TABLES or media_type == "text/csv":
        return FileKind.TABLE
    return FileKind.CODE if suffix in _CODE else FileKind.TEXT
