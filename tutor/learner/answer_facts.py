"""What one answer, and one quiz, mean beside their verdicts: counted, for a line of feedback."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage import attempts, courses, goals, learner_activity, practices
from storage.attempts import Attempt
from storage.learner_activity import LONGEST_SECONDS, Mistakes
from storage.session import Session
from tutor.grading.verdict import Outcome, Pattern
from tutor.learner.evidence import COUNTED
from tutor.learner.facts import WINDOW_DAYS, Repeated, Tally, repeated
from tutor.learner.model import Learnt
from tutor.names import Names

LOOKED_BACK = 20  # practices in which the quiz before is looked for
QUIZ = "quiz"


@dataclass(frozen=True, slots=True)
class AttemptFacts:
    """What an answer was besides right or wrong: `times` its mistake was made in the window."""

    pattern: Pattern = Pattern.NONE
    times: int = 0
    mastered: tuple[Names, ...] = ()
    goals: tuple[Names, ...] = ()


@dataclass(frozen=True, slots=True)
class QuizFacts:
    """A finished quiz: the one of this course before it, and mistakes that came again in it."""

    tally: Tally
    before: Tally | None
    repeated: tuple[Repeated, ...]


async def attempt_facts(
    session: Session, learner_id: str, learnt: Learnt, pattern: Pattern, now: datetime
) -> AttemptFacts:
    """About an answer that has just been recorded."""
    times = 0
    if pattern is not Pattern.NONE:
        moment = timedelta(microseconds=1)  # the window ends with this very answer
        since = now - timedelta(days=WINDOW_DAYS)
        made = await learner_activity.mistakes(session, learner_id, since=since, until=now + moment)
        times = sum(one.count for one in made if one.pattern == pattern)
    mastered = [change.skill_id for change in learnt.skills if change.mastered_now]
    reached = {
        goal.skill_id
        for goal in (await goals.reached_goals(session, learner_id) if learnt.goals else [])
        if goal.id in learnt.goals
    }
    skills = await courses.skills_by_ids(session, mastered) if mastered else []
    return AttemptFacts(
        pattern,
        times,
        tuple(skill.names for skill in skills if skill.id not in reached),
        tuple(skill.names for skill in skills if skill.id in reached),
    )


async def quiz_facts(session: Session, learner_id: str, practice_id: str) -> QuizFacts:
    """About a quiz that has just ended."""
    answered = await attempts.attempts_in_practice(session, practice_id)
    return QuizFacts(
        tally_of(answered),
        await _quiz_before(session, learner_id, practice_id),
        repeated(_mistakes(answered)),
    )


def tally_of(answered: Sequence[Attempt]) -> Tally:
    """Counts attempts as the database counts them for a window."""
    first = [a for a in answered if a.first_try and a.outcome in COUNTED]
    return Tally(
        answers=len(first),
        right=sum(a.outcome == Outcome.RIGHT and not a.aided for a in first),
        helped=sum(a.aided for a in first),
        seconds=sum(min(a.seconds or 0.0, LONGEST_SECONDS) for a in answered),
    )


async def _quiz_before(session: Session, learner_id: str, practice_id: str) -> Tally | None:
    this = await practices.practice_by_id(session, practice_id)
    assert this is not None, practice_id
    for one in await practices.practices_of(session, learner_id, limit=LOOKED_BACK):
        same = (one.kind, one.course_id) == (QUIZ, this.course_id)
        if same and one.id != this.id and one.started_at <= this.started_at:
            tally = tally_of(await attempts.attempts_in_practice(session, one.id))
            return tally if tally.answers else None
    return None


def _mistakes(answered: Iterable[Attempt]) -> list[Mistakes]:
    return [
        Mistakes(a.pattern, a.skill_id, 1, a.attempted_at)
        for a in answered
        if a.pattern and a.outcome in (Outcome.PARTLY, Outcome.WRONG)
    ]
