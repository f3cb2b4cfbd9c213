"""What the tutor says the same way each time: about its memory, its limits, and in an emergency."""

from tutor.i18n import say
from tutor.language import Language


def first_contact_tip(language: Language, *, small_model: bool) -> str:
    """One useful thing at the first reply: that there is a memory, and where its switch is."""
    tip = say(
        language,
        "_I remember what we talk about, so you can simply go on. `/help` shows what else I can "
        "do, `/data` what I keep about you._",
    )
    if not small_model:
        return f"\n\n{tip}"
    caution = say(
        language,
        "_I run on a small language model, which makes mistakes: please check what matters._",
    )
    return f"\n\n{tip} {caution}"


def careful_words(language: Language) -> str:
    """What somebody reads who may be in danger, before anything else."""
    return say(
        language,
        "I'm glad you wrote that, and I take it seriously. I'm a program and can't help you as a "
        "person can: please talk to somebody you trust, now. If you or somebody else is in "
        "danger, call your local emergency number. We can learn another time.",
    )


def limit_sentence(language: Language, model: str, better: str) -> str:
    """That the present model can't do it, and which one would."""
    return say(
        language,
        "My present language model, {model}, can't do that well enough to help you. Whoever "
        "runs me can choose a stronger one with the setting DAOSHI_MODEL, for example "
        "{better}. Until then I understand English best.",
        model=model,
        better=better,
    )
