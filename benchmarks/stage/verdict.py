"""What an acceptance script found out: claims with what was measured, as a table or as JSON."""

import argparse
import asyncio
import json
import signal
import sys
import time
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from benchmarks.figures import machine


@dataclass(frozen=True, slots=True)
class Check:
    """One claim, what was measured, and whether it holds."""

    claim: str
    measured: str
    holds: bool


@dataclass
class Verdict:
    """Collects checks; each is also shown on standard error as soon as it is known.

    `remark` is what a reader of the last line has to know about how it was measured.
    """

    title: str
    checks: list[Check] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)
    remark: str = ""

    def check(self, claim: str, measured: object, holds: bool) -> None:
        self.checks.append(Check(claim, str(measured), holds))
        mark = "yes" if holds else "NO"
        print(f"  {mark:4}{claim}: {measured}", file=sys.stderr, flush=True)

    def note(self, text: str) -> None:
        """Progress, for whoever waits."""
        print(f"  ... {text}", file=sys.stderr, flush=True)

    @property
    def holds(self) -> bool:
        """Whether there is something to hold, and all of it does."""
        return bool(self.checks) and all(check.holds for check in self.checks)

    def show(self, *, as_json: bool) -> None:
        seconds = round(time.monotonic() - self.began, 1)
        if as_json:
            found = {"claim": self.title, "holds": self.holds, "seconds": seconds, **machine()}
            found["remark"] = self.remark
            print(json.dumps({**found, "checks": [asdict(c) for c in self.checks]}))
            return
        table = Table("claim", "measured", "holds", title=self.title)
        for check in self.checks:
            holds = "[green]yes[/]" if check.holds else "[bold red]NO[/]"
            table.add_row(escape(check.claim), escape(check.measured), holds)
        Console().print(table)
        print(self.summary())

    def summary(self) -> str:
        """One line: what failed, or how much holds."""
        failed = [check for check in self.checks if not check.holds]
        said = "; ".join(f"{check.claim}: {check.measured}" for check in failed)
        said = said or f"all {len(self.checks)} claims hold"
        return f"{said} ({self.remark})" if self.remark else said


def present(title: str, examine: Callable[[Verdict], Awaitable[None]]) -> int:
    """Runs a script: its table on standard output (`--json`: one object), its exit code.

    What goes wrong on the way is a claim that does not hold, with the exception as its measure.
    """
    parser = argparse.ArgumentParser(description=title)
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    options, _ = parser.parse_known_args()  # a script may have options of its own
    verdict = Verdict(title)
    try:
        asyncio.run(_examined(examine, verdict))
    except KeyboardInterrupt:
        verdict.check("the script ran to its end", "interrupted", False)
    verdict.show(as_json=options.json)
    return 0 if verdict.holds else 1


async def _examined(examine: Callable[[Verdict], Awaitable[None]], verdict: Verdict) -> None:
    script = asyncio.current_task()
    assert script is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, script.cancel)
    try:
        await examine(verdict)
    except asyncio.CancelledError:  # whoever stops this script stops what it started
        verdict.check("the script ran to its end", "it was stopped", False)
    except Exception as error:
        traceback.print_exc()
        verdict.check("the script ran to its end", f"{type(error).__name__}: {error}", False)
