"""Claims about verdicts: what is right in which words, and what never passes."""

import asyncio

import pytest

from tutor.bank.item import AnswerKey, AnswerType
from tutor.grading.grader import Grader, grade_quickly
from tutor.grading.keys import key_for
from tutor.grading.verdict import Outcome, Pattern, Stage, Verdict
from tutor.grading.verifier import Verifier
from tutor.language import Language
from tutor.worker import NoAnswer

ENGLISH = Language.ENGLISH


def graded(answer: str, key: str, question: str = "") -> Verdict:
    verdict = grade_quickly(key_for(key, question), answer, ENGLISH, question)
    assert verdict is not None, answer
    return verdict


@pytest.mark.parametrize(
    ("key", "answer"),
    [
        *(
            ("5", said)
            for said in ("５", "five", "五", "x=5", "答案是5元", "I think it's 5!", "5.0")
        ),
        *(("1/2", said) for said in ("0.5", "50%", "one half", "二分之一", r"$\frac{1}{2}$", "½")),
        *(("5 km", said) for said in ("5000 m", "5公里", "五千米", "d = 5 km")),
        *(("x=2 or x=3", said) for said in ("3 and 2", "{2,3}", "x=2或x=3", "2 和 3")),
        *(("x > 5", said) for said in ("5 < x", "(5, ∞)", "大于5", "{x | x > 5}")),
        *(("y = 2x+1", said) for said in ("2x - y + 1 = 0", "y-1=2x", "2x+1=y")),
        *(("2√2", said) for said in ("sqrt(8)", r"2\sqrt{2}", "2根号2", "2.828")),
        *(("x^2+C", said) for said in ("x²+c", "C + x^2")),
        *(("photosynthesis", said) for said in ("the photosynthesis", "Photosynthesis!")),
        *(("nǐ hǎo", said) for said in ("ni3 hao3", "Nǐ hǎo")),
        *(("太阳", said) for said in ("太陽", "是太阳")),
    ],
)
def test_equivalent_answer_is_right(key: str, answer: str) -> None:
    assert graded(answer, key).outcome is Outcome.RIGHT


@pytest.mark.parametrize(
    "answer",
    [
        "5 or 6",
        "between 4 and 6",
        "5? 6? 7?",
        "not 5",
        "5 or whatever",
        "不是5",
        "1 2 3 4 5 6 7 8",
        "5或者6",
        "more than 5",
        "half of 5",
        "5%",
        "-5",
        "1/5",
        "5x",
        "2+3",
        "2+2=5",
        "5 is wrong",
    ],
)
def test_hedge_or_dump_is_never_right(answer: str) -> None:
    assert graded(answer, "5").outcome is not Outcome.RIGHT


@pytest.mark.parametrize(
    ("key", "answer", "pattern"),
    [
        *(("12", "-12", Pattern.SIGN), ("12", "120", Pattern.POWER_OF_TEN)),
        *(("12", "13", Pattern.OFF_BY_ONE), ("2/3", "3/2", Pattern.INVERSE)),
        *(("5 km", "5 kg", Pattern.UNIT_WRONG), ("5 km", "5", Pattern.UNIT_MISSING)),
        *(("1/3", "0.33", Pattern.ROUNDING), ("x=2 or x=3", "2", Pattern.INCOMPLETE)),
    ],
)
def test_pattern_of_a_mistake_is_recognised(key: str, answer: str, pattern: Pattern) -> None:
    verdict = graded(answer, key)
    assert verdict.pattern is pattern
    assert verdict.outcome is not Outcome.RIGHT


def test_some_of_several_solutions_are_a_part() -> None:
    verdict = graded("x=2", "x=2 or x=3")
    assert (verdict.outcome, verdict.score) == (Outcome.PARTLY, 0.5)


def test_missing_unit_is_right_where_the_question_names_it() -> None:
    verdict = graded("5", "5 km", "How many kilometres is it?")
    assert (verdict.outcome, verdict.pattern) == (Outcome.RIGHT, Pattern.UNIT_MISSING)


@pytest.mark.parametrize("answer", ["idk", "不知道", "help", "   ", "what?", "x" * 10_000])
def test_no_answer_is_asked_for_again(answer: str) -> None:
    assert graded(answer, "5").outcome is Outcome.UNREADABLE


def test_rounded_decimal_needs_enough_correct_digits() -> None:
    assert graded("0.333", "1/3").outcome is Outcome.RIGHT
    assert graded("0.334", "1/3").outcome is Outcome.WRONG
    assert graded("1.41", "√2").outcome is Outcome.WRONG


def test_tolerance_widens_a_number() -> None:
    key = AnswerKey(AnswerType.NUMBER, ("3.14159",), tolerance=0.01)
    verdict = grade_quickly(key, "3.14", ENGLISH)
    assert verdict is not None
    assert verdict.outcome is Outcome.RIGHT


def test_question_given_back_is_no_answer() -> None:
    asked = "Factor x^2-5x+6."
    assert graded("x^2-5x+6", "(x-2)(x-3)", asked).pattern is Pattern.NOT_SIMPLIFIED
    assert graded("(x-3)(x-2)", "(x-2)(x-3)", asked).outcome is Outcome.RIGHT


@pytest.mark.parametrize("said", ["meiosis", "miosis", "osmosis"])
def test_another_word_is_no_slip_of_spelling(said: str) -> None:
    assert graded(said, "mitosis").outcome is Outcome.WRONG


def test_slip_of_spelling_is_right_and_told() -> None:
    verdict = graded("photosinthesis", "photosynthesis")
    assert (verdict.outcome, verdict.pattern) == (Outcome.RIGHT, Pattern.SPELLING)


@pytest.mark.parametrize("said", ["B", "b)", "(b)", "neon", "B) neon", "选B", "2", "answer is B"])
def test_choice_is_named_in_any_way(said: str) -> None:
    key = AnswerKey(AnswerType.CHOICE, ("neon",), ("iron", "neon", "oxygen"))
    verdict = grade_quickly(key, said, ENGLISH)
    assert verdict is not None
    assert verdict.outcome is Outcome.RIGHT


@pytest.mark.parametrize("said", ["A or B", "AB", "not B", "all", "D) neon", "A) neon"])
def test_several_or_unknown_choices_are_not_right(said: str) -> None:
    key = AnswerKey(AnswerType.CHOICE, ("neon",), ("iron", "neon", "oxygen"))
    verdict = grade_quickly(key, said, ENGLISH)
    assert verdict is not None
    assert verdict.outcome is not Outcome.RIGHT


@pytest.mark.parametrize(
    ("said", "outcome", "score"),
    [
        ("AC", Outcome.RIGHT, 1.0),
        ("1,3", Outcome.RIGHT, 1.0),
        ("A", Outcome.PARTLY, 0.5),
        ("A, B and C", Outcome.PARTLY, 0.5),
        ("B", Outcome.WRONG, 0.0),
    ],
)
def test_choices_score_by_hits_and_misses(said: str, outcome: Outcome, score: float) -> None:
    key = AnswerKey(AnswerType.CHOICES, ("red", "blue"), ("red", "green", "blue"))
    verdict = grade_quickly(key, said, ENGLISH)
    assert verdict is not None
    assert (verdict.outcome, verdict.score) == (outcome, score)


async def test_open_answer_gets_no_more_than_an_opinion() -> None:
    grader = Grader()
    verdict = await grader.grade(AnswerKey(AnswerType.OPEN, rubric="clear"), "Because.", ENGLISH)
    await grader.close()
    assert verdict.outcome is Outcome.OPINION


async def test_what_our_parser_does_not_know_goes_to_the_verifier() -> None:
    grader = Grader()
    await grader.ready()
    verdict = await grader.grade(AnswerKey(AnswerType.NUMBER, ("10",)), r"\binom{5}{2}", ENGLISH)
    await grader.close()
    assert (verdict.outcome, verdict.stage) == (Outcome.RIGHT, Stage.VERIFIER)


async def test_verifier_that_hangs_is_killed_and_replaced() -> None:
    verifier = Verifier(limit_seconds=0.5)
    await verifier.ready()
    with pytest.raises(NoAnswer):
        await verifier.same("5", r"9^{9^{9^{9}}}")
    verifier.limit_seconds = 30.0
    assert await verifier.same("5", "5")
    await verifier.close()


async def test_event_loop_runs_on_while_the_verifier_works() -> None:
    verifier = Verifier(limit_seconds=0.5)
    await verifier.ready()
    asking = asyncio.create_task(verifier.same("5", r"9^{9^{9^{9}}}"))
    beats = 0
    while not asking.done():
        await asyncio.sleep(0.01)
        beats += 1
    await verifier.close()
    assert asking.exception() is not None
    assert beats > 5
