"""The wheel carries what the program reads at run time, and no tests."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PARTS = ("bot", "tutor", "training", "storage")
FILES = ("pyproject.toml", "README.md", "LICENSE")


@pytest.fixture(scope="module")
def wheel_names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Built from a copy, so that nothing is left in the source tree."""
    source = tmp_path_factory.mktemp("source")
    for part in PARTS:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / part, source / part, ignore=ignored)
    for name in FILES:
        shutil.copy(ROOT / name, source / name)
    command = [sys.executable, "-m", "pip", "wheel", "-qq", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "-w", str(source / "dist"), str(source)], check=True)
    (wheel,) = (source / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_wheel_has_catalogue_migrations_and_type_markers(wheel_names: set[str]) -> None:
    wanted = {"tutor/locale/zh_CN/LC_MESSAGES/daoshi.po", "storage/migrations/script.py.mako"}
    wanted |= {f"{part}/py.typed" for part in PARTS}
    wanted |= {
        str(path.relative_to(ROOT)) for path in (ROOT / "storage/migrations/versions").glob("*.py")
    }
    assert wanted <= wheel_names


def test_wheel_has_every_module_and_nothing_else_of_ours(wheel_names: set[str]) -> None:
    modules = {
        str(path.relative_to(ROOT)) for part in PARTS for path in (ROOT / part).rglob("*.py")
    }
    assert modules <= wheel_names
    tops = {name.split("/")[0] for name in wheel_names if ".dist-info" not in name}
    assert tops == set(PARTS)


def test_every_file_that_is_no_code_is_carried(wheel_names: set[str]) -> None:
    """A new kind of data file must be named in pyproject.toml, or it would be missing installed."""
    data = {
        str(path.relative_to(ROOT))
        for part in PARTS
        for path in (ROOT / part).rglob("*")
        if path.is_file() and path.suffix not in (".py", ".pyc")
    }
    assert data <= wheel_names
