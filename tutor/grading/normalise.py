"""An answer as its bare content: without LaTeX, lead-ins, politeness, emoji and punctuation.

Knows how people word an answer in English and Chinese; does not know what is right.
"""

import re

from tutor.grading.answer_wording import CLAIM, EVASIVE, HEDGE, LEADS, TAILS
from tutor.grading.folding import fold
from tutor.grading.latex import without_latex

LONGEST = 20_000
_MOST_LAYERS = 8
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad\ufe0f]")
_EMOJI = re.compile(r"[\U0001F000-\U0001FAFF\u2600-\u2712\u2717-\u27bf\u2b00-\u2bff\u200d✓✔]+")
_MARKUP = re.compile(r"(?<!\*)\*\*(?=\S)([^*]+?)(?<=\S)\*\*(?!\*)|`+([^`]+)`+|~~([^~]+)~~")
_QUOTED = re.compile(r"^([\"'])(.+)\1$", re.DOTALL)
_SPACES = re.compile(r"[ \t\r\n]+")


def plain(text: str) -> str:
    """Look-alikes written one way, LaTeX and markup written out, emoji and invisible signs gone."""
    text = _INVISIBLE.sub("", text[:LONGEST])
    text = _MARKUP.sub(lambda found: found[1] or found[2] or found[3], text)
    text = _EMOJI.sub(" ", fold(text))
    text = without_latex(text)
    return _SPACES.sub(" ", text).strip()


def bare(text: str) -> str:
    """The content of an answer: what is left when lead-ins and tails are taken off."""
    return stripped(plain(text))


def stripped(text: str) -> str:
    """`bare` for a text that is plain already."""
    return strippings(text)[-1]


def strippings(text: str) -> tuple[str, ...]:
    """A plain text with more and more of its lead-ins and tails taken off, itself first."""
    found = [text]
    for _ in range(_MOST_LAYERS):
        text = _without_layer(text)
        if text == found[-1]:
            break
        found.append(text)
    return tuple(found)


def _without_layer(text: str) -> str:
    lead = LEADS.match(text)
    if lead and lead.end() < len(text):
        text = text[lead.end() :]
    text = text.strip()
    tail = TAILS.search(text[-60:])
    if tail and not text.endswith("!") and len(tail[0]) < len(text):
        text = text[: len(text) - len(tail[0])]
    elif re.search(r"(?<![\w)\]])!+$|!!+$", text) and len(text) > 1:
        text = text.rstrip("!")
    if quoted := _QUOTED.match(text):
        text = quoted[2]
    return text.strip()


def is_evasive(text: str) -> bool:
    """Whether somebody only says that they do not know, or asks for something else."""
    return bool(EVASIVE.match(plain(text)))


def hedges(text: str) -> bool:
    """Whether a (plain) text limits, denies, compares or alters what stands beside these words."""
    return bool(HEDGE.search(text))


def last_claim(text: str) -> str:
    """What follows the last "so", "the answer is", 答案是 … of a plain text; "" if none does."""
    claims = list(CLAIM.finditer(text))
    return text[claims[-1].end() :].strip() if claims else ""
