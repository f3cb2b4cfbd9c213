"""Plain mathematics as tokens. Knows the names of functions, constants and Greek letters only."""

import re
from dataclasses import dataclass
from enum import StrEnum

LONGEST = 2_000
MOST_TOKENS = 400


class NotMathematics(Exception):
    """The text is not written in the accepted mathematics; says where it stopped."""


class Sort(StrEnum):
    NUMBER = "number"
    NAME = "name"  # a variable
    CONSTANT = "constant"
    FUNCTION = "function"
    SIGN = "sign"
    POWER = "power"  # a superscript: its number
    WORD = "word"  # or, and
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    sort: Sort
    text: str
    spaced: bool = False  # whether blanks stand before it


FUNCTIONS = {
    **{
        name: name
        for name in [
            "sin",
            "cos",
            "tan",
            "sec",
            "csc",
            "cot",
            "sinh",
            "cosh",
            "tanh",
            "ln",
            "exp",
            "sqrt",
            "root",
            "abs",
        ]
    },
    **{
        name: name
        for name in [
            "arcsin",
            "arccos",
            "arctan",
            "floor",
            "ceil",
            "log",
            "cbrt",
            "sign",
            "max",
            "min",
        ]
    },
    "asin": "arcsin",
    "acos": "arccos",
    "atan": "arctan",
    "cosec": "csc",
    "ctg": "cot",
    "tg": "tan",
    "lg": "lg",
    "log10": "lg",
    "log2": "lb",
    "sgn": "sign",
    "arctg": "arctan",
}
CONSTANTS = {
    "pi": "pi",
    "π": "pi",
    "e": "e",
    "i": "i",
    "∞": "oo",
    "inf": "oo",
    "infinity": "oo",
    "infty": "oo",
    "oo": "oo",
    "无穷": "oo",
    "无穷大": "oo",
    "ℯ": "e",
    "°": "deg",
}
_GREEK = {
    "α": "alpha",
    "β": "beta",
    "γ": "gamma",
    "δ": "delta",
    "θ": "theta",
    "λ": "lambda",
    "μ": "mu",
    "µ": "mu",
    "ρ": "rho",
    "σ": "sigma",
    "φ": "phi",
    "ϕ": "phi",
    "ω": "omega",
    "ε": "epsilon",
    "τ": "tau",
    "Δ": "Delta",
    "Ω": "Omega",
    "ψ": "psi",
    "η": "eta",
    "Σ": "Sigma",
    "Φ": "Phi",
    "ν": "nu",
    "ξ": "xi",
    "χ": "chi",
    "κ": "kappa",
    "ζ": "zeta",
}
_NAMES = {**{name: name for name in _GREEK.values()}, "varphi": "phi", "vartheta": "theta"}
_OR, _AND = ("or", "或者", "或"), ("and", "并且", "以及", "和", "与", "且", "及")
_WORDS = {**dict.fromkeys(_OR, "or"), **dict.fromkeys(_AND, "and"), "&": "and"}
_KNOWN = sorted({*FUNCTIONS, *CONSTANTS, *_NAMES} - {"e", "i"}, key=len, reverse=True)
_KNOWN_LETTERS = [name for name in _KNOWN if name[0].isalpha()]
_SUPER = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿˣ", "0123456789+-nx")
_SUB = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_PATTERN = re.compile(
    r"(?P<number>\d+\.\d*(?:[eE][+-]?\d+)?|\.?\d+(?:[eE][+-]?\d+)?)"
    r"|(?P<super>[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿˣ]+)"
    r"|(?P<word>或者|并且|以及|无穷大?|[或和与且及&])"
    r"|(?P<letters>[A-Za-zα-ωΑ-Ωµϕ]+)"
    r"|(?P<sign>\*\*|<=|>=|!=|==|=<|=>|∛|[-+*/^()\[\]{}|,;:=<>≤≥≠±∓√!%°∞π∪∩∈ℝ∅'_~])"
)
_SIGNS = {"**": "^", "<=": "≤", "=<": "≤", ">=": "≥", "=>": "≥", "!=": "≠", "==": "=", ";": ","}


def tokens_of(text: str, names: frozenset[str] = frozenset()) -> list[Token]:
    """The tokens, an END last. `names` are variables of several letters that may occur.

    A run of three letters or more in which no name is known is a word: NotMathematics.
    """
    if len(text) > LONGEST:
        raise NotMathematics("too long")
    text = re.sub(r"[₀-₉]+", lambda found: "_" + found[0].translate(_SUB), text)
    found: list[Token] = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        match = _PATTERN.match(text, at)
        if match is None:
            raise NotMathematics(f"unknown character {text[at]!r}")
        found += _read(match, text[at - 1 : at].isspace(), names)
        at = match.end()
        if len(found) > MOST_TOKENS:
            raise NotMathematics("too many parts")
    return [*_with_subscripts(found), Token(Sort.END, "")]


def _read(match: re.Match[str], spaced: bool, names: frozenset[str]) -> list[Token]:
    text = match[0]
    match match.lastgroup:
        case "number":
            return [Token(Sort.NUMBER, text, spaced)]
        case "super":
            return [Token(Sort.POWER, text.translate(_SUPER), spaced)]
        case "word":
            if text in CONSTANTS:
                return [Token(Sort.CONSTANT, CONSTANTS[text], spaced)]
            return [Token(Sort.WORD, _WORDS[text], spaced)]
        case "letters":
            return _letters(text, spaced, names)
        case _:
            if text in CONSTANTS:
                return [Token(Sort.CONSTANT, CONSTANTS[text], spaced)]
            return [Token(Sort.SIGN, _SIGNS.get(text, text), spaced)]


def _letters(run: str, spaced: bool, names: frozenset[str]) -> list[Token]:
    if run.lower() in _WORDS:
        return [Token(Sort.WORD, _WORDS[run.lower()], spaced)]
    if run in names:
        return [Token(Sort.NAME, run, spaced)]
    found: list[Token] = []
    at, unknown = 0, 0
    while at < len(run):
        token, length = _name_at(run, at, names)
        known = length > 1 or not run[at].isascii()
        unknown = 0 if known else unknown + 1
        if unknown >= 3 and len(run) > 3:
            raise NotMathematics(f"the word {run!r}")
        found.append(Token(token.sort, token.text, spaced and at == 0))
        at += length
    if len(run) == 3 and unknown == 3 and len(set(run.lower()) & set("aeou")):
        raise NotMathematics(f"the word {run!r}")
    return found


def _name_at(run: str, at: int, names: frozenset[str]) -> tuple[Token, int]:
    for name in sorted(names, key=len, reverse=True):
        if len(name) > 1 and run.startswith(name, at):
            return Token(Sort.NAME, name), len(name)
    rest = run[at:]
    lowered = rest.lower()
    for name in _KNOWN_LETTERS:
        if lowered.startswith(name) if name in FUNCTIONS else rest.startswith(name):
            return _named(name), len(name)
    letter = run[at]
    if letter in CONSTANTS:
        return Token(Sort.CONSTANT, CONSTANTS[letter]), 1
    return Token(Sort.NAME, _GREEK.get(letter, letter)), 1


def _named(name: str) -> Token:
    if name in FUNCTIONS:
        return Token(Sort.FUNCTION, FUNCTIONS[name])
    if name in CONSTANTS:
        return Token(Sort.CONSTANT, CONSTANTS[name])
    return Token(Sort.NAME, _NAMES[name])


def _with_subscripts(tokens: list[Token]) -> list[Token]:
    """Joins `x _ 1` into one name; the base of a logarithm stays a sign of its own."""
    joined: list[Token] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        following = tokens[at + 1 : at + 3]
        if (
            token.sort is Sort.NAME
            and len(following) == 2
            and following[0].text == "_"
            and following[1].sort in (Sort.NUMBER, Sort.NAME, Sort.CONSTANT)
        ):
            joined.append(Token(Sort.NAME, f"{token.text}_{following[1].text}", token.spaced))
            at += 3
            continue
        joined.append(token)
        at += 1
    return joined
