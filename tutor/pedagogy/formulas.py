"""The formulas that stand in a message, apart from the words around them.

Pure. Knows what mathematics looks like, in signs or said ("12 times 7", 36除以4); does not
know what is to be done with it. Code, dates, telephone numbers and addresses are no formulas.
"""

import re
from dataclasses import dataclass

_FUNCTION = (
    r"arcsin|arccos|arctan|sinh|cosh|tanh|sqrt|cbrt|sin|cos|tan|sec|csc|cot|log|ln|exp|abs|pi"
)
_TOKEN = re.compile(
    r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
    r"|(?P<command>\\[a-zA-Z]+)"
    rf"|(?P<function>(?<![a-zA-Z])(?:{_FUNCTION})(?![a-zA-Z]))"
    r"|(?P<letter>(?<![a-zA-Z'])[a-zA-Z](?![a-zA-Z]|'[a-z]))"
    r"|(?P<sign>[-+*/^=()\[\]{}|%√π²³⁴<>≤≥×÷·−_$]|(?<=[\d)a-z])!)",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"[=!]=|[+\-*/]=|[;{]\s*$|^\s*\}|`|\+\+|&&|\|\||=>|\w\.\w+\(|https?://|www\.|^\s*(?:def|for|while"
    r"|const|let|var|return|import|from \w+ import|class|select|print|if)\b\s*[(\w*]*.*[:(;]"
    r"|\bprint\s*\(|\brange\s*\(|^\s*(?:const|let|var|int|select|return)\s",
    re.IGNORECASE | re.MULTILINE,
)
_NUMBERED = re.compile(
    r"^\s*(?:(?:q|no\.?|nr\.?|#|question|problem|exercise|ex\.?|task)\s*#?\s*\d{1,3}\s*[).:、]?"
    r"|第\s*[\d一二三四五六七八九十]+\s*[题道]\s*[:.、]?|\(?\d{1,3}\s*(?:[)、]|[.:](?=\s)))\s*(?=\S)",
    re.IGNORECASE,
)
_SAID = tuple(
    (re.compile(pattern, re.IGNORECASE), sign)
    for pattern, sign in (
        (r"\b(?:the )?square root of\s*(\d+(?:\.\d+)?)", r"sqrt(\1)"),
        (r"\b(?:the )?cube root of\s*(\d+(?:\.\d+)?)", r"cbrt(\1)"),
        (r"(\d+(?:\.\d+)?)\s*的(?:算术)?平方根|根号下?\s*(\d+(?:\.\d+)?)", r"sqrt(\1\2)"),
        (r"(?<=[\d)a-z])\s+squared\b|(?<=[\d)a-z])\s*的平方(?!根)", "^2"),
        (r"(?<=[\d)a-z])\s+cubed\b|(?<=[\d)a-z])\s*的立方(?!根)", "^3"),
        (r"(?<=[\d)])\s*(?:\b(?:times|multiplied by)\b|乘以?|[x×](?=\s*\d))\s*(?=[\d(])", " * "),
        (r"(?<=[\d)])\s*(?:\bdivided by\b|除以)\s*(?=[\d(])", " / "),
        (r"(?<=[\d)a-z])\s*(?:\bplus\b|加上?)\s*(?=[\da-z(])", " + "),
        (r"(?<=[\d)a-z])\s*(?:\bminus\b|减去?)\s*(?=[\da-z(])", " - "),
    )
)
_ALONE = re.compile(r"^[a-zA-Z]\s+(?=[\w(\\$])|(?<=[\w)$!])\s+[a-zA-Z]$")
_OPEN, _CLOSED = "([{", ")]}"
_LETTER = re.compile(r"(?<![a-zA-Z\\])[a-zA-Z](?![a-zA-Z])")
_NAMES = re.compile(rf"\\[a-zA-Z]+|{_FUNCTION}")
_SOLVED = re.compile(r"\s*[a-zA-Z]\s*=\s*-?[\d./]+\s*")
_OPERATION = re.compile(
    r"[\d)%!}]\s*(?:[+*/^×÷−·-]|\\times|\\div|\\cdot)\s*[-(]*\s*(?:[\d√\\({]|sqrt)"
    r"|√|sqrt|cbrt|\d\s*[²³]|\d!|\d\s*\(\s*\d|\\frac|\\sqrt"
)
_AMBIGUOUS = re.compile(r"[\d\s./()-]*|[()\d\s+-]{8,}")


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula, with the words on both of its sides."""

    text: str
    before: str
    after: str

    @property
    def letters(self) -> frozenset[str]:
        """The unknowns in it."""
        spaced = re.sub(r"(?<=\d)(?=[a-zA-Z])", " ", _NAMES.sub(" ", self.text))
        return frozenset(_LETTER.findall(spaced))

    @property
    def is_equation(self) -> bool:
        """Whether there is something to be solved for."""
        left, sign, right = self.text.partition("=")
        whole = bool(sign and left.strip() and right.strip()) and "=" not in right
        return whole and bool(self.letters) and not _SOLVED.fullmatch(self.text)

    @property
    def is_calculation(self) -> bool:
        """Whether it comes to a number, by an operation that is still to be done."""
        return not self.letters and "=" not in self.text and bool(_OPERATION.search(self.text))

    @property
    def is_ambiguous(self) -> bool:
        """Whether a date, a score, a range of pages or a telephone number looks the same."""
        return bool(_AMBIGUOUS.fullmatch(self.text))


def formulas_in(text: str) -> tuple[Formula, ...]:
    """All formulas of a text, in order; a number alone is none. Equal signs at the end are gone."""
    if _CODE.search(text):
        return ()
    text = in_signs(_NUMBERED.sub("", text))
    found = []
    for start, end in _runs(text):
        core = _trimmed(text[start:end])
        if not re.search(r"\d|[a-zA-Z]", core) or core.isdigit():
            continue
        at = start + text[start:end].find(core)
        found.append(Formula(core, text[:at], text[at + len(core) :]))
    return tuple(found)


def in_signs(text: str) -> str:
    """Operations between numbers that are said in words, as signs."""
    for pattern, sign in _SAID:
        text = pattern.sub(sign, text)
    return text


def _runs(text: str) -> list[tuple[int, int]]:
    """From where to where nothing stands but signs, numbers and letters that stand alone."""
    runs: list[tuple[int, int]] = []
    for token in _TOKEN.finditer(text):
        if runs and not text[runs[-1][1] : token.start()].strip(" \t"):
            runs[-1] = (runs[-1][0], token.end())
        else:
            runs.append(token.span())
    return runs


def _trimmed(core: str) -> str:
    """Without a letter that is a word ("I", "a"), a dangling sign, or half a pair of brackets."""
    before = None
    while core != before:
        before = core
        core = _ALONE.sub("", core.strip().strip("$").strip())
        core = re.sub(r"^[+*/^=%×÷·)\]}!]+\s*|\s*[-+*/^=×÷·<>(\[{]+$", "", core)
        core = _balanced(core)
    return core


def _balanced(core: str) -> str:
    depth = sum(core.count(one) for one in _OPEN) - sum(core.count(one) for one in _CLOSED)
    if depth > 0 and core[:1] in _OPEN:
        return core[1:]
    if depth < 0 and core[-1:] in _CLOSED:
        return core[:-1]
    return core
