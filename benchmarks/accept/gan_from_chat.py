"""From an empty folder pictures are uploaded, trained on, drawn in chat and taken back, everywhere.

In the terminal, on Discord and in Slack, each with a data folder of its own and the real worker.
The pictures are the digits that scikit-learn ships, thirty of each, under names that nobody knows,
so that nothing but the new generator can draw them. With `--front NAME` one of them alone; `daoshi
train gan` is timed at last (`--front command` alone): ten things, thirty pictures each, normal
effort.
"""

import asyncio
import json
import os
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from PIL import Image
from sklearn.datasets import load_digits

from benchmarks.accept.fine_tuning_from_chat import (
    ADMIN,
    ANSWER_SECONDS,
    FRONTS,
    at_last,
    has,
    watched,
)
from benchmarks.stage.front_ends import FrontEnd, Reply
from benchmarks.stage.moved_clock import MovedClock
from benchmarks.stage.rehearsal import Rehearsal, rehearsal
from benchmarks.stage.serving import KEPT, command
from benchmarks.stage.verdict import Verdict, present
from bot.cli.own_worker import own_worker
from bot.cli.serve import worker_environment
from storage.assignments import resolve
from tutor.adapters.scopes import GLOBAL
from tutor.log import configure_logging
from tutor.tuning.product import Product

NAMES = ("boko", "dalu", "fimi", "gera", "hovi", "juna", "kepo", "lumi", "mota", "nari")
EACH, PIXELS = 30, 64
THING = NAMES[7]
ASKED = f"show me a {THING}"
LICENCE = "BSD-3-Clause"
LIMIT_SECONDS = 900.0
CARD = "**Training “"
COMMAND = "command"


def write_pictures(path: Path) -> None:
    """Ten things, thirty pictures each, in folders of their own."""
    digits, written = load_digits(), Counter[int]()
    with zipfile.ZipFile(path, "w") as archive:
        for values, digit in zip(digits.images, digits.target, strict=True):
            number = written[int(digit)]
            if number == EACH:
                continue
            written[int(digit)] += 1
            picture = Image.fromarray((255 - values * 255 / 16).astype("uint8"))
            target = BytesIO()
            picture.resize((PIXELS, PIXELS), Image.Resampling.BICUBIC).save(target, "PNG")
            archive.writestr(f"{NAMES[int(digit)]}/{number:02}.png", target.getvalue())


async def at_a_front_end(
    verdict: Verdict, appear: Callable[[Rehearsal], FrontEnd], folder: Path
) -> None:
    clock = MovedClock(start=datetime.now(UTC))
    async with rehearsal(clock, embedded=True, operator=ADMIN) as scene:
        front = appear(scene)
        front.answer_seconds = ANSWER_SECONDS
        environment = worker_environment(scene.services.settings)
        async with own_worker(environment, folder / f"worker-{front.title}.log") as worker:
            await worker.start()
            await _life_cycle(verdict, front, scene, folder)


async def _life_cycle(verdict: Verdict, front: FrontEnd, scene: Rehearsal, folder: Path) -> None:
    at, file = front.title, folder / "pictures.zip"
    before = await front.write(ASKED)
    verdict.check(f"{at}: before, it can't draw a {THING}", before.text[:60], not before.pictures)
    asked = await front.give_file(file, "gan upload signs")
    verdict.check(f"{at}: the licence is asked for", asked.text[:80], "licence" in asked.text)
    shown = await front.give_file(file, f"gan upload signs {LICENCE}")
    shown = await at_last(front, shown, "Show the result")
    checked = "300 pictures of 10 things" in shown.text and LICENCE in shown.text
    verdict.check(f"{at}: the upload is checked", shown.text[:90], checked)
    verdict.check(f"{at}: with a sheet of samples", ", ".join(shown.pictures), bool(shown.pictures))
    given = await front.command("gan train", effort="quick")
    given = await at_last(front, given, "Show the estimate")
    estimated = "Time: about" in given.text and has(given, "Start")
    verdict.check(f"{at}: an estimate comes first", given.text[:120], estimated)
    began = time.monotonic()
    started = await front.press("Start")
    seen = await watched(front, scene, started.text)
    trained = f"{', '.join(seen)} in {time.monotonic() - began:.0f} s"
    verdict.check(f"{at}: the card shows the stages", trained, "training" in seen)
    report = await front.command("gan report")
    with_grid = "Recognised" in report.text and bool(report.pictures)
    verdict.check(f"{at}: the report shows what it draws", report.text[:80], with_grid)
    passed = has(report, "Promote")
    verdict.check(f"{at}: it passes, which a press follows", ", ".join(report.buttons), passed)
    if passed:
        await front.press("Promote")
    await _until_used(scene, used=True)
    after = await _asked(front)
    verdict.check(f"{at}: it draws a {THING} in chat", _named(after), bool(after.pictures))
    _keep(folder / f"{at}.png", after)
    await front.command("gan rollback")
    await _until_used(scene, used=False)
    again = await _asked(front)
    verdict.check(f"{at}: rolled back, no picture", again.text[:60], not again.pictures)
    await front.command("gan use", generator="signs")
    await _until_used(scene, used=True)
    once_more = await _asked(front)
    verdict.check(f"{at}: used by name", _named(once_more), bool(once_more.pictures))


async def _until_used(scene: Rehearsal, *, used: bool) -> None:
    """The pointer moved: what a front end shows first may be the card, which moves as well."""
    async with asyncio.timeout(ANSWER_SECONDS):
        while True:
            async with scene.database.read() as session:
                found = await resolve(session, Product.GENERATOR, (GLOBAL,))
            if (found is not None) is used:
                return
            await asyncio.sleep(0.1)


async def _asked(front: FrontEnd) -> Reply:
    """The answer itself: the card, which follows at its own time, is none."""
    while True:
        reply = await front.write(ASKED)
        if CARD not in reply.text and "Rolled back" not in reply.text:
            return reply


def _named(reply: Reply) -> str:
    return f"{', '.join(reply.pictures)}: {reply.text[:60]}"


def _keep(file: Path, reply: Reply) -> None:
    for data in reply.pictures.values():
        file.write_bytes(data)


async def by_command(verdict: Verdict, folder: Path) -> None:
    """`daoshi train gan` as somebody types it, from an empty data folder."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        *(command(), "train", "gan", "--data", str(folder / "pictures.zip")),
        *("--licence", LICENCE, "--json"),
        env={**kept, "HOME": str(folder), "DAOSHI_DATA_DIR": str(folder / "data")},
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
    )
    began = time.monotonic()
    said, _ = await process.communicate()
    seconds = time.monotonic() - began
    ended = json.loads(said) if process.returncode == 0 else {}
    verdict.check("daoshi train gan makes a generator", ended.get("stage"), bool(ended))
    things = (ended.get("report") or {}).get("things", [])
    offered = sum(one["offered"] for one in things)
    verdict.check("that draws all ten things", f"{offered} of {len(things)}", offered == len(NAMES))
    verdict.check("and passes", ended.get("passed"), bool(ended.get("passed")))
    verdict.check(
        "in fifteen minutes, 10 things × 30 pictures", f"{seconds:.0f} s", seconds < LIMIT_SECONDS
    )


def examined(wanted: list[str]) -> Callable[[Verdict], Awaitable[None]]:
    """The part that was asked for, or everything."""

    async def examine(verdict: Verdict) -> None:
        folder = Path(tempfile.mkdtemp(prefix="daoshi-gan-"))
        configure_logging("text", file=folder / "log.txt")
        await asyncio.to_thread(write_pictures, folder / "pictures.zip")
        for name in wanted:
            if name == COMMAND:
                await by_command(verdict, folder)
            else:
                await at_a_front_end(verdict, FRONTS[name], folder)
        verdict.remark = f"logs and pictures: {folder}"

    return examine


def main() -> int:
    wanted = [*FRONTS, COMMAND]
    if "--front" in sys.argv:
        at = sys.argv.index("--front")
        wanted = [sys.argv[at + 1]]
        del sys.argv[at : at + 2]
    return present("A generator from chat, from upload to roll-back", examined(wanted))


if __name__ == "__main__":
    sys.exit(main())
