"""What happens between Daoshi and its platforms: closed, refused, repeated and expired."""

import asyncio

from benchmarks.stage.stage import Stage
from tests.doubles.discord_gateway import IDENTIFY, RESUME
from tests.doubles.slack_state import Fault

MESSAGES = "/channels/*/messages"
MESSAGE = "/channels/*/messages/*"


async def gateway_closes_and_resumes_with_a_missed_message(scene: Stage) -> str:
    discord, learner = scene.platforms.discord, scene.on_discord()
    await learner.ask()
    if trouble := await scene.once(learner):
        return trouble
    resumed = _operations(scene, RESUME)
    await discord.close_gateway(4000)
    await learner.ask("Asked while the gateway was closed:")
    trouble = await scene.once(learner)
    if _operations(scene, RESUME) == resumed:
        return "the session was not resumed"
    return trouble


async def session_becomes_invalid(scene: Stage) -> str:
    """Nothing is replayed after this: what was missed has to be fetched."""
    discord, learner = scene.platforms.discord, scene.on_discord()
    await learner.ask()
    if trouble := await scene.once(learner):
        return trouble
    identified = _operations(scene, IDENTIFY)
    await discord.invalidate_session()
    await learner.ask("Asked while there was no session:")
    trouble = await scene.once(learner)
    if _operations(scene, IDENTIFY) == identified:
        return "there is no new session"
    return trouble


async def discord_answers_429_and_5xx(scene: Stage) -> str:
    discord = scene.platforms.discord
    discord.fail("POST", MESSAGES, status=429, retry_after=0.3)
    discord.fail("POST", MESSAGES, status=500)
    discord.fail("POST", MESSAGES, status=503)
    discord.fail("POST", MESSAGES, drop=True)
    discord.fail("PATCH", MESSAGE, status=429, retry_after=0.3, via=False)
    discord.fail("PATCH", MESSAGE, status=502)
    learner = scene.on_discord()
    await learner.ask()
    return await scene.once(learner)


async def slack_answers_429_and_5xx(scene: Stage) -> str:
    slack = scene.platforms.slack
    for method in ("chat.startStream", "chat.postMessage"):
        slack.fail(method, Fault(status=429), Fault(status=500), Fault(status=503))
        slack.fail(method, Fault(status=500, after_effect=True))
    slack.fail("chat.appendStream", Fault(status=429), Fault(status=500))
    slack.fail("chat.stopStream", Fault(status=500))
    slack.fail("chat.update", Fault(status=503))
    learner = scene.on_slack()
    await learner.ask()
    trouble = await scene.once(learner)
    slack.state.faults.clear()
    return trouble


async def slack_sends_events_again(scene: Stage) -> str:
    slack, learner = scene.platforms.slack, scene.on_slack()
    await learner.ask()
    for attempt, pause in ((1, 0.0), (2, 1.0), (3, 4.0)):
        await asyncio.sleep(pause)
        await slack.redeliver(learner.sent[-1], attempt)
    return await scene.once(learner)


async def slack_tells_a_mention_twice(scene: Stage) -> str:
    """As `app_mention` and as `message`, with the same text and time."""
    slack, learner = scene.platforms.slack, scene.on_slack()
    channel = slack.channel("mentions")
    code = learner.next_code()
    await slack.mention(learner.user, channel, f"Please explain {code}")
    return await scene.once(learner)


async def sockets_are_dropped(scene: Stage) -> str:
    """Both connections break without a word while answers are being written."""
    platforms, model = scene.platforms, scene.spoken
    model.token_seconds = 0.1
    early = scene.on_both()
    for learner in early:
        await learner.ask()
    await platforms.until(lambda: all(learner.begun() for learner in early))
    await platforms.slack.drop_socket()
    await platforms.discord.close_gateway(1006)
    late = scene.on_both()
    for learner in (*early, *late):
        await learner.ask("Asked while nobody was connected:")
    model.token_seconds = 0.0
    return await scene.once(*early, *late)


async def interaction_has_expired(scene: Stage) -> str:
    """Discord no longer knows the interaction when it is acknowledged."""
    discord, learner = scene.platforms.discord, scene.on_discord()
    code = learner.next_code()
    discord.rest.interaction_seconds = 0.0
    channel = discord.world.dm(learner.user)
    await discord.slash(channel, learner.user, "ask", {"question": f"Please explain {code}"})
    trouble = await scene.once(learner)
    discord.rest.interaction_seconds = 3.0
    return trouble


async def interaction_token_dies_during_the_reply(scene: Stage) -> str:
    """As after fifteen minutes."""
    discord, model, learner = scene.platforms.discord, scene.spoken, scene.on_discord()
    guild = discord.guild("Slow", learner.user)
    await discord.show(guild)
    discord.rest.token_seconds, model.token_seconds = 2.0, 0.1
    code = learner.next_code()
    question = {"question": f"Please explain {code}"}
    await discord.slash(guild.channels[0], learner.user, "ask", question)
    trouble = await scene.once(learner)
    discord.rest.token_seconds, model.token_seconds = 900.0, 0.0
    return trouble


def _operations(scene: Stage, operation: int) -> int:
    return sum(payload["op"] == operation for payload in scene.platforms.discord.gateway.log)
