"""Says quickly that none of many patterns can fit a text, which is so of almost every message.

Python tries one alternative after the other; RE2 reads a text once, whatever the number of
patterns. It knows neither lookarounds nor Python's word borders, so each pattern is loosened first:
what any of them fits passes the sieve, and a little more.
"""

import re
from collections.abc import Iterable

import re2

_LOOKAROUND = re.compile(r"\(\?(?:=|!|<=|<!)")
_REPEATED_ANY = re.compile(r"\.\{\d+,\d+\}")
_ESCAPED = re.compile(r"\\.", re.DOTALL)
_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
_LOOSER = {r"\b": "", r"\w": r"[\pL\pM\pN_]", r"\d": r"\pN"}
"""RE2's own are for ASCII alone."""
_MEMORY_BYTES = 96 << 20  # with less, RE2 falls back to its slow way for some texts, and says so


class Sieve:
    """All patterns as one loosened one. A pattern stands in Python's notation."""

    def __init__(self, patterns: Iterable[str]) -> None:
        options = re2.Options()
        options.never_capture = True
        options.max_mem = _MEMORY_BYTES
        self._all = re2.compile("|".join(f"(?:{loosened(one)})" for one in patterns), options)

    def passes(self, text: str) -> bool:
        """Whether some pattern may fit somewhere in the text; False is certain."""
        return self._all.search(text) is not None


def loosened(pattern: str) -> str:
    """A pattern for RE2 that fits whatever `pattern` fits: no lookarounds, no word borders."""
    made: list[str] = []
    at = 0
    while at < len(pattern):
        if found := _LOOKAROUND.match(pattern, at):
            at = _after_group(pattern, found.end())
        elif found := _ESCAPED.match(pattern, at):
            made.append(_LOOSER.get(found.group(), found.group()))
            at = found.end()
        elif found := _CLASS.match(pattern, at):
            made.append(found.group())
            at = found.end()
        elif found := _REPEATED_ANY.match(pattern, at):
            made.append(".*")  # a counted gap would multiply RE2's states
            at = found.end()
        else:
            made.append(pattern[at])
            at += 1
    return "".join(made)


def _after_group(pattern: str, at: int) -> int:
    """Where a group ends of which the opening parenthesis has been read."""
    depth = 1
    while depth:
        found = _ESCAPED.match(pattern, at) or _CLASS.match(pattern, at)
        if found:
            at = found.end()
            continue
        depth += (pattern[at] == "(") - (pattern[at] == ")")
        at += 1
    return at
