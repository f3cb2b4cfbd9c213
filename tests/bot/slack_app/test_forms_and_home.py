"""Modals, App Home, suggested prompts, and the manifest."""

import asyncio

from bot.adapter import Draft
from bot.slack_app.manifest import BOT_EVENTS, BOT_SCOPES, manifest
from tests.bot.slack_app.conftest import MakeStage
from tests.doubles.slack_dispatcher import reply
from tests.doubles.slack_server import SlackServer
from tests.doubles.slack_state import Fault
from tutor.messages import Choice, Form, FormField, Kind, Person, Visibility

ANSWER = Form(
    title="Your answer to a question with a long title",
    fields=(
        FormField("answer", "Answer", multiline=True),
        FormField("sure", "How sure?", options=(("1", "Not at all"), ("2", "Quite"))),
    ),
    submit="Send",
)


async def test_press_opens_its_form_and_the_submission_is_the_question(
    slack: SlackServer, stage: MakeStage
) -> None:
    on = await stage()
    on.dispatcher.forms["c1"] = ANSWER
    ann, room = slack.user("Ann"), slack.channel("maths")
    root = slack.state.add_message(room, user=ann, text="?")["ts"]
    message = slack.state.add_message(room, user="UBOT", text="?", thread_ts=root)
    await slack.acknowledged(await slack.press(ann, room, message["ts"], "c1"))
    [view] = await slack.until(lambda: slack.state.views)
    assert on.dispatcher.questions == []
    assert len(view["title"]["text"]) <= 24
    await slack.acknowledged(await slack.submit_view(ann, view, answer="x = 5", sure="2"))
    [question] = await on.asked()
    assert question.kind is Kind.FORM
    assert question.press.choice_id == "c1"
    assert dict(question.press.fields) == {"answer": "x = 5", "sure": "2"}
    assert (question.place.channel, question.place.thread) == (room, root)
    assert question.visibility is Visibility.SHARED


async def test_form_sent_twice_is_one_question(slack: SlackServer, stage: MakeStage) -> None:
    on = await stage()
    on.dispatcher.forms["c1"] = ANSWER
    ann = slack.user("Ann")
    message = slack.state.add_message(slack.dm_channel(ann), user="UBOT", text="?")
    await slack.press(ann, slack.dm_channel(ann), message["ts"], "c1")
    [view] = await slack.until(lambda: slack.state.views)
    for _ in range(2):
        await slack.acknowledged(await slack.submit_view(ann, view, answer="5", sure="1"))
    assert len(on.dispatcher.questions) == 1


async def test_form_that_can_not_be_stored_is_not_closed(
    slack: SlackServer, stage: MakeStage
) -> None:
    on = await stage(http=True)
    on.dispatcher.forms["c1"] = ANSWER
    ann = slack.user("Ann")
    message = slack.state.add_message(slack.dm_channel(ann), user="UBOT", text="?")
    await slack.press(ann, slack.dm_channel(ann), message["ts"], "c1")
    [view] = await slack.until(lambda: slack.state.views)
    on.dispatcher.away = 1
    assert (await slack.submit_view(ann, view, answer="5", sure="1")).status == 503
    assert (await slack.submit_view(ann, view, answer="5", sure="1")).status == 200
    assert len(on.dispatcher.questions) == 1


async def test_form_that_opens_too_late_is_explained(slack: SlackServer, stage: MakeStage) -> None:
    on = await stage()
    on.dispatcher.forms["c1"] = ANSWER
    slack.state.trigger_seconds = 0.0
    ann, room = slack.user("Ann", locale="zh-CN"), slack.channel("maths")
    message = slack.state.add_message(room, user="UBOT", text="?")
    await slack.press(ann, room, message["ts"], "c1")
    [told] = await slack.until(lambda: slack.state.ephemeral)
    assert told["user"] == ann
    assert on.dispatcher.questions == []


async def test_press_without_a_form_is_a_question_that_a_second_press_repeats(
    slack: SlackServer, stage: MakeStage
) -> None:
    on = await stage()
    ann = slack.user("Ann")
    message = slack.state.add_message(slack.dm_channel(ann), user="UBOT", text="?")
    press = await slack.press(ann, slack.dm_channel(ann), message["ts"], "c1")
    await slack.acknowledged(press)
    await slack.acknowledged(await slack.redeliver(press))
    [question] = await on.asked()
    assert (question.kind, question.press.choice_id) == (Kind.ACTION, "c1")


async def test_home_shows_the_persons_own_page(slack: SlackServer, stage: MakeStage) -> None:
    asked: list[Person] = []

    async def page(person: Person) -> Draft:
        asked.append(person)
        return Draft(text="# Ann\n\nYou know **fractions**.", choices=(Choice("go", "Practise"),))

    await stage(home_page=page)
    ann = slack.user("Ann")
    await slack.acknowledged(await slack.open_home(ann))
    view = await slack.until(lambda: slack.state.homes.get(ann))
    assert asked[0].display_name == "Ann"
    assert "You know *fractions*." in str(view["blocks"])
    assert view["blocks"][-1]["elements"][0]["value"] == "go"


async def test_messages_tab_suggests_at_most_four_prompts_without_a_thread(
    slack: SlackServer, stage: MakeStage
) -> None:
    await stage()
    ann = slack.user("Ann")
    await slack.open_home(ann, "messages")
    [prompts] = await slack.until(lambda: slack.state.prompts)
    assert 0 < len(prompts["prompts"]) <= 4
    assert "thread_ts" not in prompts


async def test_older_pane_gets_prompts_and_a_title_in_its_thread(
    slack: SlackServer, stage: MakeStage
) -> None:
    await stage()
    ann = slack.user("Ann")
    pane = {"user_id": ann, "channel_id": slack.dm_channel(ann), "thread_ts": "1.000001"}
    await slack.event({"type": "assistant_thread_started", "assistant_thread": pane})
    await slack.until(lambda: slack.state.titles)
    assert slack.state.prompts[0]["thread_ts"] == "1.000001"


async def test_workspace_without_prompts_or_home_is_served_all_the_same(
    slack: SlackServer, stage: MakeStage
) -> None:
    on = await stage()
    slack.lack("assistant.threads.setSuggestedPrompts")
    slack.fail("views.publish", Fault(error="missing_scope"))
    ann = slack.user("Ann")
    await slack.acknowledged(await slack.open_home(ann, "messages"))
    await slack.acknowledged(await slack.open_home(ann, "home"))
    await slack.acknowledged(await slack.dm(ann, "hi"))
    await asyncio.sleep(0)
    assert len(on.dispatcher.questions) == 1


async def test_press_on_the_own_page_is_answered_in_private_and_renews_the_page(
    slack: SlackServer, stage: MakeStage
) -> None:
    pages: list[Person] = []

    async def page(person: Person) -> Draft:
        pages.append(person)
        return Draft(text=f"Page {len(pages)}", choices=(Choice("zh", "简体中文"),))

    on = await stage(reply("Done."), home_page=page)
    ann = slack.user("Ann")
    await slack.open_home(ann)
    await slack.until(lambda: ann in slack.state.homes)
    await slack.acknowledged(await slack.press_home(ann, "zh"))
    await on.settled()
    [question] = on.dispatcher.questions
    assert (question.visibility, question.place.community) == (Visibility.PRIVATE, "")
    assert [m["text"] for m in slack.replies(slack.dm_channel(ann))] == ["Done."]
    await slack.until(lambda: "Page 2" in str(slack.state.homes[ann]["blocks"]))


async def test_admin_who_invites_us_is_asked_how_to_set_up_once(
    slack: SlackServer, stage: MakeStage
) -> None:
    on = await stage(reply("What is this for?"))
    ada, bob = slack.user("Ada", admin=True), slack.user("Bob")
    await slack.acknowledged(await slack.invite(bob, slack.channel("maths")))
    await slack.acknowledged(await slack.invite(ada, slack.channel("maths"), invited=bob))
    assert on.dispatcher.questions == []
    await slack.acknowledged(await slack.invite(ada, slack.channel("maths")))
    await slack.acknowledged(await slack.invite(ada, slack.channel("physics")))
    await on.settled()
    [question] = on.dispatcher.questions
    assert question.command.name == "setup"
    assert (question.place.community, question.visibility) == ("T1", Visibility.PRIVATE)
    assert [m["text"] for m in slack.replies(slack.dm_channel(ada))] == ["What is this for?"]


def test_manifest_asks_for_what_the_adapter_uses() -> None:
    made = manifest()
    assert made["features"]["agent_view"]["suggested_prompts"]
    assert "assistant_view" not in made["features"]
    assert made["settings"]["socket_mode_enabled"] is True
    assert set(made["settings"]["event_subscriptions"]["bot_events"]) == set(BOT_EVENTS)
    assert {"chat:write", "assistant:write", "files:read", "users:read"} <= set(BOT_SCOPES)
    shortcuts = {s["callback_id"]: s["name"] for s in made["features"]["shortcuts"]}
    assert shortcuts["summarise"] == "Summarise thread"
    assert set(shortcuts) >= {"explain", "translate", "rewrite"}
    assert all(len(s["name"]) <= 24 for s in made["features"]["shortcuts"])


def test_manifest_for_http_names_every_address_and_the_commands_new_name() -> None:
    made = manifest(command="tutor", public_url="https://tutor.example.org/")
    events = "https://tutor.example.org/slack/events"
    assert made["settings"]["socket_mode_enabled"] is False
    assert made["settings"]["event_subscriptions"]["request_url"] == events
    assert made["settings"]["interactivity"]["request_url"] == events
    [slash] = made["features"]["slash_commands"]
    assert (slash["command"], slash["url"]) == ("/tutor", events)
    assert made["oauth_config"]["redirect_urls"] == [
        "https://tutor.example.org/slack/oauth_redirect"
    ]
