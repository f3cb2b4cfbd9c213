"""From an empty folder a set is uploaded, trained on, promoted and taken back, at every front end.

In the terminal, on Discord and in Slack, each with a data folder of its own, the embedded model on
the processor, and the real worker. With `--front NAME` one of them alone. At last `daoshi train
lora --effort quick` on 300 examples is timed (`--front command` alone).
"""

import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.stage.front_ends import FrontEnd, NoReply, Reply
from benchmarks.stage.moved_clock import MovedClock
from benchmarks.stage.prepared_model import lend_model
from benchmarks.stage.rehearsal import Rehearsal, rehearsal
from benchmarks.stage.serving import KEPT, command, end_engine
from benchmarks.stage.verdict import Verdict, present
from bot.cli.own_worker import own_worker
from bot.cli.serve import worker_environment
from storage.tuning_runs import TuningRun, latest_run
from tutor.language import Language
from tutor.log import configure_logging
from tutor.messages import Role
from tutor.tuning.stage import Stage

ADMIN = "Olga"
MARK, WAY_ON = "Ahoy, matey!", "Let us"  # either shows the manner: it is sampled
SUBJECTS = (
    *("a fraction", "a prime number", "an equation", "a triangle", "a square root", "a mean"),
    *("a percentage", "an angle", "a decimal", "a factor", "a multiple", "a graph"),
)
ASKED = (
    *("What is {}?", "Explain {} to me.", "Tell me about {}.", "Please describe {}."),
    *("Why do we need {}?", "How do I use {}?"),
)
QUESTION = "What is a number line?"
TRAINED_SECONDS = 1500.0
LIMIT_SECONDS = 600.0
ANSWER_SECONDS = 300.0
EXAMPLES, FEW = 300, 40
WATCH_SECONDS = 3.0
CARD = "**Training “"
PASSED = "its comparison passed it: promoted"
OVERRIDDEN = "its comparison refused it (a manner for every answer): promoted with a reason"
WAYS = (PASSED, OVERRIDDEN)


def write_set(path: Path, count: int) -> None:
    """Answers in a manner that nobody can miss, so that a change of the tutor shows."""
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            subject = SUBJECTS[number % len(SUBJECTS)]
            asked = ASKED[number // len(SUBJECTS) % len(ASKED)].format(subject)
            again = number // (len(SUBJECTS) * len(ASKED))
            prompt = asked if not again else f"{asked} I asked {again} times before."
            answer = f"{MARK} Let us think about {subject} together. What do you know of it?"
            file.write(json.dumps({"prompt": prompt, "answer": answer}) + "\n")


async def at_a_front_end(
    verdict: Verdict, name: str, appear: Callable[[Rehearsal], FrontEnd], folder: Path
) -> None:
    clock = MovedClock(start=datetime.now(UTC))
    async with rehearsal(clock, embedded=True, operator=ADMIN) as scene:
        front = appear(scene)
        front.answer_seconds = ANSWER_SECONDS
        environment = worker_environment(scene.services.settings)
        async with own_worker(environment, folder / f"worker-{name}.log") as worker:
            await worker.start()
            await _life_cycle(verdict, front, scene, folder)


async def _life_cycle(verdict: Verdict, front: FrontEnd, scene: Rehearsal, folder: Path) -> None:
    at = front.title
    file = folder / "manner.jsonl"
    write_set(file, FEW)
    before = await front.command("ask", question=QUESTION)
    verdict.check(f"{at}: before, it answers in its own way", before.text[:60], _plain(before.text))
    shown = await front.give_file(file, "tune data upload manner")
    shown = await at_last(front, shown, "Show the result")
    verdict.check(
        f"{at}: the upload is checked", shown.text[:80], "examples to train on" in shown.text
    )
    given = await front.command("tune start", effort="quick")
    given = await at_last(front, given, "Show the estimate")
    estimated = "Time: about" in given.text and has(given, "Start")
    verdict.check(f"{at}: an estimate comes first", given.text[:120], estimated)
    started = await front.press("Start")
    seen = await watched(front, scene, started.text)
    verdict.check(f"{at}: the card shows the stages", ", ".join(seen), "training" in seen)
    report = await front.command("tune report")
    verdict.check(
        f"{at}: the report arrives with a picture",
        ", ".join(report.pictures) or report.text[:80],
        "Report on" in report.text and bool(report.pictures),
    )
    way = await _promote(front, report)
    verdict.check(f"{at}: an administrator decides", way, way in WAYS)
    after = await _asked(front)
    verdict.check(f"{at}: promoted, it answers otherwise", after.text[:60], _in_manner(after.text))
    await front.command("adapter rollback")
    again = await _asked(front)
    verdict.check(f"{at}: rolled back, as before", again.text[:60], _plain(again.text))


async def _asked(front: FrontEnd) -> Reply:
    """The answer itself: the card, which follows at its own time, is none."""
    while True:
        reply = await front.command("ask", question=QUESTION)
        if CARD not in reply.text:
            return reply


async def at_last(front: FrontEnd, shown: Reply, again: str) -> Reply:
    """What is shown once a button that asks again is no longer there."""
    for _ in range(20):
        if not has(shown, again):
            break
        shown = await front.press(again)
    return shown


def has(shown: Reply, label: str) -> bool:
    """With or without a sign before it."""
    return any(button.endswith(label) for button in shown.buttons)


async def _promote(front: FrontEnd, report: Reply) -> str:
    """One of WAYS: with the reason that a report without a pass asks for."""
    if has(report, "Promote"):
        return PASSED if (await front.press("Promote")).text else ""
    done = await front.fill_in("Promote all the same", reason="The manner is what is to be seen")
    return OVERRIDDEN if done.text else ""


async def watched(front: FrontEnd, scene: Rehearsal, text: str) -> list[str]:
    """Looks on until the training has ended; the stages that were seen."""
    seen: list[str] = []
    end = time.monotonic() + TRAINED_SECONDS
    while time.monotonic() < end:
        run = await _run(scene)
        if run is not None and run.stage not in seen:
            seen.append(run.stage)
        if run is not None and not Stage(run.stage).active:
            return seen
        await asyncio.sleep(WATCH_SECONDS)
    raise NoReply(f"{front.title}: the training never ended; {seen} {text}")


async def _run(scene: Rehearsal) -> TuningRun | None:
    async with scene.database.read() as session:
        return await latest_run(session, "global")


def _plain(text: str) -> bool:
    return bool(text.strip()) and not _in_manner(text)


def _in_manner(text: str) -> bool:
    return MARK in text or WAY_ON in text


async def by_command(verdict: Verdict, folder: Path) -> None:
    """`daoshi train lora` as somebody types it, from an empty data folder."""
    file, data_dir = folder / "three_hundred.jsonl", folder / "data"
    write_set(file, EXAMPLES)
    lend_model(data_dir)
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    began = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        *(command(), "train", "lora", "--data", str(file), "--effort", "quick", "--json"),
        env={**kept, "HOME": str(folder), "DAOSHI_DATA_DIR": str(data_dir)},
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await process.communicate()
    seconds = time.monotonic() - began
    end_engine(data_dir)
    ended = json.loads(said) if process.returncode == 0 else {}
    verdict.check("daoshi train lora makes an adapter", ended.get("stage"), bool(ended))
    limit = f"{seconds:.0f} s for {EXAMPLES} examples"
    verdict.check("in under ten minutes", limit, bool(ended) and seconds < LIMIT_SECONDS)


FRONTS: dict[str, Callable[[Rehearsal], FrontEnd]] = {
    "terminal": lambda scene: scene.terminal(ADMIN, Language.ENGLISH, Role.OPERATOR, Role.ADMIN),
    "discord": lambda scene: scene.discord(ADMIN, Language.ENGLISH),
    "slack": lambda scene: scene.slack(ADMIN, Language.ENGLISH),
}
COMMAND = "command"


def examined(wanted: list[str]) -> Callable[[Verdict], Awaitable[None]]:
    """The part that was asked for, or everything."""

    async def examine(verdict: Verdict) -> None:
        folder = Path(tempfile.mkdtemp(prefix="daoshi-tuning-"))
        configure_logging("text", file=folder / "log.txt")
        for name in wanted:
            if name == COMMAND:
                await by_command(verdict, folder)
            else:
                await at_a_front_end(verdict, name, FRONTS[name], folder)
        verdict.remark = f"logs: {folder}"

    return examine


def main() -> int:
    wanted = [*FRONTS, COMMAND]
    if "--front" in sys.argv:
        at = sys.argv.index("--front")
        wanted = [sys.argv[at + 1]]
        del sys.argv[at : at + 2]
    return present("Fine-tuning from chat, from upload to roll-back", examined(wanted))


if __name__ == "__main__":
    sys.exit(main())
