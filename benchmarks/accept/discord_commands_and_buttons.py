"""Every command and button of Discord is tried: twice, late, and by a stranger.

Runs the behaviour tests against the simulated Discord and counts what they tried against the
product's own lists, so that a new command or button without a test is noticed.
"""

import asyncio
import re
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree

from benchmarks.stage.verdict import Verdict, present
from bot.commands import COMMANDS
from bot.commands.actions import ACTIONS
from bot.commands.command import Menu

TESTS = "tests/bot/discord_app/simulated"
ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"^(?P<test>\w+)\[(?P<what>.+)\]$")
STOP_TESTS = ("test_stop_ends_the_reply_of_its_owner_alone",)


async def examine(verdict: Verdict) -> None:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = (sys.executable, "-m", "pytest", "-q", TESTS, f"--junit-xml={report}")
        pytest = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=sys.stderr)
        code = await pytest.wait()
        passed, failed = _outcomes(report)
    measured = f"{len(passed)} passed, {len(failed)} failed or skipped {failed[:3] or ''}"
    verdict.check("behaviour tests", measured.strip(), code == 0 and not failed)
    commands = {command.name for command in COMMANDS}
    _covered(verdict, "commands, also pressed twice", commands, passed, "also_twice")
    _covered(verdict, "commands after their three seconds", commands, passed, "seconds_are_over")
    buttons = set(ACTIONS) - {"stop"}
    tried = "stranger_by_its_owner_twice_and_late"
    _covered(verdict, "buttons by a stranger, twice and late", buttons, passed, tried)
    stop = all(test in passed for test in STOP_TESTS)
    verdict.check("the button Stop", "its owner alone" if stop else "not tried", stop)
    menus = {c.menu_title for c in COMMANDS if c.menu is Menu.BOTH}
    _covered(verdict, "message menus, twice and late", menus, passed, "message_menu")


def _outcomes(report: Path) -> tuple[list[str], list[str]]:
    """The names of the tests that passed, and of all others."""
    passed: list[str] = []
    failed: list[str] = []
    for case in ElementTree.parse(report).iter("testcase"):
        names = failed if len(case) and case[0].tag != "system-out" else passed
        names.append(str(case.get("name")))
    return passed, failed


def _covered(
    verdict: Verdict, claim: str, wanted: Iterable[str], passed: Iterable[str], test: str
) -> None:
    """Each of `wanted` stands in the name of a test that passed."""
    names = [found for name in passed if (found := NAMED.match(name)) and test in found["test"]]
    tried = {found["what"] for found in names}
    missing = sorted(set(wanted) - tried)
    total = len(set(wanted))
    detail = f"; missing: {', '.join(missing)}" if missing else ""
    verdict.check(claim, f"{total - len(missing)} of {total}{detail}", bool(total) and not missing)


def main() -> int:
    return present("Every Discord command and button behaves, whoever presses when", examine)


if __name__ == "__main__":
    sys.exit(main())
