"""What is said without a model: complete in both languages, about the attempt, never the key."""

from itertools import product

import pytest

from tutor.bank.item import AnswerKey, AnswerType, Hint, HintKind, Item, Step
from tutor.grading.verdict import Outcome, Pattern, Stage, Verdict
from tutor.language import Language
from tutor.moves import Move
from tutor.pedagogy.dialogue import DialogueState, Intent
from tutor.pedagogy.scene import Summary
from tutor.pedagogy.templates import template

KEY = AnswerKey(AnswerType.NUMBER, ("4711",), unit="kg")
EASIER = AnswerKey(AnswerType.NUMBER, ("8",))
HINTS = (
    Hint(HintKind.HINT, "Weigh the parts."),
    Hint(HintKind.SCAFFOLD, "What is 2 × 4?", key=EASIER),
    Hint(HintKind.BOTTOM_OUT, "It weighs 4711 kg."),
)
STEP = Step("a", "How heavy is it?", KEY, HINTS)
ITEM = Item("k", "A machine {with} braces.", (STEP,), "en")
CHOICE = Step("a", "Which?", AnswerKey(AnswerType.CHOICE, ("two",), ("one", "two", "three")))
WRONG = Verdict(Outcome.WRONG)
BEFORE_REVEAL = [Move.DIAGNOSE, Move.ASK, Move.CLARIFY, Move.CORRECT, Move.HINT]
BEFORE_REVEAL += [Move.WORKED_STEP, Move.TWIN, Move.REFLECT, Move.DECLINE, Move.NO_HELP]
BEFORE_REVEAL += [Move.RECORD, Move.CANNOT_CHECK, Move.CONTEST, Move.EXPLAIN, Move.FINISH]


def text(
    move: Move,
    language: Language = Language.ENGLISH,
    *,
    step: Step = STEP,
    state: DialogueState = DialogueState(),  # noqa: B008 - frozen
    **scene: object,
) -> str:
    return template(move, language, item=ITEM, step=step, state=state, **scene)  # type: ignore[arg-type]


@pytest.mark.parametrize("move", BEFORE_REVEAL)
def test_no_template_says_the_key_before_a_reveal(move: Move) -> None:
    states = [DialogueState(), DialogueState(tries=3, hints=2, worked=True, last_answer="7")]
    intents = (Intent.REVEAL, Intent.BREAK_RULES, Intent.HINT, Intent.CHAT)
    for language, state, intent, seed in product(Language, states, intents, range(4)):
        said = text(
            move, language, state=state, intent=intent, seed=seed, hint=0, verdict=WRONG, answer="7"
        )
        assert said
        assert "4711" not in said


@pytest.mark.parametrize(("language", "pattern"), list(product(Language, Pattern)))
def test_a_wrong_answer_is_named_whatever_the_mistake(language: Language, pattern: Pattern) -> None:
    for seed in range(5):
        verdict = Verdict(Outcome.WRONG, pattern=pattern)
        state = DialogueState(tries=1, last_answer="4710")
        said = text(Move.CORRECT, language, state=state, verdict=verdict, seed=seed, answer="4710")
        assert "4710" in said


def test_a_chosen_letter_is_named_with_its_text() -> None:
    said = text(Move.CORRECT, step=CHOICE, answer="a", verdict=WRONG)
    assert "A) one" in said


def test_known_mistakes_are_told_apart() -> None:
    said = {
        text(Move.CORRECT, answer="7", verdict=Verdict(Outcome.WRONG, pattern=p)) for p in Pattern
    }
    assert len(said) >= len(Pattern) - 1  # other_choice says no more than none


def test_phrasings_vary_by_seed_and_stay_the_same_for_one() -> None:
    said = [text(Move.DIAGNOSE, seed=seed) for seed in range(6)]
    assert len(set(said)) == 6
    assert said[0] == text(Move.DIAGNOSE, seed=0)


def test_a_question_shows_progress_and_lettered_choices() -> None:
    said = text(Move.ASK, step=CHOICE, number=2, total=5)
    assert "Question 2 of 5" in said
    assert "A) one\nB) two\nC) three" in said


def test_a_question_that_is_all_stem_is_never_asked_without_it() -> None:
    bare = Step("a", "", KEY, HINTS)
    for intent in (Intent.CHAT, Intent.CONFIRM):
        assert ITEM.stem in text(Move.ASK, step=bare, intent=intent, problem_shown=True)
    assert ITEM.stem not in text(Move.ASK, intent=Intent.CHAT, problem_shown=True)


def test_an_answer_in_chinese_words_is_quoted_without_spaces() -> None:
    for seed in range(4):
        said = text(Move.CORRECT, Language.CHINESE, answer="三分之一", verdict=WRONG, seed=seed)
        assert "“三分之一”" in said
        assert " “" not in said and "” " not in said


def test_a_chinese_hint_follows_its_opening_without_a_space() -> None:
    said = text(Move.HINT, Language.CHINESE, hint=0, state=DialogueState(hints=1))
    assert "：Weigh the parts." in said


def test_a_hint_stays_in_the_language_of_its_item() -> None:
    state = DialogueState(hints=1)
    for language in Language:
        assert "Weigh the parts." in text(Move.HINT, language, hint=0, state=state)


def test_an_open_easier_question_is_what_is_asked_again() -> None:
    state = DialogueState(hints=2, scaffold=1)
    assert text(Move.ASK, state=state) == "What is 2 × 4?"


def test_a_reveal_shows_answer_unit_and_the_whole_way() -> None:
    said = text(Move.REVEAL, state=DialogueState(revealed=True))
    assert "**4711 kg**" in said
    assert all(hint.text in said for hint in HINTS)
    assert "B) two" in text(Move.REVEAL, step=CHOICE, state=DialogueState(revealed=True))


def test_the_worked_way_shows_parts_but_not_a_part_that_is_the_answer() -> None:
    assert "**8**" in text(Move.WORKED_STEP)
    same = Hint(HintKind.SCAFFOLD, "So?", key=KEY)
    said = text(Move.WORKED_STEP, step=Step("a", "?", KEY, (same,)))
    assert "4711" not in said


def test_declining_a_trick_is_no_offer_to_ask_again() -> None:
    assert "ask again" in text(Move.DECLINE, intent=Intent.REVEAL, seed=1)
    for seed in range(6):
        assert "ask" not in text(Move.DECLINE, intent=Intent.BREAK_RULES, seed=seed)


def test_finish_counts_unless_the_results_are_withheld() -> None:
    assert "5 questions, 3 of them right" in text(Move.FINISH, summary=Summary(5, 3))
    withheld = text(Move.FINISH, summary=Summary(5, 3, graded=False))
    assert "3" not in withheld


def test_an_opinion_on_free_text_is_called_one_and_no_verdict() -> None:
    opinion = Verdict(Outcome.OPINION, 0.5, Stage.RUBRIC)
    said = text(Move.CANNOT_CHECK, verdict=opinion)
    assert "only an opinion" in said
    assert "part of it is there" in said
    assert "only an opinion" not in text(Move.CANNOT_CHECK, verdict=Verdict(Outcome.OPINION))
