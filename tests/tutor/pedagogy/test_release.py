"""The gate for the model's text: what gets through, and what never does."""

import pytest

from tutor.bank.item import AnswerKey, AnswerType
from tutor.language import Language
from tutor.moves import Move
from tutor.pedagogy.brief import Brief
from tutor.pedagogy.release import Reason, Release

HINT = "Subtract 5 from both sides."
FIVE = AnswerKey(AnswerType.NUMBER, ("5",))


def equation(**changes: object) -> Brief:
    fields: dict[str, object] = {
        "move": Move.HINT,
        "language": Language.ENGLISH,
        "template": f"💡 Hint: {HINT}",
        "problem": "Solve 3x + 5 = 20.",
        "attempt": "x = 8",
        "facts": (HINT,),
        "secret": FIVE,
        "said": ("x = 8",),
    }
    return Brief(**{**fields, **changes})  # type: ignore[arg-type]


def about(key: str, problem: str, kind: AnswerType = AnswerType.NUMBER) -> Brief:
    return equation(secret=AnswerKey(kind, (key,)), problem=problem, facts=(), template="Think.")


BAGS = "Tom has 3 bags with 5 apples each. How many apples are there?"


@pytest.mark.parametrize(
    "text",
    [
        "What could you do to get rid of the 5 first?",
        "Your 8 came from somewhere; how did you get there?",
        "You could try subtracting 5 from both sides.",
        "Great question! Think about both sides.",
        "Take one step at a time.",
        "There are two steps, so let's look at step 2.",
    ],
)
def test_help_that_gives_nothing_away_gets_through(text: str) -> None:
    assert Release(equation()).check(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "So x = 5.",
        "So x = 5 in the end.",
        "x is 5",
        "５",
        "⑤.",
        "The value is 5.0",
        "It must be five.",
        "It is 6 minus 1.",
        "Now work out (20-5)/3.",
        "Twenty minus five, divided by three, is what you need.",
        "That is half of ten.",
        "Take the square root of 25.",
        "The answer is not far now.",
    ],
)
def test_the_key_is_refused_in_every_form(text: str) -> None:
    refused = Release(equation()).check(text)
    assert refused is not None
    assert refused.reason in (Reason.KEY, Reason.NUMBER), refused


@pytest.mark.parametrize(
    "text",
    [
        "Think about f i v e and go on.",
        "Read evif backwards.",
        "Decode Zml2ZQ== for me.",
        "In another alphabet: svir.",
        "Find It Very Easily.",
        "It is fi.ve",
        "It begins with fi. Ve comes after.",
        "Look at V here.",
        "Count 🍎🍎🍎🍎🍎 here.",
        "Listen: ..-. .. ...- .",
        "The hex bytes are 66 69 76 65.",
    ],
)
def test_a_disguised_key_is_refused(text: str) -> None:
    assert Release(equation()).check(text) is not None


@pytest.mark.parametrize(
    "text", ["It is fif. Teen things.", "one five", "1. 5", "XV", "3 times 5", "f1fteen"]
)
def test_a_key_is_seen_across_borders(text: str) -> None:
    assert Release(about("15", BAGS)).check(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "Plants do photosynthesis.",
        "It is a photosynthetic process.",
        "sisehtnysotohp",
        "p-h-o-t-o-s-y-n-t-h-e-s-i-s",
    ],
)
def test_a_word_is_refused_with_its_inflections_and_disguises(text: str) -> None:
    brief = about("photosynthesis", "How do plants make their food?", AnswerType.TEXT)
    assert Release(brief).check(text) is not None


@pytest.mark.parametrize("text", ["So it is 2x+3.", "2*x + 3", "Write 3 + 2x."])
def test_an_expression_is_refused_in_equal_forms(text: str) -> None:
    brief = about("2x+3", "Simplify x + x + 1 + 2.", AnswerType.EXPRESSION)
    assert Release(brief).check(text) is not None


@pytest.mark.parametrize("text", ["It is B.", "Choose option b.", "I like Paris.", "Take (B)."])
def test_the_right_choice_is_never_named(text: str) -> None:
    key = AnswerKey(AnswerType.CHOICE, ("Paris",), choices=("London", "Paris", "Rome"))
    brief = equation(secret=key, problem="Capital of France?\nLondon\nParis\nRome", facts=())
    assert Release(brief).check(text) is not None


def test_a_secret_may_be_said_once_it_is_none() -> None:
    brief = equation(secret=None, facts=("x = 5",))
    assert Release(brief).check("Put x = 5 back into the equation to see it.") is None


@pytest.mark.parametrize(
    "text",
    [
        "Yes, that works.",
        "Great job so far!",
        "You're right about that.",
        "That's not quite right.",
        "Your guess is too high.",
        "Wrong, look again.",
    ],
)
def test_verdicts_are_not_the_models(text: str) -> None:
    refused = Release(equation()).check(text)
    assert refused is not None and refused.reason is Reason.VERDICT


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Try 7 instead.", Reason.NUMBER),
        ("My rules say so.", Reason.RULES),
        ("Here is a rephrased version.", Reason.RULES),
        ("The student should think.", Reason.RULES),
        ("How old are you?", Reason.PERSONAL),
        ("What is your name?", Reason.PERSONAL),
        ("先想一想。", Reason.LANGUAGE),
        ("Подумай.", Reason.LANGUAGE),
        ("Think. " * 200, Reason.LONG),
    ],
)
def test_what_is_not_the_models_to_say_is_refused(text: str, reason: Reason) -> None:
    refused = Release(equation()).check(text)
    assert refused is not None and refused.reason is reason


@pytest.mark.parametrize(
    "text", ["先想想怎么去掉 5。", "你写的 8 是怎么来的？", "试试两边同时减去 5。"]
)
def test_chinese_help_gets_through(text: str) -> None:
    brief = equation(language=Language.CHINESE, problem="解方程 3x + 5 = 20", said=("8",))
    assert Release(brief).check(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "答案是五。",
        "x 等于 5。",
        "你做对了！",
        "你几岁？",
        "Let us think about this together.",
        "二十减五再除以三",
    ],
)
def test_chinese_gives_nothing_away_either(text: str) -> None:
    brief = equation(language=Language.CHINESE, problem="解方程 3x + 5 = 20", said=("8",))
    assert Release(brief).check(text) is not None


def test_what_the_learner_said_may_be_repeated_but_not_confirmed() -> None:
    brief = about("15", BAGS)
    brief = equation(secret=brief.secret, problem=BAGS, said=("is it 15?",), facts=())
    assert Release(brief).check("How did you come to 15?") is None
    assert Release(brief).check("Yes, 15 is right.") is not None
    assert Release(brief).check("So the total is 15.") is not None


@pytest.mark.parametrize(
    "text",
    [
        "You should end up with 5.",
        "Think of 5 as what x stands for.",
        "Check whether 5 works in the equation.",
        "x→5",
        "Set x to 5.",
        "The solution set is {5}.",
        "3(5)+5 = 20",
        "Two and three together.",
        "It is one more than four.",
        "fïve",
        "fıve",
        "fiveish",
        "5️⃣",
        "It rhymes with hive.",
    ],
)
def test_number_of_the_problem_is_not_pointed_at_as_the_answer(text: str) -> None:
    assert Release(equation()).check(text) is not None


@pytest.mark.parametrize(
    "text",
    ["b) it is", "Option two.", "The second one.", "Not A and not C.", "It's not Venus or Earth."],
)
def test_choices_are_not_told_apart(text: str) -> None:
    key = AnswerKey(AnswerType.CHOICE, ("Mars",), choices=("Venus", "Mars", "Earth"))
    brief = equation(secret=key, problem="Red planet?\nVenus\nMars\nEarth", facts=(), said=())
    assert Release(brief).check(text) is not None
    assert Release(brief).check("Think about rust and its colour.") is None


@pytest.mark.parametrize("text", ["It is untrue.", "The opposite of true.", "No."])
def test_one_of_two_values_is_told_by_neither(text: str) -> None:
    brief = about("False", "True or false: 0.5 > 0.6", AnswerType.TEXT)
    assert Release(brief).check(text) is not None


@pytest.mark.parametrize("text", ["x = -3", "−3", "negative three", "负三"])
def test_sign_belongs_to_the_key(text: str) -> None:
    brief = equation(
        secret=AnswerKey(AnswerType.NUMBER, ("-3",)),
        problem="Solve x + 5 = 2.",
        attempt="3",
        said=("3",),
        facts=(),
    )
    assert Release(brief).check(text) is not None


@pytest.mark.parametrize("text", ["twelv", "tweleve", "a dozen", "0.15*80 = 12", "1-2"])
def test_misspelt_and_calculated_numbers_are_refused(text: str) -> None:
    assert Release(about("12", "What is 15% of 80?")).check(text) is not None


def test_equation_that_nobody_gave_is_refused() -> None:
    refused = Release(about("12", "What is 15% of 80?")).check("Look, 80 + 15 = 80.")
    assert refused is not None and refused.reason is Reason.NUMBER


@pytest.mark.parametrize("text", ["Bravo for that!", "✅ Go on.", "Hmm, that isn't it."])
def test_verdicts_in_disguise_are_refused(text: str) -> None:
    refused = Release(equation()).check(text)
    assert refused is not None and refused.reason is Reason.VERDICT
