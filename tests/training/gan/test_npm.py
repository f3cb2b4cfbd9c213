"""Packages are only ever the bytes that were chosen."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.doubles.npm_archive import npm_archive
from training.gan import npm
from training.gan.npm import NpmPackage, PackageUnavailable, fetched, read_json


def test_a_package_that_is_there_is_not_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = npm_archive(tmp_path, "@icons/small", {"a/info.json": {"name": "Small"}})
    monkeypatch.setattr(shutil, "which", lambda name: None)

    assert read_json(fetched(package, tmp_path), "a/info.json") == {"name": "Small"}


def test_changed_bytes_are_refused(tmp_path: Path) -> None:
    package = npm_archive(tmp_path, "small", {"info.json": {}})
    (tmp_path / package.file_name).write_bytes(b"something else")

    with pytest.raises(PackageUnavailable, match="is not the small"):
        fetched(package, tmp_path)


def test_without_npm_a_person_is_told_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)

    with pytest.raises(PackageUnavailable, match=r"put icons-small-1\.0\.0\.tgz into"):
        fetched(NpmPackage("@icons/small", "1.0.0", "sha512-"), tmp_path)


def test_npm_fetches_into_the_folder_and_the_digest_is_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = npm_archive(tmp_path / "registry", "@icons/small", {"info.json": {"is": "small"}})
    commands: list[list[str]] = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        commands.append(command)
        shutil.copy(tmp_path / "registry" / package.file_name, tmp_path / "here")
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(npm.shutil, "which", lambda name: "/bin/npm")
    monkeypatch.setattr(npm.subprocess, "run", run)
    archive = fetched(package, tmp_path / "here")

    assert read_json(archive, "info.json") == {"is": "small"}
    assert commands[0][-1] == "@icons/small@1.0.0"
    assert str(tmp_path / "here") in commands[0]


def test_what_npm_complains_about_is_passed_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = subprocess.CompletedProcess([], 1, "", "404 no such version\n")
    monkeypatch.setattr(npm.shutil, "which", lambda name: "/bin/npm")
    monkeypatch.setattr(npm.subprocess, "run", lambda command, **_: failed)

    with pytest.raises(PackageUnavailable, match="404 no such version"):
        fetched(NpmPackage("small", "9.9.9", "sha512-"), tmp_path)
