"""How a reply grows, stops, breaks off and is found again, over the loopback Discord."""

import asyncio

from bot.adapter import Draft, Ending, Surface
from bot.discord_app.outgoing import Outgoing
from tests.bot.discord_app.conftest import Running, Start
from tests.doubles.discord_server import DiscordServer
from tutor.messages import Choice, Question

STOP = Choice("stop-1", "Stop")
PARTS = [f"word{n} " for n in range(40)]


async def stream(question: Question, surface: Surface) -> None:
    text = ""
    for part in PARTS:
        text += part
        await surface.show(Draft(text=text, choices=(STOP,)))
        await asyncio.sleep(0.02)
    await surface.show(Draft(text=text, ending=Ending.DONE))


def writes(server: DiscordServer) -> list[str]:
    return [r.method for r in server.requests if "/messages" in r.path and r.method != "GET"]


async def test_streamed_reply_is_one_message_with_few_edits(
    server: DiscordServer, bot: Running
) -> None:
    bot.dispatcher.script = stream
    ann = server.user("Ann")
    await server.dm(ann, "count")
    await server.until(lambda: server.dms(ann))
    (growing,) = server.dms(ann)
    assert growing["components"][0]["components"][0]["custom_id"] == "stop-1"
    await bot.dispatcher.idle()
    (answer,) = server.dms(ann)
    assert answer["content"].split() == "".join(PARTS).split()
    assert not answer["components"]
    assert writes(server).count("POST") == 1
    assert writes(server).count("PATCH") < len(PARTS) / 2
    assert server.limits.exceeded == 0


async def test_typing_is_shown_while_nothing_is_there_yet(
    server: DiscordServer, bot: Running
) -> None:
    async def slow(question: Question, surface: Surface) -> None:
        await asyncio.sleep(0.5)
        await surface.show(Draft(text="done", ending=Ending.DONE))

    bot.dispatcher.script = slow
    ann = server.user("Ann")
    await server.dm(ann, "think")
    await server.until(lambda: server.dms(ann))
    assert len(server.rest.typed) >= 2
    shown = len(server.rest.typed)
    await asyncio.sleep(0.4)
    assert len(server.rest.typed) == shown


async def test_address_is_saved_as_soon_as_the_message_exists(
    server: DiscordServer, bot: Running
) -> None:
    bot.dispatcher.script = stream
    ann = server.user("Ann")
    await server.dm(ann, "count")
    await server.until(lambda: bot.dispatcher.addresses)
    (message,) = server.dms(ann)
    (address,) = bot.dispatcher.addresses.values()
    assert (address.channel, address.message_id) == (message["channel_id"], message["id"])
    await bot.dispatcher.idle()


async def test_rate_limited_edit_is_made_later(server: DiscordServer, bot: Running) -> None:
    ann = server.user("Ann")
    for via in (True, False):
        server.fail("POST", "/channels/*/messages", status=429, times=2, via=via)
    await server.dm(ann, "hello")
    await server.until(lambda: server.dms(ann))
    assert [m["content"] for m in server.dms(ann)] == ["You said: hello"]
    assert not bot.dispatcher.failures


async def test_broken_connection_after_posting_does_not_post_twice(
    server: DiscordServer, bot: Running
) -> None:
    ann = server.user("Ann")
    real = server.rest.create_message
    lost = iter([True])

    async def created_but_unanswered(*args: object) -> dict[str, object]:
        message = await real(*args)  # type: ignore[arg-type]
        if next(lost, False):
            raise ConnectionResetError
        return message

    server.rest.create_message = created_but_unanswered  # type: ignore[method-assign]
    server.routes._table = [
        (m, p, h if "messages$" not in p.pattern or m != "POST" else _calls(server))
        for m, p, h in server.routes._table
    ]
    await server.dm(ann, "hello")
    await server.until(lambda: server.dms(ann))
    await bot.dispatcher.idle()
    assert [m["content"] for m in server.dms(ann)] == ["You said: hello"]
    assert writes(server).count("POST") == 2


def _calls(server: DiscordServer):
    return lambda r: server.rest.create_message(r.args["c"], r.body, r.uploads)


async def test_reply_begun_unseen_by_us_still_gets_its_whole_text(
    server: DiscordServer, bot: Running
) -> None:
    """An earlier try got through, but we never heard of it: its nonce gives that message."""
    ann = server.user("Ann")
    button = {"type": 1, "components": [{"type": 2, "style": 2, "custom_id": "s", "label": "S"}]}
    begun = Outgoing("Gravity", components=(button,))
    for message in (
        begun,
        Outgoing("Gravity pulls."),
        Outgoing("Gravity pulls.", components=(button,)),
    ):
        post = bot.adapter._routes.direct_post(ann.id, "the same reply")
        address = await post.create(0, message)
    (answer,) = server.dms(ann)
    assert answer["id"] == address.message_id
    assert answer["content"] == "Gravity pulls."
    assert answer["components"] == [button]


async def test_server_errors_are_waited_out(server: DiscordServer, bot: Running) -> None:
    ann = server.user("Ann")
    server.fail("POST", "/channels/*/messages", status=503, times=1)
    await server.dm(ann, "hello")
    await server.until(lambda: server.dms(ann))
    assert [m["content"] for m in server.dms(ann)] == ["You said: hello"]


async def test_stopped_reply_keeps_its_text_and_says_so(
    server: DiscordServer, bot: Running
) -> None:
    async def stopped(question: Question, surface: Surface) -> None:
        await surface.show(Draft(text="Gravity is"))
        await asyncio.sleep(0.1)
        await surface.show(Draft(text="Gravity is", ending=Ending.STOPPED))

    bot.dispatcher.script = stopped
    ann = server.user("Ann")
    await server.dm(ann, "gravity?")
    await server.until(lambda: server.dms(ann) and "Stopped" in server.dms(ann)[0]["content"])
    (answer,) = server.dms(ann)
    assert answer["content"] == "Gravity is\n-# ⏹ Stopped"


async def test_restarted_reply_goes_on_in_its_message(server: DiscordServer, bot: Running) -> None:
    async def half(question: Question, surface: Surface) -> None:
        await surface.show(Draft(text="Gravity is"))

    bot.dispatcher.script = half
    ann = server.user("Ann")
    await server.dm(ann, "gravity?")
    await server.until(lambda: server.dms(ann))
    (question,) = bot.dispatcher.questions
    address = bot.dispatcher.addresses[question.claim_key]

    async def whole(question: Question, surface: Surface) -> None:
        await surface.show(Draft(text="Gravity is a pull.", ending=Ending.DONE))

    bot.dispatcher.script = whole
    await bot.dispatcher.answer(question, address)
    assert [m["content"] for m in server.dms(ann)] == ["Gravity is a pull."]


async def test_reply_cut_by_a_crash_keeps_what_was_there_and_is_marked(
    server: DiscordServer, bot: Running
) -> None:
    ann = server.user("Ann")
    await server.dm(ann, "gravity?")
    await server.until(lambda: bot.dispatcher.addresses)
    (question,) = bot.dispatcher.questions

    async def cut(question: Question, surface: Surface) -> None:
        await surface.show(Draft(text="I was interrupted.", ending=Ending.INTERRUPTED))

    bot.dispatcher.script = cut
    await bot.dispatcher.answer(question, bot.dispatcher.addresses[question.claim_key])
    (answer,) = server.dms(ann)
    assert answer["content"] == "You said: gravity?\n\nI was interrupted.\n-# ⚠ Cut off"


async def test_reply_whose_address_was_never_stored_is_found(
    server: DiscordServer, bot: Running
) -> None:
    ann = server.user("Ann")
    guild = server.guild("School", server.user("Owner"), ann)
    await server.show(guild)
    general = guild.channels[0]
    await server.dm(ann, "in private")
    in_thread = await server.mention(general, ann, "in a thread")
    await server.until(lambda: in_thread["id"] in server.world.channels)
    general.denied.add("threads")
    await server.mention(general, ann, "in the channel")
    await server.until(lambda: len(bot.dispatcher.addresses) == 3)
    for question in bot.dispatcher.questions:
        found = await bot.adapter.find_reply(question)
        assert found == bot.dispatcher.addresses[question.claim_key]


async def test_unanswered_question_has_no_reply_to_find(
    server: DiscordServer, bot: Running
) -> None:
    async def silent(question: Question, surface: Surface) -> None:
        return None

    bot.dispatcher.script = silent
    ann = server.user("Ann")
    guild = server.guild("School", server.user("Owner"), ann)
    await server.show(guild)
    await server.dm(ann, "in private")
    await server.mention(guild.channels[0], ann, "in the open")
    await server.until(lambda: len(bot.dispatcher.questions) == 2)
    for question in bot.dispatcher.questions:
        assert await bot.adapter.find_reply(question) is None


async def test_message_deleted_while_it_grows_comes_again(
    server: DiscordServer, bot: Running
) -> None:
    async def deleted(question: Question, surface: Surface) -> None:
        await surface.show(Draft(text="Gravity"))
        await server.until(lambda: server.dms(ann))
        del server.world.dm(ann).messages[server.dms(ann)[0]["id"]]
        server.rest._nonces.clear()
        await surface.show(Draft(text="Gravity pulls.", ending=Ending.DONE))

    ann = server.user("Ann")
    bot.dispatcher.script = deleted
    await server.dm(ann, "gravity?")
    await server.until(lambda: server.dms(ann) and "pulls" in server.dms(ann)[-1]["content"])
    await bot.dispatcher.idle()
    assert [m["content"] for m in server.dms(ann)] == ["Gravity pulls."]
    assert not bot.dispatcher.failures


async def test_formula_becomes_a_picture_that_can_be_read_aloud(
    server: DiscordServer, start: Start
) -> None:
    bot = await start()

    async def formula(question: Question, surface: Surface) -> None:
        await surface.show(Draft(text="Solve $$\\frac{a}{b} = c$$ for a.", ending=Ending.DONE))

    bot.dispatcher.script = formula
    ann = server.user("Ann")
    await server.dm(ann, "formula?")
    (answer,) = await server.until(lambda: server.dms(ann))
    (picture,) = answer["attachments"]
    key = picture["url"].split("/files/")[1]
    assert server.world.blobs[key].startswith(b"\x89PNG")
    assert "a" in picture["description"] and "b" in picture["description"]
    assert "$$" not in answer["content"]
