"""`/class report` and `/class stuck`: how a class is doing, and who needs somebody."""

from collections.abc import AsyncIterator

from bot.commands.arguments import argument
from bot.commands.courses.teaching import Taught, for_teachers
from bot.commands.wording import typed
from bot.services import Services
from storage.courses import skills_of
from storage.disputes import count_open_disputes
from storage.skill_states import states_in_course
from tutor.classes.naming import Register, by_call, register_for
from tutor.classes.overview import ClassOverview, Stuck, class_overview, stuck_learners
from tutor.classes.picture import class_map
from tutor.i18n import say, say_count
from tutor.language import Language
from tutor.messages import Platform, ReplyPart, Text
from tutor.names import name_in
from tutor.turn import Turn

WEAKEST = 5
MOST_LEARNERS = 40


async def _report(services: Services, turn: Turn, teaching: Taught) -> AsyncIterator[ReplyPart]:
    course, group = teaching.course, argument(turn, "group") or None
    async with services.database.read() as session:
        overview = await class_overview(session, course.id, services.now(), group=group)
        register = await register_for(
            session, course.id, turn.language, sees_names=teaching.sees_names
        )
        waiting = await count_open_disputes(session, course.id)
        states = await states_in_course(session, course.id)
    mastered: dict[str, int] = {}
    for state in states:
        if state.mastered_at is not None:
            mastered[state.learner_id] = mastered.get(state.learner_id, 0) + 1
    name = name_in(course.names, turn.language)
    title = f"**{name}**" + (f" · {group}" if group else "")
    paragraphs = [title, _activity(overview, turn.language)]
    if overview.learners:
        paragraphs.append(_weakest(overview, turn.language))
        paragraphs.append(_learners(overview, register, mastered))
    if waiting:
        paragraphs.append(_waiting(waiting, turn.question.place.platform, turn.language))
    if overview.learners and register.anonymous:
        paragraphs.append(say(turn.language, "_Names are hidden: you see aliases._"))
    yield Text("\n\n".join(filter(None, paragraphs)))
    picture = await class_map(overview, register, states)
    if picture is not None:
        yield picture


async def _stuck(services: Services, turn: Turn, teaching: Taught) -> AsyncIterator[ReplyPart]:
    async with services.database.read() as session:
        found = await stuck_learners(session, teaching.course.id, services.now())
        skills = {skill.id: skill for skill in await skills_of(session, teaching.course.id)}
        register = await register_for(
            session, teaching.course.id, turn.language, sees_names=teaching.sees_names
        )
    names = {id_: name_in(skill.names, turn.language) for id_, skill in skills.items()}
    if not found:
        yield Text(say(turn.language, "Nobody is stuck just now, as far as answers tell."))
        return
    title = say(turn.language, "**Who could need you**")
    lines = [_stuck_line(one, register, names, turn.language) for one in found]
    yield Text("\n".join([title, *sorted(lines)]))


report = for_teachers(_report)
stuck = for_teachers(_stuck)


def _activity(overview: ClassOverview, language: Language) -> str:
    if not overview.learners:
        return say(language, "Nobody has joined yet.")
    learners = len(overview.learners)
    answers = say_count(
        language, "{count} answer in seven days", "{count} answers in seven days", overview.answers
    )
    if overview.answers:
        share = f"{overview.right / overview.answers:.0%}"
        answers = say(language, "{answers}, {share} of them right", answers=answers, share=share)
    return "\n".join(
        [
            "- "
            + say(
                language,
                "{active} of {learners} learners were active in the last seven days",
                active=overview.active,
                learners=learners,
            ),
            "- " + answers,
        ]
    )


def _weakest(overview: ClassOverview, language: Language) -> str:
    """Mean mastery of the skills that were practised, the weakest first."""
    weakest = overview.weakest(WEAKEST)
    if not weakest:
        return say(language, "No skill has been practised yet.")
    lines = [say(language, "**Weakest skills** (mean mastery)")]
    lines += [
        say(
            language,
            "- {skill}: {mastery} · mastered by {mastered} of {learners}",
            skill=name_in(facts.skill.names, language),
            mastery=f"{facts.mastery:.0%}",
            mastered=facts.mastered,
            learners=facts.learners,
        )
        for facts in weakest
    ]
    return "\n".join(lines)


def _learners(overview: ClassOverview, register: Register, mastered: dict[str, int]) -> str:
    language, skills = register.language, len(overview.skills)
    members = by_call(overview.learners, register)
    lines = [say(language, "**Skills mastered**")]
    lines += [
        f"- {register.call(one)}: {mastered.get(one.learner_id, 0)}/{skills}"
        for one in members[:MOST_LEARNERS]
    ]
    if len(members) > MOST_LEARNERS:
        more = len(members) - MOST_LEARNERS
        lines.append(say(language, "- and {count} more: the gradebook has all", count=more))
    return "\n".join(lines)


def _waiting(count: int, platform: Platform, language: Language) -> str:
    return say_count(
        language,
        "{count} contested grade waits for you: {queue}",
        "{count} contested grades wait for you: {queue}",
        count,
        queue=typed(platform, "class queue"),
    )


def _stuck_line(one: Stuck, register: Register, skills: dict[str, str], language: Language) -> str:
    who, skill = register.call(one.member), skills.get(one.skill_id or "", "–")
    if one.wrong:
        return say(
            language,
            "- {learner}: the last {count} answers were wrong ({skill})",
            learner=who,
            count=one.wrong,
            skill=skill,
        )
    return say(
        language,
        "- {learner}: {count} answers in {skill}, and still far from knowing it",
        learner=who,
        count=one.answers,
        skill=skill,
    )
