"""A report card in words: a table that fits a chat, and what follows from it."""

from collections.abc import Sequence

from wcwidth import wcswidth

from tutor.i18n import say
from tutor.language import Language
from tutor.tuning.report import Measure, Report
from tutor.tuning.report_words import SIGNS, change_text, title, value_text, verdict_word


def report_text(language: Language, report: Report) -> str:
    """Markdown: the conclusion, the table as a code block, and why."""
    why = [f"- {reason.said(language)}" for reason in report.reasons]
    return "\n".join([conclusion(language, report), table(language, report), *why])


def conclusion(language: Language, report: Report) -> str:
    """One sentence."""
    if not report.passed:
        return say(
            language, "The adapter did not pass: using it takes a reason, which is recorded."
        )
    return say(language, "The adapter passed: it can be promoted.")


def table(language: Language, report: Report) -> str:
    """One line a measure, at most sixty columns wide, as a code block."""
    compared = any(one.current is not None for one in report.measures)
    head = ["", say(language, "base")]
    if compared:
        head.append(say(language, "now"))
    rows = [[*head, say(language, "new"), "", ""]]
    rows += [_row(language, one, compared) for one in report.measures]
    return "\n".join(["```", *aligned(rows), "```"])


def aligned(rows: Sequence[list[str]]) -> list[str]:
    """Rows of cells as lines of equal columns."""
    widths = [max(map(wcswidth, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(_cells(row, widths)).rstrip() for row in rows]


def _row(language: Language, measure: Measure, compared: bool) -> list[str]:
    values = [value_text(measure, measure.base)]
    if compared:
        current = measure.current
        values.append("–" if current is None else value_text(measure, current))
    values.append(value_text(measure, measure.candidate))
    word = f"{SIGNS[measure.verdict]} {verdict_word(language, measure.verdict)}"
    change = change_text(measure, measure.difference)
    return [title(language, measure.name), *values, change, word]


def _cells(row: list[str], widths: list[int]) -> list[str]:
    """Names and verdicts to the left, figures to the right."""
    cells = []
    for place, (text, width) in enumerate(zip(row, widths, strict=True)):
        space = " " * (width - wcswidth(text))
        cells.append(text + space if place in (0, len(row) - 1) else space + text)
    return cells
