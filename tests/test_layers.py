"""The arrows between the rooms: bot → tutor → storage; training → tutor, storage; none back."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MAY_IMPORT = {
    "storage": {"storage"},
    "tutor": {"tutor", "storage"},
    "training": {"training", "tutor", "storage"},
    "bot": {"bot", "tutor", "storage"},
}
HEAVY = ("torch", "transformers", "peft", "discord", "slack_bolt", "slack_sdk")


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {
    module_name(path): path for room in MAY_IMPORT for path in sorted((ROOT / room).rglob("*.py"))
}


def is_for_types_only(node: ast.AST) -> bool:
    """`if TYPE_CHECKING:` runs in no program, so it draws no arrow between modules."""
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)


def walk(node: ast.AST, *, lazy: bool) -> Iterator[ast.AST]:
    """The nodes that run: with `lazy` also those inside functions."""
    for child in ast.iter_child_nodes(node):
        if is_for_types_only(child):
            continue
        if not lazy and isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        yield child
        yield from walk(child, lazy=lazy)


def imported_by(path: Path, *, lazy: bool) -> set[str]:
    """Our own modules that a file imports, each by its full name."""
    found: set[str] = set()
    for node in walk(ast.parse(path.read_text(encoding="utf-8")), lazy=lazy):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are written in full"
            base = node.module or ""
            for alias in node.names:
                full = f"{base}.{alias.name}"
                found.add(full if full in MODULES else base)
    return {name for name in found if name.split(".")[0] in (*MAY_IMPORT, "benchmarks", "tests")}


def test_every_room_is_there() -> None:
    assert {name.split(".")[0] for name in MODULES} == set(MAY_IMPORT)
    assert len(MODULES) > 50


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_room_imports_only_what_its_arrows_allow(room: str) -> None:
    wrong = {
        f"{module} → {target}"
        for module, path in MODULES.items()
        if module.split(".")[0] == room
        for target in imported_by(path, lazy=True)
        if target.split(".")[0] not in MAY_IMPORT[room]
    }
    assert not wrong


def test_modules_import_each_other_in_no_circle() -> None:
    graph = {module: imported_by(path, lazy=False) - {module} for module, path in MODULES.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(error.args[1]))


def test_a_platform_is_known_to_its_own_folder_alone() -> None:
    """Everybody else speaks to the Adapter port; only the commands that start them name them."""
    wrong = {
        f"{module} → {target}"
        for module, path in MODULES.items()
        for target in imported_by(path, lazy=True)
        for folder in ("bot.discord_app", "bot.slack_app", "bot.terminal")
        if target.startswith(folder)
        and not module.startswith((folder, "bot.cli", "bot.doctor", "bot.connections"))
    }
    assert not wrong


@pytest.mark.parametrize("room", [*MAY_IMPORT, "bot.wiring", "bot.cli"])
def test_import_loads_no_model_and_no_platform_library(room: str) -> None:
    """In a process of its own, since this one has loaded everything long ago."""
    program = f"import sys, {room}; print(*[m for m in {HEAVY!r} if m in sys.modules])"
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert not result.stdout.split()


def test_training_is_not_loaded_with_what_serves() -> None:
    program = "import sys, bot.wiring; print('training' in sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "False"
