"""Feedback in words: kind, specific, and with a next step. Every number comes out of the facts.

Each line is one message of the catalogue, so that what it says can be read back and checked. How
much is said follows the level that the learner chose. Pure; the model may word it differently, see
`tutor.learner.paraphrase`.
"""

from collections.abc import Callable, Iterator
from datetime import date
from itertools import islice

from babel.dates import format_skeleton

from tutor.i18n import mark, say, say_count
from tutor.language import Language
from tutor.learner.answer_facts import AttemptFacts, QuizFacts
from tutor.learner.facts import WINDOW_DAYS, Facts, Repeated, Tally
from tutor.learner.mistake_text import mistake_advice, mistake_name
from tutor.names import Names, name_in

LINES = {"simple": 4, "normal": 8, "detailed": 99}
DEFAULT_LEVEL = "normal"
ENOUGH_BEFORE = 5  # answers, before two weeks are compared
SHOWN_MISTAKES = 2
PRAISE = (
    (0.9, mark("✨ That is excellent. Keep it up!")),
    (0.7, mark("👏 That is solid work.")),
    (0.5, mark("🌱 Half of the way is done; the rest comes with practice.")),
    (0.0, mark("🌱 Hard things take tries, and you are making them. That counts.")),
)
ACTIVE = mark("📅 You practised on {active} of {days} days.")
ACTIVE_LONGER = mark("📅 You practised on {active} of {days} days, about {minutes} min in all.")
Typed = Callable[[str], str]
"""How a command is written where the text is read."""


def slashed(command: str) -> str:
    """A command where nobody knows the platform yet."""
    return f"`/{command}`"


def weekly(
    facts: Facts, language: Language, *, level: str = DEFAULT_LEVEL, typed: Typed = slashed
) -> str:
    """The last seven days, and what to do next."""
    title = say(
        language,
        "**Your last {days} days** ({first} to {last})",
        days=WINDOW_DAYS,
        first=short_date(facts.first_day, language),
        last=short_date(facts.last_day, language),
    )
    lines = islice(_lines(facts, language), LINES.get(level, LINES[DEFAULT_LEVEL]))
    return "\n".join([title, "", *lines, "", _next(facts, language, typed)])


def after_attempt(facts: AttemptFacts, language: Language) -> str:
    """A line or two about an answer that means more than itself; else ""."""
    lines = [
        say(language, "⭐ You have mastered {skill}!", skill=name_in(names, language))
        for names in facts.mastered
    ]
    lines += [
        say(language, "🎯 Goal reached: {skill}!", skill=name_in(names, language))
        for names in facts.goals
    ]
    if facts.times > 1:
        lines.append(_repeated(Repeated(facts.pattern, facts.times), language))
    return "\n".join(lines)


def after_quiz(facts: QuizFacts, language: Language) -> list[str]:
    """What a quiz shows besides its score."""
    lines = []
    if facts.before is not None and facts.before.answers:
        lines.append(
            say(
                language,
                "📊 In the quiz before, {right} of {count} were right at once; now {right_now} "
                "of {count_now}.",
                right=facts.before.right,
                count=facts.before.answers,
                right_now=facts.tally.right,
                count_now=facts.tally.answers,
            )
        )
    lines += [
        say(
            language,
            "🔁 {mistake}: {count} times in this quiz. {advice}",
            mistake=mistake_name(one.pattern, language),
            count=one.count,
            advice=mistake_advice(one.pattern, language),
        )
        for one in facts.repeated[:SHOWN_MISTAKES]
    ]
    return lines


def short_date(day: date, language: Language) -> str:
    """A day without its year: Nov 23, 11月23日."""
    return format_skeleton("MMMd", day, locale=language.value.replace("-", "_"))


def _lines(facts: Facts, language: Language) -> Iterator[str]:
    """All there is to say, what matters most first."""
    if not facts.tally.answers:
        yield say(language, "🌤️ No new answers in this time. A short round is a good way back.")
    else:
        yield _answers(facts.tally, language)
        yield say(language, next(text for least, text in PRAISE if facts.tally.share >= least))
    yield from _skills(facts, language)
    yield from _trend(facts, language)
    for one in facts.repeated[:SHOWN_MISTAKES]:
        yield _repeated(one, language)
    for goal in facts.goals:
        yield _goal(goal.names, goal.reached, goal.target, language)
    yield from _rhythm(facts, language)
    if facts.regraded:
        yield say_count(
            language,
            "✏️ {count} of your answers was graded anew.",
            "✏️ {count} of your answers were graded anew.",
            facts.regraded,
        )
    if facts.skills_begun:
        yield say(
            language,
            "📚 Skills in all: {begun} begun, {mastered} mastered.",
            begun=facts.skills_begun,
            mastered=facts.skills_mastered,
        )


def _answers(tally: Tally, language: Language) -> str:
    return say_count(
        language,
        "✅ You answered {count} question, {right} right at once ({percent} %).",
        "✅ You answered {count} questions, {right} of them right at once ({percent} %).",
        tally.answers,
        right=tally.right,
        percent=tally.percent,
    )


def _skills(facts: Facts, language: Language) -> Iterator[str]:
    for skill in facts.mastered:
        yield say(language, "⭐ Mastered: {skill}", skill=name_in(skill.names, language))
    if facts.weakness is not None:
        yield _weakness(facts, language)
    if facts.strongest is not None and not facts.strongest.mastered:
        yield say(
            language,
            "💪 Strongest: {skill} ({right} of {count} right at once)",
            skill=name_in(facts.strongest.names, language),
            right=facts.strongest.tally.right,
            count=facts.strongest.tally.answers,
        )
    followed = facts.weakness.skill.skill_id if facts.weakness else None
    if facts.weakest is not None and facts.weakest.skill_id != followed:
        yield say(
            language,
            "🔍 Needs practice: {skill} ({right} of {count} right at once)",
            skill=name_in(facts.weakest.names, language),
            right=facts.weakest.tally.right,
            count=facts.weakest.tally.answers,
        )


def _weakness(facts: Facts, language: Language) -> str:
    """The skill that was hard the week before, and what came of it."""
    assert facts.weakness is not None
    skill, since = facts.weakness.skill, facts.weakness.since
    was = {
        "skill": name_in(skill.names, language),
        "right": skill.tally.right,
        "count": skill.tally.answers,
    }
    if not since.answers:
        return say(
            language,
            "↩️ {skill} was hard the week before ({right} of {count}) and waits for another try.",
            **was,
        )
    return say(
        language,
        "↩️ {skill} was hard the week before ({right} of {count}); since then you got "
        "{right_now} of {count_now} right.",
        right_now=since.right,
        count_now=since.answers,
        **was,
    )


def _trend(facts: Facts, language: Language) -> Iterator[str]:
    if facts.before.answers >= ENOUGH_BEFORE <= facts.tally.answers:
        then, now = facts.before.percent, facts.tally.percent
        if now > then:
            yield say(
                language, "📈 The week before it was {before} %: you are moving up.", before=then
            )
        elif now < then:
            yield say(
                language,
                "📉 The week before it was {before} %. Harder questions or a tired day do that.",
                before=then,
            )
        else:
            yield say(language, "➡️ The week before it was {before} % as well.", before=then)
    if facts.since is not None and facts.since.tally.answers:
        yield say(
            language,
            "🕗 Since your last feedback ({day}): {right} of {count} right at once, newly mastered "
            "skills: {mastered}.",
            day=short_date(facts.since.day, language),
            right=facts.since.tally.right,
            count=facts.since.tally.answers,
            mastered=facts.since.mastered,
        )


def _repeated(one: Repeated, language: Language) -> str:
    return say(
        language,
        "🔁 {mistake}: {count} times in {days} days. {advice}",
        mistake=mistake_name(one.pattern, language),
        count=one.count,
        days=WINDOW_DAYS,
        advice=mistake_advice(one.pattern, language),
    )


def _goal(names: Names | None, reached: int, target: int, language: Language) -> str:
    if names is None:
        return say(
            language,
            "🎯 Your goal for a week: {reached} of {target} answers",
            reached=reached,
            target=target,
        )
    return say(
        language,
        "🎯 Your goal {skill}: mastery {reached} % of {target} %",
        skill=name_in(names, language),
        reached=reached,
        target=target,
    )


def _rhythm(facts: Facts, language: Language) -> Iterator[str]:
    if facts.active_days:
        yield say(
            language,
            ACTIVE_LONGER if facts.tally.minutes else ACTIVE,
            active=facts.active_days,
            days=WINDOW_DAYS,
            minutes=facts.tally.minutes,
        )
    if facts.streak_days > 1:
        yield say(language, "🔥 {days} days in a row!", days=facts.streak_days)
    if facts.tally.helped:
        yield say(
            language,
            "💡 With hints: {helped} of {count} answers. Using them is fine.",
            helped=facts.tally.helped,
            count=facts.tally.answers,
        )


def _next(facts: Facts, language: Language, typed: Typed) -> str:
    """One thing to do, with the command for it."""
    if facts.due:
        return say_count(
            language,
            "👉 Next: {count} card is due for review: {command}",
            "👉 Next: {count} cards are due for review: {command}",
            facts.due,
            command=typed("review"),
        )
    if facts.weakest is not None:
        name = name_in(facts.weakest.names, language)
        command = typed(f"practice {name}")
        return say(
            language, "👉 Next: a few questions on {skill}: {command}", skill=name, command=command
        )
    return say(language, "👉 Next: go on learning: {command}", command=typed("learn"))
