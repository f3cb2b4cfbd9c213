"""Ids sort by time, also within a millisecond and when the clock goes back."""

import time

import pytest

from storage import identifiers
from storage.identifiers import new_id


def test_ids_are_different_and_in_order() -> None:
    made = [new_id() for _ in range(20_000)]
    assert made == sorted(set(made))
    assert {len(made_id) for made_id in made} == {32}


def test_an_id_is_a_uuid_of_version_7_that_begins_with_the_time() -> None:
    made = new_id()
    assert made[12] == "7"
    assert made[16] in "89ab"
    assert abs(int(made[:12], 16) - time.time() * 1000) < 60_000


def test_a_clock_that_goes_back_makes_no_older_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    before = new_id()
    monkeypatch.setattr(identifiers.time, "time_ns", lambda: 0)
    assert new_id() > before
