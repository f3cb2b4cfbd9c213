"""How the buttons of lessons, goals and written texts are come by."""

import re
from dataclasses import replace
from typing import Any

from storage.choices import peek_choice
from tests.bot.discord_app.simulated.conftest import School
from tests.bot.discord_app.simulated.reaching import Offered, Reach, command, follow, hang
from tests.bot.discord_app.simulated.stock import a_course

QUIZ = "Q: What is 12 * 12?\nA: 144\nQ: What is the largest planet?\nA: Jupiter"


def lesson(*path: str, skill: str = "Adding numbers", **fields: str) -> Reach:
    """An open question, and the buttons to press on the way."""

    async def reach(school: School) -> Offered:
        await a_course(school)
        offered = await command("practice", "ann", *path, skill=skill)(school)
        return Offered(offered.who, offered.message, fields)

    return reach


def beside(action: str, **fields: str) -> Reach:
    """A button about the open question that stands there in some lessons and places alone."""

    async def reach(school: School) -> Offered:
        offered = await lesson()(school)
        async with school.stage.services.database.read() as session:
            skip = await peek_choice(session, await school.find(offered.message, "lesson_skip"))
        assert skip is not None
        message = await hang(school, "ann", action, dict(skip.payload))
        return Offered(school.ann, message, fields)

    return reach


async def wrong_answer(school: School) -> Offered:
    offered = await lesson(text="12")(school)
    graded = await follow(school, offered, "lesson_answer")
    return replace(graded, fields={"reason": "It is twelve."})


async def right_with_help(school: School) -> Offered:
    """A right answer after a hint, which is looked back at before the next question."""
    asked = await lesson()(school)
    numbers = re.findall(r"\d+", asked.message.content.split("What is")[-1])
    hinted = await follow(school, asked, "lesson_hint")
    answer = {"text": str(sum(map(int, numbers[:2])))}
    return await follow(school, replace(hinted, fields=answer), "lesson_answer")


def written(kind: str, who: str, text: str) -> Reach:
    async def reach(school: School) -> Offered:
        await a_course(school)
        school.engine.answers.append(text)
        return await command("write", who, kind=kind, brief="planets")(school)

    return reach


def goals(**options: Any) -> Reach:
    async def reach(school: School) -> Offered:
        await a_course(school)
        offered = await command("goals", "ann", **options)(school)
        return Offered(offered.who, offered.message, {"weekly": "20"})

    return reach


LEARNING: dict[str, Reach] = {
    "lesson_choose": lesson(skill="Colours"),
    "lesson_answer": lesson(text="12"),
    "lesson_check": beside("lesson_check", text="12"),
    "lesson_hint": lesson(),
    "lesson_reveal": lesson(),
    "lesson_skip": lesson(),
    "lesson_next": right_with_help,
    "lesson_stop": lesson(),
    "lesson_start": lesson(skill="something unknown"),
    "lesson_alone": beside("lesson_alone"),
    "contest": wrong_answer,
    "command_again": command("feedback"),
    "write_file": written("story", "ann", "Once upon a time."),
    "write_keep_quiz": written("quiz", "adam", QUIZ),
    "goal_add": goals(),
    "goal_set": goals(change="First steps"),
    "goal_drop": goals(change="20"),
    "feedback_weekly": command("feedback"),
}
