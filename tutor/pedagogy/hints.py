"""Hints as they may be shown before the answer may: none of them says it.

Imported hints often do: in OATutor's bank 4 % of the first and 40 % of the last ones. The
answer is masked in them; a hint that says little besides is kept for the reveal.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from tutor.bank.item import AnswerKey, AnswerType, Hint, HintKind, Step
from tutor.pedagogy.disclosure import Disclosure, disclosures, plain

MASK = "▢"
COUNTED = re.compile(r"(hint|提示) ?▢", re.IGNORECASE)
LISTED = re.compile(r"^▢\. ", re.MULTILINE)
LEAST_WORDS = 4
WORDS = re.compile(r"[a-zA-Z]{2,}|[\u4e00-\u9fff]|\d+")


@lru_cache(maxsize=1024)
def guarded(step: Step, stem: str = "") -> Step:
    """The step with its hints in the order and wording in which they may be shown."""
    return replace(step, hints=hints_for(step, f"{stem}\n{step.prompt}"))


def hints_for(step: Step, problem: str) -> tuple[Hint, ...]:
    """Harmless and masked hints first, then as bottom-out those that say the answer."""
    shown: list[Hint] = []
    kept: list[Hint] = []
    for hint in step.hints:
        text = None
        if hint.kind is not HintKind.BOTTOM_OUT:
            text = safe_hint(hint, step.answer, (problem,))
        if text is None:
            kept.append(replace(hint, kind=HintKind.BOTTOM_OUT))
        else:
            shown.append(replace(hint, text=text))
    return (*shown, *kept)


def safe_hint(hint: Hint, key: AnswerKey, said: Iterable[str]) -> str | None:
    """The hint's text without the answer; None where it would say nothing without it."""
    said = tuple(said)
    text = plain(hint.text)
    told = revelations(key, text, said)
    if revelations(key, plain(hint.title), said):
        return None
    if not told:
        return hint.text
    if key.type in (AnswerType.CHOICE, AnswerType.CHOICES) and _names_all(key, text):
        return hint.text
    covered = _cover(hint.text, told)
    return covered if len(WORDS.findall(covered)) >= LEAST_WORDS else None


def masked(text: str, key: AnswerKey, said: Iterable[str]) -> str:
    """`text` with a box wherever it says the answer and nobody has said that before.

    Where only the count of a hint or of a line coincides with the answer, it is left out.
    """
    if key.type in (AnswerType.CHOICE, AnswerType.CHOICES) and _names_all(key, text):
        return text
    told = revelations(key, plain(text), tuple(said))
    if not told:
        return text
    covered = LISTED.sub("- ", _cover(text, told))
    return COUNTED.sub(r"\1", covered)


def revelations(key: AnswerKey, text: str, said: tuple[str, ...]) -> tuple[Disclosure, ...]:
    """What `text` says of the answer beyond what `said` says, a result that is put as one included.

    A calculation may be named: doing it is the learner's part.
    """
    told = tuple(one for one in disclosures(key, text) if not one.worked_out)
    if not told:
        return ()
    known = [one for other in said for one in disclosures(key, plain(other))]
    forms = {one.form for one in known}
    asserted = {one.form for one in known if one.asserted}
    return tuple(one for one in told if one.form not in (asserted if one.asserted else forms))


def _names_all(key: AnswerKey, text: str) -> bool:
    """Naming every choice tells nothing."""
    return all(choice.casefold() in text.casefold() for choice in key.choices)


def _cover(text: str, places: Iterable[Disclosure]) -> str:
    """The places are those of the plain text; its look is kept where that has the same length."""
    folded = plain(text)
    text = text if len(folded) == len(text) else folded
    covered_from = len(text)
    for place in sorted(places, key=lambda one: one.end, reverse=True):
        if place.start >= covered_from:
            continue  # inside a place that is covered already
        end = min(place.end, covered_from)
        mask = MASK if end == place.end else ""
        text = f"{text[: place.start]}{mask}{text[end:]}"
        covered_from = place.start
    return text
