"""A class opens: 120 pupils answer within 60 seconds, and none waits longer than 2 seconds.

Sixty learn on Discord (half in direct messages, half in private replies in a channel of a server,
by form and button), sixty in Slack (half by messages, half by buttons where the question has
choices). Against `daoshi serve` with the embedded model, and again where the model's server is
away. The time is measured at the platform: from the answer's arrival until its verdict and what
comes next can be read there. The buttons below come with the end of the message, after what the
model adds to a hint, and so have the model's patience on top. Plain messages include the moment in
which Daoshi waits whether more of the same burst follows.
"""

import asyncio
import json
import random
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from statistics import quantiles

from benchmarks.figures import machine
from benchmarks.stage.front_ends import Discord, Slack
from benchmarks.stage.open_question import open_question
from benchmarks.stage.pupils import FORM, MESSAGE, PRESS, Answered, Pupil, in_a_channel
from benchmarks.stage.rules import judge_rules
from benchmarks.stage.serving import NotServing
from benchmarks.stage.stage import Stage, stage
from benchmarks.stage.verdict import Verdict, present
from bot.dispatch.dispatcher import BURST_QUIET_SECONDS
from storage.database import Database
from tests.doubles.postgres_server import free_port
from tutor.language import Language
from tutor.pedagogy.phrasing import BESIDE

READY_LOOKS = 120
PUPILS = 120
WITHIN_SECONDS = 60.0
LIMIT_SECONDS = 2.0
MODEL_SECONDS = {"model on": BESIDE.first_seconds + BESIDE.whole_seconds, "model off": 0.0}
BEGIN_APART_SECONDS = 0.25
SUBJECTS = ("Fractions", "Food and drink", "Order of operations", "Word order")
SHARE_RIGHT = 0.5


async def examine(verdict: Verdict) -> None:
    for engine in MODEL_SECONDS:
        async with _serving(engine) as scene:
            answered, seconds = await _lesson(verdict, scene, engine)
            _judge(verdict, engine, answered, seconds)
            judge_rules(verdict, scene)
            failed = [r for r in scene.serve.records() if r.get("level") in ("error", "critical")]
            names = [r.get("event") for r in failed][:3] or "none"
            verdict.check(f"{engine}: errors logged", names, not failed)


@asynccontextmanager
async def _serving(engine: str) -> AsyncIterator[Stage]:
    """`daoshi serve`, connected to both platforms; without a model it never calls itself ready."""
    if engine == "model on":
        async with stage(embedded=True) as scene:
            yield scene
        return
    nobody = f"http://127.0.0.1:{free_port()}/v1"
    async with stage(settings={"DAOSHI_ENGINE_URL": nobody}, start=False) as scene:
        await scene.serve.start(wait=False)
        await _connected(scene)
        yield scene


async def _connected(scene: Stage) -> None:
    for _ in range(READY_LOOKS):
        if await _receives(scene):
            return
        await asyncio.sleep(0.5)
    raise NotServing(scene.serve.tail())


async def _receives(scene: Stage) -> bool:
    """Whether both platforms are connected, whatever else is not ready."""
    _, body = await scene.serve.get("/readyz")
    parts = json.loads(body) if body.startswith("{") else {}
    return all(parts.get("parts", {}).get(name) for name in ("discord", "slack"))


async def _lesson(
    verdict: Verdict, scene: Stage, engine: str
) -> tuple[list[Answered | BaseException], float]:
    """Everybody begins a lesson; then all answer, each at a moment of their own."""
    pupils = await _pupils(scene)
    verdict.note(f"{engine}: {len(pupils)} pupils begin a lesson each")
    begun = [
        asyncio.create_task(_begin(pupil, number * BEGIN_APART_SECONDS))
        for number, pupil in enumerate(pupils)
    ]
    await asyncio.gather(*begun)
    load = machine()["load_before"]
    loads = [verdict.remark] if verdict.remark else []
    verdict.remark = "; ".join([*loads, f"{engine} at a load of {load} before the answers"])
    verdict.note(f"{engine}: they answer (load {load})")
    database = await Database.open(f"sqlite:///{scene.serve.data_dir / 'daoshi.db'}")
    began = time.monotonic()
    try:
        answers = [_answer(database, pupil, number) for number, pupil in enumerate(pupils)]
        done = await asyncio.gather(*answers, return_exceptions=True)
    finally:
        await database.close()
    return done, time.monotonic() - began


async def _pupils(scene: Stage) -> list[Pupil]:
    """A quarter in each of the four places."""
    both, language = scene.platforms, Language.ENGLISH
    owner = both.discord.user("Teacher")
    school = both.discord.guild("School", owner)
    pupils = []
    for number in range(PUPILS // 4):
        there = in_a_channel(Discord(f"Cleo{number}", language, both), school.channels[0])
        pupils += [
            Pupil(Discord(f"Dora{number}", language, both), presses=False),
            Pupil(there, presses=True),
            Pupil(Slack(f"Sam{number}", language, both), presses=False),
            Pupil(Slack(f"Sue{number}", language, both), presses=True),
        ]
    await both.discord.show(school)
    return pupils


async def _begin(pupil: Pupil, after_seconds: float) -> None:
    await asyncio.sleep(after_seconds)
    subject = SUBJECTS[random.Random(pupil.front.name).randrange(len(SUBJECTS))]
    await pupil.front.command("learn", what=subject)


async def _answer(database: Database, pupil: Pupil, number: int) -> Answered:
    chance = random.Random(number)
    await asyncio.sleep(chance.uniform(0.0, WITHIN_SECONDS))
    question = await open_question(database, pupil.front.who)
    assert question is not None, pupil.front.name
    text = question.right if chance.random() < SHARE_RIGHT else question.wrong
    return await pupil.answer(question, text)


def _judge(
    verdict: Verdict, engine: str, done: Sequence[Answered | BaseException], seconds: float
) -> None:
    answered = [one for one in done if isinstance(one, Answered)]
    lost = [repr(one) for one in done if isinstance(one, BaseException)]
    measured = f"{len(answered)} of {PUPILS} answered in {seconds:.0f} s {'; '.join(lost[:2])}"
    verdict.check(f"{engine}: every answer gets its verdict", measured, len(answered) == PUPILS)
    silent = [one for one in answered if not one.is_referred_to]
    example = "".join(f"; {one.names[0]!r} got {one.timed.reply.text!r}" for one in silent[:1])
    measured = f"{len(answered) - len(silent)} of {len(answered)}{example}"
    verdict.check(f"{engine}: the verdict refers to the answer", measured, not silent)
    for way in (MESSAGE, FORM, PRESS):
        timed = [one.timed for one in answered if one.way == way]
        waits = [one.read_seconds for one in timed]
        held = f", of which {BURST_QUIET_SECONDS} s for the rest of a burst"
        said = f"{_figures(waits)}{held if way == MESSAGE else ''}"
        holds = bool(waits) and max(waits) <= LIMIT_SECONDS
        verdict.check(f"{engine}: verdict and next step after a {way}", said, holds)
        pressed = [one.button_seconds for one in timed]
        holds = bool(pressed) and max(pressed) <= LIMIT_SECONDS + MODEL_SECONDS[engine]
        verdict.check(f"{engine}: its buttons after a {way}", _figures(pressed), holds)


def _figures(waits: Sequence[float]) -> str:
    if len(waits) < 2:
        return f"{len(waits)} answers"
    cuts = quantiles(waits, n=20)
    shares = f"p50 {cuts[9]:.2f} s, p95 {cuts[18]:.2f} s, longest {max(waits):.2f} s"
    return f"{len(waits)} answers, {shares}"


def main() -> int:
    return present("A class opens: 120 answers in a minute, each within 2 s", examine)


if __name__ == "__main__":
    sys.exit(main())
