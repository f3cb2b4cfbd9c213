"""Packages of the npm registry as files: fetched once, and only the very bytes that were chosen.

Knows nothing of what they hold. `npm` finds the registry, so a mirror works as it does elsewhere.
"""

import base64
import hashlib
import json
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FETCH_SECONDS = 600
CACHE = Path(tempfile.gettempdir()) / "daoshi-packages"  # digests are checked at every use


class PackageUnavailable(RuntimeError):
    """A package can't be had; its text tells what to do."""


@dataclass(frozen=True, slots=True)
class NpmPackage:
    """`integrity` is the registry's digest of the archive, "sha512-…" in base64."""

    name: str
    version: str
    integrity: str

    @property
    def file_name(self) -> str:
        """As `npm pack` calls it."""
        return f"{self.name.lstrip('@').replace('/', '-')}-{self.version}.tgz"


def fetched(package: NpmPackage, folder: Path) -> Path:
    """The package's archive in `folder`, fetched if it is not there yet."""
    archive = folder / package.file_name
    if not archive.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        _pack(package, folder)
    _check(package, archive)
    return archive


def read_json(archive: Path, member: str) -> Any:
    """A JSON file in the package, by its path from the package's root."""
    with tarfile.open(archive) as package:
        file = package.extractfile(f"package/{member}")
        assert file is not None, f"{archive.name} has no {member}"
        return json.load(file)


def _pack(package: NpmPackage, folder: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise PackageUnavailable(
            f"npm is not installed. Install Node.js, or put {package.file_name} into {folder}."
        )
    wanted = f"{package.name}@{package.version}"
    command = [npm, "pack", "--silent", "--pack-destination", str(folder), wanted]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=FETCH_SECONDS)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise PackageUnavailable(f"{wanted} could not be fetched in time: try again.") from error
    if done.returncode:
        raise PackageUnavailable(f"npm could not fetch {wanted}: {done.stderr.strip()}")


def _check(package: NpmPackage, archive: Path) -> None:
    digest = hashlib.sha512(archive.read_bytes()).digest()
    if f"sha512-{base64.b64encode(digest).decode()}" != package.integrity:
        raise PackageUnavailable(
            f"{archive} is not the {package.name} {package.version} that was chosen: delete it."
        )
