"""How a reply is shown: streamed, rolled over, edited where streaming fails, whole and once."""

import asyncio
from dataclasses import replace

import pytest

from bot.adapter import Address, Draft, Ending
from bot.slack_app import stream as streaming
from bot.slack_app.controls import control_blocks
from tests.bot.slack_app.conftest import MakeStage, Stage
from tests.doubles.slack_dispatcher import growing, nothing, reply, whispering
from tests.doubles.slack_server import SlackServer
from tests.doubles.slack_state import Fault
from tutor.messages import Choice, File, Picture, Style

TABLE = "Look:\n\n| n | n² |\n| --- | --- |\n| 2 | 4 |\n"
DONE = Ending.DONE


def drafts(text: str, step: int, **more: object) -> list[Draft]:
    """A text that grows by `step` characters, and then ends."""
    growing_text = [Draft(text=text[:end]) for end in range(step, len(text), step)]
    return [*growing_text, Draft(text=text, ending=DONE, **more)]  # type: ignore[arg-type]


def quick(on: Stage) -> None:
    """No pauses between the steps of a reply."""
    surfaces = on.adapter._surfaces
    surfaces.tools = replace(surfaces.tools, stream_seconds=0.0, edit_seconds=0.0)
    surfaces.pace._burst = 1000


def test_choices_of_one_menu_are_a_select_and_the_others_buttons() -> None:
    options = [Choice(f"c{n}", f"Answer {n}", menu="Your answer") for n in range(3)]
    menu, buttons = (block.to_dict() for block in control_blocks([*options, Choice("h", "Hint")]))
    (select,) = menu["elements"]
    assert select["placeholder"]["text"] == "Your answer"
    assert [option["value"] for option in select["options"]] == ["c0", "c1", "c2"]
    assert [button["value"] for button in buttons["elements"]] == ["h"]


async def test_reply_is_streamed_into_the_thread_of_its_message(
    slack: SlackServer, stage: MakeStage
) -> None:
    text = "The sky is blue because short waves scatter more. " * 4
    on = await stage(growing(drafts(text.strip(), 40), 0.02))
    quick(on)
    ann, room = slack.user("Ann"), slack.channel("maths")
    await slack.mention(ann, room, "why is the sky blue?")
    await on.settled()
    root = slack.messages(room)[0]["ts"]
    [message] = slack.replies(room)
    assert message["streamed"] == text.strip()
    assert message["thread_ts"] == root
    assert len(slack.calls("chat.appendStream")) >= 1
    assert slack.state.streaming == set()
    assert slack.calls("chat.startStream")[0].arguments["recipient_user_id"] == ann
    [question] = on.dispatcher.questions
    assert on.dispatcher.addresses[question.claim_key] == Address(room, message["ts"])
    assert message["metadata"]["event_payload"]["claim"] == question.claim_key


async def test_direct_message_is_streamed_without_recipient(
    slack: SlackServer, stage: MakeStage
) -> None:
    on = await stage(reply("Hello Ann!"))
    ann = slack.user("Ann")
    await slack.dm(ann, "hi")
    await on.settled()
    [start] = slack.calls("chat.startStream")
    assert "recipient_user_id" not in start.arguments
    assert slack.replies(slack.dm_channel(ann))[0]["text"] == "Hello Ann!"


async def test_long_reply_rolls_over_and_loses_nothing(
    slack: SlackServer, stage: MakeStage
) -> None:
    paragraphs = [f"Paragraph {n}: " + "all is well that ends well. " * 12 for n in range(80)]
    text = "\n\n".join(p.strip() for p in paragraphs)
    on = await stage(growing(drafts(text, 3000), 0.01))
    quick(on)
    ann = slack.user("Ann")
    await slack.dm(ann, "everything, please")
    await on.settled()
    parts = slack.replies(slack.dm_channel(ann))
    assert len(parts) >= 3
    assert "".join("".join(p["text"].split()) for p in parts) == "".join(text.split())
    assert all(p["text"].startswith("Paragraph") for p in parts)
    assert all(len(c.arguments["chunks"][0]["text"]) <= 12_000
               for c in slack.calls("chat.appendStream"))  # fmt: skip


async def test_code_that_is_cut_by_a_roll_over_stays_code(
    slack: SlackServer, stage: MakeStage
) -> None:
    code = "\n".join(f"print({n})  # {'x' * 60}" for n in range(200))
    on = await stage(reply(f"```python\n{code}\n```"))
    ann = slack.user("Ann")
    await slack.dm(ann, "code")
    await on.settled()
    parts = slack.replies(slack.dm_channel(ann))
    assert len(parts) == 2
    assert all(p["text"].startswith("```python\n") and p["text"].endswith("\n```") for p in parts)
    lines = [line for p in parts for line in p["text"].split("\n") if line.startswith("print")]
    assert lines == code.split("\n")


async def test_stream_is_rolled_over_before_slack_ends_it(
    slack: SlackServer, stage: MakeStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streaming, "MESSAGE_SECONDS", 240.0)
    on = await stage(nothing)
    quick(on)
    now = 0.0
    make = on.adapter._surfaces.tools.make_stream

    def aged(target, posted, question):  # type: ignore[no-untyped-def]
        stream = make(target, posted, question)
        stream._clock = lambda: now
        return stream

    on.adapter._surfaces.tools = replace(on.adapter._surfaces.tools, make_stream=aged)

    async def answer(question, surface):  # type: ignore[no-untyped-def]
        nonlocal now
        await surface.show(Draft(text="The first part is here. "))
        await slack.until(lambda: slack.calls("chat.startStream"))
        now = 241.0
        await surface.show(Draft(text="The first part is here. And more.", ending=DONE))

    on.dispatcher.script = answer
    ann = slack.user("Ann")
    await slack.dm(ann, "slowly")
    await on.settled()
    texts = [m["text"] for m in slack.replies(slack.dm_channel(ann))]
    assert [t.strip() for t in texts] == ["The first part is here.", "And more."]
    assert slack.state.streaming == set()


async def test_workspace_without_streaming_gets_one_message_that_is_edited(
    slack: SlackServer, stage: MakeStage
) -> None:
    slack.lack("chat.startStream")
    on = await stage(growing(drafts("One two three four five six.", 6), 0.02))
    quick(on)
    ann = slack.user("Ann")
    await slack.dm(ann, "count")
    await on.settled()
    await slack.dm(ann, "again")
    await on.settled(2)
    first, second = slack.replies(slack.dm_channel(ann))
    assert first["text"] == second["text"] == "One two three four five six."
    assert len(slack.calls("chat.startStream")) == 1  # asked once, remembered
    assert slack.calls("chat.update")


async def test_stream_that_dies_goes_on_as_edits_of_the_same_message(
    slack: SlackServer, stage: MakeStage
) -> None:
    text = "It begins well. Then the stream dies. And still all of it arrives."
    on = await stage(nothing)
    quick(on)

    async def answer(question, surface):  # type: ignore[no-untyped-def]
        await surface.show(Draft(text=text[:30]))
        await slack.until(lambda: slack.calls("chat.startStream"))
        slack.end_streams()
        await surface.show(Draft(text=text[:50]))
        await slack.until(lambda: slack.calls("chat.update"))
        await surface.show(Draft(text=text, ending=DONE))

    on.dispatcher.script = answer
    ann = slack.user("Ann")
    await slack.dm(ann, "go")
    await on.settled()
    [message] = slack.replies(slack.dm_channel(ann))
    assert message["text"] == text
    assert message["metadata"]["event_payload"]["part"] == 0


async def test_stream_that_dies_at_the_very_end_loses_nothing(
    slack: SlackServer, stage: MakeStage
) -> None:
    on = await stage(nothing)
    quick(on)

    async def answer(question, surface):  # type: ignore[no-untyped-def]
        await surface.show(Draft(text="All but the "))
        await slack.until(lambda: slack.calls("chat.startStream"))
        slack.end_streams()
        await surface.show(Draft(text="All but the end.", ending=DONE))

    on.dispatcher.script = answer
    ann = slack.user("Ann")
    await slack.dm(ann, "go")
    await on.settled()
    assert [m["text"] for m in slack.replies(slack.dm_channel(ann))] == ["All but the end."]


@pytest.mark.parametrize("method", ["chat.startStream", "chat.appendStream", "chat.stopStream"])
async def test_server_error_after_the_effect_doubles_nothing(
    slack: SlackServer, stage: MakeStage, method: str
) -> None:
    on = await stage(growing(drafts("One sentence. Another sentence. The last one.", 15), 0.05))
    quick(on)
    slack.fail(method, Fault(status=503, after_effect=True))
    ann = slack.user("Ann")
    await slack.dm(ann, "go")
    await on.settled()
    [message] = slack.replies(slack.dm_channel(ann))
    assert message["text"] == "One sentence. Another sentence. The last one."


async def test_post_that_was_heard_of_too_late_is_found_and_not_repeated(
    slack: SlackServer, stage: MakeStage
) -> None:
    slack.lack("chat.startStream")
    on = await stage(reply("Here."))
    slack.fail("chat.postMessage", Fault(status=502, after_effect=True))
    ann = slack.user("Ann")
    await slack.dm(ann, "go")
    await on.settled()
    assert [m["text"] for m in slack.replies(slack.dm_channel(ann))] == ["Here."]


async def test_rate_limits_and_server_errors_are_waited_out(
    slack: SlackServer, stage: MakeStage
) -> None:
    slack.lack("chat.startStream")
    on = await stage(growing(drafts("Patience is all.", 8), 0.02))
    quick(on)
    slack.fail("chat.postMessage", Fault(status=429, retry_after=0), Fault(status=500))
    slack.fail("chat.update", Fault(status=429, retry_after=0), Fault(status=504))
    ann = slack.user("Ann")
    await slack.dm(ann, "go")
    await on.settled()
    assert [m["text"] for m in slack.replies(slack.dm_channel(ann))] == ["Patience is all."]


async def test_table_is_shown_as_slacks_own_table(slack: SlackServer, stage: MakeStage) -> None:
    on = await stage(reply(TABLE))
    ann = slack.user("Ann")
    await slack.dm(ann, "squares")
    await on.settled()
    [message] = slack.replies(slack.dm_channel(ann))
    [table] = [b for b in message["blocks"] if b["type"] == "table"]
    assert [[cell["text"] for cell in row] for row in table["rows"]] == [["n", "n²"], ["2", "4"]]


async def test_formula_stands_under_its_text_as_a_picture_with_words(
    slack: SlackServer, stage: MakeStage
) -> None:
    class Painter:
        async def draw(self, formulas):  # type: ignore[no-untyped-def]
            return Picture(b"PNG", "formula.png", formulas[0].text)

        async def close(self) -> None:
            """Draws by itself."""

    on = await stage(reply("So:\n\n$$x = \\frac{a}{b}$$\n"), painter=Painter())
    ann = slack.user("Ann")
    await slack.dm(ann, "solve")
    await on.settled()
    [message] = slack.replies(slack.dm_channel(ann))
    [image] = [b for b in message["blocks"] if b["type"] == "image"]
    assert slack.state.files[image["slack_file"]["id"]]["content"] == b"PNG"
    assert "a" in image["alt_text"]


async def test_model_can_ping_nobody(slack: SlackServer, stage: MakeStage) -> None:
    on = await stage(reply("<!channel> @everyone <@UBOB> listen"))
    ann, room = slack.user("Ann"), slack.channel("maths")
    slack.lack("chat.startStream")
    await slack.mention(ann, room, "ping all")
    await on.settled()
    [message] = slack.replies(room)
    written = message["text"] + str(message["blocks"])
    assert not any(call in written for call in ("<!channel", "@everyone", "<@UBOB", "<!", "<@"))
    assert slack.calls("chat.postMessage")[0].arguments["unfurl_links"] is False


async def test_feedback_and_other_choices_stand_under_the_reply(
    slack: SlackServer, stage: MakeStage
) -> None:
    choices = (
        Choice("c-up", "Helpful", emoji="👍"),
        Choice("c-down", "Not helpful", emoji="👎"),
        Choice("c-more", "Continue", Style.PRIMARY),
    )
    on = await stage(reply("Done.", choices=choices))
    ann = slack.user("Ann")
    await slack.dm(ann, "go")
    await on.settled()
    [message] = slack.replies(slack.dm_channel(ann))
    feedback, actions = message["blocks"]
    assert feedback["elements"][0]["positive_button"]["value"] == "c-up"
    assert actions["elements"][0]["value"] == "c-more"
    await slack.acknowledged(await slack.press(ann, slack.dm_channel(ann), message["ts"], "c-up"))
    _, press = await on.asked(2)
    assert press.press.choice_id == "c-up"


async def test_place_that_refuses_new_blocks_gets_simpler_ones(
    slack: SlackServer, stage: MakeStage
) -> None:
    slack.lack("chat.startStream")
    slack.fail("chat.postMessage", Fault(error="invalid_blocks"))
    choices = (Choice("a", "Yes", emoji="👍"), Choice("b", "No", emoji="👎"))
    on = await stage(reply("Some **bold** words.", choices=choices))
    ann = slack.user("Ann")
    await slack.dm(ann, "go")
    await on.settled()
    [message] = slack.replies(slack.dm_channel(ann))
    assert [b["type"] for b in message["blocks"]] == ["section", "actions"]
    assert message["blocks"][0]["text"]["text"] == "Some *bold* words."


async def test_stop_button_is_shown_while_an_edited_reply_grows(
    slack: SlackServer, stage: MakeStage
) -> None:
    slack.lack("chat.startStream")
    on = await stage(nothing)
    quick(on)

    async def answer(question, surface):  # type: ignore[no-untyped-def]
        await surface.show(Draft(text="It grows", choices=(Choice("stop-1", "Stop"),)))
        posted = await slack.until(lambda: slack.replies(slack.dm_channel(ann)))
        assert posted[0]["blocks"][-1]["elements"][0]["value"] == "stop-1"
        await surface.show(Draft(text="It grows", ending=Ending.STOPPED))

    on.dispatcher.script = answer
    ann = slack.user("Ann")
    await slack.dm(ann, "go")
    await on.settled()
    [message] = slack.replies(slack.dm_channel(ann))
    assert "Stopped" in str(message["blocks"][-1])
    assert "stop-1" not in str(message["blocks"])


async def test_work_is_shown_as_a_session_with_stop_and_taken_back(
    slack: SlackServer, stage: MakeStage
) -> None:
    on = await stage(nothing)

    async def answer(question, surface):  # type: ignore[no-untyped-def]
        await surface.show(Draft(status="You are third in line."))
        await slack.until(lambda: slack.state.statuses)
        await slack.until(lambda: slack.state.sessions)
        await surface.show(Draft(text="Done.", ending=DONE))

    on.dispatcher.script = answer
    ann = slack.user("Ann")
    await slack.dm(ann, "go")
    await on.settled()
    assert slack.state.statuses[0][1] == "You are third in line."
    assert slack.state.sessions[0][1] == "processing"
    assert slack.state.sessions[-1][1] == "active"


async def test_workspace_without_agents_and_status_still_shows_the_status(
    slack: SlackServer, stage: MakeStage
) -> None:
    slack.lack("agents.sessions.setStatus", "assistant.threads.setStatus")
    on = await stage(nothing)
    quick(on)

    async def answer(question, surface):  # type: ignore[no-untyped-def]
        await surface.show(Draft(status="You are third in line."))
        await slack.until(lambda: slack.replies(slack.dm_channel(ann)))
        await surface.show(Draft(text="Done.", ending=DONE))

    on.dispatcher.script = answer
    ann = slack.user("Ann")
    await slack.dm(ann, "go")
    await on.settled()
    assert [m["text"] for m in slack.replies(slack.dm_channel(ann))] == ["Done."]


async def test_begun_reply_is_found_and_completed_instead_of_posted_again(
    slack: SlackServer, stage: MakeStage
) -> None:
    on = await stage(reply("Whole answer."))
    ann, room = slack.user("Ann"), slack.channel("maths")
    await slack.mention(ann, room, "go")
    await on.settled()
    [question] = on.dispatcher.questions
    [message] = slack.replies(room)
    assert await on.adapter.find_reply(question) == Address(room, message["ts"])
    slack.lack("chat.startStream")
    await on.dispatcher.answer(question, Address(room, message["ts"]))
    assert [m["ts"] for m in slack.replies(room)] == [message["ts"]]


async def test_stream_that_a_crash_left_open_is_found_and_completed(
    slack: SlackServer, stage: MakeStage
) -> None:
    on = await stage(nothing)
    ann = slack.user("Ann")
    await slack.dm(ann, "go")
    [question] = await on.asked()
    channel = slack.dm_channel(ann)
    workspace = await on.adapter.workspaces.of("T1")
    begun = await workspace.client.chat_startStream(
        channel=channel, thread_ts=question.message_id, markdown_text="Half an ans"
    )
    found = await on.adapter.find_reply(question)
    assert found == Address(channel, begun["ts"])
    on.dispatcher.script = reply("Half an answer, now whole.")
    await on.dispatcher.answer(question, found)
    assert [m["text"] for m in slack.replies(channel)] == ["Half an answer, now whole."]


async def test_reply_that_was_never_begun_is_not_found(
    slack: SlackServer, stage: MakeStage
) -> None:
    on = await stage(reply("First."))
    ann, room = slack.user("Ann"), slack.channel("maths")
    await slack.mention(ann, room, "one")
    await on.settled()
    on.dispatcher.script = nothing
    root = slack.messages(room)[0]["ts"]
    await slack.say(ann, room, "two", thread=root)
    questions = await on.asked(2)
    assert await on.adapter.find_reply(questions[1]) is None


async def test_pictures_and_files_are_shared_in_the_thread(
    slack: SlackServer, stage: MakeStage
) -> None:
    on = await stage(
        reply(
            "See below.",
            pictures=(Picture(b"PNG", "graph.png", "A parabola"),),
            files=(File(b"a,b", "data.csv", "text/csv"),),
        )
    )
    ann = slack.user("Ann")
    await slack.dm(ann, "go")
    await on.settled()
    text, shared = slack.replies(slack.dm_channel(ann))
    assert [f["name"] for f in shared["files"]] == ["graph.png", "data.csv"]
    assert shared["thread_ts"] == text["thread_ts"]
    stored = {f["name"]: f for f in slack.state.files.values()}
    assert stored["graph.png"]["alt_txt"] == "A parabola"
    assert stored["data.csv"]["content"] == b"a,b"


async def test_private_reply_in_a_channel_is_seen_by_its_author_alone(
    slack: SlackServer, stage: MakeStage
) -> None:
    on = await stage(reply("Your history."))
    ann, room = slack.user("Ann"), slack.channel("maths")
    await slack.slash(ann, "history", channel=room)
    await slack.mention(ann, room, "history", both=False)
    await on.settled(2)
    assert slack.replies(room) == []
    by_url, by_method = sorted(slack.state.ephemeral, key=lambda e: e["via"], reverse=True)
    assert (by_url["text"], by_url["response_type"]) == ("Your history.", "ephemeral")
    assert by_url["replace_original"] is False
    assert (by_method["text"], by_method["user"]) == ("Your history.", ann)


async def test_private_reply_where_we_are_no_member_still_arrives(
    slack: SlackServer, stage: MakeStage
) -> None:
    on = await stage(reply("Your history."))
    ann, room = slack.user("Ann"), slack.channel("secret", member=False)
    await slack.slash(ann, "history", channel=room)
    await on.settled()
    assert [e["text"] for e in slack.state.ephemeral] == ["Your history."]


@pytest.mark.parametrize("text", ["ask why is the sky blue", "help"])
@pytest.mark.parametrize("channel", ["D0HUMANS", ""])
async def test_answer_where_we_may_not_write_goes_to_the_author_alone(
    slack: SlackServer, stage: MakeStage, channel: str, text: str
) -> None:
    on = await stage(reply("Because of scattering."))
    ann = slack.user("Ann")
    await slack.slash(ann, text, channel=channel or slack.channel("secret", member=False))
    await on.settled()
    assert [e["text"] for e in slack.state.ephemeral] == ["Because of scattering."]


async def test_whisper_between_two_people_goes_to_a_direct_message(
    slack: SlackServer, stage: MakeStage
) -> None:
    on = await stage(whispering("You are over your quota."))
    ann = slack.user("Ann")
    await slack.slash(ann, "ask why", channel="D0HUMANS")
    await on.settled()
    assert [m["text"] for m in slack.replies(slack.dm_channel(ann))] == ["You are over your quota."]


async def test_private_files_go_to_a_direct_message(slack: SlackServer, stage: MakeStage) -> None:
    on = await stage(reply("", files=(File(b"{}", "data.json", "application/json"),)))
    ann, room = slack.user("Ann"), slack.channel("maths")
    await slack.slash(ann, "data export", channel=room)
    await on.settled()
    assert slack.replies(room) == []
    [shared] = slack.replies(slack.dm_channel(ann))
    assert [f["name"] for f in shared["files"]] == ["data.json"]
    assert any("direct message" in e["text"] for e in slack.state.ephemeral)


async def test_whisper_is_ephemeral_in_a_channel(slack: SlackServer, stage: MakeStage) -> None:
    on = await stage(whispering("You are over your quota."))
    ann, room = slack.user("Ann"), slack.channel("maths")
    await slack.mention(ann, room, "hi", both=False)
    await on.settled()
    assert slack.replies(room) == []
    [told] = slack.state.ephemeral
    assert (told["user"], told["thread_ts"]) == (ann, slack.messages(room)[0]["ts"])


async def test_shared_answer_to_a_slash_command_stands_in_the_channel(
    slack: SlackServer, stage: MakeStage
) -> None:
    on = await stage(reply("Because of scattering."))
    ann, room = slack.user("Ann"), slack.channel("maths")
    await slack.slash(ann, "ask why is the sky blue", channel=room)
    await on.settled()
    [message] = slack.replies(room)
    assert "thread_ts" not in message
    [question] = on.dispatcher.questions
    assert await on.adapter.find_reply(question) == Address(room, message["ts"])


async def test_burst_of_replies_in_one_channel_keeps_to_slacks_pace(
    slack: SlackServer, stage: MakeStage
) -> None:
    on = await stage(reply("Hello."))
    waits: list[float] = []
    pace = on.adapter._surfaces.pace
    now = 100.0
    pace._clock = lambda: now
    for _ in range(6):
        waits.append(pace._reserve("C1"))
    assert [max(0.0, wait) for wait in waits] == [0.0, 0.0, 0.0, 0.0, 1.0, 2.0]
    await asyncio.sleep(0)


async def test_reply_that_goes_on_as_edits_leaves_a_neighbours_stream_alone(
    slack: SlackServer, stage: MakeStage
) -> None:
    on = await stage(nothing)
    quick(on)
    ann, bob, room = slack.user("Ann"), slack.user("Bob"), slack.channel("maths")
    bob_may_end = asyncio.Event()

    def shown(text: str) -> list[dict[str, object]]:
        return [m for m in slack.replies(room) if text in m["text"]]

    async def answer(question, surface):  # type: ignore[no-untyped-def]
        name = question.author.display_name
        if name == "Ann":
            await slack.until(lambda: shown("For Bob"))
            slack.fail("chat.startStream", Fault(error="internal_error"))
        await surface.show(Draft(text=f"For {name} it begins. "))
        await slack.until(lambda: shown(f"For {name}"))
        if name == "Bob":
            await bob_may_end.wait()
        await surface.show(Draft(text=f"For {name} it begins. And ends.", ending=DONE))

    on.dispatcher.script = answer
    await slack.mention(ann, room, "one", both=False)
    await on.asked()
    root = slack.messages(room)[0]["ts"]
    await slack.mention(bob, room, "two", thread=root, both=False)
    await slack.until(lambda: shown("For Ann it begins. And ends."))
    bob_may_end.set()
    await on.settled(2)
    texts = sorted(m["text"] for m in slack.replies(room))
    assert texts == ["For Ann it begins. And ends.", "For Bob it begins. And ends."]
