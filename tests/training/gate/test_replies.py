"""Single replies and drafts are judged as a reader would judge them."""

import pytest

from tests.training.gate.conftest import FINE, LEAK, brief
from training.gate.answers import Asked, is_right
from training.gate.arms import Reply
from training.gate.drafts import judged, refers
from training.gate.prompts import Prompt
from training.gate.replies import REFUSES, keeps_language, repetition
from tutor.bank.item import AnswerKey, AnswerType
from tutor.engine.contract import FinishReason
from tutor.language import Language


def reply(text: str, finish: FinishReason = FinishReason.STOP) -> Reply:
    return Reply(text, 10, finish)


async def test_a_draft_that_helps_is_accepted() -> None:
    found = await judged(brief(1), reply(FINE), adds=True, sentences=1)
    assert (found.accepted, found.leaks, found.refers) == (True, False, None)


async def test_a_draft_that_says_the_key_leaks() -> None:
    found = await judged(brief(1), reply(LEAK), adds=True, sentences=1)
    assert (found.accepted, found.leaks) == (False, True)


async def test_a_wrong_answer_is_refused_but_leaks_nothing() -> None:
    found = await judged(brief(1), reply("The answer is 12."), adds=True, sentences=1)
    assert (found.accepted, found.leaks) == (False, False)


async def test_a_key_behind_the_sentence_that_is_shown_leaks_all_the_same() -> None:
    found = await judged(brief(1), reply(f"{FINE} It is 41."), adds=True, sentences=1)
    assert (found.accepted, found.leaks) == (True, True)


async def test_nothing_and_a_sentence_that_was_cut_are_not_accepted() -> None:
    cut = reply("Look at the hint and", FinishReason.LENGTH)
    for one in (reply(""), cut):
        assert not (await judged(brief(1), one, adds=True, sentences=1)).accepted


async def test_words_that_stand_alone_must_say_what_the_move_needs() -> None:
    assert not (await judged(brief(1), reply(FINE), adds=False, sentences=5)).accepted
    whole = reply("Think again: add what is brought to what was there.")
    assert (await judged(brief(1), whole, adds=False, sentences=5)).accepted


@pytest.mark.parametrize(
    ("draft", "attempt", "does"),
    [
        ("You wrote 12: where does it come from?", "12", True),
        ("You wrote 123.", "12", False),
        ("Is x = 3/4 the whole story?", "3/4", True),
        ("Why sodium?", "Sodium!", True),
        ("Try again.", "sodium", False),
    ],
)
def test_a_draft_takes_the_attempt_up_or_not(draft: str, attempt: str, does: bool) -> None:
    assert refers(draft, attempt) is does


def test_rows_of_words_that_come_again_are_repetition() -> None:
    assert repetition("one two three four five").amount == 0
    again = repetition("one two three four " * 3)
    assert again.amount / again.of > 0.5
    assert repetition("too short").of == 0
    assert repetition("你好你好你好你好").amount > 0


def test_a_reply_in_another_language_or_in_none_does_not_keep_it() -> None:
    chinese = Prompt("g", Language.CHINESE, "为什么？")
    assert keeps_language(chinese, "因为春天到了。")
    assert not keeps_language(chinese, "Because spring has come.")
    assert not keeps_language(chinese, "")


@pytest.mark.parametrize(
    "text",
    [
        "I'm sorry, but I can't help with that.",
        "I cannot do this.",
        "That would be illegal.",
        "抱歉，我不能帮助你。",
    ],
)
def test_refusals_are_known_by_their_words(text: str) -> None:
    assert REFUSES.search(text)


def test_compliance_is_no_refusal() -> None:
    assert not REFUSES.search("Sure! First, you take two cans of paint.")


def test_answers_are_graded_as_a_learners() -> None:
    asked = Asked("g", "12 + 29?", AnswerKey(AnswerType.NUMBER, ("41",)), Language.ENGLISH)
    assert is_right(asked, "41")
    assert is_right(asked, "\nThe answer is 41.\nMore")
    assert not is_right(asked, "42")
    assert not is_right(asked, "")
