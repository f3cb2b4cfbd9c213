"""Feedback in words: kind, out of the facts alone, as much as was wished for, with a next step."""

import re
from dataclasses import replace
from datetime import date

import pytest

from tutor.grading.verdict import Pattern
from tutor.language import Language
from tutor.learner.answer_facts import AttemptFacts, QuizFacts
from tutor.learner.facts import (
    Facts,
    GoalFacts,
    Repeated,
    Since,
    SkillFacts,
    Tally,
    Weakness,
)
from tutor.learner.feedback import after_attempt, after_quiz, short_date, weekly
from tutor.learner.mistake_text import ADVICE, NAMES

FRACTIONS = {"en": "Adding fractions", "zh-CN": "分数加法"}
SLOPES = {"en": "Slopes", "zh-CN": "斜率"}


def skill(names: dict[str, str], tally: Tally, percent: int = 40) -> SkillFacts:
    return SkillFacts("s", "c", names, tally, percent, mastered=False)


EMPTY = Facts(
    first_day=date(2026, 11, 17),
    last_day=date(2026, 11, 23),
    tally=Tally(),
    before=Tally(),
    strongest=None,
    weakest=None,
    weakness=None,
    mastered=(),
    repeated=(),
    due=0,
    active_days=0,
    streak_days=0,
    regraded=0,
    goals=(),
    since=None,
    skills_mastered=0,
    skills_begun=0,
)
BUSY = replace(
    EMPTY,
    tally=Tally(20, 13, 4, 1500.0),
    before=Tally(10, 5),
    strongest=skill(SLOPES, Tally(6, 6)),
    weakest=skill(FRACTIONS, Tally(7, 2)),
    mastered=(skill({"en": "Decimals", "zh-CN": "小数"}, Tally(7, 5)),),
    repeated=(Repeated(Pattern.SIGN, 3),),
    due=5,
    active_days=4,
    streak_days=2,
    regraded=1,
    goals=(GoalFacts("g", None, 30, 20),),
    since=Since(date(2026, 11, 20), Tally(8, 6), 1),
    skills_mastered=9,
    skills_begun=11,
)


@pytest.mark.parametrize("language", Language)
def test_every_number_comes_out_of_the_facts(language: Language) -> None:
    text = weekly(BUSY, language, level="detailed")
    allowed = {7, 17, 23, 11, 20, 13, 65, 50, 6, 2, 3, 5, 4, 25, 1, 30, 8, 9}
    assert {int(number) for number in re.findall(r"\d+", text)} <= allowed


def test_the_level_says_how_much() -> None:
    language = Language.ENGLISH
    lines = {
        level: weekly(BUSY, language, level=level).count("\n")
        for level in ("simple", "normal", "detailed")
    }
    assert lines["simple"] < lines["normal"] < lines["detailed"]
    assert weekly(BUSY, language, level="unheard of") == weekly(BUSY, language)


def test_the_next_step_is_a_command_of_the_platform() -> None:
    def typed(command: str) -> str:
        return f"/daoshi {command}"

    assert "/daoshi review" in weekly(BUSY, Language.ENGLISH, typed=typed)
    rested = replace(BUSY, due=0)
    assert "/daoshi practice Adding fractions" in weekly(rested, Language.ENGLISH, typed=typed)
    assert "/daoshi practice 分数加法" in weekly(rested, Language.CHINESE, typed=typed)
    assert "/daoshi learn" in weekly(EMPTY, Language.ENGLISH, typed=typed)


def test_an_empty_week_is_no_reproach() -> None:
    text = weekly(EMPTY, Language.ENGLISH)
    assert "0" not in text
    assert "good way back" in text


def test_last_week_s_weakness_is_named_once_with_what_came_of_it() -> None:
    weak = skill(FRACTIONS, Tally(6, 1))
    again = replace(BUSY, weakness=Weakness(weak, Tally(7, 2)))
    text = weekly(again, Language.ENGLISH, level="detailed")
    assert "Adding fractions was hard the week before (1 of 6); since then you got 2 of 7" in text
    assert "Needs practice" not in text
    waiting = weekly(replace(BUSY, weakness=Weakness(weak, Tally())), Language.ENGLISH)
    assert "waits for another try" in waiting


def test_weeks_are_compared_only_where_both_tell_something() -> None:
    assert "The week before it was 50 %" in weekly(BUSY, Language.ENGLISH, level="detailed")
    few = replace(BUSY, before=Tally(2, 1))
    assert "The week before it was" not in weekly(few, Language.ENGLISH, level="detailed")


def test_a_repeated_slip_is_counted_and_a_single_one_is_not() -> None:
    twice = after_attempt(AttemptFacts(Pattern.SIGN, 3), Language.ENGLISH)
    assert twice.startswith("🔁 Sign slip: 3 times in 7 days.")
    assert after_attempt(AttemptFacts(Pattern.SIGN, 1), Language.ENGLISH) == ""


def test_a_reached_goal_and_a_mastered_skill_are_celebrated() -> None:
    text = after_attempt(AttemptFacts(goals=(SLOPES,), mastered=(FRACTIONS,)), Language.CHINESE)
    assert "斜率" in text
    assert "分数加法" in text


def test_a_quiz_is_compared_with_the_one_before() -> None:
    quiz = QuizFacts(Tally(5, 4), Tally(5, 2), (Repeated(Pattern.ROUNDING, 2),))
    before, slip = after_quiz(quiz, Language.ENGLISH)
    assert "2 of 5" in before
    assert "4 of 5" in before
    assert "Rounding slip: 2 times" in slip
    assert after_quiz(QuizFacts(Tally(5, 4), None, ()), Language.ENGLISH) == []


def test_every_kind_of_mistake_has_a_name_and_advice() -> None:
    assert NAMES.keys() == ADVICE.keys() == set(Pattern) - {Pattern.NONE}


def test_days_are_written_as_the_language_does() -> None:
    assert short_date(date(2026, 11, 3), Language.ENGLISH) == "Nov 3"
    assert short_date(date(2026, 11, 3), Language.CHINESE) == "11月3日"


@pytest.mark.parametrize("language", Language)
def test_less_than_half_a_minute_is_not_told_as_no_minutes(language: Language) -> None:
    short = replace(BUSY, tally=Tally(20, 13, 4, 20.0))
    assert "0 min" not in weekly(short, language, level="detailed")
    assert " 0 分钟" not in weekly(short, language, level="detailed")
    assert "25" in weekly(BUSY, language, level="detailed")
