"""The command line: exit codes, sentences, and the use cases behind them."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.cli import cli
from bot.cli.help_texts import translate_help
from bot.serve import PartFailed, Serving
from bot.settings import variable_names
from tutor.language import Language


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in variable_names():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DAOSHI_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.chdir(tmp_path)


def daoshi(*arguments: str, **options: Any) -> Result:
    return CliRunner().invoke(cli, arguments, **options)


def known_learner(name: str) -> None:
    """Somebody who said something: a command needs no model."""
    result = daoshi("chat", "--learner", name, "--json", input="/help\n")
    assert result.exit_code == 0, result.stderr


def test_serving_nothing_names_the_missing_settings() -> None:
    result = daoshi("serve")
    assert result.exit_code == 2
    for name in ("DISCORD_TOKEN", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"):
        assert name in result.stderr


@pytest.mark.parametrize(("broken", "code"), [(True, 1), (False, 0)])
def test_server_with_a_failed_part_ends_so_that_its_keeper_starts_it_again(
    monkeypatch: pytest.MonkeyPatch, broken: bool, code: int
) -> None:
    async def run(_: Serving) -> None:
        if broken:
            raise PartFailed("dispatcher")

    monkeypatch.setattr(Serving, "run", run)
    monkeypatch.setenv("DISCORD_TOKEN", f"{'a' * 26}.{'b' * 6}.{'c' * 38}")
    monkeypatch.setenv("DAOSHI_ENGINE_URL", "http://127.0.0.1:9/v1")
    result = daoshi("serve", "--no-worker")
    assert result.exit_code == code, result.stderr
    assert ("The log says where" in result.stderr) is broken


def test_wrong_settings_end_every_command_with_code_2(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAOSHI_HTTP_PORT", "eighty")
    monkeypatch.setenv("DAOSHI_LOG_FORMAT", "xml")
    for command in (["chat"], ["serve"], ["worker"], ["jobs", "list"], ["db", "upgrade"]):
        result = daoshi(*command)
        assert result.exit_code == 2, command
        assert "DAOSHI_HTTP_PORT" in result.stderr
        assert "DAOSHI_LOG_FORMAT" in result.stderr


def test_operator_is_addressed_in_the_language_of_the_shell(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for stronger in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(stronger, raising=False)
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert "没有可以服务的平台" in daoshi("serve").stderr


def test_help_can_be_in_chinese() -> None:
    import copy

    translated = copy.deepcopy(cli)
    translate_help(translated, Language.CHINESE)
    assert "导师" in CliRunner().invoke(translated, ["chat", "--help"]).stdout


def test_piped_lines_are_answered_and_the_program_ends_well() -> None:
    result = daoshi("chat", "--learner", "Ann", "--json", input="/help\n\n/settings\n")
    objects = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert len(objects) == 2
    assert objects[0]["text"].startswith("Hello Ann")
    assert all(set(o) == {"text", "choices", "files", "move", "adapter"} for o in objects)
    assert objects[1]["choices"]


def test_language_option_stays_with_the_learner() -> None:
    first = daoshi("chat", "--learner", "Li", "--lang", "zh-CN", "--json", input="/help\n")
    second = daoshi("chat", "--learner", "Li", "--json", input="/help\n")
    for result in (first, second):
        assert "设置" in json.loads(result.stdout.splitlines()[0])["text"], result.stdout


def test_two_learners_of_one_machine_are_two_people() -> None:
    known_learner("Ann")
    result = daoshi("chat", "--learner", "Bob", "--json", input="/settings\n")
    text = json.loads(result.stdout)["text"]
    assert "Bob" in text
    assert "Ann" not in text


def test_named_learner_is_no_operator_and_the_owner_is() -> None:
    named = daoshi("chat", "--learner", "Ann", "--json", input="/help\n").stdout
    owner = daoshi("chat", "--json", input="/help\n").stdout
    assert "/setup" not in named
    assert "/setup" in owner


def test_person_is_exported_and_then_deleted(tmp_path: Path) -> None:
    known_learner("Ann")
    file = tmp_path / "ann.json"
    assert daoshi("data", "export", "terminal:Ann", "-o", str(file)).exit_code == 0
    assert "Ann" in file.read_text()
    assert file.stat().st_mode & 0o077 == 0
    assert daoshi("data", "delete", "terminal:Ann", "--yes").exit_code == 0
    again = daoshi("data", "export", "terminal:Ann")
    assert again.exit_code == 1
    assert "Nobody is known as terminal:Ann." in again.stderr


def test_deleting_asks_first() -> None:
    known_learner("Ann")
    assert daoshi("data", "delete", "terminal:Ann", input="n\n").exit_code == 1
    assert daoshi("data", "export", "terminal:Ann").exit_code == 0


@pytest.mark.parametrize("person", ["Ann", "mail:ann", "discord:", "terminal:nobody"])
def test_unknown_people_are_a_sentence(person: str) -> None:
    result = daoshi("data", "export", person)
    assert result.exit_code == 1
    assert "Error: " in result.stderr


def test_backup_is_restored_without_who_was_deleted_since(tmp_path: Path) -> None:
    known_learner("Ann")
    known_learner("Bob")
    file = str(tmp_path / "backup.tar")
    assert daoshi("backup", file).exit_code == 0
    daoshi("data", "delete", "terminal:Ann", "--yes")
    result = daoshi("restore", file, "--yes")
    assert result.exit_code == 0, result.stderr
    assert "1 person" in result.stdout
    assert daoshi("data", "export", "terminal:Bob").exit_code == 0
    assert daoshi("data", "export", "terminal:Ann").exit_code == 1


def test_file_that_is_no_backup_changes_nothing(tmp_path: Path) -> None:
    known_learner("Ann")
    file = tmp_path / "holiday.tar"
    file.write_bytes(b"no archive")
    result = daoshi("restore", str(file), "--yes")
    assert result.exit_code == 1
    assert "can't be used" in result.stderr
    assert daoshi("data", "export", "terminal:Ann").exit_code == 0


def test_database_is_copied_into_an_empty_one_only(tmp_path: Path) -> None:
    known_learner("Ann")
    target = f"sqlite:///{tmp_path / 'other.db'}"
    assert daoshi("db", "copy", target).exit_code == 0
    again = daoshi("db", "copy", target)
    assert again.exit_code == 1
    assert "Nothing was copied" in again.stderr


def test_jobs_and_adapters_of_a_new_installation_are_empty() -> None:
    assert "There are no jobs." in daoshi("jobs", "list").stdout
    assert "Nothing has been trained yet." in daoshi("adapters", "list").stdout
    assert daoshi("jobs", "cancel", "unknown").exit_code == 1


def test_slack_manifest_is_json_and_http_needs_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    made = json.loads(daoshi("slack", "manifest", "--command", "/tutor").stdout)
    assert made["settings"]["socket_mode_enabled"] is True
    assert made["features"]["slash_commands"][0]["command"] == "/tutor"
    assert daoshi("slack", "manifest", "--http").exit_code == 2
    monkeypatch.setenv("DAOSHI_PUBLIC_URL", "https://tutor.example")
    assert "https://tutor.example/slack/events" in daoshi("slack", "manifest", "--http").stdout


def test_unreachable_database_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAOSHI_DATABASE_URL", "postgresql://u:planted-secret@127.0.0.1:9/d")
    result = daoshi("jobs", "list")
    assert result.exit_code == 1
    assert "The database can't be used" in result.stderr
    assert "planted-secret" not in result.output


def test_preview_draws_a_given_text_for_both_platforms(tmp_path: Path) -> None:
    text = tmp_path / "reply.md"
    text.write_text("Half: $$\\frac{1}{2}$$")
    result = daoshi("preview", str(text), "-o", str(tmp_path / "drawn"))
    assert result.exit_code == 0, result.stderr
    drawn = sorted((tmp_path / "drawn").glob("*.png"))
    assert [path.stem for path in drawn] == ["discord", "formula", "slack"]
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in drawn)
