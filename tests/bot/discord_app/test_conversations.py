"""Where messages come from and where their answers go, over the loopback Discord."""

from bot.adapter import Draft, Ending, Surface
from tests.bot.discord_app.conftest import Running, Start
from tests.doubles.discord_server import Channel, DiscordServer, Guild, User
from tutor.messages import Choice, File, Kind, Picture, Question, Role, Visibility


async def school(server: DiscordServer, *members: User) -> tuple[Guild, Channel]:
    """A server that the bot has been in all along, with one channel."""
    guild = server.guild("School", server.user("Owner"), *members)
    await server.show(guild)
    return guild, guild.channels[0]


async def test_direct_message_is_answered_in_place(server: DiscordServer, bot: Running) -> None:
    ann = server.user("Ann")
    asked = await server.dm(ann, "What is gravity?")
    (answer,) = await server.until(lambda: server.dms(ann))
    assert answer["content"] == "You said: What is gravity?"
    assert answer["message_reference"]["message_id"] == asked["id"]
    (question,) = bot.dispatcher.questions
    assert question.visibility is Visibility.PRIVATE
    assert question.place.community == ""
    assert question.author.display_name == "Ann"
    assert not server.violations


async def test_mention_is_answered_in_a_thread_on_it(server: DiscordServer, bot: Running) -> None:
    ann = server.user("Ann")
    _, general = await school(server, ann)
    asked = await server.mention(general, ann, "What is gravity?")
    await server.until(lambda: asked["id"] in server.world.channels)
    thread = server.thread_on(asked)
    (answer,) = await server.until(lambda: server.messages(thread))
    assert answer["content"] == "You said: What is gravity?"
    assert thread.name == "What is gravity?"
    assert not server.messages(general)
    question = bot.dispatcher.of_kind(Kind.MESSAGE)[0]
    assert question.visibility is Visibility.SHARED
    assert (question.place.channel, question.place.thread) == (general.id, None)
    assert not server.violations


async def test_conversation_goes_on_in_our_thread(server: DiscordServer, bot: Running) -> None:
    ann = server.user("Ann")
    _, general = await school(server, ann)
    asked = await server.mention(general, ann, "What is gravity?")
    await server.until(lambda: asked["id"] in server.world.channels)
    thread = server.thread_on(asked)
    await server.mention(thread, ann, "And on the moon?")
    await server.until(lambda: len(server.messages(thread)) == 2)
    later = bot.dispatcher.of_kind(Kind.MESSAGE)[-1]
    assert (later.place.channel, later.place.thread) == (general.id, thread.id)


async def test_free_words_in_our_thread_are_heard_with_the_content_intent(
    server: DiscordServer, start: Start
) -> None:
    server.gateway.approved_intents = ~0
    bot = await start(discord_message_content=True)
    ann = server.user("Ann")
    _, general = await school(server, ann)
    asked = await server.mention(general, ann, "What is gravity?")
    await server.until(lambda: asked["id"] in server.world.channels)
    thread = server.thread_on(asked)
    await server.message(thread, ann, "And on the moon?")
    await server.until(lambda: len(server.messages(thread)) == 2)
    assert bot.dispatcher.questions[-1].text == "And on the moon?"
    await server.message(general, ann, "just talking to Bob")
    await server.dm(ann, "done?")
    await server.until(lambda: server.dms(ann))
    assert "just talking to Bob" not in [q.text for q in bot.dispatcher.questions]


async def test_unreadable_message_gets_one_hint_whose_button_takes_the_text(
    server: DiscordServer, bot: Running
) -> None:
    ann = server.user("Ann")
    _, general = await school(server, ann)
    asked = await server.mention(general, ann, "What is gravity?")
    await server.until(lambda: asked["id"] in server.world.channels)
    thread = server.thread_on(asked)
    await server.message(thread, ann, "unreadable one")
    await server.message(thread, ann, "unreadable two")
    await server.until(lambda: len(server.messages(thread)) == 2)
    hint = server.messages(thread)[-1]
    button = hint["components"][0]["components"][0]
    opened = await server.press(hint, ann, button["custom_id"])
    await server.until(lambda: opened.modal)
    sent = await server.submit(opened, {"text": "And on the moon?"})
    await server.until(lambda: sent.acknowledged_after is not None)
    await server.until(lambda: len(server.messages(thread)) == 3)
    assert server.messages(thread)[-1]["content"] == "You said: And on the moon?"
    assert bot.dispatcher.questions[-1].kind is Kind.MESSAGE
    assert bot.dispatcher.questions[-1].place.thread == thread.id
    assert not server.violations


async def test_where_threads_are_forbidden_the_reply_stands_under_the_question(
    server: DiscordServer, bot: Running
) -> None:
    ann = server.user("Ann")
    _, general = await school(server, ann)
    general.denied.add("threads")
    asked = await server.mention(general, ann, "What is gravity?")
    (answer,) = await server.until(lambda: server.messages(general))
    assert answer["message_reference"]["message_id"] == asked["id"]


async def test_reply_chain_is_one_conversation(server: DiscordServer, bot: Running) -> None:
    ann = server.user("Ann")
    _, general = await school(server, ann)
    general.denied.add("threads")
    asked = await server.mention(general, ann, "What is gravity?")
    for count, text in enumerate(("And on the moon?", "And on Mars?"), 1):
        await server.until(lambda n=count: len(server.messages(general)) == n)
        await server.message(general, ann, text, reply_to=server.messages(general)[-1]["id"])
    await server.until(lambda: len(server.messages(general)) == 3)
    roots = [q.place.thread for q in bot.dispatcher.of_kind(Kind.MESSAGE)]
    assert roots == [None, asked["id"], asked["id"]]
    assert bot.dispatcher.questions[-1].reply_to == server.messages(general)[1]["id"]


async def test_where_nothing_may_be_written_the_author_gets_a_direct_message(
    server: DiscordServer, bot: Running
) -> None:
    ann = server.user("Ann")
    _, general = await school(server, ann)
    general.denied |= {"threads", "send"}
    await server.mention(general, ann, "What is gravity?")
    (answer,) = await server.until(lambda: server.dms(ann))
    assert answer["content"] == "You said: What is gravity?"


async def test_bots_and_other_peoples_talk_are_left_alone(
    server: DiscordServer, bot: Running
) -> None:
    ann, robot = server.user("Ann"), server.user("Robot")
    robot.bot = True
    _, general = await school(server, ann, robot)
    await server.mention(general, robot, "hello colleague")
    await server.message(general, ann, "nobody asked the bot")
    await server.dm(ann, "but now I do")
    await server.until(lambda: server.dms(ann))
    assert [q.text for q in bot.dispatcher.of_kind(Kind.MESSAGE)] == ["but now I do"]


async def test_edited_message_comes_as_an_edit_once(server: DiscordServer, bot: Running) -> None:
    ann = server.user("Ann")
    asked = await server.dm(ann, "What is gravty?")
    await server.until(lambda: server.dms(ann))
    await server.edit(asked, "What is gravity?")
    await server.until(lambda: bot.dispatcher.of_kind(Kind.EDIT))
    await server.gateway.dispatch("MESSAGE_UPDATE", server.world.delivered(asked))  # a preview
    await server.until(lambda: bot.dispatcher.repeated)
    (edit,) = bot.dispatcher.of_kind(Kind.EDIT)
    assert edit.text == "What is gravity?"
    assert edit.message_id == asked["id"]
    assert edit.handle["edited_at"] == asked["edited_timestamp"]


async def test_manager_is_admin_and_operator_is_named_in_the_settings(
    server: DiscordServer, start: Start
) -> None:
    ann, boss = server.user("Ann"), server.user("Boss")
    bot = await start(operators=f"discord:{boss.id}")
    guild = server.guild("School", server.user("Owner"), ann, boss)
    server.make_manager(guild, ann)
    await server.show(guild)
    general = guild.channels[0]
    for writer in (ann, boss, guild.owner):
        await server.mention(general, writer, "hello")
    await server.until(lambda: len(bot.dispatcher.of_kind(Kind.MESSAGE)) == 3)
    roles = {q.author.display_name: q.roles for q in bot.dispatcher.of_kind(Kind.MESSAGE)}
    assert roles["Ann"] == {Role.LEARNER, Role.ADMIN}
    assert roles["Boss"] == {Role.LEARNER, Role.OPERATOR}
    assert roles["Owner"] == {Role.LEARNER, Role.ADMIN}


async def test_new_server_asks_its_owner_for_the_setup_in_private(
    server: DiscordServer, bot: Running
) -> None:
    owner = server.user("Owner")
    guild = server.guild("School", owner)
    await server.join(guild)
    await server.until(lambda: server.dms(owner))
    (question,) = bot.dispatcher.of_kind(Kind.COMMAND)
    assert question.command is not None
    assert question.command.name == "setup"
    assert question.place.community == guild.id
    assert question.author.user_id == owner.id
    assert Role.ADMIN in question.roles
    assert question.visibility is Visibility.PRIVATE


async def test_mentions_are_names_and_nobody_is_pinged(server: DiscordServer, bot: Running) -> None:
    ann, bob = server.user("Ann"), server.user("Bob")
    _, general = await school(server, ann, bob)
    asked = await server.mention(general, ann, f"say @everyone and greet <@{bob.id}>")
    await server.until(lambda: asked["id"] in server.world.channels)
    (answer,) = await server.until(lambda: server.messages(server.thread_on(asked)))
    question = bot.dispatcher.of_kind(Kind.MESSAGE)[0]
    assert question.text == "say @everyone and greet @Bob"
    posted = next(r for r in server.requests if r.path.endswith("/messages") and r.method == "POST")
    assert posted.body["allowed_mentions"]["parse"] == []
    assert "@everyone" not in answer["content"]


async def test_files_of_a_message_come_along_and_can_be_fetched(
    server: DiscordServer, bot: Running
) -> None:
    ann = server.user("Ann")
    await server.dm(ann, "read this", files={"notes.txt": b"gravity pulls"})
    await server.until(lambda: server.dms(ann))
    (file,) = bot.dispatcher.questions[0].attachments
    assert (file.name, file.size_bytes) == ("notes.txt", 13)
    assert await bot.adapter.fetch(file, 100) == b"gravity pulls"


async def test_private_answer_to_a_mention_goes_to_the_author_alone(
    server: DiscordServer, start: Start
) -> None:
    bot = await start()
    ann = server.user("Ann")
    _, general = await school(server, ann)

    async def whisper(question: Question, surface: Surface) -> None:
        await surface.whisper("You have used up your questions.")

    bot.dispatcher.script = whisper
    asked = await server.mention(general, ann, "and another one?")
    (note,) = await server.until(lambda: server.dms(ann))
    assert note["content"] == "You have used up your questions."
    assert asked["id"] not in server.world.channels
    assert not server.messages(general)


async def test_word_about_waiting_goes_when_the_reply_is_there(
    server: DiscordServer, bot: Running
) -> None:
    ann = server.user("Ann")
    _, general = await school(server, ann)

    async def wait_first(question: Question, surface: Surface) -> None:
        await surface.whisper("You are third in line.")
        await server.until(lambda: waiting(general))
        await surface.show(Draft(text="Here I am.", ending=Ending.DONE))

    def waiting(channel: Channel) -> list[dict[str, object]]:
        return server.dms(ann) + server.messages(channel, ephemeral=True)

    bot.dispatcher.script = wait_first
    asked = await server.mention(general, ann, "hello")
    await server.until(lambda: asked["id"] in server.world.channels)
    await server.slash(general, ann, "ask", {"question": "hello"})
    await server.until(lambda: server.messages(general))
    await bot.dispatcher.idle()
    assert not waiting(general)
    assert [m["content"] for m in server.messages(general)] == ["Here I am."]


async def test_whisper_that_cannot_be_delivered_reveals_nothing_but_itself(
    server: DiscordServer, start: Start
) -> None:
    bot = await start()
    ann = server.user("Ann", dms_closed=True)
    _, general = await school(server, ann)

    async def whisper(question: Question, surface: Surface) -> None:
        await surface.whisper("Your grade is 4.")

    bot.dispatcher.script = whisper
    await server.mention(general, ann, "my grade?")
    (said,) = await server.until(lambda: server.messages(general))
    assert "direct messages" in said["content"]
    assert "grade" not in said["content"]


async def test_reply_in_parts_keeps_the_pictures_and_buttons_at_its_end(
    server: DiscordServer, start: Start
) -> None:
    bot = await start()

    async def long(question: Question, surface: Surface) -> None:
        draft = Draft(
            text="A sentence about gravity. " * 200,
            pictures=(Picture(b"png", "moon.png", "The moon"),),
            files=(File(b"text", "notes.txt", "text/plain"),),
            choices=tuple(Choice(f"choice-{n}", f"Answer {n}") for n in range(7)),
            ending=Ending.DONE,
        )
        await surface.show(draft)

    bot.dispatcher.script = long
    ann = server.user("Ann")
    await server.dm(ann, "tell me all")
    await server.until(lambda: len(server.dms(ann)) == 3)
    first, second, third = server.dms(ann)
    assert all(len(m["content"]) <= 2000 for m in (first, second, third))
    assert not first["attachments"] and not first["components"]
    assert [a["description"] for a in third["attachments"]] == ["The moon", None]
    assert [len(row["components"]) for row in third["components"]] == [5, 2]
    assert not server.violations


async def test_file_over_discords_limit_is_named_and_not_sent(
    server: DiscordServer, start: Start
) -> None:
    bot = await start()

    async def big(question: Question, surface: Surface) -> None:
        file = File(b"x" * (11 * 1024 * 1024), "export.json", "application/json")
        await surface.show(Draft(text="Here you are.", files=(file,), ending=Ending.DONE))

    bot.dispatcher.script = big
    ann = server.user("Ann")
    await server.dm(ann, "my data")
    await server.until(lambda: len(server.dms(ann)) == 2)
    assert "export.json" in server.dms(ann)[1]["content"]
    assert not server.dms(ann)[0]["attachments"]
