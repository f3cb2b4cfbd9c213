"""Digests of problems: one of what is asked, to find it again, one of all content, to see changes.

The question's digest overlooks case, white space, punctuation, full-width forms and the marks of
mathematics, so that a learner's own spelling of a problem still finds it. What could make it
another problem counts: decimal points, brackets, signs. Two problems that only look alike would
lend each other their keys.
"""

import hashlib
import re
import unicodedata
from dataclasses import replace

from tutor.bank.item import Item, ItemState

SIGNS = str.maketrans(
    {
        "−": "-",
        "–": "-",
        "—": "-",
        "×": "*",
        "·": "*",
        "⋅": "*",
        "÷": "/",
        "∕": "/",
        "⁄": "/",
        "{": "(",
        "}": ")",
        "’": "'",
        "′": "'",
    }
)
SUPERSCRIPTS = {"²": "^2", "³": "^3"}
WRITTEN = {r"\times": "*", r"\cdot": "*", r"\div": "/", "**": "^"}
LAYOUT = re.compile(r"\\[,;:! ]|\\(?:left|right|quad|qquad|displaystyle)(?![A-Za-z])|_{2,}")
LISTED = re.compile(r"(?<=\d)\s+(?=\d)")  # "1 2" is not 12
SIMPLE_POWER = re.compile(r"\^\((\w+)\)")
NOT_MATTERING = re.compile(
    r"(?<!\d)[.,:]|[.,:](?!\d)"  # no decimal point, list or ratio
    r"|(?<![\d)])!"  # no factorial
    r"|[^\w+\-*/=<>^%√π≤≥≠±()\[\]|'°.,:!]"
)


def normalised(text: str) -> str:
    """What matters in the text of a question."""
    for power, plain in SUPERSCRIPTS.items():
        text = text.replace(power, plain)
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = LAYOUT.sub("", plain)
    for command, sign in WRITTEN.items():
        plain = plain.replace(command, sign)
    plain = re.sub(r"\s+", "", LISTED.sub(",", plain.translate(SIGNS)))
    return NOT_MATTERING.sub("", SIMPLE_POWER.sub(r"^\1", plain))


def text_digest(text: str) -> str:
    """The digest of a question's text; "" for a text with nothing in it."""
    plain = normalised(text)
    return hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest()[:32] if plain else ""


def question_of(item: Item) -> str:
    """All that an item asks, as one text."""
    return "\n".join([item.stem, *(step.prompt for step in item.steps)])


def family_digest(item: Item) -> str:
    """The same for items that differ only in their numbers; "" where nothing is asked."""
    return text_digest(re.sub(r"\d+(?:\.\d+)?", "0", question_of(item)))


def content_digest(item: Item) -> str:
    """The digest of everything that an item says, whatever row it has.

    Not of its state: a teacher's approval is no other content.
    """
    content = repr(replace(item, key="", state=ItemState.VERIFIED))
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:32]
