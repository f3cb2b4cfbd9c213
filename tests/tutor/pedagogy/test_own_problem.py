"""Problems that learners bring: recognised, computed, and hinted at without their answers."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from tutor.bank.item import AnswerKey, AnswerType, HintKind, Origin
from tutor.language import Language
from tutor.pedagogy.compute import NoKey, compute
from tutor.pedagogy.disclosure import disclosures
from tutor.pedagogy.hints import hints_for
from tutor.pedagogy.own_problem import OwnProblem, Task, as_item, recognise
from tutor.pedagogy.solving import Solver
from tutor.worker import Worker

SOLVED = [
    ("solve 3x+5=20", Task.EQUATION, "5"),
    ("Solve for x: 2(x-3)=10", Task.EQUATION, "8"),
    ("求 x²-5x+6=0 的解", Task.EQUATION, "x = 2 or x = 3"),
    ("2x+3=7, find x", Task.EQUATION, "2"),
    ("解方程 2x+3=7", Task.EQUATION, "2"),
    ("what is 15% of 80", Task.PERCENTAGE, "12"),
    ("80的15%是多少", Task.PERCENTAGE, "12"),
    ("计算 1/2+1/3", Task.CALCULATION, "5/6"),
    ("what is 12*7?", Task.CALCULATION, "84"),
    ("帮我算一下 23×17", Task.CALCULATION, "391"),
    (r"$\frac{1}{2}+\frac{1}{3}$", Task.CALCULATION, "5/6"),
    ("Find the derivative of x^3 + 2x", Task.DERIVATIVE, "3*x^2 + 2"),
    ("求 x^2+3x 的导数", Task.DERIVATIVE, "2*x + 3"),
    ("integral of 2x from 0 to 3", Task.INTEGRAL, "9"),
    ("求 x^2 的不定积分", Task.INTEGRAL, "x^3/3 + C"),
    ("solve the system x+y=10, x-y=2", Task.SYSTEM, "x = 6 and y = 4"),
    ("解方程组 x+y=10, x-y=2", Task.SYSTEM, "x = 6 and y = 4"),
    ("convert 5 km to m", Task.CONVERSION, "5000"),
    ("5公里是多少米", Task.CONVERSION, "5000"),
    ("mean of 3, 5, 10", Task.MEAN, "6"),
    ("求 3, 5, 8 的中位数", Task.MEDIAN, "5"),
    ("gcd of 12 and 18", Task.GCD, "6"),
    ("12和18的最小公倍数", Task.LCM, "36"),
]


@pytest.mark.parametrize(("text", "task", "answer"), SOLVED)
def test_task_is_recognised_and_its_key_computed(text: str, task: Task, answer: str) -> None:
    problem = recognise(text)
    assert problem is not None and problem.task is task
    assert compute(problem.task.value, problem.terms)["answers"][0] == answer


@pytest.mark.parametrize(
    "text",
    [
        "what is a fraction?",
        "Why is the sky blue?",
        "什么是导数",
        "what is the derivative of a function?",
        "what is the mean?",
        "hello",
        "我不会",
        "x=5??",
        "9/11 was a sad day",
        "see you at 10-12",
        "I scored 10/20",
        "how do I solve equations",
        "",
    ],
)
def test_what_is_no_task_is_left_alone(text: str) -> None:
    assert recognise(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Tom has 3 apples and buys 4 more. How many apples does he have now?",
        "小明有3个苹果，又买了4个，现在有几个苹果？",
        "factor x^2-5x+6",
    ],
)
async def test_what_cannot_be_computed_has_no_key(text: str) -> None:
    problem = recognise(text)
    assert problem is not None
    assert await Solver().solve(problem) is None  # and no process is started for it


@pytest.mark.parametrize(
    ("task", "terms"),
    [
        ("equation", ("x^2=-1",)),
        ("calculation", ("1/0",)),
        ("calculation", ("999^999^999",)),
        ("mode", ("1", "2")),
        ("conversion", ("5", "km", "kg")),
    ],
)
def test_no_key_where_there_is_no_single_answer(task: str, terms: tuple[str, ...]) -> None:
    with pytest.raises(Exception) as raised:
        compute(task, terms)
    assert (
        isinstance(raised.value, NoKey | ArithmeticError) or "Units" in type(raised.value).__name__
    )


@pytest.fixture
async def solver() -> AsyncIterator[Solver]:
    made = Solver(limit_seconds=60.0)
    yield made
    await made.close()


SIX_TIMES_SEVEN = OwnProblem(Task.CALCULATION, "6*7", ("6*7",))
ENDLESS = OwnProblem(Task.CALCULATION, "", ("((2^999)^999)^999",))


async def test_key_comes_from_a_process_of_its_own(solver: Solver) -> None:
    assert await solver.solve(SIX_TIMES_SEVEN) == AnswerKey(AnswerType.NUMBER, ("42",))


async def test_same_problem_is_computed_once(
    solver: Solver, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    async def ask(_: Worker, request: Any) -> Any:
        asked.append(request)
        return {"type": "number", "answers": ["42"]}

    monkeypatch.setattr(Worker, "ask", ask)
    first = await solver.solve(SIX_TIMES_SEVEN)
    second = await solver.solve(replace(SIX_TIMES_SEVEN, text="what is 6*7?"))
    assert first == second and len(asked) == 1


async def test_endless_computation_is_ended_and_the_next_one_done(solver: Solver) -> None:
    assert await solver.solve(ENDLESS) is None
    assert await solver.solve(SIX_TIMES_SEVEN) == AnswerKey(AnswerType.NUMBER, ("42",))


async def test_hostile_terms_compute_nothing(solver: Solver) -> None:
    terms = ("__import__('os').system('true')",)
    assert await solver.solve(OwnProblem(Task.CALCULATION, "", terms)) is None


@pytest.mark.parametrize(("text", "task", "answer"), SOLVED)
def test_hints_lead_there_and_never_say_it(text: str, task: Task, answer: str) -> None:
    problem = recognise(text)
    assert problem is not None
    kind = AnswerType.NUMBER if answer.replace("/", "").isdigit() else AnswerType.EXPRESSION
    item = as_item(problem, AnswerKey(kind, (answer,)), Language.ENGLISH)
    (step,) = item.steps
    assert item.origin is Origin.LEARNER and len(step.hints) >= 2
    shown = [h for h in hints_for(step, text) if h.kind is HintKind.HINT]
    assert len(shown) == len(step.hints)
    for hint in shown:
        told = disclosures(step.answer, hint.text)
        assert not [one for one in told if one.asserted], hint.text


def test_same_problem_is_the_same_item_however_it_is_spaced() -> None:
    first = recognise("solve 3x+5=20")
    second = recognise("SOLVE 3x+5=20 ")
    key = AnswerKey(AnswerType.NUMBER, ("5",))
    assert first is not None and second is not None
    english = Language.ENGLISH
    assert as_item(first, key, english).key == as_item(second, key, english).key


@pytest.mark.parametrize("text", ["what is 17*23", "12 + 30 = ?", "what is 2^5", "计算 84/7"])
def test_a_single_operation_needs_no_order_of_operations(text: str) -> None:
    problem = recognise(text)
    assert problem is not None
    item = as_item(problem, AnswerKey(AnswerType.NUMBER, ("7",)), Language.ENGLISH)
    hints = " ".join(hint.text for hint in item.steps[0].hints)
    assert hints
    assert "brackets" not in hints
    assert "common denominator" not in hints


def test_hints_write_formulas_as_school_books_do() -> None:
    problem = recognise("what is 17*23")
    assert problem is not None
    item = as_item(problem, AnswerKey(AnswerType.NUMBER, ("391",)), Language.ENGLISH)
    assert "17 × 23" in item.steps[0].hints[0].text
    assert "*" not in item.steps[0].hints[0].text


def test_several_operations_are_done_in_their_order() -> None:
    problem = recognise("what is 2+3*4")
    assert problem is not None
    item = as_item(problem, AnswerKey(AnswerType.NUMBER, ("14",)), Language.ENGLISH)
    assert "brackets" in item.steps[0].hints[0].text
