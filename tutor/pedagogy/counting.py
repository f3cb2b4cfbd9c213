"""Counts what a learner did with an open question: attempt, what was learnt, and where it stands.

All of it in one transaction, or nothing.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from storage.attempts import NewAttempt
from storage.database import Database
from tutor.grading.verdict import Outcome
from tutor.learner.answer_facts import AttemptFacts, attempt_facts
from tutor.learner.evidence import guess_chance, is_fact
from tutor.learner.model import Learnt, record
from tutor.pedagogy.dialogue import Intent, Policy
from tutor.pedagogy.meaning import NOTHING
from tutor.pedagogy.plan import Plan, PracticeKind, is_aided
from tutor.pedagogy.policy import Then
from tutor.pedagogy.running import Running, save
from tutor.pedagogy.session import Decided
from tutor.turn import Turn


class Counting:
    """`model` names the language model that may take part."""

    def __init__(self, database: Database, now: Callable[[], datetime], model: str) -> None:
        self._database = database
        self._now = now
        self._model = model

    async def count(
        self, turn: Turn, running: Running, decided: Decided
    ) -> tuple[Running, AttemptFacts]:
        """Where it stands afterwards, and what the answer means beside its verdict.

        Raises AnsweredMeanwhile if another message came first.
        """
        now, facts = self._now(), NOTHING
        async with self._database.write() as session:
            plan = replace(running.plan, claim=turn.question.claim_key)
            if _is_graded(running, decided):
                learnt = await record(session, self._attempt(running, decided, now), now)
                plan = _with_attempt(plan, decided, learnt)
                if turn.policy is not Policy.EXAM:  # else its end would tell what was right
                    plan = _at_its_aim(plan, learnt)
                assert decided.verdict is not None
                pattern = decided.verdict.pattern
                facts = await attempt_facts(session, turn.learner.id, learnt, pattern, now)
            changed = running.changed(plan, decided.decision.state, running.stored)
            after = _after(changed, decided, now)
            return await save(session, after, now), facts

    def _attempt(self, running: Running, decided: Decided, now: datetime) -> NewAttempt:
        state, verdict = running.state, decided.verdict
        present, stored = running.plan.present, running.item
        assert verdict is not None
        assert present is not None
        return NewAttempt(
            learner_id=running.practice.learner_id,
            item_id=stored.id,
            item_version=stored.version,
            step=running.index,
            skill_ids=running.skill_ids,
            answer=decided.event.text,
            outcome=verdict.outcome.value,
            score=verdict.score,
            stage=verdict.stage.value,
            pattern=verdict.pattern.value,
            first_try=state.tries == 0,
            hints=state.hints,
            aided=is_aided(state),
            fact=is_fact(stored.item),
            guess=guess_chance(running.step.answer),
            seconds=max(0.0, (now - present.shown_at).total_seconds()),
            model=self._model,
            practice_id=running.id,
            course_id=running.practice.course_id,
        )


def _is_graded(running: Running, decided: Decided) -> bool:
    """Whether the message was an answer to the step that counts, or is kept as an opinion."""
    return decided.verdict is not None and decided.decision.state.tries > running.state.tries


def _with_attempt(plan: Plan, decided: Decided, learnt: Learnt) -> Plan:
    assert decided.verdict is not None
    doubtful = None if decided.verdict.outcome is Outcome.RIGHT else learnt.attempt_id
    return replace(plan.with_first_score(decided.verdict.score), attempt_id=doubtful)


def _at_its_aim(plan: Plan, learnt: Learnt) -> Plan:
    """A lesson ends when its skill is mastered."""
    aim = plan.skill_ids[:1]
    reached = any(change.mastered_now and change.skill_id in aim for change in learnt.skills)
    return replace(plan, mastered=plan.mastered or (plan.kind is PracticeKind.LESSON and reached))


def _after(running: Running, decided: Decided, now: datetime) -> Running:
    """Where the practice stands once this is said."""
    given_up = decided.intent in (Intent.SKIP, Intent.NEXT) and not running.state.closed
    match decided.decision.then:
        case Then.NEXT if given_up:
            return running.skipped(now)
        case Then.NEXT:
            return running.after_step(now)
        case Then.TWIN:
            return running.after_reveal(now)
        case _:
            return running
