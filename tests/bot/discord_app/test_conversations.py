"""Where messages come from and where their answers go, over the loopback Discord."""

from tests.bot.discord_app.conftest import Running
from tests.doubles.discord_server import DiscordServer
from tutor.messages import Visibility


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
    guild = server.guild("School", server.user("Owner"), ann)
    await server.gateway.dispatch("GUILD_CREATE", guild.payload(server.bot.id))
    asked = await server.mention(guild.channels[0], ann, "What is gravity?")
    await server.until(lambda: asked["id"] in server.world.channels)
    thread = server.thread_on(asked)
    (answer,) = await server.until(lambda: server.messages(thread))
    assert answer["content"] == "You said: What is gravity?"
    assert thread.name == "What is gravity?"
    assert not server.messages(guild.channels[0])
    (question,) = bot.dispatcher.questions
    assert question.visibility is Visibility.SHARED
    assert (question.place.channel, question.place.thread) == (guild.channels[0].id, None)
    assert not server.violations
