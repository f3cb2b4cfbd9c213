"""The pictures in docs/ are what learners see: drawn from the payloads that were really sent.

A served reply is recorded on both loopback platforms and drawn by the project's own preview; the
committed pictures have to look the same, and `daoshi preview` has to draw them again.
"""

import asyncio
import io
import json
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops

from benchmarks.stage.platforms import thumb_of
from benchmarks.stage.serving import command
from benchmarks.stage.stage import Stage, stage
from benchmarks.stage.verdict import Verdict, present
from bot.cli.preview import FORMULA, QUESTION, SAMPLE, STEP, TIME
from bot.render.preview.discord_look import draw_discord
from bot.render.preview.shown import Shown
from bot.render.preview.slack_look import draw_slack
from tutor.i18n import say
from tutor.language import Language

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
DIFFERENT_LEVEL = 48  # of 255: fonts may be smoothed a little differently elsewhere
DIFFERENT_SHARE = 0.005
FOLDERS = {Language.ENGLISH: PICTURES, Language.CHINESE: PICTURES / "zh-CN"}
ENGLISH = Language.ENGLISH


async def examine(verdict: Verdict) -> None:
    async with stage() as scene:
        drawn = await _recorded(scene)
    for name, picture in drawn.items():
        _compare(verdict, f"{name} as recorded", picture, PICTURES / f"{name}.png")
    for language, folder in FOLDERS.items():
        for name, picture in (await _previewed(language)).items():
            where = PICTURES if name == "formula" else folder  # a formula is in no language
            _compare(verdict, f"{name} {language} as previewed", picture, where / f"{name}.png")


async def _recorded(scene: Stage) -> dict[str, bytes]:
    """Asks once to be known, then the question of the sample, and draws what was sent."""
    dora, sam = scene.on_discord(), scene.on_slack()
    for learner in (dora, sam):
        await learner.ask()
    if trouble := await scene.once(dora, sam):
        raise AssertionError(trouble)
    scene.spoken.says = say(ENGLISH, SAMPLE, step=STEP, formula=FORMULA)
    asked = say(ENGLISH, QUESTION)
    for learner in (dora, sam):
        await learner.write(asked)
    await scene.platforms.until(lambda: all(len(_ended(one)) == 2 for one in (dora, sam)))
    discord = scene.platforms.discord.dms(dora.user)[-1]
    assert thumb_of(discord), discord
    slack = scene.platforms.slack.replies(sam.place)[-1]
    files = {a["filename"]: _file(scene, a["url"]) for a in discord["attachments"]}
    section = {"type": "section", "text": {"type": "mrkdwn", "text": asked}}
    return {
        "discord": draw_discord([_by_ann({"content": asked}), _by_us(discord, files)]),
        "slack": draw_slack(
            [_by_ann({"text": asked, "blocks": [section]}), _by_us(slack, _slack_files(scene))]
        ),
        "formula": next(iter(files.values())),
    }


def _ended(learner: Any) -> list[Any]:
    return [shown for shown in learner.seen() if shown.ended]


def _file(scene: Stage, url: str) -> bytes:
    return scene.platforms.discord.world.blobs[url.split("/files/")[1]]


def _slack_files(scene: Stage) -> dict[str, bytes]:
    files = scene.platforms.slack.state.files
    return {name: file["content"] for name, file in files.items() if "content" in file}


def _by_ann(payload: dict[str, Any]) -> Shown:
    person = say(ENGLISH, "Ann")
    return Shown(person, payload, TIME, is_bot=False, avatar=person[:1])


def _by_us(payload: Mapping[str, Any], files: Mapping[str, bytes]) -> Shown:
    return Shown("Daoshi", json.loads(json.dumps(payload)), TIME, files)


async def _previewed(language: Language) -> dict[str, bytes]:
    """What the command draws now."""
    with tempfile.TemporaryDirectory() as folder:
        arguments = ("preview", "-o", folder, "--lang", language.value)
        process = await asyncio.create_subprocess_exec(
            command(), *arguments, stdout=asyncio.subprocess.DEVNULL
        )
        assert await process.wait() == 0, process.returncode
        return _pictures_in(Path(folder))


def _pictures_in(folder: Path) -> dict[str, bytes]:
    return {file.stem: file.read_bytes() for file in sorted(folder.glob("*.png"))}


def _compare(verdict: Verdict, claim: str, picture: bytes, committed: Path) -> None:
    if not committed.exists():
        verdict.check(claim, f"{committed.name} is not there", False)
        return
    ours = Image.open(io.BytesIO(picture)).convert("RGB")
    theirs = Image.open(committed).convert("RGB")
    if ours.size != theirs.size:
        verdict.check(claim, f"{ours.size} where {theirs.size} is committed", False)
        return
    levels = ImageChops.difference(ours, theirs).convert("L").histogram()
    share = sum(levels[DIFFERENT_LEVEL:]) / (ours.width * ours.height)
    verdict.check(claim, f"{share:.3%} of the pixels differ", share <= DIFFERENT_SHARE)


def main() -> int:
    return present("The screens in docs/ show what is really sent", examine)


if __name__ == "__main__":
    sys.exit(main())
