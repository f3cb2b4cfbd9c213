"""Archives: nothing leads out of them, nothing grows without limit, nothing damaged passes."""

import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from tutor.bank.importing.archive import Limits, read_archive
from tutor.bank.importing.report import ImportRefused

UNTOLD = Limits()


def read(path: Path, limits: Limits = UNTOLD) -> dict[str, bytes]:
    return {str(name): content for name, content in read_archive(path, lambda _: True, limits)}


def tar(path: Path, *members: tuple[tarfile.TarInfo, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for member, content in members:
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


def zip_(path: Path, **files: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def link(kind: bytes) -> tarfile.TarInfo:
    member = tarfile.TarInfo("innocent.json")
    member.type, member.linkname = kind, "/etc/passwd"
    return member


@pytest.mark.parametrize("name", ["../out.json", "/abs.json", "a/../../b.json", "C:/x.json"])
def test_a_path_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    for file in (
        tar(tmp_path / "a.tar.gz", (tarfile.TarInfo(name), b"{}")),
        zip_(tmp_path / "a.zip", **{name: b"{}"}),
    ):
        with pytest.raises(ImportRefused, match="leads out"):
            read(file)


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE])
def test_a_link_is_refused(tmp_path: Path, kind: bytes) -> None:
    with pytest.raises(ImportRefused, match="link"):
        read(tar(tmp_path / "a.tar.gz", (link(kind), b"")))


def test_a_link_in_a_zip_or_folder_is_refused(tmp_path: Path) -> None:
    member = zipfile.ZipInfo("innocent.json")
    member.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(member, "/etc/passwd")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "innocent.json").symlink_to("/etc/passwd")
    for path in (tmp_path / "a.zip", folder):
        with pytest.raises(ImportRefused, match="link"):
            read(path)


def test_what_grows_beyond_the_limits_is_refused(tmp_path: Path) -> None:
    zeros = b"0" * 10_000
    for file in (
        zip_(tmp_path / "a.zip", a=zeros, b=zeros),
        tar(tmp_path / "a.tar.gz", (tarfile.TarInfo("a"), zeros), (tarfile.TarInfo("b"), zeros)),
    ):
        for limits in (Limits(file_bytes=9_999), Limits(total_bytes=19_999), Limits(files=1)):
            with pytest.raises(ImportRefused):
                read(file, limits)
        assert len(read(file)) == 2


def test_what_nobody_wants_may_not_grow_either(tmp_path: Path) -> None:
    file = tar(tmp_path / "a.tar.gz", (tarfile.TarInfo("a"), b"0" * 10_000))
    with pytest.raises(ImportRefused, match="too large"):
        list(read_archive(file, lambda _: False, Limits(total_bytes=9_999)))


@pytest.mark.parametrize("kept", [0.3, 0.9])
def test_a_truncated_archive_is_named_as_such(tmp_path: Path, kept: float) -> None:
    noise = bytes(range(256)) * 200
    for file in (
        tar(tmp_path / "a.tar.gz", (tarfile.TarInfo("a.json"), noise)),
        zip_(tmp_path / "a.zip", a=noise),
    ):
        content = file.read_bytes()
        file.write_bytes(content[: int(len(content) * kept)])
        with pytest.raises(ImportRefused, match="damaged or incomplete"):
            read(file)
