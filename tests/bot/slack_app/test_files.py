"""Attachments: fetched with the bot's token, from Slack alone, up to a limit."""

import json
from dataclasses import replace

import pytest

from bot.adapter import AttachmentUnavailable
from bot.slack_app.files import attachments, is_slack_address
from tests.bot.slack_app.conftest import MakeStage, Stage
from tests.doubles.slack_server import SlackServer
from tutor.messages import Attachment

MEGABYTE = 1024**2


async def attached(slack: SlackServer, on: Stage, **file: object) -> Attachment:
    described = slack.file("work.txt", b"3x + 5 = 20", **file)  # type: ignore[arg-type]
    await slack.dm(slack.user("Ann"), "look", files=[described])
    [question] = await on.asked()
    return question.attachments[0]


async def test_file_is_fetched_with_the_token(slack: SlackServer, stage: MakeStage) -> None:
    on = await stage()
    assert await on.adapter.fetch(await attached(slack, on), MEGABYTE) == b"3x + 5 = 20"


async def test_token_follows_no_redirect_to_a_foreign_host(
    slack: SlackServer, stage: MakeStage
) -> None:
    on = await stage()
    attachment = await attached(slack, on, redirect="http://evil.example/steal")
    with pytest.raises(AttachmentUnavailable, match="not at an address of Slack"):
        await on.adapter.fetch(attachment, MEGABYTE)


async def test_foreign_address_is_not_asked_at_all(slack: SlackServer, stage: MakeStage) -> None:
    on = await stage()
    attachment = await attached(slack, on)
    reference = json.loads(attachment.reference) | {"url": "http://169.254.169.254/latest"}
    with pytest.raises(AttachmentUnavailable):
        await on.adapter.fetch(replace(attachment, reference=json.dumps(reference)), MEGABYTE)


async def test_size_is_checked_before_and_while_it_is_read(
    slack: SlackServer, stage: MakeStage
) -> None:
    on = await stage()
    attachment = await attached(slack, on)
    with pytest.raises(AttachmentUnavailable, match="over the limit"):
        await on.adapter.fetch(attachment, 5)
    with pytest.raises(AttachmentUnavailable, match="over the limit"):
        await on.adapter.fetch(replace(attachment, size_bytes=1), 5)


async def test_sign_in_page_is_not_taken_for_the_file(slack: SlackServer, stage: MakeStage) -> None:
    on = await stage()
    attachment = await attached(slack, on)
    slack.state.bot_token = "xoxb-another"
    with pytest.raises(AttachmentUnavailable, match="files:read"):
        await on.adapter.fetch(attachment, MEGABYTE)


async def test_file_that_is_gone_is_unavailable(slack: SlackServer, stage: MakeStage) -> None:
    on = await stage()
    attachment = await attached(slack, on)
    slack.state.files.clear()
    with pytest.raises(AttachmentUnavailable, match="404"):
        await on.adapter.fetch(attachment, MEGABYTE)


def test_deleted_hidden_and_external_files_are_no_attachments() -> None:
    shown = {"id": "F1", "name": "a.txt", "url_private": "https://files.slack.com/a"}
    hidden = [
        {"id": "F2", "mode": "tombstone"},
        {"id": "F3", "mode": "hidden_by_limit"},
        {"id": "F4", "is_external": True},
    ]
    assert [a.name for a in attachments([shown, *hidden], "T1")] == ["a.txt"]


@pytest.mark.parametrize(
    ("url", "ours"),
    [
        ("https://files.slack.com/files-pri/T1-F1/a.pdf", True),
        ("https://slack-files.com/a", True),
        ("http://files.slack.com/a", False),
        ("https://slack.com.evil.example/a", False),
        ("https://evilslack.com/a", False),
        ("https://files.slack.com@evil.example/a", False),
        ("https://127.0.0.1/a", False),
        ("file:///etc/passwd", False),
    ],
)
def test_only_slacks_own_hosts_get_the_token(url: str, ours: bool) -> None:
    assert is_slack_address(url, "https://slack.com/api/") is ours


def test_stand_in_on_this_machine_may_call_itself_as_it_likes() -> None:
    base = "http://127.0.0.1:3901/api/"
    assert is_slack_address("http://localhost:3902/files/F1", base)
    assert not is_slack_address("http://10.0.0.1:3901/files/F1", base)
    assert not is_slack_address("file:///etc/passwd", base)
