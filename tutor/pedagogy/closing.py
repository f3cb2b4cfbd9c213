"""Ends a practice and says how it went: counts, what moved, what to look at again.

Every number is counted from what was stored.
"""

from collections.abc import AsyncGenerator, Callable, Sequence
from datetime import datetime

from storage.courses import Skill, skills_by_ids
from storage.database import Database
from storage.reviews import count_due
from storage.skill_states import SkillState, skill_states
from tutor.i18n import mark, say, say_count
from tutor.language import Language
from tutor.learner.answer_facts import quiz_facts
from tutor.learner.feedback import after_quiz
from tutor.messages import Provenance, ReplyPart, Text
from tutor.moves import Move
from tutor.names import name_in
from tutor.pedagogy.controls import finished_buttons
from tutor.pedagogy.dialogue import Policy
from tutor.pedagogy.plan import Plan, PracticeKind, Result
from tutor.pedagogy.running import Running, end
from tutor.turn import Turn

CHEERS = (
    (0.9, mark("Excellent work! 🎉")),
    (0.6, mark("Well done! 👏")),
    (0.0, mark("Thank you for staying with it. Mistakes show us what to practise. 💪")),
)


class Closing:
    """The last words of practices."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def finish(
        self, turn: Turn, running: Running, *, gap: str = ""
    ) -> AsyncGenerator[ReplyPart, None]:
        """Ends it, and sums up what was answered."""
        async with self._database.write() as session:
            running = await end(session, running.broken_off(self._now()), self._now())
        async with self._database.read() as session:
            learner_id = turn.learner.id
            worked_on = _skills_of(running.plan)
            states = await skill_states(session, learner_id, worked_on)
            skills = {skill.id: skill for skill in await skills_by_ids(session, worked_on)}
            due = await count_due(session, learner_id, self._now())
            is_quiz = running.plan.kind is PracticeKind.QUIZ
            quiz = await quiz_facts(session, learner_id, running.id) if is_quiz else None
        withheld = turn.policy is Policy.EXAM
        shown = after_quiz(quiz, turn.language) if quiz else []
        lines = (
            _withheld(running.plan, turn.language)
            if withheld
            else _summary(running.plan, skills, states, shown, due, turn.language)
        )
        yield Text(gap + "\n\n".join(lines))
        mistakes = () if withheld else _mistakes(running.plan)
        offer = finished_buttons(running, turn.language, mistakes)
        if offer.buttons:
            yield offer
        yield Provenance(Move.FINISH.value)


def _summary(
    plan: Plan,
    skills: dict[str, Skill],
    states: dict[str, SkillState],
    shown: Sequence[str],
    due: int,
    language: Language,
) -> list[str]:
    answered = [result for result in plan.results if not result.skipped]
    if not answered:
        return [say(language, "All right, we stop here. You can go on whenever you like.")]
    if plan.kind is PracticeKind.OWN:
        return [say(language, "That one is done. Bring me the next one whenever you like!")]
    lines = [_score(plan, answered, language)]
    details = [
        *_skipped(plan, language),
        *_moved(plan, skills, states, language),
        *_look_again(answered, skills, language),
        *shown,
    ]
    if due:
        details.append(
            say_count(
                language,
                "🗂️ {count} card is due for review.",
                "🗂️ {count} cards are due for review.",
                due,
            )
        )
    if details:
        lines.append("\n".join(f"- {detail}" for detail in details))
    return lines


def _score(plan: Plan, answered: Sequence[Result], language: Language) -> str:
    right = sum(result.right for result in answered)
    is_quiz = plan.kind is PracticeKind.QUIZ  # whose score counts what was skipped as well
    share = right / len(plan.results if is_quiz else answered)
    cheer = say(language, next(text for least, text in CHEERS if share >= least))
    if is_quiz:
        points = sum(result.score for result in plan.results)
        total = len(plan.results)
        score = say(
            language,
            "**Your score: {points} of {total} ({percent} %)**",
            points=_plain(points),
            total=total,
            percent=round(100 * points / total),
        )
        return f"{score}\n{cheer}"
    counts = say_count(
        language,
        "You worked on {count} question and solved {right} at once, without help.",
        "You worked on {count} questions and solved {right} at once, without help.",
        len(answered),
        right=right,
    )
    return f"{counts}\n{cheer}"


def _skipped(plan: Plan, language: Language) -> list[str]:
    count = sum(result.skipped for result in plan.results)
    if not count:
        return []
    return [
        say_count(
            language, "⏭️ {count} question was skipped.", "⏭️ {count} questions were skipped.", count
        )
    ]


def _moved(
    plan: Plan, skills: dict[str, Skill], states: dict[str, SkillState], language: Language
) -> list[str]:
    """How sure each skill was before and is now."""
    lines = []
    for skill_id in _skills_of(plan):
        if skill_id not in states or skill_id not in skills:
            continue
        state = states[skill_id]
        before, after = round(100 * plan.before.get(skill_id, 0.0)), round(100 * state.mastery)
        name = name_in(skills[skill_id].names, language)
        if state.mastered_at is not None:
            lines.append(say(language, "⭐ {skill}: mastered!", skill=name))
        elif skill_id in plan.before:
            lines.append(
                say(
                    language,
                    "📈 {skill}: mastery {before} % → {after} %",
                    skill=name,
                    before=before,
                    after=after,
                )
            )
        else:
            lines.append(say(language, "📈 {skill}: mastery {after} %", skill=name, after=after))
    return lines


def _look_again(
    answered: Sequence[Result], skills: dict[str, Skill], language: Language
) -> list[str]:
    """The skill that went worst, where anything went wrong."""
    by_skill: dict[str, list[Result]] = {}
    for result in answered:
        if result.skill_id in skills:
            by_skill.setdefault(result.skill_id, []).append(result)
    shares = {
        id_: sum(r.score for r in results) / len(results) for id_, results in by_skill.items()
    }
    weakest = min(shares, key=lambda id_: shares[id_], default=None)
    if weakest is None or shares[weakest] >= 1:
        return []
    return [
        say(
            language,
            "🔍 To look at again: {skill} ({right} of {count} at once)",
            skill=name_in(skills[weakest].names, language),
            right=sum(result.right for result in by_skill[weakest]),
            count=len(by_skill[weakest]),
        )
    ]


def _withheld(plan: Plan, language: Language) -> list[str]:
    """An examination says nothing about right and wrong before it is over."""
    count = sum(not result.skipped for result in plan.results)
    return [
        say_count(
            language,
            "{count} answer is recorded. With `/progress` and `/feedback` you see how it went "
            "when the exam is over.",
            "{count} answers are recorded. With `/progress` and `/feedback` you see how it went "
            "when the exam is over.",
            count,
        )
    ]


def _mistakes(plan: Plan) -> tuple[str, ...]:
    """The items of a quiz to go through afterwards."""
    if plan.kind is not PracticeKind.QUIZ:
        return ()
    return tuple(dict.fromkeys(result.item_id for result in plan.results if result.score < 1))


def _skills_of(plan: Plan) -> list[str]:
    return list(dict.fromkeys(r.skill_id for r in plan.results if r.skill_id and not r.skipped))


def _plain(points: float) -> str:
    """Points without a needless fraction: 3, 2.5."""
    return f"{points:.2f}".rstrip("0").rstrip(".")
