"""Kinds of mistakes in words: what each is called, and what helps against it."""

from collections.abc import Mapping

from tutor.grading.verdict import Pattern
from tutor.i18n import mark, say
from tutor.language import Language

NAMES: Mapping[Pattern, str] = {
    Pattern.SIGN: mark("Sign slip"),
    Pattern.UNIT_MISSING: mark("Unit left out"),
    Pattern.UNIT_WRONG: mark("Other unit than asked for"),
    Pattern.POWER_OF_TEN: mark("Slipped decimal point"),
    Pattern.ROUNDING: mark("Rounding slip"),
    Pattern.INVERSE: mark("Fraction upside down"),
    Pattern.OFF_BY_ONE: mark("Off by one"),
    Pattern.NOT_SIMPLIFIED: mark("Not simplified"),
    Pattern.INCOMPLETE: mark("Part of the solutions only"),
    Pattern.SPELLING: mark("Spelling slip"),
    Pattern.OTHER_CHOICE: mark("Picked a neighbouring choice"),
}
ADVICE: Mapping[Pattern, str] = {
    Pattern.SIGN: mark("Before you send, look at the signs alone."),
    Pattern.UNIT_MISSING: mark("Write the unit first, then the number."),
    Pattern.UNIT_WRONG: mark("Underline the unit in the question before you calculate."),
    Pattern.POWER_OF_TEN: mark("Estimate roughly first: is it tens, hundreds or thousands?"),
    Pattern.ROUNDING: mark("Round at the very end only."),
    Pattern.INVERSE: mark("Ask yourself which number belongs on top."),
    Pattern.OFF_BY_ONE: mark("Count both ends once more."),
    Pattern.NOT_SIMPLIFIED: mark("At the end, look for a common factor."),
    Pattern.INCOMPLETE: mark("Ask yourself whether there is another solution."),
    Pattern.SPELLING: mark("Write the word down slowly, letter by letter."),
    Pattern.OTHER_CHOICE: mark("Find your own answer before you read the choices."),
}


def mistake_name(pattern: Pattern, language: Language) -> str:
    return say(language, NAMES[pattern])


def mistake_advice(pattern: Pattern, language: Language) -> str:
    return say(language, ADVICE[pattern])
