"""What is taken from Slack: claimed before it is acknowledged, once each, and only what is ours."""

import asyncio

from tests.bot.slack_app.conftest import MakeStage
from tests.doubles.slack_dispatcher import reply
from tests.doubles.slack_server import SlackServer
from tests.doubles.slack_state import Fault
from tutor.messages import Kind, Role, Visibility


async def test_direct_message_becomes_a_private_question(
    slack: SlackServer, stage: MakeStage
) -> None:
    on = await stage()
    ann = slack.user("Ann", locale="zh-CN")
    await slack.dm(ann, "What is &lt;b&gt;, see <https://x.org|here>?")
    [question] = await on.asked()
    assert question.text == "What is <b>, see here (https://x.org)?"
    assert question.kind is Kind.MESSAGE
    assert question.visibility is Visibility.PRIVATE
    assert (question.place.community, question.place.thread) == ("", None)
    assert (question.author.display_name, question.author.locale) == ("Ann", "zh-CN")
    assert question.author.workspace == "T1"


async def test_message_is_acknowledged_only_after_its_claim(
    slack: SlackServer, stage: MakeStage
) -> None:
    on = await stage()
    on.dispatcher.claim_gate = asyncio.Event()
    delivery = await slack.dm(slack.user("Ann"), "hello")
    await asyncio.sleep(0.2)
    assert delivery.acknowledged_at is None
    on.dispatcher.claim_gate.set()
    await slack.acknowledged(delivery)
    assert len(on.dispatcher.questions) == 1


async def test_unclaimed_message_is_not_acknowledged_and_answered_when_it_comes_again(
    slack: SlackServer, stage: MakeStage
) -> None:
    on = await stage(reply("here"))
    on.dispatcher.away = 1
    ann = slack.user("Ann")
    delivery = await slack.dm(ann, "hello")
    await asyncio.sleep(0.2)
    assert delivery.acknowledged_at is None
    again = await slack.redeliver(delivery)
    await slack.acknowledged(again)
    await on.settled()
    assert len(slack.replies(slack.dm_channel(ann))) == 1


async def test_repeated_message_is_acknowledged_and_answered_once(
    slack: SlackServer, stage: MakeStage
) -> None:
    on = await stage(reply("here"))
    ann = slack.user("Ann")
    delivery = await slack.dm(ann, "hello")
    await slack.acknowledged(delivery)
    for attempt in (1, 2, 3):
        await slack.acknowledged(await slack.redeliver(delivery, attempt))
    await on.settled()
    assert len(on.dispatcher.questions) == 1
    assert len(slack.replies(slack.dm_channel(ann))) == 1


async def test_message_and_mention_of_the_same_text_are_one_question(
    slack: SlackServer, stage: MakeStage
) -> None:
    on = await stage(reply("here"))
    ann, room = slack.user("Ann"), slack.channel("maths")
    delivery = await slack.mention(ann, room, "what is pi?")
    await slack.acknowledged(delivery)
    await slack.until(lambda: on.dispatcher.repeated)
    await on.settled()
    [question] = on.dispatcher.questions
    assert question.text == "what is pi?"
    assert question.visibility is Visibility.SHARED
    root = slack.messages(room)[0]["ts"]
    assert (question.place.community, question.place.thread) == ("T1", root)
    assert [m["thread_ts"] for m in slack.replies(room)] == [root]


async def test_talk_among_people_is_not_for_us(slack: SlackServer, stage: MakeStage) -> None:
    on = await stage()
    ann, bob, room = slack.user("Ann"), slack.user("Bob"), slack.channel("maths")
    said = await slack.say(ann, room, "lunch?")
    answered = await slack.say(bob, room, "yes", thread=slack.messages(room)[0]["ts"])
    await slack.acknowledged(said)
    await slack.acknowledged(answered)
    assert on.dispatcher.questions == []


async def test_who_mentioned_us_goes_on_in_the_thread_without_a_mention_and_bystanders_do_not(
    slack: SlackServer, stage: MakeStage
) -> None:
    on = await stage()
    ann, bob, room = slack.user("Ann"), slack.user("Bob"), slack.channel("maths")
    await slack.mention(ann, room, "what is pi?")
    root = slack.messages(room)[0]["ts"]
    await slack.say(ann, room, "and tau?", thread=root)
    await on.asked(2)
    for said in (
        await slack.say(bob, room, "I know this", thread=root),
        await slack.say(ann, room, f"<@{bob}> do you?", thread=root),
    ):
        await slack.acknowledged(said)
    assert [q.text for q in on.dispatcher.questions] == ["what is pi?", "and tau?"]


async def test_thread_from_before_the_start_is_looked_up(
    slack: SlackServer, stage: MakeStage
) -> None:
    ann, room = slack.user("Ann"), slack.channel("maths")
    root = slack.state.add_message(room, user=ann, text=f"<@{slack.state.bot_user}> hi")["ts"]
    on = await stage()
    await slack.say(ann, room, "are you still there?", thread=root)
    [question] = await on.asked()
    assert question.text == "are you still there?"


async def test_slow_thread_look_up_leaves_the_message_unacknowledged_until_it_is_known(
    slack: SlackServer, stage: MakeStage
) -> None:
    ann, room = slack.user("Ann"), slack.channel("maths")
    root = slack.state.add_message(room, user=ann, text=f"<@{slack.state.bot_user}> hi")["ts"]
    on = await stage()
    slack.fail("conversations.replies", Fault(delay_seconds=1.2))
    delivery = await slack.say(ann, room, "still there?", thread=root)
    await slack.until(lambda: slack.calls("conversations.replies"))
    await slack.until(lambda: slack.calls("conversations.replies")[0].answer)
    assert delivery.acknowledged_at is None
    await slack.acknowledged(await slack.redeliver(delivery))
    assert len(on.dispatcher.questions) == 1


async def test_files_of_a_mention_are_looked_up(slack: SlackServer, stage: MakeStage) -> None:
    on = await stage()
    ann, room = slack.user("Ann"), slack.channel("maths")
    file = slack.file("work.txt", b"3x + 5 = 20")
    await slack.mention(ann, room, "look", files=[file])
    [question] = await on.asked()
    assert [a.name for a in question.attachments] == ["work.txt"]
    assert await on.adapter.fetch(question.attachments[0], 1000) == b"3x + 5 = 20"


async def test_edited_message_comes_as_an_edit_of_the_same_message(
    slack: SlackServer, stage: MakeStage
) -> None:
    on = await stage()
    ann = slack.user("Ann")
    await slack.dm(ann, "what is pie?")
    channel = slack.dm_channel(ann)
    ts = slack.messages(channel)[0]["ts"]
    await slack.edit(ann, channel, ts, "what is pi?")
    _, edit = await on.asked(2)
    assert (edit.kind, edit.message_id, edit.text) == (Kind.EDIT, ts, "what is pi?")


async def test_bots_are_not_answered(slack: SlackServer, stage: MakeStage) -> None:
    on = await stage()
    robot = slack.user("Robot", bot=True)
    await slack.acknowledged(await slack.dm(robot, "beep"))
    assert on.dispatcher.questions == []


async def test_slash_command_is_parsed_under_whatever_name_the_app_has(
    slack: SlackServer, stage: MakeStage
) -> None:
    on = await stage()
    ann, room = slack.user("Ann"), slack.channel("maths")
    await slack.acknowledged(await slack.slash(ann, "history 5", channel=room, command="/tutor"))
    await slack.acknowledged(await slack.slash(ann, "why is the sky blue?", channel=room))
    await slack.acknowledged(await slack.slash(ann, "", channel=room))
    history, ask, help_ = on.dispatcher.questions
    assert (history.command.name, dict(history.command.arguments)) == ("history", {"count": "5"})
    assert history.visibility is Visibility.PRIVATE
    assert (ask.command.name, ask.visibility) == ("ask", Visibility.SHARED)
    assert help_.command.name == "help"


async def test_commands_have_a_mention_form_for_threads(
    slack: SlackServer, stage: MakeStage
) -> None:
    on = await stage()
    ann, room = slack.user("Ann"), slack.channel("maths")
    await slack.mention(ann, room, "history", both=False)
    await slack.mention(ann, room, "history of Rome?", both=False)
    await slack.mention(ann, room, "", both=False)
    command, question, empty = await on.asked(3)
    assert (command.kind, command.command.name) == (Kind.COMMAND, "history")
    assert command.visibility is Visibility.PRIVATE
    assert (question.kind, question.text) == (Kind.MESSAGE, "history of Rome?")
    assert empty.command.name == "help"


async def test_shortcut_gives_the_message_and_its_summary_the_whole_thread_in_private(
    slack: SlackServer, stage: MakeStage
) -> None:
    on = await stage()
    ann, bob, room = slack.user("Ann"), slack.user("Bob"), slack.channel("work")
    root = slack.state.add_message(room, user=bob, text="Shall we move to Tuesday?")["ts"]
    slack.state.add_message(room, user=ann, text="Fine &amp; good", thread_ts=root)
    await slack.acknowledged(await slack.shortcut(ann, room, root, "explain"))
    await slack.acknowledged(await slack.shortcut(ann, room, root, "summarise"))
    explain, summarise = await on.asked(2)
    assert explain.command.arguments["text"] == "Shall we move to Tuesday?"
    assert explain.visibility is summarise.visibility is Visibility.PRIVATE
    assert summarise.command.arguments["text"].endswith(
        "Shall we move to Tuesday?\nAnn: Fine & good"
    )


async def test_roles_come_from_the_workspace_and_from_the_operators_setting(
    slack: SlackServer, stage: MakeStage
) -> None:
    on = await stage()
    await slack.dm(slack.user("Ada", admin=True), "hi")
    await slack.dm(slack.user("Bob"), "hi")
    await on.asked(2)
    roles = {q.author.display_name: q.roles for q in on.dispatcher.questions}
    assert roles == {"Ada": {Role.LEARNER, Role.ADMIN}, "Bob": {Role.LEARNER}}


async def test_native_stop_becomes_a_stop_in_the_same_conversation(
    slack: SlackServer, stage: MakeStage
) -> None:
    on = await stage()
    ann = slack.user("Ann")
    await slack.dm(ann, "tell me everything")
    root = slack.messages(slack.dm_channel(ann))[0]["ts"]
    await slack.stop(ann, slack.dm_channel(ann), root)
    message, stop = await on.asked(2)
    assert stop.kind is Kind.STOP
    assert stop.place == message.place


async def test_profile_that_takes_too_long_does_not_hold_up_the_acknowledgement(
    slack: SlackServer, stage: MakeStage
) -> None:
    on = await stage()
    slack.fail("users.info", Fault(delay_seconds=60.0))
    await slack.acknowledged(await slack.dm(slack.user("Ann"), "hello"))
    assert slack.calls("users.info")[0].answer == {}  # still not answered
    assert on.dispatcher.questions[0].author.display_name == "UANN"


async def test_summary_where_we_may_not_read_says_what_it_is_about(
    slack: SlackServer, stage: MakeStage
) -> None:
    on = await stage(reply("They move to Tuesday."))
    ann, room = slack.user("Ann"), slack.channel("secret", member=False)
    root = slack.state.add_message(room, user=ann, text="Shall we move to Tuesday?")["ts"]
    await slack.shortcut(ann, room, root, "summarise")
    await on.settled()
    assert on.dispatcher.questions[0].command.arguments["text"] == "Shall we move to Tuesday?"
    assert any("could not read the whole thread" in e["text"] for e in slack.state.ephemeral)
