"""Hints before an answer: none of them says it."""

from tutor.bank.item import AnswerKey, AnswerType, Hint, HintKind, Step
from tutor.pedagogy.hints import MASK, guarded, hints_for, masked

KEY = AnswerKey(AnswerType.NUMBER, ("15",))


def shown(key: AnswerKey, problem: str, *texts: str) -> list[tuple[HintKind, str]]:
    hints = tuple(Hint(HintKind.HINT, text) for text in texts)
    return [(h.kind, h.text) for h in hints_for(Step("1", problem, key, hints), problem)]


def test_harmless_hint_stays_as_it_is() -> None:
    assert shown(KEY, "7 + 8?", "Start with 8.") == [(HintKind.HINT, "Start with 8.")]


def test_result_at_the_end_is_masked() -> None:
    ((kind, text),) = shown(KEY, "7 + 8?", "Add 7 and 8: 7 + 8 = 15.")
    assert (kind, text) == (HintKind.HINT, f"Add 7 and 8: 7 + 8 = {MASK}.")


def test_hint_that_only_says_the_answer_is_kept_for_the_reveal() -> None:
    found = shown(KEY, "7 + 8?", "It's 15.", "Start with 8.")
    assert found == [(HintKind.HINT, "Start with 8."), (HintKind.BOTTOM_OUT, "It's 15.")]


def test_number_of_the_problem_is_masked_only_where_it_is_the_result() -> None:
    key = AnswerKey(AnswerType.NUMBER, ("5",))
    texts = ("Subtract 5 from both sides.", "Divide both sides by 3, so x = 5.")
    (_, first), (_, second) = shown(key, "3x + 5 = 20", *texts)
    assert first == texts[0]
    assert second == f"Divide both sides by 3, so x = {MASK}."


def test_calculation_without_its_result_is_a_fair_hint() -> None:
    assert shown(KEY, "A price of 20 falls by 5.", "Work out 20 - 5 now.")[0][1] == (
        "Work out 20 - 5 now."
    )


def test_chinese_hint_keeps_its_punctuation() -> None:
    ((_, text),) = shown(KEY, "7 加 8？", "先加起来：7 + 8 = 15。")
    assert text == f"先加起来：7 + 8 = {MASK}。"


def test_all_choices_may_be_named_but_not_the_right_one_alone() -> None:
    key = AnswerKey(AnswerType.CHOICE, ("Paris",), choices=("London", "Paris"))
    both, alone = "Compare London and Paris on a map.", "Think of Paris in spring, then decide."
    found = shown(key, "Which is the capital of France?", both, alone)
    assert found[0] == (HintKind.HINT, both)
    assert "Paris" not in found[1][1] or found[1][0] is HintKind.BOTTOM_OUT


def test_guarding_twice_changes_nothing() -> None:
    step = Step("1", "7 + 8?", KEY, (Hint(HintKind.HINT, "Add 7 and 8: 7 + 8 = 15."),))
    assert guarded(guarded(step)) == guarded(step)


def test_count_of_hints_that_coincides_with_the_answer_is_left_out() -> None:
    text = masked("💡 Hint 2: think.\n\n1. a\n2. b", AnswerKey(AnswerType.NUMBER, ("2",)), ())
    assert "2" not in text and MASK not in text


def test_places_that_overlap_are_covered_once() -> None:
    key = AnswerKey(AnswerType.EXPRESSION, ("2x + 3",))
    ((_, text),) = shown(key, "Simplify x + x + 1 + 2.", "Now put it together: 2x + 3 = 2x+3.")
    assert text.count("3") == 0 and text.startswith("Now put it together:")


def test_latex_fraction_is_masked_whole() -> None:
    key = AnswerKey(AnswerType.EXPRESSION, (r"$$\frac{-1}{3}$$",))
    ((_, text),) = shown(key, "Solve it.", r"So what comes out of it is $$\frac{-1}{3}$$.")
    assert text == f"So what comes out of it is $${MASK}$$."


def test_article_is_not_taken_for_the_choice_a() -> None:
    key = AnswerKey(AnswerType.CHOICE, ("Mars",), choices=("Mars", "Venus", "Moon"))
    assert masked("A guess is fine.", key, ()) == "A guess is fine."
    assert MASK in masked("It must be A.", key, ())
    assert MASK in masked("I think A is right.", key, ())
