"""The state machine: what may follow, and above all when an answer may be shown."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor.bank.item import AnswerKey, AnswerType, Hint, HintKind, Step
from tutor.grading.verdict import Outcome, Pattern, Verdict
from tutor.moves import Move
from tutor.pedagogy.dialogue import DialogueState, Event, Intent, Policy
from tutor.pedagogy.policy import Decision, Then, ladder, next_move

KEY = AnswerKey(AnswerType.NUMBER, ("12",))
HINT = Hint(HintKind.HINT, "How many are in one row?")
SCAFFOLD = Hint(HintKind.SCAFFOLD, "What is 2 × 4?", key=AnswerKey(AnswerType.NUMBER, ("8",)))
LAST = Hint(HintKind.BOTTOM_OUT, "3 × 4 = 12")
STEP = Step("a", "3 rows of 4 apples: how many?", KEY, (HINT, SCAFFOLD, LAST))
BARE = replace(STEP, hints=())
RIGHT, WRONG = Verdict(Outcome.RIGHT, 1.0), Verdict(Outcome.WRONG)
FRESH = DialogueState()
unhurried = settings(deadline=None)  # a busy machine is no failure


def attempt(verdict: Verdict, text: str = "7", on_scaffold: bool = False) -> Event:
    return Event(Intent.ATTEMPT, text, verdict, on_scaffold)


def play(*events: Event | Intent, step: Step = STEP, policy: Policy = Policy.GUIDED) -> Decision:
    """The decision about the last of the events."""
    decision = Decision(FRESH, ())
    for event in events:
        event = event if isinstance(event, Event) else Event(event)
        decision = next_move(decision.state, event, step, policy)
    return decision


verdicts = st.builds(Verdict, st.sampled_from(Outcome), pattern=st.sampled_from(Pattern))
events = st.one_of(
    st.builds(Event, st.sampled_from([i for i in Intent if i is not Intent.ATTEMPT])),
    st.builds(Event, st.just(Intent.ATTEMPT), st.text(max_size=5), verdicts, st.booleans()),
)
steps = st.sampled_from([STEP, BARE, replace(STEP, hints=(LAST,)), replace(STEP, hints=(HINT,))])


@unhurried
@given(st.lists(events, max_size=30), steps)
def test_guided_reveals_only_after_two_requests_or_the_last_hint(
    happened: list[Event], step: Step
) -> None:
    state, requests, shown = FRESH, 0, 0
    for event in happened:
        requests += event.intent is Intent.REVEAL
        was_closed = state.closed
        decision = next_move(state, event, step, Policy.GUIDED)
        if Move.REVEAL in decision.moves and not was_closed:
            all_shown = bool(ladder(step)) and shown == len(ladder(step))
            assert requests >= 2 or all_shown
            assert event.intent in (Intent.REVEAL, Intent.HINT, Intent.DONT_KNOW)
        shown += Move.HINT in decision.moves
        state = decision.state


@unhurried
@given(st.lists(events, max_size=20), steps, st.sampled_from(Policy))
def test_a_bottom_out_hint_is_never_shown_as_a_hint(
    happened: list[Event], step: Step, policy: Policy
) -> None:
    state = FRESH
    for event in happened:
        decision = next_move(state, event, step, policy)
        assert (decision.hint is not None) == (Move.HINT in decision.moves)
        assert decision.hint is None or step.hints[decision.hint].kind is not HintKind.BOTTOM_OUT
        state = decision.state


@unhurried
@given(st.integers(1, 40), steps, st.sampled_from(Policy))
def test_tricks_never_reveal_however_often(count: int, step: Step, policy: Policy) -> None:
    decision = play(*[Intent.BREAK_RULES] * count, step=step, policy=policy)
    assert decision.moves == ((Move.NO_HELP if policy is Policy.EXAM else Move.DECLINE),)
    assert decision.state == FRESH


@unhurried
@given(st.lists(events, max_size=20), steps, st.sampled_from(Policy))
def test_every_turn_says_something_and_every_state_has_a_way_on(
    happened: list[Event], step: Step, policy: Policy
) -> None:
    state = FRESH
    for event in happened:
        decision = next_move(state, event, step, policy)
        assert decision.moves
        assert next_move(decision.state, Event(Intent.SKIP), step, policy).then is Then.NEXT
        assert next_move(decision.state, Event(Intent.STOP), step, policy).then is Then.STOP
        state = decision.state


@unhurried
@given(st.lists(events, max_size=20))
def test_a_state_comes_back_from_json_as_it_was(happened: list[Event]) -> None:
    state = play(*happened).state
    assert DialogueState.from_json(json.loads(json.dumps(state.to_json()))) == state


@unhurried
@given(st.lists(events, max_size=20))
def test_an_exam_neither_helps_nor_says_right_or_wrong(happened: list[Event]) -> None:
    told = {Move.CONFIRM, Move.CORRECT, Move.HINT, Move.WORKED_STEP, Move.REVEAL, Move.EXPLAIN}
    state = FRESH
    for event in happened:
        decision = next_move(state, event, STEP, Policy.EXAM)
        assert told.isdisjoint(decision.moves)
        state = decision.state


def test_first_request_is_declined_and_second_is_granted_with_a_twin() -> None:
    assert play(Intent.REVEAL).moves == (Move.DECLINE,)
    second = play(Intent.REVEAL, Intent.REVEAL)
    assert (second.moves, second.then) == ((Move.REVEAL, Move.TWIN), Then.TWIN)
    assert second.state.revealed


def test_hints_come_in_order_then_the_way_then_the_answer() -> None:
    asked = [play(*[Intent.HINT] * count) for count in range(1, 5)]
    assert [d.moves[0] for d in asked] == [Move.HINT, Move.HINT, Move.WORKED_STEP, Move.REVEAL]
    assert [d.hint for d in asked] == [0, 1, None, None]


def test_without_hints_help_ends_in_an_offer_not_in_the_answer() -> None:
    decision = play(*[Intent.HINT] * 9, step=BARE)
    assert decision.moves == (Move.DECLINE,)
    assert play(Intent.REVEAL, Intent.REVEAL, step=BARE).moves[0] is Move.REVEAL


def test_who_does_not_know_is_asked_once_where_they_are_stuck() -> None:
    assert play(Intent.DONT_KNOW).moves == (Move.DIAGNOSE,)
    assert play(Intent.DONT_KNOW, Intent.DONT_KNOW).moves == (Move.HINT,)
    assert play(attempt(WRONG), Intent.DONT_KNOW).moves == (Move.HINT,)


@pytest.mark.parametrize(
    ("happened", "moves"),
    [
        ((attempt(WRONG),), (Move.CORRECT,)),
        ((attempt(WRONG), attempt(WRONG)), (Move.CORRECT, Move.HINT)),
        ((attempt(Verdict(Outcome.WRONG, pattern=Pattern.SIGN)),), (Move.CORRECT, Move.HINT)),
        ((attempt(RIGHT),), (Move.CONFIRM, Move.ASK)),
        ((attempt(WRONG), attempt(RIGHT)), (Move.CONFIRM, Move.REFLECT)),
        ((Intent.HINT, attempt(RIGHT)), (Move.CONFIRM, Move.REFLECT)),
    ],
)
def test_a_verdict_comes_with_the_next_step(
    happened: tuple[Event, ...], moves: tuple[Move, ...]
) -> None:
    assert play(*happened).moves == moves


def test_many_wrong_answers_alone_never_bring_the_answer() -> None:
    decision = play(*[attempt(WRONG)] * 12)
    assert decision.moves == (Move.CORRECT,)
    assert not decision.state.revealed


def test_an_unreadable_answer_is_asked_for_again_and_not_counted() -> None:
    decision = play(attempt(Verdict(Outcome.UNREADABLE)))
    assert (decision.moves, decision.state) == ((Move.CLARIFY,), FRESH)


def test_an_opinion_never_says_right_or_wrong() -> None:
    decision = play(attempt(Verdict(Outcome.OPINION, 0.9)))
    assert decision.moves == (Move.CANNOT_CHECK, Move.REFLECT)
    assert not decision.state.solved


def test_the_easier_question_leads_back_to_the_step() -> None:
    opened = (Intent.HINT, Intent.HINT)
    assert play(*opened).state.scaffold == 1
    right = play(*opened, attempt(RIGHT, "8", on_scaffold=True))
    assert right.moves == (Move.CONFIRM, Move.ASK)
    assert (right.state.scaffold, right.state.tries, right.state.solved) == (None, 0, False)
    wrong = [attempt(WRONG, "9", on_scaffold=True)] * 2
    assert play(*opened, *wrong).moves == (Move.CORRECT, Move.WORKED_STEP)


def test_whatever_is_said_when_looking_back_leads_on() -> None:
    for intent in (Intent.OTHER, Intent.CONFIRM, Intent.CHAT, Intent.DONT_KNOW):
        decision = play(Intent.HINT, attempt(RIGHT), intent)
        assert (decision.moves, decision.then) == ((Move.ASK,), Then.NEXT)


def test_open_policy_shows_the_answer_at_the_first_request() -> None:
    decision = play(Intent.REVEAL, policy=Policy.OPEN)
    assert decision.moves == (Move.REVEAL, Move.ASK)
    assert play(Intent.HINT, policy=Policy.OPEN).moves == (Move.HINT,)


def test_an_exam_takes_an_answer_and_goes_on() -> None:
    decision = play(attempt(WRONG), policy=Policy.EXAM)
    assert (decision.moves, decision.then) == ((Move.RECORD, Move.ASK), Then.NEXT)
    assert play(Intent.REVEAL, policy=Policy.EXAM).moves == (Move.NO_HELP,)


@pytest.mark.parametrize("policy", Policy)
def test_care_comes_first_under_every_policy(policy: Policy) -> None:
    assert play(Intent.DISTRESS, policy=policy).moves == (Move.CARE,)
