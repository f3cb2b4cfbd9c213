"""A learner's week on a moving clock: in the terminal, on Discord and in Slack.

Each learns two skills on the first day: one goes badly (wrong, hint, right in the end), one well.
Every day they look whether something is due and go over it; a week later they see a picture of
their progress and feedback that names what went worst the week before. Real adapters, dispatcher
and tutor in this process, without a language model; the pictures stay in a folder that is printed.
"""

import io
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from benchmarks.stage.front_ends import FrontEnd, Reply
from benchmarks.stage.moved_clock import MovedClock
from benchmarks.stage.open_question import OpenQuestion, learner_id_of, open_question
from benchmarks.stage.rehearsal import Rehearsal, rehearsal
from benchmarks.stage.verdict import Verdict, present
from storage.reviews import count_due
from tutor.bank.starter import starter_course
from tutor.i18n import say
from tutor.language import Language
from tutor.log import configure_logging
from tutor.names import name_in

WEAK, STRONG = "fractions", "integers"
DAYS = 8
MOST_QUESTIONS = 30
COLOURS = 8
LOOKED_BACK = "↩️"
"""Begins the sentence about the skill that was hard the week before, in every language."""


@dataclass
class Week:
    """One learner's week at one front end, with what was noted day by day."""

    front: FrontEnd
    scene: Rehearsal
    named_attempts: list[bool] = field(default_factory=list)
    due_days: list[int] = field(default_factory=list)
    idle_days: list[int] = field(default_factory=list)
    surprises: list[str] = field(default_factory=list)

    @property
    def language(self) -> Language:
        return self.front.language

    async def open(self) -> OpenQuestion | None:
        return await open_question(self.scene.database, self.front.who)

    async def due(self) -> int:
        learner_id = await learner_id_of(self.scene.database, self.front.who)
        async with self.scene.database.read() as session:
            return await count_due(session, learner_id, self.scene.clock())

    async def learn_badly(self) -> Reply:
        """Every question: a wrong answer, a hint, and then the right one."""
        reply = await self.front.command("learn", what=_skill(WEAK, self.language))
        for _ in range(MOST_QUESTIONS):
            question = await self.open()
            if question is None:
                return reply
            wrong = await self.front.write(question.wrong)
            self.named_attempts.append(question.wrong in wrong.text)
            await self.front.press(say(self.language, "Hint"))
            await self.front.write(question.right)
            reply = await self.front.press(say(self.language, "Next question"))
        raise AssertionError("the lesson never ended")

    async def learn_well(self) -> Reply:
        return await self._all_right("learn", what=_skill(STRONG, self.language))

    async def review_if_due(self) -> None:
        """Looks every day; goes over what is there."""
        day, due = self.scene.clock.moved.days, await self.due()
        if due:
            self.due_days.append(day)
            await self._all_right("review")
            left = await self.due()
            if left:
                self.surprises.append(f"day {day}: {left} still due after going over it")
            return
        self.idle_days.append(day)
        reply = await self.front.command("review")
        if await self.open() is not None:
            self.surprises.append(f"day {day}: nothing is due, and yet: {reply.text[:80]}")

    async def _all_right(self, command: str, **options: str) -> Reply:
        reply = await self.front.command(command, **options)
        for _ in range(MOST_QUESTIONS):
            question = await self.open()
            if question is None:
                return reply
            reply = await self.front.write(question.right)
        raise AssertionError("it never ended")


async def examine(verdict: Verdict) -> None:
    folder = Path(tempfile.mkdtemp(prefix="daoshi-week-"))
    configure_logging("text", file=folder / "log.txt")
    async with rehearsal(MovedClock()) as scene:
        weeks = [
            Week(scene.terminal("Kim", Language.ENGLISH), scene),
            Week(scene.discord("小明", Language.CHINESE), scene),
            Week(scene.slack("Sam", Language.ENGLISH), scene),
        ]
        for week in weeks:
            await _first_day(verdict, week)
        for _ in range(DAYS):
            scene.clock.next_day()
            for week in weeks:
                await week.review_if_due()
        for week in weeks:
            await _week_later(verdict, week, folder)
    verdict.remark = f"pictures to look at: {folder}"


async def _first_day(verdict: Verdict, week: Week) -> None:
    at = week.front.title
    ended = await week.learn_badly()
    named = week.named_attempts
    verdict.check(
        f"{at}: each wrong attempt is referred to",
        f"{sum(named)} of {len(named)}",
        bool(named) and all(named),
    )
    weak = _skill(WEAK, week.language)
    verdict.check(f"{at}: the lesson ends with its skill", weak, weak in ended.text)
    ended = await week.learn_well()
    strong = _skill(STRONG, week.language)
    verdict.check(f"{at}: so does the one that goes well", strong, strong in ended.text)


async def _week_later(verdict: Verdict, week: Week, folder: Path) -> None:
    at, language = week.front.title, week.language
    measured = f"due on days {week.due_days}, nothing on days {week.idle_days}"
    holds = bool(week.due_days) and bool(week.idle_days) and not week.surprises
    verdict.check(f"{at}: review when due", "; ".join(week.surprises) or measured, holds)
    progress = await week.front.command("progress", picture=_yes(week.front))
    sizes = _save(progress, folder, at)
    verdict.check(f"{at}: pictures of the progress", sizes or progress.text[:80], bool(sizes))
    feedback = await week.front.command("feedback")
    (folder / f"{at}.txt").write_text(feedback.text, encoding="utf-8")
    weak = _skill(WEAK, language)
    named = (line for line in feedback.text.splitlines() if weak in line and LOOKED_BACK in line)
    line = next(named, "")
    verdict.check(f"{at}: feedback names last week's weakness", line or feedback.text, bool(line))


def _yes(front: FrontEnd) -> object:
    """Discord's menus know yes and no; elsewhere it is a word of the command."""
    return True if front.title == "Discord" else "picture"


def _save(reply: Reply, folder: Path, at: str) -> list[str]:
    """Keeps the pictures that show something; their sizes."""
    sizes: list[str] = []
    for name, data in reply.pictures.items():
        picture = Image.open(io.BytesIO(data)).convert("RGB")
        colours: Sequence[object] | None = picture.getcolors(picture.width * picture.height)
        if colours is not None and len(colours) >= COLOURS:
            (folder / f"{at}-{Path(name).stem}.png").write_bytes(data)
            sizes.append(f"{picture.width} × {picture.height}")
    return sizes


def _skill(key: str, language: Language) -> str:
    [skill] = [one for one in starter_course().skills if one.key == key]
    return name_in(skill.names, language)


def main() -> int:
    return present("A learner's week, in all three front ends", examine)


if __name__ == "__main__":
    sys.exit(main())
