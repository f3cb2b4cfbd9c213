"""The documents say what is so: links lead somewhere, settings and commands are all there."""

import re
import tomllib
from pathlib import Path

import pytest

from bot.cli import cli
from bot.settings import variable_names

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")
LINK = re.compile(r"\]\(([^)#\s]+)(#[^)\s]*)?\)")
PERMISSIONS = (
    "view_audit_log",
    "view_channel",
    "send_messages",
    "embed_links",
    "attach_files",
    "read_message_history",
    "create_public_threads",
    "create_private_threads",
    "send_messages_in_threads",
)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_to_files_that_exist(document: Path) -> None:
    targets = [target for target, _ in LINK.findall(document.read_text(encoding="utf-8"))]
    local = [target for target in targets if "://" not in target]
    assert not [target for target in local if not (document.parent / target).exists()]


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_every_setting_is_explained_and_none_is_invented(readme: Path) -> None:
    rows = [line for line in readme.read_text(encoding="utf-8").splitlines() if line[:3] == "| `"]
    explained = {
        name for row in rows for name in re.findall(r"`([A-Z][A-Z_]+)`", row.split("|")[1])
    }
    assert explained == variable_names()


def test_example_of_settings_names_real_ones() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    named = {line.split("=")[0] for line in lines if "=" in line and not line.startswith("#")}
    assert named <= variable_names()


def test_every_command_stands_in_the_readme() -> None:
    text = READMES[0].read_text(encoding="utf-8")
    assert not [name for name in cli.commands if f"`daoshi {name}" not in text]


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_invitation_asks_for_the_permissions_that_are_explained(readme: Path) -> None:
    import discord

    wanted = discord.Permissions(**dict.fromkeys(PERMISSIONS, True)).value
    assert f"permissions={wanted}" in readme.read_text(encoding="utf-8")


def test_rooms_of_the_readme_exist() -> None:
    text = READMES[0].read_text(encoding="utf-8")
    tree = text.split("## Where things are")[1].split("```")[1]
    room, missing = "", []
    for line in tree.strip().splitlines():
        name = line.split()[0]
        room = name if not line.startswith(" ") else room
        path = ROOT / (room if not line.startswith(" ") else f"{room}{name}")
        missing += [] if path.exists() else [str(path)]
    assert not missing


def test_constraints_pin_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["dev"]
    pinned = {
        re.sub(r"[-_.]+", "-", line.split("==")[0]).lower()
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if "==" in line
    }
    names = {re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~ ]", line)[0]).lower() for line in wanted}
    assert not names - pinned
