"""What happens when a process of ours ends: asked to, or killed at the worst moment."""

import asyncio
import os
import signal
from collections.abc import Callable
from typing import Any

from benchmarks.stage.learners import Learner
from benchmarks.stage.serving import engine_process
from benchmarks.stage.stage import Stage

TAKEN_UP_SECONDS = 90.0  # the lease of a dead process, and then the answer


async def terminated_in_mid_reply(scene: Stage) -> str:
    """SIGTERM: what is being written is finished."""
    scene.spoken.token_seconds = 0.1
    learners = scene.on_both()
    for learner in learners:
        await learner.ask()
    await scene.platforms.until(lambda: all(learner.begun() for learner in learners))
    code = await scene.serve.stop()
    scene.spoken.token_seconds = 0.0
    trouble = await scene.once(*learners, seconds=1)
    return trouble or (f"exit code {code}" if code else "")


async def terminated_in_a_reply_that_takes_too_long(scene: Stage) -> str:
    """SIGTERM: what can't be finished in time says so, and the next process leaves it at that."""
    scene.spoken.token_seconds = 3.0
    learners = scene.on_both()
    for learner in learners:
        await learner.ask()
    await scene.platforms.until(lambda: all(learner.begun() for learner in learners))
    code = await scene.serve.stop()
    scene.spoken.token_seconds = 0.0
    words = sum(learner.words_about_trouble() for learner in learners)
    await scene.serve.start()
    trouble = await scene.once(*learners)
    if code or words != len(learners):
        return f"exit code {code}, {words} of {len(learners)} were told"
    return trouble


async def messages_come_while_nobody_runs(scene: Stage) -> str:
    """What was written to a stopped Daoshi is answered by the next."""
    learners = scene.on_both()
    for learner in learners:
        await learner.ask()
    if trouble := await scene.once(*learners):
        return trouble
    await scene.serve.stop()
    for learner in learners:
        await learner.ask("Asked while nobody ran:")
    await scene.serve.start()
    return await scene.once(*learners)


async def killed_after_the_claim(scene: Stage) -> str:
    """Nothing has been shown yet, but the platforms believe the messages arrived."""
    scene.spoken.token_seconds = 3600.0
    learners = scene.on_both()
    heard = len(scene.spoken.prompts)
    for learner in learners:
        await learner.ask()
    await scene.platforms.until(lambda: len(scene.spoken.prompts) >= heard + 2)
    await scene.serve.kill()
    scene.spoken.token_seconds = 0.0
    return await _taken_up(scene, learners)


async def killed_after_a_command_was_deferred(scene: Stage) -> str:
    """Discord shows "thinking" and waits for the response of a process that is gone."""
    scene.spoken.token_seconds = 3600.0
    discord, learner, heard = scene.platforms.discord, scene.on_discord(), len(scene.spoken.prompts)
    guild = discord.guild("Commands", learner.user)
    await discord.show(guild)
    question = {"question": f"Please explain {learner.next_code()}"}
    await discord.slash(guild.channels[0], learner.user, "ask", question)
    await scene.platforms.until(lambda: len(scene.spoken.prompts) > heard)
    await scene.serve.kill()
    scene.spoken.token_seconds = 0.0
    return await _taken_up(scene, [learner])


async def killed_between_posting_and_storing_on_discord(scene: Stage) -> str:
    rest = scene.platforms.discord.rest
    return await _killed_by(scene, scene.on_discord(), rest, "create_message")


async def killed_between_posting_and_storing_in_slack(scene: Stage) -> str:
    return await _killed_by_slack(scene, ("chat.startStream", "chat.postMessage"))


async def killed_in_mid_stream_on_discord(scene: Stage) -> str:
    rest = scene.platforms.discord.rest
    return await _killed_by(scene, scene.on_discord(), rest, "edit_message")


async def killed_in_mid_stream_in_slack(scene: Stage) -> str:
    return await _killed_by_slack(scene, ("chat.appendStream", "chat.update"))


async def engine_is_killed_in_mid_reply(scene: Stage) -> str:
    """The embedded model's process dies; the next question must find a living one."""
    learners = scene.on_both()
    for learner in learners:
        await learner.write("Explain in many words how rain forms, step by step.")
    begun = await scene.platforms.until(
        lambda: all(any(s.text for s in learner.seen()) for learner in learners), 120
    )
    engine = engine_process(scene.serve.data_dir)
    if not begun or engine is None:
        return f"nothing to kill: begun {begun}, engine {engine}"
    engine.kill()
    served = await scene.platforms.until(
        lambda: all(_has_ended(learner) for learner in learners), TAKEN_UP_SECONDS
    )
    if not served:
        return f"no end: {[s.text[-80:] for learner in learners for s in learner.seen()]}"
    for learner in learners:
        await learner.write("And what is snow?")
    again = await scene.platforms.until(
        lambda: all(len(learner.seen()) == 2 and _has_ended(learner) for learner in learners), 180
    )
    seen = [len(learner.seen()) for learner in learners]
    return "" if again else f"after the restart the messages were {seen}, expected 2 each"


def _has_ended(learner: Learner) -> bool:
    """Whether the latest reply is whole, with its buttons, or says what happened."""
    seen = learner.seen()
    return bool(seen) and (seen[-1].ended or learner.words_about_trouble() > 0)


async def _killed_by(scene: Stage, learner: Learner, owner: Any, name: str) -> str:
    """Kills the process when this call has had its effect, before it hears of it."""
    original = getattr(owner, name)
    struck = asyncio.Event()

    async def deadly(*arguments: Any) -> Any:
        done = await original(*arguments)
        if not struck.is_set():
            _strike(scene, struck)
        return done

    setattr(owner, name, deadly)
    try:
        return await _struck(scene, learner, struck)
    finally:
        setattr(owner, name, original)


async def _killed_by_slack(scene: Stage, methods: tuple[str, ...]) -> str:
    api = scene.platforms.slack.api
    original: Callable[..., dict[str, Any]] = api.answer
    struck = asyncio.Event()

    def deadly(method: str, arguments: dict[str, Any], token: str) -> dict[str, Any]:
        answer = original(method, arguments, token)
        if method in methods and not struck.is_set():
            _strike(scene, struck)
        return answer

    api.answer = deadly  # type: ignore[method-assign]
    try:
        return await _struck(scene, scene.on_slack(), struck)
    finally:
        api.answer = original  # type: ignore[method-assign]


def _strike(scene: Stage, struck: asyncio.Event) -> None:
    assert scene.serve.process is not None
    os.kill(scene.serve.process.pid, signal.SIGKILL)
    struck.set()


async def _struck(scene: Stage, learner: Learner, struck: asyncio.Event) -> str:
    scene.spoken.token_seconds = 0.15
    await learner.ask()
    async with asyncio.timeout(60):
        await struck.wait()
    await scene.serve.kill()
    scene.spoken.token_seconds = 0.0
    return await _taken_up(scene, [learner])


async def _taken_up(scene: Stage, learners: list[Learner]) -> str:
    await scene.serve.start()
    return await scene.once(*learners, seconds=TAKEN_UP_SECONDS)
