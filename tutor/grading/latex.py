"""LaTeX as plain mathematics: `\\frac{1}{2}` becomes `((1)/(2))`. Keeps what it does not know."""

import re

_DOLLARS = re.compile(r"\$\$(.+?)\$\$|(?<!\\)\$(?!\s)([^$]+?)(?<![\s\\])\$(?!\d)", re.DOTALL)
_PLAIN = {
    **dict.fromkeys(("left", "right", "big", "Big", "bigl", "bigr", "limits"), ""),
    **dict.fromkeys(("displaystyle", "textstyle", "mathstrut", "nonumber"), ""),
    **dict.fromkeys(("cdot", "times", "ast"), "*"),
    **dict.fromkeys(("le", "leq", "leqslant"), "≤"),
    **dict.fromkeys(("ge", "geq", "geqslant"), "≥"),
    **dict.fromkeys(("ne", "neq"), "≠"),
    **dict.fromkeys(("circ", "degree"), "°"),
    **dict.fromkeys(("emptyset", "varnothing"), "∅"),
    **dict.fromkeys(("quad", "qquad", "space", "enspace"), " "),
    **dict.fromkeys(("lvert", "rvert", "vert", "mid"), "|"),
    **dict.fromkeys(("ldots", "cdots", "dots"), "..."),
    **dict.fromkeys(("vee", "lor"), " or "),
    **dict.fromkeys(("wedge", "land"), " and "),
    **dict.fromkeys(("to", "rightarrow", "longrightarrow"), "→"),
    "div": "/",
    "pm": "±",
    "mp": "∓",
    "infty": "∞",
    "cup": "∪",
    "cap": "∩",
    "in": "∈",
    "lt": "<",
    "gt": ">",
    "prime": "'",
    "lbrace": "⦃",
    "rbrace": "⦄",
    "approx": "≈",
    "R": "R",
    "backslash": "",
    "colon": ":",
    "percent": "%",
    "sim": "~",
    "equiv": "=",
}
_CONTENTS = frozenset(
    [
        "text",
        "mathrm",
        "mathbf",
        "mathit",
        "mathsf",
        "operatorname",
        "textbf",
        "textit",
        "textrm",
        "mbox",
        "boxed",
        "mathbb",
        "hbox",
        "vec",
        "hat",
        "bar",
        "overrightarrow",
        "bold",
        "boldsymbol",
        "mathcal",
        "fbox",
    ]
)
_WORDS = frozenset(("text", "mathrm", "mbox", "textrm", "hbox", "textbf"))
_COMMAND = re.compile(r"\\([A-Za-z]+|.)", re.DOTALL)
_MATRIX = re.compile(
    r"\\begin\{([bpvBV]?matrix|array)\}(?:\{[lcr|]*\})?(.*?)\\end\{\1\}", re.DOTALL
)
_MIXED = re.compile(r"(?<![\w.^)])(\d+)\s*\\[dtc]?frac\s*\{?(\d+)\}?\s*\{(\d+)\}")
_GROUPED = re.compile(r"(\*\*|\^|_)\s*\{")
LONGEST = 20_000


def without_latex(text: str) -> str:
    """Plain mathematics; text without any LaTeX comes back as it was."""
    if not any(mark in text for mark in ("\\", "$", "^{", "_{", "*{")):
        return text
    text = _DOLLARS.sub(_inside, text[:LONGEST])
    text = _GROUPED.sub(lambda found: f"{found[1]}\\lgroup{{", text)
    if "\\" not in text:
        return text
    text = _MATRIX.sub(_matrix, text)
    text = _MIXED.sub(r"(\1+(\2)/(\3))", text)
    text = _commands(text)
    text = text.replace("{", "(").replace("}", ")").replace("^°", "°")
    return text.replace("⦃", "{").replace("⦄", "}")


def _inside(found: re.Match[str]) -> str:
    """What stands between dollars: there a brace without a backslash only groups."""
    mathematics = found[1] or found[2]
    return f" \\! {mathematics} " if "{" in mathematics else f" {mathematics} "


def _matrix(found: re.Match[str]) -> str:
    rows = [row for row in re.split(r"\\\\", found[2]) if row.strip()]
    return "[" + ",".join("[" + row.replace("&", ",") + "]" for row in rows) + "]"


def _commands(text: str) -> str:
    """Replaces commands from the left; arguments are looked at again with the rest."""
    written: list[str] = []
    while found := _COMMAND.search(text):
        written.append(text[: found.start()])
        text = _replaced(found[1], text[found.end() :], written)
    return "".join([*written, text])


def _replaced(name: str, rest: str, written: list[str]) -> str:
    """Writes what the command stands for, or gives it back in front of the rest."""
    if name in ("frac", "dfrac", "tfrac", "cfrac"):
        top, rest = _argument(rest)
        bottom, rest = _argument(rest)
        return f"(({top})/({bottom})){rest}"
    if name == "sqrt":
        degree, rest = _option(rest)
        inside, rest = _argument(rest)
        return f"root({degree},{inside}){rest}" if degree else f"sqrt({inside}){rest}"
    if name in _CONTENTS:
        inside, rest = _argument(rest)
        return f" {inside} {rest}" if name in _WORDS else f"{inside}{rest}"
    if name == "lgroup":
        inside, rest = _argument(rest)
        return f"({inside}){rest}" if inside.strip() not in ("\\circ", "°") else f"°{rest}"
    if name in ("{", "}"):
        written.append("⦃" if name == "{" else "⦄")
    elif name in _PLAIN:
        _degree_without_caret(_PLAIN[name], written)
    elif name in ("$", "%", "#", "&", "_"):
        written.append(name)
    elif name[0].isalpha():
        written.append(f" {name} " if rest[:1] not in ("_", "^", "(", "{") else f" {name}")
    elif name == "|":
        written.append("|")
    else:  # spacing such as "\," or a line break
        written.append(" ")
    return rest


def _degree_without_caret(plain: str, written: list[str]) -> None:
    if plain == "°" and written and written[-1].rstrip().endswith("^"):
        written[-1] = written[-1].rstrip()[:-1]
    written.append(plain)


def _argument(rest: str) -> tuple[str, str]:
    """What a command applies to (a group, a command or one character), and what follows."""
    rest = rest.lstrip()
    if not rest.startswith("{"):
        found = _COMMAND.match(rest)
        end = found.end() if found else 1
        return rest[:end], rest[end:]
    depth = 0
    for at, character in enumerate(rest):
        depth += (character == "{") - (character == "}")
        if depth == 0:
            return rest[1:at], rest[at + 1 :]
    return rest[1:], ""


def _option(rest: str) -> tuple[str, str]:
    rest = rest.lstrip()
    if rest.startswith("[") and "]" in rest:
        end = rest.index("]")
        return rest[1:end], rest[end + 1 :]
    return "", rest
