"""Finds the hints that give the answer away, so that they wait until a reveal is allowed."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from tutor.bank.item import AnswerKey, Hint, HintKind

LAYOUT = re.compile(r"\$+|\\(?:left|right)(?![A-Za-z])|\\[,;:! ]")
AROUND_SIGNS = re.compile(r"\s*([=+\-*/^(),<>])\s*")
FRACTION = re.compile(r"(-?)(\d+)/(\d+)")


def mark_bottom_out(hints: Sequence[Hint], key: AnswerKey, question: str) -> tuple[Hint, ...]:
    """The hints in their order; those whose text contains an answer become BOTTOM_OUT.

    Where the answer stands in the question too ("is it 2 or 3?"), most hints may name it without
    saying that it is the answer: then only the last one that does gives it away.
    """
    searches = [_search(form) for answer in key.answers for form in _forms(answer)]
    says = [i for i, hint in enumerate(hints) if _contains(f"{hint.title}\n{hint.text}", searches)]
    if says and _contains(question, searches):
        says = says[-1:]
    giving = set(says)
    return tuple(
        replace(hint, kind=HintKind.BOTTOM_OUT) if i in giving else hint
        for i, hint in enumerate(hints)
    )


def _contains(text: str, searches: Sequence[re.Pattern[str]]) -> bool:
    plain = _plain(text)
    return any(search.search(plain) for search in searches)


def _plain(text: str) -> str:
    """A text as it is compared: one spelling of signs, brackets and spaces."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("−", "-")
    plain = LAYOUT.sub("", plain).replace("{", "(").replace("}", ")")
    return AROUND_SIGNS.sub(r"\1", " ".join(plain.split()))


def _forms(answer: str) -> list[str]:
    plain = _plain(answer).strip()
    forms = [plain] if plain else []
    found = FRACTION.fullmatch(plain)
    if found:
        sign, top, bottom = found.groups()
        forms += [rf"{sign}\frac({top})({bottom})", rf"\frac({sign}{top})({bottom})"]
    return forms


def _search(form: str) -> re.Pattern[str]:
    """Finds a form that stands alone: 5, but not in 25, 5.1, -5 or 5^2."""
    return re.compile(rf"(?<![a-z0-9.\-]){re.escape(form)}(?![a-z0-9^]|[.,]\d)")
