"""Settings: read once, everything wrong reported together, no secret ever repeated."""

from pathlib import Path

import pytest

from bot.setting_problems import InvalidSettings, operator_language
from bot.settings import Settings, load_settings, variable_names
from tutor.language import Language

REAL_LOOKING_DISCORD_TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcDE.abcdefghijklmnopqrstuvwxyz0123456789"


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in variable_names():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DAOSHI_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)


def problems_with(monkeypatch: pytest.MonkeyPatch, **variables: str) -> dict[str, str]:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(InvalidSettings) as caught:
        load_settings()
    return {p.variable: p.say(Language.ENGLISH) for p in caught.value.problems}


def test_nothing_set_is_a_working_configuration(tmp_path: Path) -> None:
    settings = load_settings()
    assert settings.data_dir == tmp_path / "data"
    assert (settings.discord_configured, settings.slack_configured) == (False, False)
    assert settings.http_host == "127.0.0.1"


def test_data_folder_is_made_for_its_owner_only(tmp_path: Path) -> None:
    load_settings()
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


def test_env_file_is_read_and_the_environment_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("DAOSHI_HTTP_PORT=9001\nDAOSHI_MODEL=from-file\n")
    monkeypatch.setenv("DAOSHI_MODEL", "from-environment")
    settings = load_settings()
    assert (settings.http_port, settings.model) == (9001, "from-environment")


def test_empty_values_of_a_copied_example_count_as_not_set(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("DAOSHI_HTTP_PORT=\nDISCORD_TOKEN=\nSLACK_APP_TOKEN=\n")
    assert load_settings().http_port == 8080


def test_all_problems_are_reported_together(monkeypatch: pytest.MonkeyPatch) -> None:
    found = problems_with(
        monkeypatch,
        DISCORD_TOKEN="not-a-token",
        SLACK_APP_TOKEN="xapp-1",
        DAOSHI_HTTP_PORT="eighty",
        DAOSHI_LOG_FORMAT="xml",
        DAOSHI_DATABASE_URL="mysql://somewhere",
        DAOSHI_DATA_DIR="/proc/nowhere",
        DAOSHI_DISCORD_GATEWAY_URL="http://wrong-scheme",
        DAOSHI_OPERATORS="bob",
    )
    assert set(found) == {
        "DISCORD_TOKEN",
        "SLACK_BOT_TOKEN",
        "DAOSHI_HTTP_PORT",
        "DAOSHI_LOG_FORMAT",
        "DAOSHI_DATABASE_URL",
        "DAOSHI_DATA_DIR",
        "DAOSHI_DISCORD_GATEWAY_URL",
        "DAOSHI_OPERATORS",
    }


def test_no_secret_is_ever_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = {
        "DISCORD_TOKEN": "planted secret one",
        "SLACK_BOT_TOKEN": "planted-secret-two",
        "SLACK_APP_TOKEN": "planted-secret-three",
        "DAOSHI_SECRET_KEY": "planted-secret-four",
    }
    for name, value in secrets.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(InvalidSettings) as caught:
        load_settings()
    shown = [str(caught.value), repr(caught.value.problems), caught.value.say(Language.CHINESE)]
    assert len(caught.value.problems) >= len(secrets)
    assert not any("planted" in text for text in shown)


def test_message_says_where_settings_are_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAOSHI_HTTP_PORT", "99999")
    with pytest.raises(InvalidSettings) as caught:
        load_settings()
    message = caught.value.say(Language.ENGLISH)
    assert "DAOSHI_HTTP_PORT must be at most 65535." in message
    assert ".env" in message


@pytest.mark.parametrize("token", [REAL_LOOKING_DISCORD_TOKEN, f"Bot {REAL_LOOKING_DISCORD_TOKEN}"])
def test_a_real_discord_token_passes_however_it_was_pasted(
    token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", token)
    assert load_settings().discord_token.get_secret_value() == REAL_LOOKING_DISCORD_TOKEN


def test_any_token_passes_for_an_address_that_is_not_the_platforms(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DAOSHI_DISCORD_API_BASE", "http://127.0.0.1:3900/api/v10")
    monkeypatch.setenv("DISCORD_TOKEN", "test")
    monkeypatch.setenv("DAOSHI_SLACK_API_BASE", "http://127.0.0.1:3901/api/")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "test")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "test")
    settings = load_settings()
    assert settings.discord_configured
    assert settings.slack_configured


def test_swapped_slack_tokens_are_noticed_at_any_address(monkeypatch: pytest.MonkeyPatch) -> None:
    found = problems_with(
        monkeypatch,
        DAOSHI_SLACK_API_BASE="http://127.0.0.1:3901/api/",
        SLACK_BOT_TOKEN="xapp-1-A",
        SLACK_APP_TOKEN="xoxb-1-2",
    )
    assert set(found) == {"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"}


def test_a_slack_token_without_a_way_to_receive_events_is_a_problem(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = problems_with(monkeypatch, SLACK_BOT_TOKEN="xoxb-1-2")
    assert set(found) == {"SLACK_APP_TOKEN / SLACK_SIGNING_SECRET"}


def test_slack_over_http_needs_no_app_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1-2")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "0123456789abcdef")
    assert load_settings().slack_configured


def test_operators_are_read_as_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAOSHI_OPERATORS", "discord:123, slack:T1/U2,terminal:ann")
    assert load_settings().operators == ("discord:123", "slack:T1/U2", "terminal:ann")


@pytest.mark.parametrize(
    "url",
    [
        "sqlite+aiosqlite:////tmp/x.db",
        "postgresql://u:p@h/d",
        "postgresql+asyncpg://u@h:5432/d",
        "postgres://u@h/d",
    ],
)
def test_database_addresses_that_storage_understands_pass(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAOSHI_DATABASE_URL", url)
    assert load_settings().database_url == url


def test_settings_never_show_a_secret_when_printed() -> None:
    settings = Settings(discord_token=REAL_LOOKING_DISCORD_TOKEN)  # type: ignore[arg-type]
    assert settings.discord_configured
    assert REAL_LOOKING_DISCORD_TOKEN not in repr(settings)


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, Language.CHINESE),
        ({"LANG": "en_GB"}, Language.ENGLISH),
        ({"LC_ALL": "zh_TW", "LANG": "en_US"}, Language.CHINESE),
        ({"LANG": "C.UTF-8"}, Language.ENGLISH),
        ({}, Language.ENGLISH),
    ],
)
def test_operators_are_spoken_to_in_the_language_of_their_shell(
    environment: dict[str, str], language: Language
) -> None:
    assert operator_language(environment) is language
