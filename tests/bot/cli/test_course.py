"""`daoshi course`: a report for people, and exit codes for programs."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import cli
from bot.settings import variable_names


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in variable_names():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DAOSHI_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.chdir(tmp_path)


def daoshi(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["course", *arguments])


@pytest.fixture
def table(tmp_path: Path) -> str:
    file = tmp_path / "sums.csv"
    file.write_text("question,answer\nWhat is 2+3?,5\n,4\nWhat is x?,x=2\n")
    return str(file)


def test_an_import_reports_what_was_taken_and_what_not(table: str) -> None:
    result = daoshi("import", table, "--name", "Sums", "--licence", "CC0")
    assert result.exit_code == 0, result.output
    assert "number 1, expression 1" in result.output
    assert "3: The question is missing." in result.output
    assert "Imported in" in result.output
    [listed] = daoshi("list", "--json").output.splitlines()
    row = json.loads(listed)
    assert (row["key"], row["name"], row["verified"], row["licence"]) == ("sums", "Sums", 2, "CC0")


def test_a_dry_run_writes_nothing(table: str) -> None:
    result = daoshi("import", table, "--dry-run")
    assert "Nothing was written" in result.output
    assert "There are no courses." in daoshi("list").output


def test_a_file_that_can_not_be_imported_ends_with_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Dear all")
    result = daoshi("import", str(file))
    assert result.exit_code == 1
    assert "no format that can be imported" in result.stderr


def test_a_document_is_stored_for_a_worker_to_read(table: str, tmp_path: Path) -> None:
    daoshi("import", table)
    notes = tmp_path / "notes.md"
    notes.write_text("# Plants\nLeaves catch light.")
    stored = daoshi("upload", "sums", str(notes))
    assert stored.exit_code == 0, stored.output
    [listed] = daoshi("materials", "sums", "--json").output.splitlines()
    row = json.loads(listed)
    assert (row["name"], row["state"], row["error"]) == ("notes.md", "queued", "")
    again = daoshi("upload", "sums", str(notes))
    assert again.exit_code == 1
    assert "is there already" in again.stderr
    assert "There is no course other" in daoshi("upload", "other", str(notes)).stderr


def test_an_empty_document_is_refused(table: str, tmp_path: Path) -> None:
    daoshi("import", table)
    empty = tmp_path / "empty.md"
    empty.touch()
    refused = daoshi("upload", "sums", str(empty))
    assert refused.exit_code == 1
    assert "is empty" in refused.stderr
