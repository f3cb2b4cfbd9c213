"""An ordinary answer beside an open question keeps its key, and loses nothing else."""

from tutor.bank.item import AnswerKey, AnswerType
from tutor.language import Language
from tutor.pedagogy.guarding import Guard, Valve

GUARD = Guard(AnswerKey(AnswerType.NUMBER, ("42",)), Language.ENGLISH, "What is 17 + 25?")


def through(text: str, guard: Guard | None) -> str:
    """What is shown of a text that comes word by word."""
    valve = Valve(guard)
    shown = "".join(valve.add(piece) for piece in text.replace(" ", "\0 ").split("\0"))
    return shown + (valve.rest() if guard else "")


def test_without_a_secret_everything_passes_at_once() -> None:
    valve = Valve(None)
    assert valve.add("half a sen") == "half a sen"


def test_a_long_answer_with_numbers_of_its_own_passes_whole() -> None:
    text = "Paris has 20 districts. It lies on the Seine, 375 km from the sea. " * 9
    assert through(text, GUARD).strip() == text.strip()


def test_the_sentence_with_the_key_and_all_after_it_stay_unsaid() -> None:
    text = "Paris lies on the Seine. The sum is 42. Anything else?"
    shown = through(text, GUARD)
    assert shown.strip() == "Paris lies on the Seine."


def test_a_key_in_words_is_kept_too() -> None:
    assert "forty" not in through("Well. It is forty-two. Good.", GUARD)


def test_nothing_is_called_right_beside_the_question() -> None:
    assert through("You are correct!", GUARD) == ""
