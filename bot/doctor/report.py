"""Puts findings on the screen or into JSON, and says with the exit code whether all is well."""

import json
from collections.abc import Sequence
from dataclasses import asdict

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.doctor.finding import Finding, Level
from tutor.i18n import say, say_count
from tutor.language import Language

SIGNS = {Level.OK: ("✓", "green"), Level.NOTE: ("!", "yellow"), Level.BROKEN: ("✗", "bold red")}


def as_json(findings: Sequence[Finding]) -> str:
    """One object: `ok`, and every finding."""
    return json.dumps(
        {"ok": not broken(findings), "findings": [asdict(finding) for finding in findings]},
        ensure_ascii=False,
        indent=2,
    )


def broken(findings: Sequence[Finding]) -> int:
    """How many things keep Daoshi from working."""
    return sum(finding.level is Level.BROKEN for finding in findings)


def show(findings: Sequence[Finding], console: Console, language: Language) -> None:
    """A line for each finding, with what to do under it."""
    table = Table.grid(padding=(0, 1))
    for finding in findings:
        sign, style = SIGNS[finding.level]
        text = Text(finding.text)
        if finding.remedy:
            text.append(f"\n→ {finding.remedy}", style="bold")
        table.add_row(Text(sign, style=style), Text(finding.area, style="bold"), text)
    console.print(table)
    count = broken(findings)
    if count:
        sentence = say_count(
            language, "{count} thing is broken.", "{count} things are broken.", count
        )
    else:
        sentence = say(language, "Nothing is broken.")
    console.print(sentence)
