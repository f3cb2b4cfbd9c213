"""The numbers that nobody has to choose."""

from training.lora.packing import Schedule
from training.lora.plan import MOST_EPOCHS, QUICK_CPU_TOKENS, Plan, Size, make_plan
from training.lora.recipe import Effort, Recipe

LENGTH = 50


def planned(documents: int, effort: Effort = Effort.QUICK, *, cuda: bool = False) -> Plan:
    size = Size(135_000_000, 8192, documents, documents * LENGTH, LENGTH)
    return make_plan(Recipe(effort=effort), size, cuda=cuda)


def steps(plan: Plan, documents: int) -> int:
    return Schedule([LENGTH] * documents, plan.seed, plan.epochs, plan.batch_tokens).steps


def test_small_set_is_gone_over_often_enough_to_be_learnt() -> None:
    plan = planned(40)
    assert plan.epochs == MOST_EPOCHS
    assert steps(plan, 40) >= 30


def test_larger_set_is_seen_once_by_a_quick_training() -> None:
    assert planned(300).epochs == 1.0


def test_quick_training_on_a_processor_stays_quick_whatever_the_set() -> None:
    plan = planned(10_000)
    assert steps(plan, 10_000) * plan.batch_tokens < 1.1 * QUICK_CPU_TOKENS
    assert planned(10_000, cuda=True).epochs == 1.0


def test_thorough_training_is_not_cut_short() -> None:
    assert planned(10_000, Effort.THOROUGH).epochs == 3.0
