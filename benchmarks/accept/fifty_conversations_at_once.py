"""Fifty conversations in parallel on both platforms, answered by the embedded model.

Every message is answered exactly once, a burst of four short messages gets one answer, the event
loop stays on time while the model generates, and no platform waits for an acknowledgement.
"""

import asyncio
import random
import sys
from collections.abc import Sequence

from benchmarks.figures import machine
from benchmarks.stage.conversations import (
    Conversation,
    DiscordCommand,
    DiscordDirect,
    DiscordThread,
    SlackDirect,
    SlackThread,
)
from benchmarks.stage.platforms import Platforms
from benchmarks.stage.rules import judge_rules
from benchmarks.stage.stage import Stage, stage
from benchmarks.stage.verdict import Verdict, present

ANSWER_SECONDS = 900.0
LAG_LIMIT_MS = 50.0
ACKNOWLEDGE_SECONDS = 1.0
BURSTS = 10
SETTLE_SECONDS = 5.0
QUESTIONS = (
    "What is a prime number? Answer in one sentence.",
    "Why do we have seasons? Answer in one sentence.",
    "What does a noun do? Answer in one sentence.",
    "How does a magnet work? Answer in one sentence.",
)


async def examine(verdict: Verdict) -> None:
    load = machine()["load_before"]
    async with stage(embedded=True) as scene:
        talks = await _talks(scene.platforms)
        await _warm_up(scene)
        before = await scene.serve.lag()
        verdict.note(f"{len(talks)} conversations begin")
        await asyncio.gather(*(_talk(talk, index) for index, talk in enumerate(talks)))
        await scene.platforms.until(lambda: all(t.served for t in talks), ANSWER_SECONDS)
        lag = (await scene.serve.lag()).since(before)
        await asyncio.sleep(SETTLE_SECONDS)
        _judge(verdict, scene, talks)
        measured = f"{lag.p99_ms():g} ms or less, {lag.samples} samples, load {load} before"
        verdict.check("event loop lag, p99", measured, lag.p99_ms() <= LAG_LIMIT_MS)
        code = await scene.serve.stop()
        verdict.check("exit code after SIGTERM", code, code == 0)


async def _talks(platforms: Platforms) -> list[Conversation]:
    """Fifty ways in; the first ten are the ones that write in bursts."""
    discord, slack = platforms.discord, platforms.slack
    owner = discord.user("Owner")
    people = [discord.user(f"Member{number}") for number in range(15)]
    guild = discord.guild("School", owner, *people)
    channels = [discord.channel(guild, f"room-{number}") for number in range(5)]
    await discord.show(guild)
    rooms = [slack.channel(f"room{number}") for number in range(5)]
    talks: list[Conversation] = []
    talks += [DiscordDirect(platforms, f"Dora{number}") for number in range(5)]
    talks += [SlackDirect(platforms, f"Sam{number}") for number in range(5)]
    talks += [DiscordDirect(platforms, f"Dan{number}") for number in range(10)]
    talks += [SlackDirect(platforms, f"Sue{number}") for number in range(5)]
    for number in range(10):
        place = channels[number % 5]
        talks.append(DiscordThread(platforms, f"thread {number}", 0, [], place, people[number]))
        talks.append(SlackThread(platforms, f"Tom{number}", channel=rooms[number % 5]))
    for number in range(5):
        place, person = channels[number], people[10 + number]
        talks.append(DiscordCommand(platforms, f"command {number}", 0, [], place, person))
    assert len(talks) == 50, len(talks)
    return talks


async def _warm_up(scene: Stage) -> None:
    """Waits for the model, so that its loading is not measured as generating."""
    first = DiscordDirect(scene.platforms, "Early")
    await first.ask("Hello!")
    await scene.platforms.until(lambda: first.served, 180)


async def _talk(talk: Conversation, index: int) -> None:
    """One message or burst; whoever can presses the thumb when the answer is there."""
    await asyncio.sleep(random.Random(index).uniform(0.0, 3.0))
    if index < BURSTS:
        await talk.burst()
    else:
        await talk.ask(QUESTIONS[index % len(QUESTIONS)])
    if await talk.platforms.until(lambda: talk.served, ANSWER_SECONDS):
        await talk.rate()


def _judge(verdict: Verdict, scene: Stage, talks: Sequence[Conversation]) -> None:
    wrong = [f"{t.name}: {t.answers()}" for t in talks if t.answers() != 1]
    once = len(talks) - len(wrong)
    measured = f"{once} of {len(talks)} once" + (f"; {', '.join(wrong)}" if wrong else "")
    verdict.check("every message is answered exactly once", measured, not wrong)
    whole = sum(talk.answers() == 1 for talk in talks[:BURSTS])
    verdict.check("bursts of four with one answer", f"{whole} of {BURSTS}", whole == BURSTS)
    waits = [i.acknowledged_after for talk in talks for i in talk.interactions]
    _judge_waits(verdict, "Discord interactions acknowledged", waits)
    events = [delivery.latency_seconds for delivery in scene.platforms.slack.sent]
    _judge_waits(verdict, "Slack events acknowledged", events)
    judge_rules(verdict, scene)
    failed = [r for r in scene.serve.records() if r.get("level") in ("error", "critical")]
    verdict.check("errors logged", [r.get("event") for r in failed][:3] or "none", not failed)


def _judge_waits(verdict: Verdict, claim: str, waits: Sequence[float | None]) -> None:
    heard = [wait for wait in waits if wait is not None]
    worst = max(heard, default=float("inf"))
    measured = f"{len(heard)} of {len(waits)}, the slowest after {worst:.3f} s"
    verdict.check(claim, measured, len(heard) == len(waits) and worst <= ACKNOWLEDGE_SECONDS)


def main() -> int:
    return present("Fifty conversations at once, each message answered once", examine)


if __name__ == "__main__":
    sys.exit(main())
