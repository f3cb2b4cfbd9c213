"""Commands, menus, buttons and forms over the loopback Discord, also late and broken ones."""

import asyncio

from bot.adapter import Draft, Ending, Surface
from tests.bot.discord_app.conftest import Running, Start
from tests.doubles.discord_server import Channel, DiscordServer, Guild, User
from tutor.messages import Choice, Form, FormField, Kind, Question, Visibility

FORM = Form(
    "Report this reply",
    (
        FormField("reason", "What is wrong?", "wrong", options=(("wrong", "It is wrong"),)),
        FormField("note", "Anything else", multiline=True, required=False, max_length=500),
    ),
    "Send",
)


async def school(server: DiscordServer, *members: User) -> tuple[Guild, Channel]:
    guild = server.guild("School", server.user("Owner"), *members)
    await server.show(guild)
    return guild, guild.channels[0]


async def say(question: Question, surface: Surface) -> None:
    words = question.command.name if question.command else question.kind
    await surface.show(Draft(text=f"{words} answered", ending=Ending.DONE))


async def offer(question: Question, surface: Surface) -> None:
    """Messages get buttons; presses get a word."""
    if question.kind is Kind.MESSAGE:
        buttons = (Choice("like-1", "", emoji="👍"), Choice("report-1", "Report", form=FORM))
        await surface.show(Draft(text="Look.", choices=buttons, ending=Ending.DONE))
        return
    await say(question, surface)


async def test_private_command_is_deferred_in_private_and_filled_in(
    server: DiscordServer, bot: Running
) -> None:
    bot.dispatcher.script = say
    ann = server.user("Ann")
    _, general = await school(server, ann)
    used = await server.slash(general, ann, "history", {"count": 5})
    (answer,) = await server.until(lambda: server.messages(general, ephemeral=True))
    assert answer["content"] == "history answered"
    assert used.response == 5
    assert used.acknowledged_after is not None
    assert used.acknowledged_after < 1
    assert not server.messages(general)
    (question,) = bot.dispatcher.questions
    assert question.visibility is Visibility.PRIVATE
    assert question.command is not None
    assert question.command.arguments == {"count": "5"}
    assert question.author.locale == "en-US"
    assert not server.violations


async def test_shared_command_answers_in_the_open_and_goes_on_in_a_thread(
    server: DiscordServer, bot: Running
) -> None:
    bot.dispatcher.script = say
    ann = server.user("Ann")
    _, general = await school(server, ann)
    used = await server.slash(general, ann, "ask", {"question": "What is gravity?"})
    (answer,) = await server.until(lambda: server.messages(general))
    assert answer["content"] == "ask answered"
    await server.until(lambda: used.original in server.world.channels)
    assert server.thread_on(answer).name == "What is gravity?"
    (question,) = bot.dispatcher.questions
    assert question.visibility is Visibility.SHARED
    assert question.place.thread == answer["id"]


async def test_reply_to_the_answer_of_a_command_goes_on_in_its_thread(
    server: DiscordServer, bot: Running
) -> None:
    bot.dispatcher.script = say
    ann = server.user("Ann")
    _, general = await school(server, ann)
    await server.slash(general, ann, "ask", {"question": "What is gravity?"})
    (answer,) = await server.until(lambda: server.messages(general))
    await server.until(lambda: answer["id"] in server.world.channels)
    await server.message(general, ann, "and why?", reply_to=answer["id"])
    await server.until(lambda: server.messages(server.thread_on(answer)))
    assert bot.dispatcher.questions[-1].place.thread == answer["id"]


async def test_subcommand_and_direct_message(server: DiscordServer, bot: Running) -> None:
    bot.dispatcher.script = say
    ann = server.user("Ann")
    await server.slash(server.world.dm(ann), ann, "data export", locale="zh-CN")
    (answer,) = await server.until(lambda: server.dms(ann))
    assert answer["content"] == "data export answered"
    (question,) = bot.dispatcher.questions
    assert question.visibility is Visibility.PRIVATE
    assert question.author.locale == "zh-CN"


async def test_message_menu_brings_the_message(server: DiscordServer, bot: Running) -> None:
    bot.dispatcher.script = say
    ann, bob = server.user("Ann"), server.user("Bob")
    _, general = await school(server, ann, bob)
    said = await server.message(general, bob, "E equals m c squared", files={"a.txt": b"abc"})
    await server.menu(said, ann, "Explain")
    await server.until(lambda: bot.dispatcher.questions)
    (question,) = bot.dispatcher.questions
    assert question.command is not None
    assert question.command.name == "explain"
    assert question.command.arguments == {"text": "E equals m c squared"}
    assert question.text == "E equals m c squared"
    assert question.reply_to == said["id"]
    assert [a.name for a in question.attachments] == ["a.txt"]


async def test_press_is_acknowledged_and_answered(server: DiscordServer, bot: Running) -> None:
    bot.dispatcher.script = offer
    ann = server.user("Ann")
    await server.dm(ann, "hello")
    (message,) = await server.until(lambda: server.dms(ann))
    pressed = await server.press(message, ann, "like-1")
    await server.until(lambda: len(server.dms(ann)) == 2)
    assert pressed.response == 6
    (action,) = bot.dispatcher.of_kind(Kind.ACTION)
    assert action.press is not None
    assert action.press.choice_id == "like-1"
    assert action.reply_to == message["id"]
    assert not server.violations


async def test_private_answer_to_a_press_in_the_open_is_ephemeral(
    server: DiscordServer, bot: Running
) -> None:
    from dataclasses import replace

    bot.dispatcher.script = offer
    ann = server.user("Ann")
    _, general = await school(server, ann)
    asked = await server.mention(general, ann, "hello")
    await server.until(lambda: asked["id"] in server.world.channels)
    thread = server.thread_on(asked)
    (message,) = await server.until(lambda: server.messages(thread))

    async def in_private(question: Question, surface: Surface) -> None:
        private = replace(question, visibility=Visibility.PRIVATE)
        adapter = bot.adapter
        await adapter.surface(private, None, _save).show(
            Draft(text="Your grade is 4.", ending=Ending.DONE)
        )

    bot.dispatcher.script = in_private
    await server.press(message, ann, "like-1")
    (told,) = await server.until(lambda: server.messages(thread, ephemeral=True))
    assert told["content"] == "Your grade is 4."
    assert len(server.messages(thread)) == 1


async def _save(address: object) -> None:
    return None


async def test_press_that_opens_a_form_gets_the_form_first(
    server: DiscordServer, bot: Running
) -> None:
    bot.dispatcher.script = offer
    bot.dispatcher.forms["report-1"] = FORM
    ann = server.user("Ann")
    await server.dm(ann, "hello")
    (message,) = await server.until(lambda: server.dms(ann))
    opened = await server.press(message, ann, "report-1")
    await server.until(lambda: opened.modal)
    assert opened.modal is not None
    assert opened.modal["title"] == "Report this reply"
    assert not bot.dispatcher.of_kind(Kind.ACTION)
    sent = await server.submit(opened, {"reason": "wrong", "note": "It is 7."})
    await server.until(lambda: len(server.dms(ann)) == 2)
    assert sent.response == 6
    (form,) = bot.dispatcher.of_kind(Kind.FORM)
    assert form.press is not None
    assert dict(form.press.fields) == {"reason": "wrong", "note": "It is 7."}
    assert form.press.choice_id == "report-1"
    assert not server.violations


async def test_form_that_takes_too_long_becomes_an_ordinary_press(
    server: DiscordServer, bot: Running
) -> None:
    bot.dispatcher.script = offer
    bot.dispatcher.forms["report-1"] = FORM
    bot.dispatcher.form_seconds = 30
    ann = server.user("Ann")
    await server.dm(ann, "hello")
    (message,) = await server.until(lambda: server.dms(ann))
    pressed = await server.press(message, ann, "report-1")
    await server.until(lambda: bot.dispatcher.of_kind(Kind.ACTION))
    assert pressed.response == 6


async def test_buttons_work_after_a_restart(server: DiscordServer, start: Start) -> None:
    first = await start()
    first.dispatcher.script = offer
    ann = server.user("Ann")
    await server.dm(ann, "hello")
    (message,) = await server.until(lambda: server.dms(ann))
    await first.adapter.close()
    second = await start(first.dispatcher)
    await server.press(message, ann, "like-1")
    await server.until(lambda: second.dispatcher.of_kind(Kind.ACTION))
    await server.until(lambda: len(server.dms(ann)) == 2)


async def test_expired_interaction_is_answered_another_way(
    server: DiscordServer, bot: Running
) -> None:
    bot.dispatcher.script = say
    server.rest.interaction_seconds = -1
    ann = server.user("Ann")
    _, general = await school(server, ann)
    await server.slash(general, ann, "history")
    (private,) = await server.until(lambda: server.dms(ann))
    assert private["content"] == "history answered"
    await server.slash(general, ann, "ask", {"question": "gravity?"})
    (shared,) = await server.until(lambda: server.messages(general))
    assert shared["content"] == "ask answered"


async def test_interaction_event_that_comes_twice_is_answered_once(
    server: DiscordServer, bot: Running
) -> None:
    bot.dispatcher.script = say
    ann = server.user("Ann")
    await server.slash(server.world.dm(ann), ann, "help")
    await server.until(lambda: server.dms(ann))
    (session,) = server.gateway.sessions.values()
    event = next(e for e in session.events if e["t"] == "INTERACTION_CREATE")
    await server.gateway.dispatch_raw("INTERACTION_CREATE", event["d"])
    await server.until(lambda: bot.dispatcher.repeated)
    await bot.dispatcher.idle()
    assert len(server.dms(ann)) == 1


async def test_shared_answer_outlives_its_token(server: DiscordServer, bot: Running) -> None:
    async def long(question: Question, surface: Surface) -> None:
        await surface.show(Draft(text="Gravity is"))
        await server.until(lambda: server.messages(general))
        server.rest.token_seconds = 0
        await surface.show(Draft(text="Gravity is a pull.", ending=Ending.DONE))

    bot.dispatcher.script = long
    ann = server.user("Ann")
    _, general = await school(server, ann)
    await server.slash(general, ann, "ask", {"question": "gravity?"})
    await server.until(
        lambda: [m["content"] for m in server.messages(general)] == ["Gravity is a pull."]
    )


async def test_private_answer_whose_token_died_comes_by_direct_message(
    server: DiscordServer, bot: Running
) -> None:
    async def long(question: Question, surface: Surface) -> None:
        server.rest.token_seconds = 0
        await surface.show(Draft(text="Your history.", ending=Ending.DONE))

    bot.dispatcher.script = long
    ann = server.user("Ann")
    _, general = await school(server, ann)
    await server.slash(general, ann, "history")
    (answer,) = await server.until(lambda: server.dms(ann))
    assert answer["content"] == "Your history."


async def test_refusal_takes_the_place_of_thinking(server: DiscordServer, bot: Running) -> None:
    async def refuse(question: Question, surface: Surface) -> None:
        await surface.whisper("That was a lot of questions.")

    bot.dispatcher.script = refuse
    ann = server.user("Ann")
    _, general = await school(server, ann)
    for name, options in (("ask", {"question": "gravity?"}), ("history", {})):
        used = await server.slash(general, ann, name, options)
        await server.until(lambda u=used: u.response)
    await server.until(lambda: len(server.messages(general, ephemeral=True)) == 2)
    await bot.dispatcher.idle()
    texts = {m["content"] for m in server.messages(general, ephemeral=True)}
    assert texts == {"That was a lot of questions."}
    assert not [m for m in general.messages.values() if m["flags"] & (1 << 7)]
    assert not server.messages(general)


async def test_empty_reply_leaves_no_thinking_behind(server: DiscordServer, bot: Running) -> None:
    async def nothing(question: Question, surface: Surface) -> None:
        await surface.show(Draft(ending=Ending.DONE))

    bot.dispatcher.script = nothing
    ann = server.user("Ann")
    _, general = await school(server, ann)
    await server.slash(general, ann, "stop")
    await server.until(lambda: bot.dispatcher.questions)
    await bot.dispatcher.idle()
    assert not general.messages


async def test_reply_to_a_command_is_found_after_a_crash(
    server: DiscordServer, bot: Running
) -> None:
    bot.dispatcher.script = say
    ann = server.user("Ann")
    _, general = await school(server, ann)
    await server.slash(general, ann, "history")
    await server.until(lambda: bot.dispatcher.addresses)
    (question,) = bot.dispatcher.questions
    assert await bot.adapter.find_reply(question) == bot.dispatcher.addresses[question.claim_key]


async def test_fifty_commands_at_once_are_acknowledged_within_a_second(
    server: DiscordServer, bot: Running
) -> None:
    async def busy(question: Question, surface: Surface) -> None:
        await asyncio.sleep(0.2)
        await say(question, surface)

    bot.dispatcher.script = busy
    ann = server.user("Ann")
    _, general = await school(server, ann)
    used = [await server.slash(general, ann, "history") for _ in range(50)]
    await server.until(lambda: len(server.messages(general, ephemeral=True)) == 50)
    assert max(u.acknowledged_after or 99 for u in used) < 3
    assert len(bot.dispatcher.questions) == 50


async def test_event_without_its_optional_fields_is_understood(
    server: DiscordServer, bot: Running
) -> None:
    bot.dispatcher.script = say
    ann = server.user("Ann")
    channel = server.world.dm(ann)
    await server.slash(channel, ann, "help")
    await server.until(lambda: server.dms(ann))
    (session,) = server.gateway.sessions.values()
    event = next(e["d"] for e in session.events if e["t"] == "INTERACTION_CREATE")
    bare = {
        name: event[name]
        for name in ("application_id", "type", "token", "data", "channel_id", "user")
    }
    await server.gateway.dispatch_raw("INTERACTION_CREATE", {**bare, "id": "77"})
    await server.until(lambda: len(server.dms(ann)) == 2)
