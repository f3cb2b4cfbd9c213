"""What is better, equal and worse, and what may pass."""

from dataclasses import replace

import pytest

from tests.doubles.report_cards import measure
from tests.training.gate.conftest import brief
from training.gate.arms import Side
from training.gate.bootstrap import Interval, Part
from training.gate.drafts import Case, Judged
from training.gate.fitness import by_move, phrases
from training.gate.rules import RULES, compared, conclusion, verdict
from training.gate.taken import Taken
from tutor.language import Language
from tutor.moves import Move
from tutor.tuning.report import Difference, Measure, MeasureName, MoveDrafts, Unit, Verdict

GAIN = measure()
GENERAL = measure(
    MeasureName.GENERAL, Unit.PERPLEXITY, base=4, candidate=4, verdict=Verdict.EQUAL, margin=0.08
)
LEAKS = measure(
    MeasureName.LEAKS, Unit.SHARE, base=0.1, candidate=0.1, verdict=Verdict.EQUAL, margin=0.01
)


def passes(*measures: Measure, groups: int = 20) -> bool:
    return conclusion(measures, held_out_moments=True, groups=groups)[0]


def taken(name: MeasureName, base: float, candidate: float, items: int = 200) -> Taken:
    """The same shares in every run: the first items are hits."""

    def hits(share: float) -> tuple[Part, ...]:
        return tuple(Part(float(n < share * items)) for n in range(items))

    groups = tuple(str(n) for n in range(items))
    return Taken(name, groups, {Side.BASE: hits(base), Side.CANDIDATE: hits(candidate)})


def test_a_tie_is_equal() -> None:
    assert compared(taken(MeasureName.ACCEPTED, 0.5, 0.5)).verdict is Verdict.EQUAL


def test_more_leaks_are_worse_and_fewer_are_better() -> None:
    assert compared(taken(MeasureName.LEAKS, 0.1, 0.3)).verdict is Verdict.WORSE
    assert compared(taken(MeasureName.LEAKS, 0.3, 0.1)).verdict is Verdict.BETTER


def test_a_difference_within_the_margin_is_equal_however_sure() -> None:
    found = Interval(-0.005, -0.008, -0.002)
    assert verdict(RULES[MeasureName.ACCEPTED], found, 0.02, 50) is Verdict.EQUAL


def test_a_few_groups_show_no_gain_but_still_a_loss() -> None:
    rule = RULES[MeasureName.ACCEPTED]
    assert verdict(rule, Interval(0.5, 0.4, 0.6), 0.02, 4) is Verdict.EQUAL
    assert verdict(rule, Interval(0.5, 0.4, 0.6), 0.02, 5) is Verdict.BETTER
    assert verdict(rule, Interval(-0.5, -0.6, -0.4), 0.02, 4) is Verdict.WORSE


def test_length_is_never_better_and_much_longer_is_worse() -> None:
    rule = RULES[MeasureName.LENGTH]
    assert verdict(rule, Interval(-10, -12, -8), 14, 50) is Verdict.EQUAL
    for change in (-20, 20):
        found = Interval(change, change - 2, change + 2)
        assert verdict(rule, found, 14, 50) is Verdict.WORSE


def test_everyday_perplexity_may_rise_by_two_percent() -> None:
    rule = RULES[MeasureName.GENERAL]
    assert verdict(rule, Interval(0.07, 0.06, 0.08), 0.02 * 4, 50) is Verdict.EQUAL
    assert verdict(rule, Interval(0.09, 0.06, 0.12), 0.02 * 4, 50) is Verdict.WORSE


def test_gain_without_harm_passes() -> None:
    assert passes(GAIN, GENERAL, LEAKS)


def test_an_adapter_that_leaks_cannot_pass() -> None:
    assert not passes(GAIN, GENERAL, replace(LEAKS, candidate=0.4, verdict=Verdict.WORSE))


@pytest.mark.parametrize("name", [name for name, rule in RULES.items() if rule.protects])
def test_nothing_that_protects_may_be_worse(name: MeasureName) -> None:
    worse = measure(name, Unit.SHARE, verdict=Verdict.WORSE)
    others = [one for one in (GENERAL, LEAKS) if one.name is not name]
    assert not passes(GAIN, *others, worse)


def test_no_gain_does_not_pass() -> None:
    assert not passes(replace(GAIN, verdict=Verdict.EQUAL), GENERAL, LEAKS)


def test_what_could_not_be_measured_does_not_pass_and_is_named() -> None:
    passed, reasons = conclusion([GAIN, LEAKS], held_out_moments=True, groups=20)
    assert not passed
    assert "Everyday perplexity" in reasons[-1].said(Language.ENGLISH)


def test_worse_than_the_adapter_in_use_does_not_pass() -> None:
    beaten = replace(GAIN, current=1.2, against_current=Difference(0.3, 0.2, 0.4))
    passed, reasons = conclusion([beaten, GENERAL, LEAKS], held_out_moments=True, groups=20)
    assert not passed
    assert "in use" in reasons[-1].said(Language.ENGLISH)


def test_too_few_groups_are_named_as_the_reason() -> None:
    _, reasons = conclusion(
        [replace(GAIN, verdict=Verdict.EQUAL), GENERAL, LEAKS], held_out_moments=True, groups=3
    )
    assert "at least 5" in reasons[-1].said(Language.ENGLISH)


def test_a_move_is_worded_only_after_sixty_good_drafts() -> None:
    good = MoveDrafts("hint", 60, 0.2, 0.92, 0.1, 0.0)
    assert phrases([good]) == ("hint",)
    assert phrases([replace(good, n=59)]) == ()
    assert phrases([replace(good, accepted=0.85)]) == ()
    assert phrases([replace(good, leaks=2 / 60)]) == ()


def test_the_drafts_of_each_move_are_counted_apart() -> None:
    cases = [Case("a", brief(1)), Case("b", brief(2)), Case("c", brief(3, Move.DIAGNOSE))]
    good, leak = Judged(True, False, None), Judged(False, True, None)
    drafts = {Side.BASE: [good, leak, leak], Side.CANDIDATE: [good, good, leak]}
    assert by_move(cases, drafts) == (
        MoveDrafts("diagnose", 1, base_accepted=0, accepted=0, base_leaks=1, leaks=1),
        MoveDrafts("hint", 2, base_accepted=0.5, accepted=1, base_leaks=0.5, leaks=0),
    )
