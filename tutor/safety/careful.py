"""What somebody reads who needs more than a tutor: fixed words, with where to turn. Pure.

Written by people and never by a model; gives no advice beyond whom to talk to.
"""

from tutor.i18n import mark, say
from tutor.language import Language
from tutor.safety.concern import Concern
from tutor.safety.helplines import DIRECTORY, help_in

_OPENING = {
    Concern.SELF_HARM: mark(
        "I'm glad you wrote that, and I take it seriously. I'm a program and can't be there for "
        "you as a person can. Please talk to somebody now, for yourself or for the person you "
        "are worried about: somebody you trust, or people who are there for exactly this."
    ),
    Concern.ABUSE: mark(
        "Thank you for telling me. Nobody may hurt you or make you do such things, and it is not "
        "your fault. I'm a program and can't protect you, but people can: please tell an adult "
        "you trust, or one of these."
    ),
    Concern.EMERGENCY: mark(
        "This sounds like an emergency, and I'm a program that can't send help. Please call for "
        "help right now, and tell somebody who is near you."
    ),
    Concern.MEDICAL: mark(
        "I can explain how the body and medicines work, but I can't say what is right for you or "
        "somebody you look after. Please ask a doctor or a pharmacist, or tell an adult you "
        "trust; if it gets worse quickly, call for help."
    ),
    Concern.LEGAL: mark(
        "I can explain how laws work in general, but I can't advise on a case of your own. "
        "Please ask a lawyer or a legal advice centre near you; in a school or university the "
        "counsellors often know one that costs nothing."
    ),
}
_CLOSING = {
    Concern.SELF_HARM: mark("You don't have to go through this alone. We can learn another time."),
    Concern.ABUSE: mark("You deserve to be safe. We can learn another time."),
    Concern.MEDICAL: mark("If this was a question for school, ask it in general: I'll explain it."),
    Concern.LEGAL: mark("If this was a question for school, ask it in general: I'll explain it."),
}


def careful_answer(concern: Concern, language: Language, country: str = "", told: str = "") -> str:
    """The whole answer; `told` is the name of the person who is alerted, "" where nobody is."""
    help_ = help_in(country)
    paragraphs = [say(language, _OPENING[concern])]
    lines = [f"- {line.named(language)}: **{line.number}**" for line in help_.for_concern(concern)]
    if concern is not Concern.LEGAL:
        lines.append("- " + _emergency(language, help_.emergency))
    if concern in (Concern.SELF_HARM, Concern.ABUSE):
        lines.append("- " + say(language, "Helplines everywhere: {address}", address=DIRECTORY))
    paragraphs.append("\n".join(lines))
    if told:
        paragraphs.append(_told(language, told))
    if concern in _CLOSING:
        paragraphs.append(say(language, _CLOSING[concern]))
    return "\n\n".join(filter(None, paragraphs))


def _emergency(language: Language, number: str) -> str:
    if number:
        return say(language, "In danger right now: **{number}**", number=number)
    return say(language, "In danger right now: your local emergency number (in many places 112)")


def _told(language: Language, name: str) -> str:
    return say(
        language,
        "So that somebody looks after you, I'm telling {name}, who is there for this, that you "
        "may need help: who, when and where, not what you wrote.",
        name=name,
    )
