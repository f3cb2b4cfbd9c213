"""The doctor: says what is not right and what to do, and never more than it knows."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from click.testing import CliRunner

from bot.cli import cli
from bot.doctor import database, drawing, installation, model, platforms
from bot.doctor.finding import Finding, Level
from bot.doctor.report import as_json, broken
from bot.settings import Settings, variable_names
from storage.migrate import downgrade, upgrade
from tutor.language import Language

ENGLISH = Language.ENGLISH
GOOD, BAD = "good-token", "bad-token"


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in variable_names():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
async def platform_address() -> AsyncIterator[str]:
    """Discord and Slack as far as a token is concerned."""

    def accepted(request: web.Request) -> bool:
        return request.headers["Authorization"].split()[-1] == GOOD

    async def discord_me(request: web.Request) -> web.Response:
        if accepted(request):
            return web.json_response({"username": "Daoshi"})
        return web.json_response({"message": "401: Unauthorized"}, status=401)

    async def slack_auth(request: web.Request) -> web.Response:
        if accepted(request):
            return web.json_response({"ok": True, "team": "School"})
        return web.json_response({"ok": False, "error": "invalid_auth"})

    app = web.Application()
    app.router.add_get("/discord/users/@me", discord_me)
    app.router.add_post("/slack/auth.test", slack_auth)
    app.router.add_post("/slack/apps.connections.open", slack_auth)
    async with TestServer(app) as server:
        yield str(server.make_url("")).rstrip("/")


def settings_for(address: str, token: str, tmp_path: Path) -> Settings:
    return Settings.model_validate(
        {
            "data_dir": tmp_path,
            "discord_api_base": f"{address}/discord",
            "slack_api_base": f"{address}/slack/",
            "DISCORD_TOKEN": token,
            "SLACK_BOT_TOKEN": token,
            "SLACK_APP_TOKEN": token,
        }
    )


async def test_accepted_tokens_are_named_with_their_account(
    platform_address: str, tmp_path: Path
) -> None:
    found = await platforms.tokens(settings_for(platform_address, GOOD, tmp_path), ENGLISH)
    assert [finding.level for finding in found] == [Level.OK] * 3
    assert "Daoshi" in found[0].text
    assert "School" in found[1].text


async def test_refused_tokens_say_what_to_do_and_are_not_repeated(
    platform_address: str, tmp_path: Path
) -> None:
    found = await platforms.tokens(settings_for(platform_address, BAD, tmp_path), ENGLISH)
    assert [finding.level for finding in found] == [Level.BROKEN] * 3
    assert all(finding.remedy for finding in found)
    assert BAD not in as_json(found)


async def test_platform_out_of_reach_is_no_verdict(tmp_path: Path) -> None:
    found = await platforms.tokens(settings_for("http://127.0.0.1:9", GOOD, tmp_path), ENGLISH)
    assert [finding.level for finding in found] == [Level.NOTE] * 3


async def test_platform_that_is_not_set_up_is_fine(tmp_path: Path) -> None:
    found = await platforms.tokens(Settings(data_dir=tmp_path), ENGLISH)
    assert [finding.level for finding in found] == [Level.OK] * 2
    assert "DISCORD_TOKEN" in found[0].text


async def test_database_is_looked_at_and_not_made(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'daoshi.db'}"
    assert (await database.schema(url, ENGLISH)).level is Level.OK
    assert not (tmp_path / "daoshi.db").exists()


async def test_waiting_migrations_are_noted(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'daoshi.db'}"
    await upgrade(url, tmp_path)
    assert "up to date" in (await database.schema(url, ENGLISH)).text
    await downgrade(url, "base")
    finding = await database.schema(url, ENGLISH)
    assert finding.level is Level.NOTE
    assert "daoshi db upgrade" in finding.remedy


async def test_database_out_of_reach_is_broken_and_keeps_its_password() -> None:
    finding = await database.schema("postgresql://u:planted@127.0.0.1:9/d", ENGLISH)
    assert finding.level is Level.BROKEN
    assert "planted" not in finding.text


def test_this_installation_is_whole() -> None:
    found = [installation.program(ENGLISH), installation.packages(ENGLISH)]
    assert [finding.level for finding in found] == [Level.OK, Level.OK]
    assert not broken(drawing.abilities(ENGLISH))


def test_mistyped_setting_is_noticed_and_the_right_one_named() -> None:
    written = {"DAOSHI_HTPP_PORT": "1", "DAOSHI_MODEL": "x", "HOME": "/"}
    (finding,) = installation.unknown_settings(written, ENGLISH)
    assert "DAOSHI_HTPP_PORT" in finding.text
    assert "DAOSHI_HTTP_PORT" in finding.remedy


def test_data_folder_that_others_can_read_is_noted(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    assert installation.data_folder(tmp_path, ENGLISH).level is Level.OK
    tmp_path.chmod(0o755)
    assert "chmod 700" in installation.data_folder(tmp_path, ENGLISH).remedy


async def test_model_fits_the_machine_and_says_whether_it_was_measured(tmp_path: Path) -> None:
    found = await model.engine(Settings(data_dir=tmp_path), ENGLISH, asleep=True)
    assert [finding.area for finding in found][-1] == "Fits this machine"
    assert "measured by this project" in found[-1].text
    assert "licence" in found[-1].text


async def test_model_server_out_of_reach_is_broken(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, engine_url="http://127.0.0.1:9/v1", model="some")
    (finding,) = await model.engine(settings, ENGLISH, asleep=False)
    assert finding.level is Level.BROKEN
    assert "DAOSHI_ENGINE_URL" in finding.remedy


def test_one_broken_thing_makes_the_exit_code_1(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DAOSHI_DATA_DIR", str(tmp_path / "data"))
    well = CliRunner().invoke(cli, ["doctor", "--quick", "--json"])
    assert well.exit_code == 0, well.output
    assert json.loads(well.stdout)["ok"] is True
    monkeypatch.setenv("DAOSHI_HTTP_PORT", "eighty")
    ill = CliRunner().invoke(cli, ["doctor", "--quick", "--json"])
    assert ill.exit_code == 1
    assert any("DAOSHI_HTTP_PORT" in f["text"] for f in json.loads(ill.stdout)["findings"])


def test_notes_do_not_count_as_broken() -> None:
    assert broken([Finding("a", Level.OK, ""), Finding("b", Level.NOTE, "")]) == 0
    assert broken([Finding("c", Level.BROKEN, "")]) == 1
