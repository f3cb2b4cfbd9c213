"""`daoshi image inspect`: says plainly what a picture tells of itself, and what it does not."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from PIL import Image

from bot.cli import cli
from tutor.images.credentials import ensure_identity, signed
from tutor.images.marking import PNG, Mark, marked_png

MARK = Mark("icons-1", "abc123", ("red-apple",), "noto", 7)
DATA = marked_png(Image.new("RGB", (16, 16), "red"), MARK)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DAOSHI_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def inspect(file: Path) -> Result:
    return CliRunner().invoke(cli, ["image", "inspect", str(file)])


def test_signed_picture_tells_model_seed_and_thing(folder: Path) -> None:
    pytest.importorskip("c2pa", reason="no content credentials on this machine")
    file = folder / "apple.png"
    file.write_bytes(signed(DATA, PNG, MARK, ensure_identity(folder / "data")))
    result = inspect(file)
    assert result.exit_code == 0
    for part in ("icons-1", "abc123", "red-apple", "noto", "Seed: 7", "16 × 16"):
        assert part in result.output
    assert "signed by this installation" in result.output
    assert "anybody may have written it" not in result.output


def test_unsigned_mark_is_said_to_be_plain_text(folder: Path) -> None:
    file = folder / "apple.png"
    file.write_bytes(DATA)
    output = inspect(file).output
    assert "red-apple" in output
    assert "anybody may have written it" in output


def test_changed_picture_is_said_to_be_changed(folder: Path) -> None:
    pytest.importorskip("c2pa", reason="no content credentials on this machine")
    data = signed(DATA, PNG, MARK, ensure_identity(folder / "data"))
    file = folder / "apple.png"
    file.write_bytes(data.replace(b"red-apple", b"red-grape"))
    assert "broken" in inspect(file).output


def test_picture_of_somebody_else_carries_no_mark(folder: Path) -> None:
    file = folder / "photo.jpg"
    Image.new("RGB", (8, 8)).save(file)
    result = inspect(file)
    assert result.exit_code == 0
    assert "no mark of Daoshi" in result.output


@pytest.mark.parametrize("data", [b"", b"not a picture", DATA[:50]])
def test_broken_file_ends_in_a_sentence(folder: Path, data: bytes) -> None:
    file = folder / "broken.png"
    file.write_bytes(data)
    result = inspect(file)
    assert result.exit_code == 1
    assert "no picture" in result.output


def test_missing_file_and_folder_end_in_a_sentence(folder: Path) -> None:
    for file in (folder / "nothing.png", folder):
        result = inspect(file)
        assert result.exit_code == 1
        assert "can be read" in result.output
