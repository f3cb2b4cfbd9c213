"""`python -m benchmarks.accept [NAME ...]`: runs the acceptance scripts and prints a table.

Every module beside this one is a script with a `main()` that states one claim: its exit code says
whether the claim holds, its last line of output what was measured.
"""

import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

FOLDER = Path(__file__).parent
LIMIT_SECONDS = 1800
ROOT = FOLDER.parent.parent


@dataclass(frozen=True, slots=True)
class Outcome:
    name: str
    holds: bool
    seconds: float
    says: str


def main() -> int:
    """Runs the named scripts, or all in order of their names; 0 if every claim holds."""
    known = sorted(path.stem for path in FOLDER.glob("[!_]*.py"))
    chosen = [name for name in known if not sys.argv[1:] or name in sys.argv[1:]]
    if not chosen or set(sys.argv[1:]) - set(known):
        print(f"There are these scripts: {', '.join(known) or 'none'}", file=sys.stderr)
        return 2
    outcomes = [_run(name) for name in chosen]
    _show(outcomes)
    return 0 if all(outcome.holds for outcome in outcomes) else 1


def _run(name: str) -> Outcome:
    """Passes the script's output on while it runs."""
    print(f"── {name}", flush=True)
    started = time.monotonic()
    last = ""
    command = [sys.executable, "-u", "-m", f"benchmarks.accept.{name}"]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            last = line.strip() or last
        try:
            code = process.wait(LIMIT_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            code = process.wait()
            last = f"ran past {LIMIT_SECONDS} s"
    return Outcome(name, code == 0, time.monotonic() - started, last)


def _show(outcomes: list[Outcome]) -> None:
    table = Table("claim", "holds", "seconds", "measured")
    for outcome in outcomes:
        holds = "[green]yes[/]" if outcome.holds else "[bold red]NO[/]"
        table.add_row(outcome.name, holds, f"{outcome.seconds:.0f}", outcome.says)
    Console().print(table)


if __name__ == "__main__":
    sys.exit(main())
