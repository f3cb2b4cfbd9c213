"""Socket Mode: kept up through drops, refreshes and silence; what was missed is taken up."""

import asyncio

import pytest

from bot.adapter import CredentialsRefused
from bot.slack_app.adapter import SlackAdapter, SlackTokenRefused
from tests.bot.slack_app.conftest import MakeStage, settings_of
from tests.doubles.fake_dispatcher import as_dispatcher
from tests.doubles.slack_dispatcher import SlackDispatcher, nothing, reply
from tests.doubles.slack_server import SlackServer
from tests.doubles.slack_state import Fault


async def test_dropped_socket_is_replaced_with_a_new_ticket(
    slack: SlackServer, stage: MakeStage
) -> None:
    on = await stage(reply("here"))
    await slack.drop_socket()
    await slack.connected(2)
    await slack.until(on.adapter.ready)
    ann = slack.user("Ann")
    await slack.acknowledged(await slack.dm(ann, "hello"))
    await on.settled()
    assert len(slack.replies(slack.dm_channel(ann))) == 1
    assert slack.sockets.refused_tickets == 0


async def test_refresh_opens_the_new_socket_before_the_old_one_closes(
    slack: SlackServer, stage: MakeStage
) -> None:
    on = await stage()
    await slack.sockets.refresh()
    await slack.connected(2)
    await slack.until(lambda: len(slack.sockets.open) == 1)
    assert slack.sockets.most_open == 2
    await slack.acknowledged(await slack.dm(slack.user("Ann"), "hello"))
    assert on.adapter.ready()


async def test_silent_socket_is_replaced_although_it_answers_pings(
    slack: SlackServer, stage: MakeStage
) -> None:
    slack.sockets.ping_seconds = 0.1
    on = await stage(silence_seconds=0.6)
    slack.sockets.fall_silent()
    lost = await slack.dm(slack.user("Ann"), "does anybody hear me?")
    await slack.connected(2)
    await slack.until(on.adapter.ready)
    assert lost.acknowledged_at is None
    await slack.acknowledged(await slack.redeliver(lost))


async def test_socket_that_never_says_hello_is_given_up(
    slack: SlackServer, stage: MakeStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack_app.socket_mode.CONNECT_SECONDS", 0.3)
    slack.sockets.hello = False
    dispatcher = SlackDispatcher(nothing)
    adapter = SlackAdapter(
        settings_of(slack.settings()), as_dispatcher(dispatcher), first_pause_seconds=0.01
    )
    running = asyncio.ensure_future(adapter.run())
    await slack.connected(1)
    assert not adapter.ready()
    slack.sockets.hello = True
    await slack.until(adapter.ready)
    await adapter.close()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_slack_that_is_away_at_the_start_is_waited_for(
    slack: SlackServer, stage: MakeStage
) -> None:
    slack.fail("apps.connections.open", *[Fault(error="internal_error")] * 2)
    on = await stage(first_pause_seconds=0.01)
    assert on.adapter.ready()
    assert len(slack.calls("apps.connections.open")) == 3


@pytest.mark.parametrize(
    ("token", "variable"), [("bot", "SLACK_BOT_TOKEN"), ("app", "SLACK_APP_TOKEN")]
)
async def test_wrong_token_ends_with_a_sentence_that_names_it(
    slack: SlackServer, token: str, variable: str
) -> None:
    values = slack.settings()
    values[variable] = f"x{'oxb' if token == 'bot' else 'app'}-wrong"
    adapter = SlackAdapter(settings_of(values), as_dispatcher(SlackDispatcher()))
    with pytest.raises(SlackTokenRefused, match=f"Slack refuses {variable}") as caught:
        await adapter.run()
    assert isinstance(caught.value, CredentialsRefused)
    assert caught.value.error == "invalid_auth"
    assert "wrong" not in str(caught.value)
    await adapter.close()


async def test_message_that_slack_gave_up_on_is_taken_up_after_the_reconnect(
    slack: SlackServer, stage: MakeStage
) -> None:
    on = await stage(reply("here"))
    ann, room = slack.user("Ann"), slack.channel("maths")
    await slack.mention(ann, room, "first")
    await slack.dm(ann, "first in private")
    await on.settled(2)
    root = slack.messages(room)[0]["ts"]
    bot, dm = slack.state.bot_user, slack.dm_channel(ann)
    slack.state.add_message(room, user=ann, text=f"<@{bot}> missed in the channel")
    slack.state.add_message(room, user=ann, text="missed in the thread", thread_ts=root)
    slack.state.add_message(room, user=ann, text="not for us")
    slack.state.add_message(dm, user=ann, text="missed in private")
    await slack.drop_socket()
    await on.settled(5)
    missed = {q.text for q in on.dispatcher.questions[2:]}
    assert missed == {"missed in the channel", "missed in the thread", "missed in private"}
    await slack.drop_socket()
    await slack.connected(3)
    await asyncio.sleep(0.3)
    assert len(on.dispatcher.questions) == 5


async def test_missed_message_is_taken_up_when_the_database_is_back(
    slack: SlackServer, stage: MakeStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack_app.catchup.PATIENCE_SECONDS", (0.01,) * 5)
    on = await stage(nothing)
    ann = slack.user("Ann")
    await slack.acknowledged(await slack.dm(ann, "heard"))
    on.dispatcher.away = 3
    slack.state.add_message(slack.dm_channel(ann), user=ann, text="missed")
    await slack.drop_socket()
    await slack.connected(2)
    await slack.until(lambda: len(on.dispatcher.questions) == 2)
    assert on.dispatcher.questions[1].text == "missed"


async def test_many_messages_at_once_are_all_acknowledged_and_answered_once(
    slack: SlackServer, stage: MakeStage
) -> None:
    on = await stage(reply("Hello."))
    people = [slack.user(f"Person{n}") for n in range(50)]
    deliveries = [await slack.dm(user, "hello") for user in people]
    for delivery in deliveries:
        await slack.acknowledged(delivery)
    await on.settled(50)
    assert all(len(slack.replies(slack.dm_channel(user))) == 1 for user in people)


async def test_close_takes_nothing_more_and_ends_the_run(slack: SlackServer) -> None:
    adapter = SlackAdapter(settings_of(slack.settings()), as_dispatcher(SlackDispatcher()))
    running = asyncio.ensure_future(adapter.run())
    await slack.until(adapter.ready)
    await adapter.close()
    await asyncio.wait_for(running, 5)
    assert not adapter.ready()
    assert slack.sockets.connections == 1
