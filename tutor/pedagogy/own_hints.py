"""Hints for problems that learners bring: in order, with the actual terms, never with the answer.

By kind of task alone: nobody wrote hints for these problems. Pure.
"""

import re
from collections.abc import Mapping, Sequence

from tutor.bank.item import Hint, HintKind
from tutor.i18n import mark, say
from tutor.language import Language

_LINEAR = (
    mark("Look at {first}. Which letter should stand alone in the end?"),
    mark("Which number stands beside that letter's term? Undo it on both sides of {first}."),
    mark("Now divide both sides by the number in front of the letter."),
)
_QUADRATIC = (
    mark("Bring everything in {first} to one side, so that the other side is zero."),
    mark(
        "Which two numbers have the right product and the right sum? Or use the quadratic formula."
    ),
    mark("A product is zero when one of its factors is zero: set each factor to zero."),
)
_OF_ONE_OPERATION: Mapping[str, tuple[str, ...]] = {
    "+": (
        mark("Look at {first}. Add what has the same place: ones to ones, tens to tens."),
        mark("Where a place gets too large for a single digit, carry over to the next place."),
    ),
    "-": (
        mark("Look at {first}. Take away place by place, or count up from the second number."),
        mark("Check by adding: your result and the second number make up the first."),
    ),
    "*": (
        mark("Look at {first}. Split either number into parts that are easy to multiply."),
        mark("Multiply each part by the other number, then add up what you get."),
    ),
    "/": (
        mark("Look at {first}. How often does the second number fit into the first?"),
        mark("Check by multiplying: your result times the second number makes the first."),
    ),
    "^": (
        mark("Look at {first}. The exponent says how often the base stands as a factor."),
        mark("Multiply step by step, factor by factor."),
    ),
}
_ONE_OPERATION = re.compile(r"\s*-?[\d.,]+\s*(\*\*|[-+*/^×÷·−])\s*[\d.,]+\s*")
_SAME_SIGN = {"**": "^", "×": "*", "·": "*", "÷": "/", "−": "-"}
_HINTS: Mapping[str, tuple[str, ...]] = {
    "system": (
        mark("You have two conditions, {first} and {second}. Which letter is easiest to isolate?"),
        mark("Isolate one letter in one equation and put that into the other one."),
        mark("Solve what is left for one letter, then go back for the other."),
    ),
    "calculation": (
        mark("Look at {first}. Which operation comes first: brackets, powers, then × and ÷?"),
        mark("Do that one operation and write the whole line again."),
        mark("With fractions: find a common denominator before you add or subtract."),
    ),
    "percentage": (
        mark("Percent means “of a hundred”. How do you write {first}% as a fraction or decimal?"),
        mark("“Of” means times: multiply that by {second}."),
        mark("Check by estimating: how much would ten percent of {second} be?"),
    ),
    "derivative": (
        mark("Look at {first}. Take it term by term: which rule fits each term?"),
        mark("For a power: bring the exponent down as a factor and lower it by one."),
        mark("For a product, quotient or nested function use its own rule, then add the terms."),
    ),
    "integral": (
        mark("Look at {first}. Which function has this as its derivative?"),
        mark("For a power: raise the exponent by one and divide by the new exponent."),
        mark("With limits: put the upper one in, put the lower one in, and subtract."),
    ),
    "conversion": (
        mark("How do {second} and {third} compare: which of them is the larger unit?"),
        mark("Write down how many of the smaller unit make up the larger one."),
        mark("Multiply when you go to the smaller unit, divide when you go to the larger one."),
    ),
    "mean": (
        mark("What do you need for a mean: which total, and divided by what?"),
        mark("Add up all the values {all}."),
        mark("Count how many values there are, and divide the total by that count."),
    ),
    "median": (
        mark("Write the values {all} in order, the smallest first."),
        mark("Which value stands in the middle? With an even count there are two of them."),
        mark("Where two stand in the middle, take their mean."),
    ),
    "mode": (
        mark("How often does each of {all} occur?"),
        mark("The mode is the value that occurs most often."),
    ),
    "gcd": (
        mark("Which numbers divide {first} without a remainder?"),
        mark("Do the same for {second}. Which divisors stand in both lists?"),
        mark("Take the largest one that is in all lists."),
    ),
    "lcm": (
        mark("Write down the first multiples of {first}."),
        mark("Do the same for {second}. Where do the lists meet for the first time?"),
        mark("Or use prime factors: take each one as often as it occurs at most."),
    ),
}


def hints_about(task: str, terms: Sequence[str], language: Language) -> tuple[Hint, ...]:
    """The hints for a task with these terms; none where the kind has none."""
    texts = _HINTS.get(task, ())
    if task == "equation":
        texts = _QUADRATIC if any(sign in terms[0] for sign in ("^", "²", "**")) else _LINEAR
    if task == "calculation" and (alone := _ONE_OPERATION.fullmatch(terms[0])):
        texts = _OF_ONE_OPERATION[_SAME_SIGN.get(alone[1], alone[1])]
    shown = [_as_written(term) for term in terms]
    padded = [*shown, "", "", ""]
    named = {"first": padded[0], "second": padded[1], "third": padded[2], "all": ", ".join(shown)}
    return tuple(Hint(HintKind.HINT, say(language, text, **named)) for text in texts)


def _as_written(term: str) -> str:
    """With the signs of a school book: 17 × 23 for 17*23, x^2 for x**2."""
    return re.sub(r"\s*\*\s*", " × ", term.replace("**", "^"))
