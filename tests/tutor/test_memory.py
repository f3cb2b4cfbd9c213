"""What of a conversation goes into the next prompt."""

from dataclasses import replace

from tests.doubles.turns import dialogue
from tutor.memory import (
    MESSAGE_OVERHEAD_TOKENS,
    SUMMARY_CHARACTERS,
    exchanges,
    extend_summary,
    fit,
    gist,
    without_pictures,
)


def test_the_newest_turns_are_kept_within_the_budget() -> None:
    turns = dialogue("q1", "a1", "q2", "a2", "q3", "a3")
    window = fit(turns, [10] * 6, budget_tokens=4 * (10 + MESSAGE_OVERHEAD_TOKENS))
    assert [turn.text for turn in window.kept] == ["q2", "a2", "q3", "a3"]
    assert [turn.text for turn in window.dropped] == ["q1", "a1"]


def test_what_is_kept_begins_with_a_person() -> None:
    turns = dialogue("q1", "a1", "q2", "a2")
    window = fit(turns, [10] * 4, budget_tokens=3 * (10 + MESSAGE_OVERHEAD_TOKENS))
    assert [turn.text for turn in window.kept] == ["q2", "a2"]


def test_without_room_nothing_is_kept() -> None:
    window = fit(dialogue("q1", "a1"), [10, 10], budget_tokens=-5)
    assert window.kept == ()
    assert len(window.dropped) == 2


def test_people_and_tutor_alternate() -> None:
    asked, first, second, more = dialogue("q", "bad answer", "good answer", "and more")
    second = replace(second, role="assistant")
    more = replace(more, role="assistant", move="continue")
    merged = exchanges([asked, first, second, more])
    assert [(one.role, one.text) for one in merged] == [
        ("user", "q"),
        ("assistant", "good answer\nand more"),
    ]


def test_messages_of_several_people_become_one() -> None:
    first, second = dialogue("What is a prime?", "And is 1 prime?")
    merged = exchanges([first, replace(second, role="user")])
    assert [one.text for one in merged] == ["What is a prime?\nAnd is 1 prime?"]


def test_pictures_and_who_asked_for_them_are_left_out_for_a_small_model() -> None:
    hello, hi, wish, drawn, again, another, thanks, welcome = dialogue(
        "hello", "hi", "show me a dog", "dog, flat", "again", "dog, noto", "thanks", "welcome"
    )
    drawn, another = replace(drawn, move="draw"), replace(another, move="draw")
    turns = (hello, hi, wish, drawn, again, another, thanks, welcome)
    assert without_pictures(turns) == (hello, hi, thanks, welcome)
    assert without_pictures((drawn, thanks)) == (thanks,)  # what was asked is remembered no more


def test_the_summary_keeps_peoples_words_only() -> None:
    summary = extend_summary("", dialogue("What is gravity? I forgot.", "A pull between masses."))
    assert summary == "What is gravity?"


def test_the_summary_stays_short_and_forgets_the_oldest_first() -> None:
    summary = ""
    for number in range(60):
        summary = extend_summary(summary, dialogue(f"Question number {number} about things"))
    assert len(summary) <= SUMMARY_CHARACTERS
    assert "number 59" in summary
    assert "number 1 " not in summary
    assert summary.startswith("Question")


def test_a_gist_is_one_short_line() -> None:
    assert gist("第一句。第二句。") == "第一句。"
    assert gist("one\ntwo  three") == "one two three"
    assert len(gist("word " * 100)) <= 120
