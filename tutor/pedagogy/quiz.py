"""The rules of a quiz: one answer to each question, the verdict at once, no way back.

What went wrong is looked at afterwards. The key is never said.
"""

from dataclasses import replace

from tutor.grading.verdict import Outcome
from tutor.i18n import mark
from tutor.language import Language
from tutor.moves import Move
from tutor.pedagogy.dialogue import DialogueState, Event, Policy
from tutor.pedagogy.policy import Decision, Then
from tutor.pedagogy.running import Running
from tutor.pedagogy.scene import Scene

_RIGHT = (mark("✅ Right: {attempt}."), mark("✅ {attempt} is right."))
_PARTLY = (mark("🟡 {attempt}: partly right."),)
_WRONG = (
    mark("❌ {attempt} isn't right. We can look at it afterwards."),
    mark("❌ Not {attempt}. We'll come back to it."),
)
_UNREADABLE = (mark("I couldn't read that as an answer. Can you write just the answer?"),)
_UNREADABLE_CHOICE = (mark("I couldn't tell which one you mean. Answer with a letter, please."),)
_OPINION = (mark("Thank you. I can't check this one, so it doesn't count either way."),)
_TAKEN = (mark("Noted: {attempt}."),)


def decide(state: DialogueState, event: Event, policy: Policy) -> Decision:
    """What follows from an answer to a quiz question."""
    verdict = event.verdict
    assert verdict is not None, "an answer is graded first"
    if verdict.outcome is Outcome.UNREADABLE:
        return Decision(state, (Move.CLARIFY,))
    right = verdict.outcome is Outcome.RIGHT
    after = replace(state, tries=state.tries + 1, last_answer=event.text, solved=right)
    if policy is Policy.EXAM:
        return Decision(replace(after, solved=right), (Move.RECORD, Move.ASK), then=Then.NEXT)
    move = Move.CONFIRM if right else Move.CORRECT
    if verdict.outcome is Outcome.OPINION:
        move = Move.CANNOT_CHECK
    return Decision(after, (move, Move.ASK), then=Then.NEXT)


def verdict_sentence(language: Language, running: Running, event: Event, policy: Policy) -> str:
    """The verdict in one line; none while an examination withholds it."""
    scene = Scene(
        language,
        running.item.item,
        running.step,
        running.state,
        event.verdict,
        answer=event.text,
        number=running.plan.number,
    )
    chooses = bool(running.step.answer.choices)
    return scene.pick(_phrasings(event, policy, chooses=chooses), attempt=scene.attempt)


def _phrasings(event: Event, policy: Policy, *, chooses: bool) -> tuple[str, ...]:
    assert event.verdict is not None
    outcome = event.verdict.outcome
    if outcome is Outcome.UNREADABLE:
        return _UNREADABLE_CHOICE if chooses else _UNREADABLE
    if policy is Policy.EXAM:
        return _TAKEN
    by_outcome = {Outcome.RIGHT: _RIGHT, Outcome.PARTLY: _PARTLY, Outcome.OPINION: _OPINION}
    return by_outcome.get(outcome, _WRONG)
