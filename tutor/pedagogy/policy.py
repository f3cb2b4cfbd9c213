"""The state machine of a dialogue about one step: what the tutor does after what the learner did.

diagnose → ask → attempt → hint 1..n → worked step → reveal → twin → reflect. Pure: it knows no
database and no sentence. An answer is shown when it was asked for twice, or when help was asked for
and no hint is left; a trick never counts as asking. Which hints would say the answer was decided
before (`tutor.pedagogy.hints`): they come in as bottom-out hints.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from tutor.bank.item import HintKind, Step
from tutor.grading.verdict import Outcome, Pattern
from tutor.moves import Move
from tutor.pedagogy.dialogue import DialogueState, Event, Intent, Policy

REQUESTS_FOR_REVEAL = 2
TRIES_BEFORE_HINT = 2
SCAFFOLD_TRIES = 2


class Then(StrEnum):
    """Where the lesson stands after the moves."""

    STAY = "stay"
    NEXT = "next"  # the last move, ASK, is about the next step or item; FINISH where none is left
    TWIN = "twin"  # the last move, TWIN, puts an item like this one; NEXT where there is none
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Decision:
    """`moves` in the order in which they are said; `hint` is the index of the hint to show."""

    state: DialogueState
    moves: tuple[Move, ...]
    hint: int | None = None
    then: Then = Then.STAY


@dataclass(frozen=True, slots=True)
class _Turn:
    """What a rule may look at. `rungs` are the hints that may be shown before the answer."""

    state: DialogueState
    event: Event
    step: Step
    rungs: tuple[int, ...]

    @property
    def hints_left(self) -> bool:
        return self.state.hints < len(self.rungs)

    @property
    def hints_used_up(self) -> bool:
        return bool(self.rungs) and not self.hints_left


_Rule = Callable[[_Turn], Decision]


def next_move(state: DialogueState, event: Event, step: Step, policy: Policy) -> Decision:
    """What follows from the event."""
    return _rule_for(state, event, policy)(_Turn(state, event, step, ladder(step)))


def ladder(step: Step) -> tuple[int, ...]:
    """Indexes of the hints that may be shown before the answer, in order."""
    hints = enumerate(step.hints)
    return tuple(index for index, hint in hints if hint.kind is not HintKind.BOTTOM_OUT)


def _rule_for(state: DialogueState, event: Event, policy: Policy) -> _Rule:
    intent = event.intent
    if intent in _ALWAYS:
        return _ALWAYS[intent]
    if policy is Policy.EXAM:
        return _EXAM.get(intent, _no_help)
    if state.reflecting and intent not in _ASIDE:
        return _go_on  # whatever they say when they look back is welcome
    if state.closed:
        return _CLOSED.get(intent, _go_on)
    if policy is Policy.OPEN:
        return _OPEN.get(intent, _RUNNING[intent])
    return _RUNNING[intent]


# What holds for every intent on its own.


def _care(turn: _Turn) -> Decision:
    return Decision(turn.state, (Move.CARE,))


def _stop(turn: _Turn) -> Decision:
    return Decision(turn.state, (Move.FINISH,), then=Then.STOP)


def _ask(turn: _Turn) -> Decision:
    return Decision(turn.state, (Move.ASK,))


def _go_on(turn: _Turn) -> Decision:
    return Decision(replace(turn.state, reflecting=False), (Move.ASK,), then=Then.NEXT)


def _explain(turn: _Turn) -> Decision:
    return Decision(turn.state, (Move.EXPLAIN,))


def _answer_beside(turn: _Turn) -> Decision:
    return Decision(turn.state, (Move.ANSWER,))


def _contest(turn: _Turn) -> Decision:
    return Decision(turn.state, (Move.CONTEST,))


def _no_help(turn: _Turn) -> Decision:
    return Decision(turn.state, (Move.NO_HELP,))


def _decline(turn: _Turn) -> Decision:
    return Decision(turn.state, (Move.DECLINE,))


# Help, from the least to the most.


def _help(turn: _Turn) -> Decision:
    """The next hint, then the way without its result, then the answer."""
    state = turn.state
    if turn.hints_left:
        return _hint(turn)
    if not state.worked:
        worked = replace(state, worked=True, scaffold=None)
        return Decision(worked, (Move.WORKED_STEP,))
    return _reveal(turn) if turn.hints_used_up else _decline(turn)


def _hint(turn: _Turn) -> Decision:
    """A scaffold with a key of its own opens its easier question."""
    index = turn.rungs[turn.state.hints]
    hint = turn.step.hints[index]
    opens = index if hint.kind is HintKind.SCAFFOLD and hint.key else None
    state = replace(turn.state, hints=turn.state.hints + 1, scaffold=opens, scaffold_tries=0)
    return Decision(state, (Move.HINT,), hint=index)


def _stuck(turn: _Turn) -> Decision:
    """Who has not tried anything is asked once where they are stuck."""
    state = turn.state
    if state.tries or state.hints or state.diagnosed:
        return _help(turn)
    return Decision(replace(state, diagnosed=True), (Move.DIAGNOSE,))


def _asked_for_answer(turn: _Turn) -> Decision:
    requests = turn.state.reveal_requests + 1
    turn = replace(turn, state=replace(turn.state, reveal_requests=requests))
    allowed = requests >= REQUESTS_FOR_REVEAL or turn.hints_used_up
    return _reveal(turn) if allowed else _decline(turn)


def _reveal(turn: _Turn) -> Decision:
    state = replace(turn.state, revealed=True, scaffold=None)
    return Decision(state, (Move.REVEAL, Move.TWIN), then=Then.TWIN)


def _reveal_and_go_on(turn: _Turn) -> Decision:
    """Under the open policy an answer is what was wanted; no exercise follows from it."""
    asked = replace(turn.state, reveal_requests=turn.state.reveal_requests + 1)
    state = replace(asked, revealed=True, scaffold=None)
    return Decision(state, (Move.REVEAL, Move.ASK), then=Then.NEXT)


def _show_again(turn: _Turn) -> Decision:
    """How it was done, after the step was solved or its answer shown."""
    return Decision(turn.state, (Move.REVEAL,))


# Answers.


def _attempt(turn: _Turn) -> Decision:
    verdict = turn.event.verdict
    assert verdict is not None, "an attempt is graded before its move is decided"
    if verdict.outcome is Outcome.UNREADABLE:
        return Decision(turn.state, (Move.CLARIFY,))
    if turn.event.on_scaffold:
        return _easier_answer(turn, right=verdict.outcome is Outcome.RIGHT)
    state = replace(turn.state, tries=turn.state.tries + 1, last_answer=turn.event.text)
    turn = replace(turn, state=state)
    if verdict.outcome is Outcome.OPINION:
        return Decision(replace(state, reflecting=True), (Move.CANNOT_CHECK, Move.REFLECT))
    if verdict.outcome is Outcome.RIGHT:
        return _right(turn)
    return _wrong(turn, known=verdict.pattern is not Pattern.NONE)


def _right(turn: _Turn) -> Decision:
    """Looking back is worth it where it took help or several tries."""
    state = replace(turn.state, solved=True, scaffold=None)
    if state.hints or state.worked or state.tries > 1:
        return Decision(replace(state, reflecting=True), (Move.CONFIRM, Move.REFLECT))
    return Decision(state, (Move.CONFIRM, Move.ASK), then=Then.NEXT)


def _wrong(turn: _Turn, known: bool) -> Decision:
    """A hint comes along after the second try, or where the kind of mistake is known."""
    if turn.state.tries < TRIES_BEFORE_HINT and not known:
        return Decision(turn.state, (Move.CORRECT,))
    return _correct_and_help(turn)


def _correct_and_help(turn: _Turn) -> Decision:
    """Never as far as the answer, which nobody asked for."""
    if not turn.hints_left and turn.state.worked:
        return Decision(turn.state, (Move.CORRECT,))
    helped = _help(turn)
    return replace(helped, moves=(Move.CORRECT, *helped.moves))


def _easier_answer(turn: _Turn, right: bool) -> Decision:
    """An answer to a scaffold's question counts nowhere; it leads back to the step's question."""
    state = turn.state
    if right:
        back = replace(state, scaffold=None, scaffold_tries=0)
        return Decision(back, (Move.CONFIRM, Move.ASK))
    again = replace(state, scaffold_tries=state.scaffold_tries + 1)
    if again.scaffold_tries < SCAFFOLD_TRIES:
        return Decision(again, (Move.CORRECT,))
    return _correct_and_help(replace(turn, state=replace(again, scaffold=None)))


def _record(turn: _Turn) -> Decision:
    """In an examination an answer is taken; whether it is right is said afterwards."""
    verdict = turn.event.verdict
    if verdict is not None and verdict.outcome is Outcome.UNREADABLE:
        return Decision(turn.state, (Move.CLARIFY,))
    state = replace(turn.state, tries=turn.state.tries + 1, last_answer=turn.event.text)
    return Decision(state, (Move.RECORD, Move.ASK), then=Then.NEXT)


_ALWAYS: Mapping[Intent, _Rule] = {Intent.DISTRESS: _care, Intent.STOP: _stop}

_EXAM: Mapping[Intent, _Rule] = {
    Intent.ATTEMPT: _record,
    Intent.REPEAT: _ask,
    Intent.CONFIRM: _ask,
    Intent.CHAT: _ask,
    Intent.SKIP: _go_on,
    Intent.NEXT: _go_on,
}

_CLOSED: Mapping[Intent, _Rule] = {
    Intent.REVEAL: _show_again,
    Intent.EXPLAIN: _explain,
    Intent.CONTEST: _contest,
    Intent.OTHER: _answer_beside,
}

_ASIDE = frozenset({Intent.REVEAL, Intent.EXPLAIN, Intent.CONTEST})

_RUNNING: Mapping[Intent, _Rule] = {
    Intent.ATTEMPT: _attempt,
    Intent.HINT: _help,
    Intent.DONT_KNOW: _stuck,
    Intent.REVEAL: _asked_for_answer,
    Intent.BREAK_RULES: _decline,
    Intent.CONTEST: _contest,
    Intent.EXPLAIN: _explain,
    Intent.REPEAT: _ask,
    Intent.SKIP: _go_on,
    Intent.NEXT: _go_on,
    Intent.CONFIRM: _ask,
    Intent.CHAT: _ask,
    Intent.OTHER: _answer_beside,
}

_OPEN: Mapping[Intent, _Rule] = {
    Intent.REVEAL: _reveal_and_go_on,
    Intent.DONT_KNOW: _help,
}
