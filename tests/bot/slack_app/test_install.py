"""Several workspaces: installed over OAuth, their tokens encrypted at rest, each with its own."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from slack_sdk.oauth.installation_store import Installation
from sqlalchemy import select

from bot.slack_app.install import Installations, secret_of, vault
from storage.database import Database
from storage.models import InstallationRow
from tests.bot.slack_app.conftest import MakeStage, Stage, settings_of
from tests.doubles.slack_dispatcher import reply
from tests.doubles.slack_server import SlackServer

KEY = "a secret key of more than thirty-two characters"


def several(slack: SlackServer) -> dict[str, str]:
    return {
        "DAOSHI_SLACK_API_BASE": slack.api_base,
        "DAOSHI_SECRET_KEY": KEY,
        "DAOSHI_PUBLIC_URL": "https://tutor.example.org",
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_CLIENT_ID": "1.2",
        "SLACK_CLIENT_SECRET": "client-secret",
    }


@pytest.fixture
async def sqlite(sqlite_url: str):  # type: ignore[no-untyped-def]
    opened = await Database.open(sqlite_url)
    yield opened
    await opened.close()


async def install(slack: SlackServer, team: str, token: str) -> tuple[int, str]:
    """Goes through “Add to Slack” as an admin's browser does."""
    slack.state.teams[token] = team
    slack.state.codes["code-1"] = {
        "access_token": token,
        "token_type": "bot",
        "scope": "chat:write",
        "bot_user_id": slack.state.bot_user,
        "team": {"id": team, "name": "A school"},
        "authed_user": {"id": "UADMIN"},
    }
    base = slack.events_url.removesuffix("/slack/events")
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as browser:
        async with browser.get(f"{base}/slack/install") as page:
            text, cookie = await page.text(), page.headers["Set-Cookie"].split(";")[0]
        address = text.split('<a href="')[1].split('"')[0].replace("&amp;", "&")
        query = parse_qs(urlsplit(address).query)
        assert query["redirect_uri"] == ["https://tutor.example.org/slack/oauth_redirect"]
        back = f"{base}/slack/oauth_redirect?code=code-1&state={query['state'][0]}"
        async with browser.get(back, headers={"Cookie": cookie}) as done:
            first = done.status
        async with browser.get(back, headers={"Cookie": cookie}) as again:
            return first, str(again.status)


async def start(slack: SlackServer, stage: MakeStage, database: Database) -> Stage:
    return await stage(reply("Hello."), http=True, values=several(slack), database=database)


async def test_workspace_is_installed_and_answered_with_its_own_token(
    slack: SlackServer, stage: MakeStage, sqlite: Database
) -> None:
    on = await start(slack, stage, sqlite)
    assert await install(slack, "T2", "xoxb-second") == (200, "401")  # a state is good once
    slack.state.team = "T2"
    await slack.dm(slack.user("Ann"), "hi")
    await on.settled()
    assert on.dispatcher.questions[0].author.workspace == "T2"
    assert {call.token for call in slack.calls("chat.startStream")} == {"xoxb-second"}


async def test_admin_who_installed_us_is_asked_how_to_set_up(
    slack: SlackServer, stage: MakeStage, sqlite: Database
) -> None:
    slack.user("Admin", admin=True)
    on = await start(slack, stage, sqlite)
    await install(slack, "T2", "xoxb-second")
    [question] = await on.asked()
    assert (question.command.name, question.author.user_id) == ("setup", "UADMIN")
    assert question.place.community == "T2"


async def test_tokens_are_encrypted_at_rest(
    slack: SlackServer, stage: MakeStage, sqlite: Database
) -> None:
    await start(slack, stage, sqlite)
    await install(slack, "T2", "xoxb-second")
    async with sqlite.read() as session:
        payloads = list((await session.execute(select(InstallationRow.payload))).scalars())
    assert len(payloads) == 2
    assert all(b"xoxb" not in payload for payload in payloads)
    assert all(b"xoxb-second" in vault(KEY).decrypt(payload) for payload in payloads)


async def test_unknown_workspace_is_acknowledged_and_not_answered(
    slack: SlackServer, stage: MakeStage, sqlite: Database
) -> None:
    on = await start(slack, stage, sqlite)
    delivery = await slack.dm(slack.user("Ann"), "hi")
    assert delivery.status == 200
    assert on.dispatcher.questions == []


async def test_uninstalled_workspace_is_forgotten(
    slack: SlackServer, stage: MakeStage, sqlite: Database
) -> None:
    on = await start(slack, stage, sqlite)
    await install(slack, "T2", "xoxb-second")
    slack.state.team = "T2"
    await slack.dm(slack.user("Ann"), "hi")
    await on.settled()
    await slack.event({"type": "app_uninstalled"})
    async with sqlite.read() as session:
        assert list(await session.execute(select(InstallationRow.payload))) == []
    await slack.dm(slack.user("Ann"), "still there?")
    assert len(on.dispatcher.questions) == 1


async def test_new_installation_replaces_the_token_in_use(
    slack: SlackServer, stage: MakeStage, sqlite: Database
) -> None:
    on = await start(slack, stage, sqlite)
    await install(slack, "T2", "xoxb-old")
    slack.state.team = "T2"
    ann = slack.user("Ann")
    await slack.dm(ann, "hi")
    await on.settled()
    await install(slack, "T2", "xoxb-new")
    await slack.dm(ann, "again")
    await on.settled(2)
    assert [call.token for call in slack.calls("chat.startStream")] == ["xoxb-old", "xoxb-new"]


async def test_organisation_wide_installation_covers_its_teams(sqlite: Database) -> None:
    store = Installations(sqlite, vault(KEY))
    await store.async_save(
        Installation(
            enterprise_id="E1", bot_token="xoxb-org", user_id="U1", is_enterprise_install=True
        )
    )
    await store.async_save(Installation(team_id="T9", bot_token="xoxb-team", user_id="U1"))
    assert await store.find_token("T1", "E1") == ("E1", "xoxb-org")
    assert await store.find_token("T9", "E1") == ("T9", "xoxb-team")
    assert await store.find_token("T1", None) is None
    assert await store.workspaces() == [("T9", None), (None, "E1")]
    latest = await store.async_find_installation(enterprise_id=None, team_id="T9")
    assert latest is not None
    assert latest.user_id == "U1"


async def test_changed_secret_key_reads_as_not_installed(sqlite: Database) -> None:
    await Installations(sqlite, vault(KEY)).async_save(
        Installation(team_id="T1", bot_token="xoxb-1", user_id="U1")
    )
    other = Installations(sqlite, vault("another secret key of thirty-two characters"))
    assert await other.find_token("T1", None) is None


def test_secret_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    settings = settings_of({"DAOSHI_DATA_DIR": str(tmp_path)})
    made = secret_of(settings)
    assert made == secret_of(settings)
    assert len(made) >= 32
    [file] = tmp_path.iterdir()
    assert file.stat().st_mode & 0o077 == 0
    given = settings_of({"DAOSHI_DATA_DIR": str(tmp_path), "DAOSHI_SECRET_KEY": KEY})
    assert secret_of(given) == KEY
