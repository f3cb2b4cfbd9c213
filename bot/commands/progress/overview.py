"""`/progress`: what was learnt so far, as a list, and as pictures on request."""

from collections.abc import AsyncIterator, Sequence

from bot.commands.arguments import argument
from bot.commands.progress.buttons import next_buttons
from bot.commands.progress.feedback import after_exam
from bot.commands.wording import typed
from bot.services import Services
from tutor.charts.mastery import SkillBar
from tutor.i18n import say, say_count
from tutor.language import Language
from tutor.learner.facts import Facts, gather
from tutor.learner.progress import draw, progress_of
from tutor.messages import Offer, ReplyPart, Text
from tutor.pedagogy.dialogue import Policy
from tutor.turn import Turn

LISTED = 10
STEPS = 5  # of a bar


async def show_progress(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """In words; with `picture`, as pictures with their facts in a few words."""
    if turn.policy is Policy.EXAM:
        yield Text(after_exam(turn))
        return
    async with services.database.read() as session:
        facts = await gather(session, turn.learner, services.now())
        progress = await progress_of(session, turn.learner, turn.language, services.now())
    if not facts.skills_begun:
        learn = typed(turn.question.place.platform, "learn")
        yield Text(say(turn.language, "Nothing to show yet. {learn} begins a lesson.", learn=learn))
        return
    pictured = argument(turn, "picture") == "yes"
    yield Text("\n\n".join(_paragraphs(facts, () if pictured else progress.skills, turn.language)))
    if pictured:
        for picture in await draw(progress, turn.language):
            yield picture
    buttons = next_buttons(facts, turn.language)
    yield Offer(tuple(b for b in buttons if not (pictured and "picture" in str(b.payload))))


def _paragraphs(facts: Facts, skills: Sequence[SkillBar], language: Language) -> list[str]:
    title = say(language, "**Your progress**")
    lines = [
        say(
            language,
            "- skills mastered: {mastered} of {begun}",
            mastered=facts.skills_mastered,
            begun=facts.skills_begun,
        ),
        "- "
        + say_count(
            language,
            "{count} answer in the last seven days",
            "{count} answers in the last seven days",
            facts.tally.answers,
        ),
        "- " + say(language, "due for review: {count}", count=facts.due),
    ]
    if facts.streak_days > 1:
        lines.append("- " + say(language, "🔥 {days} days in a row!", days=facts.streak_days))
    return ["\n".join([title, *lines]), *_listed(skills, language)]


def _listed(skills: Sequence[SkillBar], language: Language) -> list[str]:
    if not skills:
        return []
    lines = [
        f"- `{_bar(skill.percent)}` {skill.percent} % {skill.name}" for skill in skills[:LISTED]
    ]
    if len(skills) > LISTED:
        lines.append("- " + say(language, "and {count} more", count=len(skills) - LISTED))
    return ["\n".join([say(language, "**Mastery**"), *lines])]


def _bar(percent: int) -> str:
    full = percent * STEPS // 100
    return "▰" * full + "▱" * (STEPS - full)
