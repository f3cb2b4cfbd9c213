"""Writes look-alike characters one way, each for exactly one: positions in the text stay valid.

Full-width forms, mathematical alphabets, foreign digits, minus signs, quotes, Chinese punctuation.
"""

import unicodedata
from functools import lru_cache

_SAME = {
    **dict.fromkeys("−–—‒‐‑﹣－⁻﹘", "-"),
    **dict.fromkeys("×✕✖⨯⋅∙·∗＊•", "*"),
    **dict.fromkeys("÷⁄∕／", "/"),
    **dict.fromkeys("‘’‛′＇ʹ", "'"),
    **dict.fromkeys("“”„″＂「」『』", '"'),
    **dict.fromkeys("，、﹐", ","),
    **dict.fromkeys("。｡．", "."),
    **dict.fromkeys("≥≧⩾", "≥"),
    **dict.fromkeys("≤≦⩽", "≤"),
    **dict.fromkeys("：∶", ":"),
    **dict.fromkeys("；", ";"),
    **dict.fromkeys("【〔［", "["),
    **dict.fromkeys("】〕］", "]"),
    **dict.fromkeys("⋃⋓", "∪"),
    **dict.fromkeys("～∼〜", "~"),
    **dict.fromkeys("º˚", "°"),
    **dict.fromkeys("￥¥", "¥"),
    **dict.fromkeys("∆△", "Δ"),
}
_KEPT = ("<super>", "<sub>", "<fraction>")


@lru_cache(maxsize=4096)
def fold_character(character: str) -> str:
    """One character for one; superscripts and vulgar fractions stay what they are."""
    if character in _SAME:
        return _SAME[character]
    if character.isspace():
        return "\n" if character == "\n" else " "
    if character < "\x80" or unicodedata.decomposition(character).startswith(_KEPT):
        return character
    simple = unicodedata.normalize("NFKC", character)
    if len(simple) != 1:
        return character
    if simple.isdecimal():
        return str(unicodedata.decimal(simple))
    return _SAME.get(simple, simple)


def fold(text: str) -> str:
    """The text of the same length with every look-alike written one way."""
    return text if text.isascii() else "".join(map(fold_character, text))
