"""`/goals`: what somebody wants to reach, how far it is, and a new goal or one less."""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.commands.arguments import argument, form_field
from bot.commands.classes.times import shown_time, zone_of
from bot.commands.progress.buttons import GOAL_DROP, GOAL_SET, goal_button
from bot.commands.progress.feedback import after_exam
from bot.commands.progress.goal_words import GoalWords, goal_in
from bot.commands.wording import typed
from bot.services import Services
from storage import goals
from storage.courses import Skill, courses_open_to, skills_by_ids
from tutor.i18n import say
from tutor.language import Language
from tutor.learner.facts import GoalFacts, gather
from tutor.messages import Button, Offer, ReplyPart, Text
from tutor.names import name_in
from tutor.pedagogy.dialogue import Policy
from tutor.pedagogy.subjects import Found, find_subject
from tutor.turn import Turn

MOST_WEEKLY = 1000
_DROP = re.compile(
    r"(?:drop|remove|delete|stop|放弃|删除|取消)(?:\s+|(?<=[\u4e00-\u9fff]))(.*)", re.I
)
_SET = re.compile(r"(?:set|add|new|设定|设置|设|新增|添加)(?:\s+|(?<=[\u4e00-\u9fff]))(.*)", re.I)
_WEEKLY = re.compile(
    r"(?:每(?:周|星期)[做答练]?\s*)?(\d{1,4})(?:\s*(?:answers?|questions?|题|道题|次).*|\s*(?:/|a|per)\s*week)?",
    re.I,
)


async def show_goals(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """All goals; with words, `set …` adds one and `drop …` takes one away."""
    words = argument(turn, "change")
    if turn.policy is Policy.EXAM:
        yield Text(after_exam(turn))
        return
    if drop := _DROP.fullmatch(words):
        parts = _drop_named(services, turn, drop.group(1))
    elif words:
        setting = _SET.fullmatch(words)
        parts = _set(services, turn, setting.group(1) if setting else words)
    else:
        parts = _show(services, turn)
    async for part in parts:
        yield part


async def add_goal(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """The submitted form; where no form could open, how to type a goal."""
    wishes = [form_field(turn, "weekly"), form_field(turn, "skill")]
    if not any(wishes):
        form = typed(turn.question.place.platform, "goals set …")
        yield Text(
            say(turn.language, "Type {form} with a skill or a number of answers a week.", form=form)
        )
        return
    for wish in filter(None, wishes):
        async for part in _set(services, turn, wish):
            yield part


async def set_skill_goal(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """A pressed suggestion."""
    async with services.database.read() as session:
        found = await skills_by_ids(session, [payload["skill_id"]])
    if not found:
        yield Text(say(turn.language, "That skill no longer exists."))
        return
    async for part in _want_skill(services, turn, found[0]):
        yield part


async def drop_goal(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """A pressed goal is one less, if it is theirs and open."""
    async with services.database.write() as session:
        mine = {goal.id for goal in await goals.open_goals(session, turn.learner.id)}
        if payload["goal_id"] in mine:
            await goals.drop_goal(session, payload["goal_id"])
    async for part in _show(services, turn, say(turn.language, "Dropped. You can set it again.")):
        yield part


async def _show(services: Services, turn: Turn, first: str = "") -> AsyncIterator[ReplyPart]:
    async with services.database.read() as session:
        wanted = (await gather(session, turn.learner, services.now())).goals
        reached = await goals.reached_goals(session, turn.learner.id)
    language = turn.language
    lines = [
        f"{number}. {describe(goal, language)}{_by_when(goal, turn)}"
        for number, goal in enumerate(wanted, 1)
    ]
    paragraphs = [
        first,
        "\n".join([say(language, "**Your goals**"), *lines])
        if lines
        else say(language, "You have no goals yet. A skill to master, or answers a week?"),
        say(language, "🏆 Reached so far: {count}", count=len(reached)) if reached else "",
    ]
    yield Text("\n\n".join(filter(None, paragraphs)))
    drops = [
        Button(
            GOAL_DROP,
            say(language, "Drop {number}", number=number),
            {"goal_id": goal.goal_id},
            emoji="✖️",
        )
        for number, goal in enumerate(wanted[:3], 1)
    ]
    yield Offer((goal_button(language), *drops))


def describe(goal: GoalFacts, language: Language) -> str:
    """A goal and how far it is."""
    if goal.names is None:
        return say(
            language,
            "{target} answers a week: {reached} in the last seven days",
            target=goal.target,
            reached=goal.reached,
        )
    return say(
        language,
        "Master {skill}: {reached} % of {target} %",
        skill=name_in(goal.names, language),
        reached=goal.reached,
        target=goal.target,
    )


def _by_when(goal: GoalFacts, turn: Turn) -> str:
    if goal.due_at is None:
        return ""
    return say(turn.language, " (until {time})", time=shown_time(goal.due_at, zone_of(turn)))


async def _set(services: Services, turn: Turn, words: str) -> AsyncIterator[ReplyPart]:
    """A number is answers a week, everything else a skill, with a date where one stands."""
    words = words.strip()
    if weekly := _WEEKLY.fullmatch(words):
        parts = _want_answers(services, turn, int(weekly.group(1)))
    else:
        wish = goal_in(words, services.now(), zone_of(turn))
        async with services.database.read() as session:
            open_to_them = await courses_open_to(session, turn.learner.id)
            found = await find_subject(session, wish.whole or wish.subject, open_to_them)
            if wish.whole and _is_called(found, wish.whole):
                wish = GoalWords(wish.whole)
            else:
                found = await find_subject(session, wish.subject, open_to_them)
            ids = found.subject.skill_ids if found.subject else ()
            named = await skills_by_ids(session, list(ids)) if len(ids) == 1 else []
        if wish.unread or (wish.due_at and not named):
            yield Text(_date_left_out(turn, wish) + "\n\n")
        parts = (
            _want_skill(services, turn, named[0], wish.due_at)
            if named
            else _suggest(turn, wish.subject, await _near(services, found))
        )
    async for part in parts:
        yield part


async def _want_answers(services: Services, turn: Turn, count: int) -> AsyncIterator[ReplyPart]:
    if not 1 <= count <= MOST_WEEKLY:
        yield Text(say(turn.language, "Choose a number from 1 to {most}.", most=MOST_WEEKLY))
        return
    async with services.database.write() as session:
        await goals.add_goal(
            session, learner_id=turn.learner.id, kind="weekly", target=count, now=services.now()
        )
    async for part in _show(services, turn, say(turn.language, "🎯 That is your goal now!")):
        yield part


def _is_called(found: Found, words: str) -> bool:
    names = found.subject.names.values() if found.subject else ()
    return words.casefold() in {name.casefold() for name in names}


def _date_left_out(turn: Turn, wish: GoalWords) -> str:
    if wish.unread:
        return say(
            turn.language,
            "I can't read “{time}” as a date that is still to come, so the goal has none.",
            time=wish.unread[:40],
        )
    return say(
        turn.language,
        "A date goes with a single skill: name the skill and the date together once more.",
    )


async def _want_skill(
    services: Services, turn: Turn, skill: Skill, due_at: datetime | None = None
) -> AsyncIterator[ReplyPart]:
    async with services.database.write() as session:
        await goals.add_goal(
            session,
            learner_id=turn.learner.id,
            kind="skill",
            skill_id=skill.id,
            due_at=due_at,
            now=services.now(),
        )
    async for part in _show(services, turn, say(turn.language, "🎯 That is your goal now!")):
        yield part


async def _near(services: Services, found: Found) -> list[Skill]:
    """The skills of what was meant or comes near."""
    subjects = (found.subject,) if found.subject else found.near
    ids = [id_ for subject in subjects if subject for id_ in subject.skill_ids]
    if not ids:
        return []
    async with services.database.read() as session:
        return await skills_by_ids(session, list(dict.fromkeys(ids)))


async def _suggest(turn: Turn, words: str, skills: Sequence[Skill]) -> AsyncIterator[ReplyPart]:
    if not skills:
        yield Text(say(turn.language, "I know no skill called “{words}”.", words=words[:60]))
        return
    yield Text(say(turn.language, "Which skill do you want to master?"))
    menu = say(turn.language, "Choose a skill") if len(skills) > 5 else ""
    yield Offer(
        tuple(
            Button(
                GOAL_SET,
                name_in(skill.names, turn.language),
                {"skill_id": skill.id},
                closes=True,
                menu=menu,
            )
            for skill in skills[:25]
        )
    )


async def _drop_named(services: Services, turn: Turn, words: str) -> AsyncIterator[ReplyPart]:
    """By its number in the list, or by a part of its name."""
    async with services.database.read() as session:
        wanted = (await gather(session, turn.learner, services.now())).goals
    words = words.strip().casefold()
    meant = [
        goal
        for number, goal in enumerate(wanted, 1)
        if words == str(number)
        or (words and any(words in n.casefold() for n in (goal.names or {}).values()))
    ]
    if len(meant) != 1:
        first = say(turn.language, "Which one? Give its number: drop 1, for example.")
        async for part in _show(services, turn, first):
            yield part
        return
    async for part in drop_goal(services, turn, {"goal_id": meant[0].goal_id}):
        yield part
