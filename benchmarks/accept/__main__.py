"""`python -m benchmarks.accept [--list] [NAME ...]`: runs the acceptance scripts, prints a table.

Every module beside this one is a script with a `main()`. It states one claim in the first line of
its docstring: its exit code says whether the claim holds, its last line of output what was
measured. One that works on data of somebody else's takes a small part of the project's own where
none is given, and says so in that line.
"""

import ast
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
ORDER = (
    "empty_folder_to_first_answer",
    "a_learners_week",
    "hints_come_before_answers",
    "shipped_adapter_beats_base",
    "messages_lead_to_the_right_move",
    "picture_requests_are_understood",
    "grading_is_right",
    "generated_items_hold",
    "oatutor_imports_whole",
    "oatutor_lesson_is_played",
    "learner_model_predicts",
    "training_beats_plain_trl",
    "resumed_training_equals_uninterrupted",
    "tiny_models_answer_identically_after_reload",
    "fine_tuning_from_chat",
    "broken_pictures_get_a_sentence",
    "gan_from_chat",
    "promoted_adapter_answers_as_peft",
    "feedback_numbers_equal_the_database",
    "discord_commands_and_buttons",
    "screens_show_real_payloads",
    "bad_input_gets_a_sentence",
    "bad_training_data_gets_a_sentence",
    "private_facts_stay_private",
    "faults_lose_nothing",
    "tuning_faults_lose_nothing",
    "ray_trains_the_same",
    "fifty_conversations_at_once",
    "a_class_opens",
    "million_attempts_stay_fast",
    "overhead_and_throughput",
)
"""What a learner meets first, then what has to be right, then what has to hold under load. A script
that is not named here comes last."""


@dataclass(frozen=True, slots=True)
class Outcome:
    name: str
    holds: bool
    seconds: float
    says: str


def main() -> int:
    """Runs the named scripts, or all; 0 if every claim holds."""
    known, named = _known(), sys.argv[1:]
    if named == ["--list"]:
        _list(known)
        return 0
    if set(named) - set(known):
        print(f"There are these scripts: {', '.join(known)}", file=sys.stderr)
        return 2
    chosen = [name for name in known if not named or name in named]
    outcomes = [_run(name) for name in chosen]
    _show(outcomes)
    return 0 if all(outcome.holds for outcome in outcomes) else 1


def _known() -> list[str]:
    """The scripts in the order in which they run."""
    found = {path.stem for path in FOLDER.glob("[!_]*.py")}
    return [name for name in ORDER if name in found] + sorted(found.difference(ORDER))


def _list(names: list[str]) -> None:
    table = Table("script", "claim")
    for name in names:
        table.add_row(name, _claim(name))
    Console().print(table)


def _claim(name: str) -> str:
    """What a script states."""
    module = ast.parse((FOLDER / f"{name}.py").read_text(encoding="utf-8"))
    return (ast.get_docstring(module) or "").partition("\n\n")[0].replace("\n", " ")


def _run(name: str) -> Outcome:
    """Passes the script's output on while it runs."""
    print(f"── {name}: {_claim(name)}", flush=True)
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
