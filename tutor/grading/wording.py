"""Mathematics said in words, as signs: "at least 5" is ≥ 5, 根号2 is √2, "x squared" is x^2."""

import re

from tutor.grading.number_words import spelled_in

_RULES: tuple[tuple[str, str], ...] = (
    (
        r"\b(?:is |are )?(?:greater|more|bigger|larger) than or equal(?:s)? to\b|"
        r"\bno less than\b|\bat least\b|大于或?等于|不小于|至少",
        " ≥ ",
    ),
    (
        r"\b(?:is |are )?(?:less|smaller|fewer) than or equal(?:s)? to\b|\bno (?:more|"
        r"greater) than\b|\bat most\b|小于或?等于|不大于|至多",
        " ≤ ",
    ),
    (r"\b(?:is |are )?(?:strictly )?(?:greater|more|bigger|larger) than\b|大于", " > "),
    (r"\b(?:is |are )?(?:strictly )?(?:less|smaller|fewer) than\b|小于", " < "),
    (r"\b(?:is |are )?(?:not equal to|does not equal|cannot be)\b|不等于", " ≠ "),
    (r"\bequals?(?: to)?\b|\bis equal to\b|等于", " = "),
    (r"\bsquare root of\b|\bsqrt of\b|\broot of\b|根号下?|的?算术平方根", " √ "),
    (r"\bcube root of\b|三次根号", " ∛ "),
    (r"\s?\bsquared\b|的平方|平方", "^2"),
    (r"\s?\bcubed\b|的立方|的三次方|立方", "^3"),
    (r"\bto the (?:power(?: of)?)\b", " ^ "),
    (r"\bplus or minus\b|\bplus[ /-]minus\b|正负|\+/-|\+-", " ± "),
    (r"\bdivided by\b|\bover\b|除以", " / "),
    (r"\bmultiplied by\b|\btimes\b|乘以?", " * "),
    (r"\bplus\b|加上?", " + "),
    (r"\bminus\b|\bnegative\b|减去?|负", " - "),
    (r"\bunion\b|并", " ∪ "),
    (r"\b(?:positive )?infinity\b|正?无穷大?", "∞"),
    (r"\bpi\b|派|圆周率", " π "),
    (r"\bdegrees?\b|(?<=\d)\s*度", "°"),
    (r"\ball real numbers?\b|\ball reals\b|全体实数|任意实数|所有实数|实数集", "ℝ"),
    (r"\b(?:as well as|also)\b", " and "),
    (r"(?<=\d)\s*(?:比|\bto\b)\s*(?=\d)", ":"),
    (r"[。;]\s*$|(?<=[\w)])\s+(?:and nothing else|only)$", ""),
)
_COMPILED = tuple((re.compile(pattern, re.IGNORECASE), sign) for pattern, sign in _RULES)
_BETWEEN = re.compile(
    r"(?:\bbetween\b\s*(.+?)\s*\band\b\s*(.+)|在(.+?)[和与到](.+?)之间)", re.IGNORECASE
)
_LEFT_SIDE = re.compile(
    r"^\s*(?:[A-Za-z]\w?'*\s*\(\s*[A-Za-z](?:\s*,\s*[A-Za-z])*\s*\)|[A-Za-z]'+|d\^?\d?\s*[A-Za-z]\s*/\s*d[A-Za-z](?:\^\d)?|"
    r"[A-Za-z]\^\(?-1\)?\s*\([A-Za-z]\))\s*=(?!=)\s*"
)


def as_signs(text: str) -> str:
    """Words for relations, operations and numbers written as signs; other words stay."""
    for pattern, sign in _COMPILED:
        text = pattern.sub(sign, text)
    return _with_digits(text).strip()


def _with_digits(text: str) -> str:
    pieces, at = [], 0
    for one in spelled_in(text):
        value = one.value
        shown = str(value.numerator) if value.denominator == 1 else f"({value})"
        pieces += [text[at : one.start], shown]
        at = one.end
    return "".join([*pieces, text[at:]])


def without_left_side(text: str) -> str:
    """The right side of `f(x) = …`, `y' = …`, `dy/dx = …`."""
    return _LEFT_SIDE.sub("", text)
