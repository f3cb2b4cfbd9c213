"""What is read out of the words for a goal."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.commands.progress.goal_words import GoalWords, goal_in

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 27, 23, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    "words",
    ["I want to master fractions by friday", "fractions before Friday.", "learn fractions by fri"],
)
def test_a_day_means_its_last_minute(words: str) -> None:
    assert goal_in(words, MONDAY, ZoneInfo("UTC")) == GoalWords("fractions", FRIDAY)


@pytest.mark.parametrize("words", ["我想在周五之前掌握分数", "周五前学会分数"])
def test_chinese_names_the_day_first(words: str) -> None:
    assert goal_in(words, MONDAY, ZoneInfo("UTC")) == GoalWords("分数", FRIDAY)


def test_what_is_no_date_may_belong_to_the_name() -> None:
    found = goal_in("multiplying by fractions", MONDAY, ZoneInfo("UTC"))
    assert found == GoalWords("multiplying", None, "fractions", "multiplying by fractions")


def test_a_day_that_is_over_is_no_date_to_reach() -> None:
    assert goal_in("fractions by 2020-01-01", MONDAY, ZoneInfo("UTC")).unread == "2020-01-01"


def test_a_skill_alone_has_no_date() -> None:
    assert goal_in("Adding fractions", MONDAY, ZoneInfo("UTC")) == GoalWords("Adding fractions")
