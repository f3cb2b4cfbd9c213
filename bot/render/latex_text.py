"""LaTeX as readable Unicode: x², √(a + b), a/b. For alt texts, terminals and small formulas.

No layout: what needs two dimensions is written in one and marked as no longer faithful.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from latex2mathml.symbols_parser import convert_symbol

from bot.render.latex_symbols import (
    ACCENTS,
    BLACKBOARD,
    DROPPED,
    FUNCTIONS,
    OPERATORS,
    SPACES,
    SUBSCRIPTS,
    SUPERSCRIPTS,
    SYMBOLS,
    TEXT_COMMANDS,
)

_SIGN = re.compile(r"\\[a-zA-Z]+\*?|\\.|\s+|.", re.DOTALL)
_OPERATOR_SPACE = re.compile(rf"[ \t]*([{OPERATORS}])[ \t]*")
_SCRIPT = "".join({*SUPERSCRIPTS.values(), *SUBSCRIPTS.values()})
_BIG_OPERATOR = re.compile(
    rf"((?:[∑∏∫∮]|\blim)(?:[{_SCRIPT}]|[_^](?:\([^()]*\)|[^\s()]))*)(?=[\w(√])"
)
_UNARY = re.compile(r"(^|[(\[{,;/|√^=<>≤≥±·×÷]|\n)(\s*)([−+±]) ")
_AFTER_OPENING = re.compile(r"([(\[√]) (?=\S)")
_ROOTS = {"3": "∛", "4": "∜"}
_MAX_LENGTH = 4000
COLUMN = "\x1f"
_MAX_DEPTH = 40


@dataclass(frozen=True, slots=True)
class FormulaText:
    """`faithful`: as easy to read as the formula itself, so that it needs no picture."""

    text: str
    faithful: bool


@lru_cache(maxsize=2048)
def formula_text(latex: str) -> FormulaText:
    """A formula in readable Unicode; never fails, at worst it keeps the LaTeX as it is."""
    if len(latex) > _MAX_LENGTH:
        return FormulaText(latex.replace("`", "‘"), faithful=False)
    reader = _Reader(latex)
    text = _tidy(reader.sequence(stop=None).replace(COLUMN, " "))
    return FormulaText(
        text or latex.replace("`", "‘"), faithful=reader.faithful and "\n" not in text
    )


def _tidy(text: str) -> str:
    text = _OPERATOR_SPACE.sub(r" \1 ", text)
    text = _AFTER_OPENING.sub(r"\1", _UNARY.sub(r"\1\2\3", text))
    text = _BIG_OPERATOR.sub(r"\1 ", text)
    text = re.sub(r"[ \t]+", " ", text)
    text = re.sub(r" ([,;.!)\]])", r"\1", text)
    return "\n".join(line.strip() for line in text.split("\n") if line.strip())


class _Reader:
    """Recursive descent over the signs."""

    def __init__(self, latex: str) -> None:
        self.signs = _SIGN.findall(latex)
        self.at = 0
        self.depth = 0
        self.faithful = True

    def sequence(self, stop: str | None) -> str:
        """Everything up to `stop`, which is taken too."""
        pieces: list[str] = []
        while self.at < len(self.signs):
            sign = self.signs[self.at]
            self.at += 1
            if sign == stop:
                break
            if sign == "\\end":
                self.at -= 1
                break
            pieces.append(self._one(sign))
        return "".join(pieces)

    def _one(self, sign: str) -> str:
        if self.depth > _MAX_DEPTH:
            self.faithful = False
            return sign
        self.depth += 1
        try:
            return self._sign(sign)
        finally:
            self.depth -= 1

    def _sign(self, sign: str) -> str:
        if sign == "{":
            return self.sequence("}")
        if sign in "^_":
            return self._script(sign)
        if sign[0] == "\\":
            return self._command(sign)
        if sign.isspace() or sign == "}":
            return ""
        return {"-": "−", "*": "∗", "&": COLUMN, "~": " ", "'": "′", "`": "‘"}.get(sign, sign)

    def _argument(self) -> str:
        while self.at < len(self.signs) and self.signs[self.at].isspace():
            self.at += 1
        if self.at >= len(self.signs):
            self.faithful = False
            return ""
        self.at += 1
        return self._one(self.signs[self.at - 1])

    def _raw_argument(self) -> str:
        """The characters between braces, white space kept."""
        if self.at >= len(self.signs) or self.signs[self.at] != "{":
            return self._argument()
        depth, start = 0, self.at + 1
        while self.at < len(self.signs):
            depth += {"{": 1, "}": -1}.get(self.signs[self.at], 0)
            self.at += 1
            if depth == 0:
                return "".join(self.signs[start : self.at - 1]).replace("\\", "")
        return "".join(self.signs[start:]).replace("\\", "")

    def _optional(self) -> str:
        if self.at < len(self.signs) and self.signs[self.at] == "[":
            self.at += 1
            return self.sequence("]")
        return ""

    def _script(self, kind: str) -> str:
        text = _tidy(self._argument())
        table = SUPERSCRIPTS if kind == "^" else SUBSCRIPTS
        packed = text.replace(" ", "")
        if packed and all(character in table for character in packed):
            return "".join(table[character] for character in packed)
        if kind == "^" and packed in ("∘", "°"):
            return "°"
        if kind == "^" and packed and set(packed) <= set("′"):
            return packed
        self.faithful = False
        return kind + (text if len(text) == 1 else f"({text})")

    def _command(self, sign: str) -> str:
        name = sign[1:]
        if name == "\\":
            return "\n"
        if name in ("frac", "dfrac", "tfrac", "cfrac"):
            return self._fraction()
        if name == "sqrt":
            return self._root()
        if name in ("binom", "dbinom", "tbinom"):
            return f"C({self._argument()}, {self._argument()})"
        if name in TEXT_COMMANDS:
            return self._raw_argument()
        if name == "mathbb":
            return "".join(BLACKBOARD.get(character, character) for character in self._argument())
        if name in ACCENTS:
            return "".join(character + ACCENTS[name] for character in self._argument())
        if name == "begin":
            return self._environment()
        return self._symbol(name)

    def _symbol(self, name: str) -> str:
        if name in DROPPED:
            if name in ("left", "right") and self.signs[self.at : self.at + 1] == ["."]:
                self.at += 1
            return ""
        if name in SPACES:
            return SPACES[name]
        if name in SYMBOLS:
            return SYMBOLS[name]
        if name in FUNCTIONS:
            follows = "".join(self.signs[self.at : self.at + 1])
            return name if follows in ("(", "_", "^", "{") else name + " "
        code = convert_symbol("\\" + name)
        if code:
            return chr(int(code, 16))
        if not name[:1].isalpha():
            return name
        self.faithful = False
        return name + " "

    def _fraction(self) -> str:
        top, bottom = _tidy(self._argument()), _tidy(self._argument())
        if len(top) > 3 or len(bottom) > 3:
            self.faithful = False
        return f"{_grouped(top)}/{_grouped(bottom, below=True)}"

    def _root(self) -> str:
        degree, inner = _tidy(self._optional()), _tidy(self._argument())
        sign = "√" if not degree else _ROOTS.get(degree)
        if sign is None:
            self.faithful = False
            sign = f"{degree}√"
        if len(inner) > 3:
            self.faithful = False
        return sign + (
            inner if inner.isalnum() and (len(inner) == 1 or inner.isdigit()) else f"({inner})"
        )

    def _environment(self) -> str:
        name = self._raw_argument()
        if name in ("array", "tabular", "alignedat"):
            self._raw_argument()
        body = self.sequence(stop=None)
        if self.at < len(self.signs):
            self.at += 1  # \end
            self._raw_argument()
        self.faithful = False
        if name == "cases":
            body = re.sub(rf"[ ,]*{COLUMN}", ", ", body)
        rows = [row for row in _tidy(body.replace(COLUMN, " ")).split("\n") if row]
        if "matrix" in name:
            return "[" + "; ".join(rows) + "]"
        if name == "cases":
            return "{ " + "; ".join(rows)
        return "\n".join(rows)


def _grouped(text: str, below: bool = False) -> str:
    """In parentheses where a slash next to it would change what belongs together."""
    simple = not re.search(r"[\s/·×]" if below else r"[\s/]", text)
    if simple and not (below and len(text) > 1 and not text.isdigit() and not text[1:].isdigit()):
        return text
    if text.startswith("(") and text.endswith(")") and text.count("(") == 1:
        return text
    return f"({text})"
