"""No address, token or file name of a failed call reaches a log."""

from types import SimpleNamespace
from typing import Any, cast

import aiohttp
import discord
import pytest
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from bot.adapter import AttachmentUnavailable
from bot.discord_app import attachments
from bot.discord_app.failures import named
from tutor.messages import Attachment

SECRET = "https://cdn.discordapp.com/attachments/1/2/my-diary.txt?hm=secret"


def broken_answer() -> aiohttp.ClientResponseError:
    headers = CIMultiDictProxy(CIMultiDict({"Authorization": "Bot secret"}))
    return aiohttp.ClientResponseError(
        aiohttp.RequestInfo(URL(SECRET), "GET", headers), (), status=400, message="Bad header"
    )


def test_a_failure_is_named_without_what_it_quotes() -> None:
    assert named(broken_answer()) == "ClientResponseError"
    response = cast(Any, SimpleNamespace(status=404, reason="Not Found"))
    refused = discord.NotFound(response, {"code": 10008, "message": "secret"})
    assert named(refused) == "NotFound 404 10008"


async def test_a_file_that_cannot_be_had_is_not_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def get(*_: Any, **__: Any) -> Any:
        raise broken_answer()

    monkeypatch.setattr(aiohttp.ClientSession, "get", get)
    file = Attachment("my-diary.txt", "text/plain", 3, SECRET)
    with pytest.raises(AttachmentUnavailable) as caught:
        await attachments.download(file, 100, attachments.DISCORD_HOSTS)
    assert str(caught.value) == "ClientResponseError"
