"""Slack over HTTP: only what Slack signed, freshly, and once."""

import time

import pytest

from tests.bot.slack_app.conftest import MakeStage
from tests.doubles.slack_dispatcher import reply
from tests.doubles.slack_server import SlackServer

HELLO = {"type": "url_verification", "challenge": "abc"}


def event(slack: SlackServer, text: str = "hello") -> dict[str, object]:
    ann = slack.user("Ann")
    channel = slack.dm_channel(ann)
    message = slack.state.add_message(channel, user=ann, text=text)
    return {
        "type": "event_callback",
        "team_id": "T1",
        "event_id": "Ev1",
        "event": {**message, "channel": channel, "channel_type": "im"},
    }


async def test_signed_event_is_answered(slack: SlackServer, stage: MakeStage) -> None:
    on = await stage(reply("here"), http=True)
    ann = slack.user("Ann")
    delivery = await slack.dm(ann, "hello")
    assert delivery.status == 200
    await on.settled()
    assert [m["text"] for m in slack.replies(slack.dm_channel(ann))] == ["here"]


async def test_slash_commands_and_presses_come_the_same_way(
    slack: SlackServer, stage: MakeStage
) -> None:
    on = await stage(http=True)
    ann = slack.user("Ann")
    assert (await slack.slash(ann, "history")).status == 200
    message = slack.state.add_message(slack.dm_channel(ann), user="UBOT", text="?")
    assert (await slack.press(ann, slack.dm_channel(ann), message["ts"], "c1")).status == 200
    assert [q.kind.value for q in on.dispatcher.questions] == ["command", "action"]


async def test_url_verification_is_answered(slack: SlackServer, stage: MakeStage) -> None:
    await stage(http=True)
    delivery = await slack.post_signed("events_api", HELLO)
    assert delivery.status == 200
    assert "abc" in delivery.acknowledgement


@pytest.mark.parametrize("signature", ["v0=0000", "", "v0=" + "0" * 64])
async def test_wrong_signature_is_refused(
    slack: SlackServer, stage: MakeStage, signature: str
) -> None:
    on = await stage(http=True)
    body = event(slack)
    stamp = str(int(time.time()))
    headers = {"X-Slack-Request-Timestamp": stamp, "Content-Type": "application/json"}
    if signature:
        headers["X-Slack-Signature"] = signature
    delivery = await slack.post_raw("{}", headers, body)
    assert delivery.status == 401
    assert on.dispatcher.questions == []


@pytest.mark.parametrize("age", [301, 86_400, -301])
async def test_old_or_future_timestamp_is_refused(
    slack: SlackServer, stage: MakeStage, age: int
) -> None:
    on = await stage(http=True)
    delivery = await slack.post_signed("events_api", event(slack), timestamp=int(time.time()) - age)
    assert delivery.status == 401
    assert on.dispatcher.questions == []


@pytest.mark.parametrize("stamp", ["", "soon", "1e9", "９９"])
async def test_malformed_timestamp_is_refused(
    slack: SlackServer, stage: MakeStage, stamp: str
) -> None:
    await stage(http=True)
    headers = {"X-Slack-Signature": slack.signature("{}", stamp)}
    if stamp.isascii():
        headers["X-Slack-Request-Timestamp"] = stamp
    assert (await slack.post_raw("{}", headers)).status == 401


async def test_recorded_request_is_worth_nothing(slack: SlackServer, stage: MakeStage) -> None:
    on = await stage(http=True)
    body, stamp = event(slack), int(time.time())
    first = await slack.post_signed("events_api", body, timestamp=stamp)
    again = await slack.post_signed("events_api", body, timestamp=stamp)
    assert (first.status, again.status) == (200, 401)
    assert len(on.dispatcher.questions) == 1


async def test_request_that_was_not_taken_may_come_again_as_it_was(
    slack: SlackServer, stage: MakeStage
) -> None:
    on = await stage(http=True)
    on.dispatcher.away = 1
    body, stamp = event(slack), int(time.time())
    first = await slack.post_signed("events_api", body, timestamp=stamp)
    again = await slack.post_signed("events_api", body, timestamp=stamp, attempt=1)
    assert (first.status, again.status) == (503, 200)
    assert len(on.dispatcher.questions) == 1


async def test_body_that_was_changed_is_refused(slack: SlackServer, stage: MakeStage) -> None:
    on = await stage(http=True)
    stamp = str(int(time.time()))
    headers = {
        "Content-Type": "application/json",
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": slack.signature('{"a": 1}', stamp),
    }
    assert (await slack.post_raw('{"a": 2}', headers)).status == 401
    assert on.dispatcher.questions == []


async def test_http_needs_no_socket(slack: SlackServer, stage: MakeStage) -> None:
    on = await stage(http=True)
    assert on.adapter.ready()
    assert slack.sockets.connections == 0
    assert [route.path for route in on.adapter.http_routes()] == ["/slack/events"]


async def test_signed_nonsense_is_refused_without_an_error(
    slack: SlackServer, stage: MakeStage
) -> None:
    await stage(http=True)
    stamp = str(int(time.time()))
    headers = {
        "Content-Type": "application/json",
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": slack.signature("{no json", stamp),
    }
    assert (await slack.post_raw("{no json", headers)).status == 400
