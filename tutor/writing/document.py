"""A written text as a file: Markdown as it is, or a Word document with headings, lists and code.

Every file says in itself that it was written by a machine.
"""

import io
import re
from datetime import datetime
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from tutor.messages import File
from tutor.writing.request import FileFormat

DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PREVIEW_CHARACTERS = 500
_UNSAFE = re.compile(r"[^\w\u4e00-\u9fff-]+")


def file_of(text: str, title: str, format: FileFormat, label: str, now: datetime) -> File:
    """The text as a file named after its title; `label` says who wrote it."""
    name = _UNSAFE.sub("-", title.lower()).strip("-")[:60] or "text"
    if format is FileFormat.DOCX:
        return File(docx_of(text, title, label, now), f"{name}.docx", DOCX_TYPE)
    data = f"{text.rstrip()}\n\n---\n\n*{label}*\n".encode()
    return File(data, f"{name}.md", "text/markdown")


def title_of(text: str, otherwise: str) -> str:
    """The first heading or bold line of a text."""
    for line in text.splitlines()[:5]:
        stripped = line.strip().strip("#* ").strip()
        if stripped and (line.startswith(("#", "**"))):
            return stripped[:120]
    return otherwise[:120]


def preview(text: str) -> str:
    """The beginning, up to the end of a paragraph or line; code that it cuts is closed."""
    if len(text) <= PREVIEW_CHARACTERS:
        return text
    end = text.rfind("\n", 0, PREVIEW_CHARACTERS)
    start = text[: end if end > PREVIEW_CHARACTERS // 3 else PREVIEW_CHARACTERS].rstrip()
    return f"{start}\n…\n```" if start.count("```") % 2 else f"{start} …"


def docx_of(markdown: str, title: str, label: str, now: datetime) -> bytes:
    """A Word document of Markdown text. Takes about 50 ms."""
    from docx import Document

    document = Document()
    properties = document.core_properties
    properties.title, properties.author = title, "Daoshi"
    properties.comments, properties.created = label, now.replace(tzinfo=None)
    parser = MarkdownIt("commonmark").enable("table")
    for node in SyntaxTreeNode(parser.parse(markdown)).children:
        _add(document, node)
    document.add_paragraph().add_run(label).italic = True
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _add(document: Any, node: SyntaxTreeNode, style: str | None = None) -> None:
    match node.type:
        case "heading":
            _spans(document.add_heading("", int(node.tag[1])), node)
        case "paragraph":
            _spans(document.add_paragraph(style=style), node)
        case "bullet_list" | "ordered_list":
            _list(document, node)
        case "fence" | "code_block":
            run = document.add_paragraph().add_run(node.content.rstrip("\n"))
            run.font.name = "Consolas"
        case "blockquote":
            for child in node.children:
                _add(document, child, "Quote")
        case "table":
            _table(document, node)
        case "hr":
            document.add_paragraph("—" * 12)
        case _:
            document.add_paragraph(node.content)


def _list(document: Any, node: SyntaxTreeNode, depth: int = 1) -> None:
    """Word has list styles for three levels; deeper ones look like the third."""
    ordered = node.type == "ordered_list"
    style = ("List Number" if ordered else "List Bullet") + (f" {min(depth, 3)}" * (depth > 1))
    number = _own_numbering(document, style) if ordered else None
    for item in node.children:
        for child in item.children:
            if child.type in ("bullet_list", "ordered_list"):
                _list(document, child, depth + 1)
            else:
                _add(document, child, style)
                if number is not None and child.type == "paragraph":
                    properties = document.paragraphs[-1]._p.get_or_add_pPr()
                    properties.get_or_add_numPr().get_or_add_numId().val = number


def _own_numbering(document: Any, style: str) -> int:
    """A numbering that begins at 1: all lists of one style would else be counted through."""
    numbering = document.part.numbering_part.numbering_definitions._numbering
    shared = document.styles[style].element.pPr.numPr.numId.val
    number = numbering.add_num(numbering.num_having_numId(shared).abstractNumId.val)
    number.add_lvlOverride(ilvl=0).add_startOverride(1)
    return int(number.numId)


def _spans(paragraph: Any, node: SyntaxTreeNode) -> None:
    for inline in node.children:
        _run(paragraph, inline, bold=False, italic=False)


def _run(paragraph: Any, node: SyntaxTreeNode, *, bold: bool, italic: bool) -> None:
    if node.type in ("text", "code_inline"):
        run = paragraph.add_run(node.content)
        run.bold, run.italic = bold, italic
        if node.type == "code_inline":
            run.font.name = "Consolas"
    elif node.type in ("softbreak", "hardbreak"):
        paragraph.add_run().add_break()
    for child in node.children:
        strong, slanted = bold or node.type == "strong", italic or node.type == "em"
        _run(paragraph, child, bold=strong, italic=slanted)


def _table(document: Any, node: SyntaxTreeNode) -> None:
    rows = [row.children for part in node.children for row in part.children]
    table = document.add_table(rows=0, cols=max(len(row) for row in rows))
    table.style = "Table Grid"
    for row in rows:
        cells = table.add_row().cells
        for cell, content in zip(cells, row, strict=False):
            _spans(cell.paragraphs[0], content)
