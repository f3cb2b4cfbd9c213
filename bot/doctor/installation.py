"""The machine and the installation: Python, packages, disk, data folder, unknown settings."""

import difflib
import os
import platform
import shutil
import stat
import sys
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

from bot.doctor.finding import Finding, Level
from bot.settings import variable_names
from tutor.i18n import say
from tutor.language import Language

SHOWN_PACKAGES = ("torch", "transformers", "peft", "discord.py", "slack-bolt", "sqlalchemy")
LITTLE_DISK_BYTES = 3 * 10**9
NO_DISK_BYTES = 300 * 10**6
OPEN_TO_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def program(language: Language) -> Finding:
    """Daoshi itself, Python and the machine."""
    text = say(
        language,
        "Daoshi {version}, Python {python}, {system} on {machine}, {cores} cores",
        version=metadata.version("daoshi"),
        python=platform.python_version(),
        system=platform.system(),
        machine=platform.machine(),
        cores=os.cpu_count(),
    )
    supported = (3, 11) <= sys.version_info[:2] < (3, 14)
    remedy = "" if supported else say(language, "Use Python 3.11, 3.12 or 3.13.")
    level = Level.OK if supported else Level.BROKEN
    return Finding(say(language, "Program"), level, text, remedy)


def packages(language: Language) -> Finding:
    """The versions that matter, or every requirement that is not met."""
    area = say(language, "Packages")
    unmet = sorted(_unmet(metadata.requires("daoshi") or []))
    if unmet:
        return Finding(
            area,
            Level.BROKEN,
            say(language, "Missing or of another version: {names}", names=", ".join(unmet)),
            say(language, "Install again: pip install -c constraints.txt -e ."),
        )
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in SHOWN_PACKAGES)
    return Finding(area, Level.OK, versions)


def disk(data_dir: Path, language: Language) -> Finding:
    """The free space where the data lies; a copy of the embedded model takes half a gigabyte."""
    free = shutil.disk_usage(data_dir).free
    text = say(language, "{free} GB free in {folder}", free=round(free / 10**9, 1), folder=data_dir)
    area = say(language, "Disk")
    if free >= LITTLE_DISK_BYTES:
        return Finding(area, Level.OK, text)
    level = Level.BROKEN if free < NO_DISK_BYTES else Level.NOTE
    remedy = say(language, "Free some space, or move the data folder with DAOSHI_DATA_DIR.")
    return Finding(area, level, text, remedy)


def data_folder(data_dir: Path, language: Language) -> Finding:
    """Whether others on this machine can read what learners wrote."""
    area = say(language, "Data folder")
    if os.name == "posix" and data_dir.stat().st_mode & OPEN_TO_OTHERS:
        return Finding(
            area,
            Level.NOTE,
            say(language, "Other users of this machine can look into {folder}.", folder=data_dir),
            f"chmod 700 {data_dir}",
        )
    return Finding(area, Level.OK, str(data_dir))


def unknown_settings(written: Mapping[str, str], language: Language) -> list[Finding]:
    """Variables that begin like a setting and are none: a typing error changes nothing silently."""
    known = variable_names()
    found = []
    for name in sorted(written):
        if not name.startswith("DAOSHI_") or name in known:
            continue
        near = difflib.get_close_matches(name, known, n=1)
        found.append(
            Finding(
                say(language, "Settings"),
                Level.NOTE,
                say(language, "{name} is no setting and has no effect.", name=name),
                say(language, "Did you mean {name}?", name=near[0]) if near else "",
            )
        )
    return found


def _unmet(requirements: list[str]) -> set[str]:
    unmet = set()
    for line in requirements:
        requirement = Requirement(line)
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        try:
            version = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            unmet.add(str(requirement))
        else:
            if not requirement.specifier.contains(version, prereleases=True):
                unmet.add(f"{requirement} ({version})")
    return unmet
