"""The waiting line: bounded, in turns, learners first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.engine.contract import EngineBusy
from tutor.engine.process.fair_queue import FairQueue


def filled(items, **limits):
    queue = FairQueue(**({"max_total": 100, "max_per_key": 100} | limits))
    for number, (key, priority) in enumerate(items):
        queue.push((key, number), key, priority)
    return queue


def drained(queue):
    return list(iter(queue.pop, None))


def test_keys_take_turns_and_each_keeps_its_order():
    queue = filled([("a", 0), ("a", 0), ("a", 0), ("b", 0), ("c", 0), ("b", 0)])
    assert drained(queue) == [("a", 0), ("b", 3), ("c", 4), ("a", 1), ("b", 5), ("a", 2)]


def test_lower_priority_number_goes_first():
    queue = filled([("x", 10), ("a", 0), ("x", 10), ("b", 0)])
    assert [key for key, _ in drained(queue)] == ["a", "b", "x", "x"]


def test_one_key_cannot_fill_the_queue():
    queue = filled([("a", 0), ("a", 10)], max_per_key=2)
    with pytest.raises(EngineBusy):
        queue.push("more", "a", 0)
    queue.push("other", "b", 0)


def test_nameless_callers_are_bounded_by_the_total_only():
    queue = filled([("", 0)] * 5, max_total=5, max_per_key=1)
    with pytest.raises(EngineBusy):
        queue.push("more", "", 0)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from([0, 10]))), st.integers(0, 5))
def test_order_shown_is_the_order_served(items, served):
    queue = filled(items)
    for _ in range(served):
        queue.pop()
    shown = list(queue)
    assert len(queue) == len(shown) and queue.peek() == (shown[0] if shown else None)
    assert drained(queue) == shown


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from([0, 10]))))
def test_removed_items_are_gone_and_others_stay(items):
    queue = filled(items)
    removed = queue.remove_where(lambda item: item[1] % 2 == 0)
    assert all(number % 2 == 0 for _, number in removed)
    assert sorted(number for _, number in removed + drained(queue)) == list(range(len(items)))
