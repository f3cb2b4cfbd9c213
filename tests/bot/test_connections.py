"""Which platforms are served, by the settings; nothing is connected to here."""

from pathlib import Path

import pytest

from bot.connections import make_adapters, own_page, routes_of
from bot.settings import Settings
from bot.wiring import make_dispatcher, open_services
from tutor.messages import Person, Platform

DISCORD = {"DISCORD_TOKEN": "test", "discord_api_base": "http://127.0.0.1:9/api/v10"}
SOCKET = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
HTTP = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "0123456789abcdef"}


@pytest.mark.parametrize(
    ("given", "platforms", "paths"),
    [
        ({}, [], []),
        (DISCORD, [Platform.DISCORD], []),
        (SOCKET, [Platform.SLACK], []),
        (HTTP, [Platform.SLACK], ["/slack/events"]),
        (DISCORD | HTTP, [Platform.DISCORD, Platform.SLACK], ["/slack/events"]),
    ],
)
async def test_adapters_and_routes_follow_the_settings(
    given: dict[str, str], platforms: list[Platform], paths: list[str], tmp_path: Path
) -> None:
    settings = Settings.model_validate({"data_dir": tmp_path, **given})
    async with open_services(settings) as services:
        adapters = make_adapters(services, make_dispatcher(services))
        assert [adapter.platform for adapter in adapters] == platforms
        assert [route.path for route in routes_of(adapters)] == paths
        assert not any(adapter.ready() for adapter in adapters)
        for adapter in adapters:
            await adapter.close()


async def test_own_page_shows_the_person_and_can_be_changed_there(tmp_path: Path) -> None:
    async with open_services(Settings(data_dir=tmp_path)) as services:
        ann = Person(Platform.SLACK, "T1", "U1", "Ann", "en-US")
        page = await own_page(services, ann)
        again = await own_page(services, ann)
    assert "Ann" in page.text
    assert page.choices
    assert again.text == page.text
