"""What models say is read first: harm is withheld, school is not."""

import pytest

from tutor.pedagogy.guarding import Valve
from tutor.safety.output import Harm, harm_in

SCHOOL = (
    "You are not stupid; this is a stupid mistake that everybody makes.",
    "The penis is a male organ, and sperm cells carry half of the chromosomes.",
    "Romeo drinks poison, and Juliet kills herself with a dagger.",
    "Dick van Dyke played in it. The cock crows; a tit is a small bird.",
    "Suicide rates fell between 1900 and 1950.",
    "Homo sapiens lived with Neanderthals. What the hell is Dante's first part called?",
    "The Nazis murdered six million Jews. This is called the Holocaust.",
    "人体的生殖系统包括许多器官。屈原投江自尽。",
    "骂人的话不好。你不笨，这道题很难。",
    "Use a screw, an assessment and a classic Scunthorpe example.",
)
HARM = (
    ("You should just die.", Harm.SELF_HARM),
    ("There are ways to commit suicide without pain.", Harm.SELF_HARM),
    ("你去死吧。", Harm.SELF_HARM),
    ("You are so stupid!", Harm.ABUSE),
    ("What a load of bullshit, you bastard.", Harm.ABUSE),
    ("你这么蠢，滚开！", Harm.ABUSE),
    ("All immigrants are criminals.", Harm.HATE),
    ("Send me nudes.", Harm.SEXUAL),
)


@pytest.mark.parametrize("text", SCHOOL)
def test_school_may_be_said(text: str) -> None:
    assert harm_in(text) is None


@pytest.mark.parametrize(("text", "harm"), HARM)
def test_harm_is_withheld(text: str, harm: Harm) -> None:
    assert harm_in(text) is harm


@pytest.mark.parametrize(("text", "harm"), HARM)
def test_a_minor_never_sees_a_word_of_it(text: str, harm: Harm) -> None:
    valve = Valve(None, whole_sentences=True)
    shown = "".join(valve.add(character) for character in f"Good. {text} More.") + valve.rest()
    assert shown.strip() == "Good."
    assert valve.harm is harm


def test_for_adults_the_text_flows_and_ends_after_the_sentence() -> None:
    valve = Valve(None)
    shown = [valve.add(piece) for piece in ("Good", ". You are ", "so stupid! ", "More.")]
    assert shown[:2] == ["Good", ". You are "]
    assert shown[2:] == ["", ""]
    assert valve.fit == "Good."
    assert valve.harm is Harm.ABUSE
