"""Ways to say a word without writing it: backwards, spelled out, encoded, by first letters.

Gives other readings of a text; whether one of them says something is for others to see.
"""

import base64
import binascii
import codecs
import re
import unicodedata
from collections.abc import Iterator
from fractions import Fraction

ENCODED = re.compile(r"[A-Za-z0-9+/]{2,}={0,2}")
HEX = re.compile(r"(?:0x|\\x|\\u00)?(?:[0-9a-fA-F]{2}[\s:,]?){2,}")
SPELLED = re.compile(r"(?<![^\W_])[^\W_](?:[\s.,\-_*~|/·]{1,3}[^\W_](?![^\W_])){1,}")
MORSE = re.compile(r"(?<![\w.-])[.\-·−]{1,6}(?:[ /]+[.\-·−]{1,6}){2,}")
MIXED = re.compile(r"\b(?=\w*[0-9$@])(?=\w*[a-zA-Z])[\w$@]{3,}")
DOTLESS = str.maketrans("ıȷ", "ij")
LOOKALIKES = str.maketrans("013457$@", "oieastsa")
ROMAN = re.compile(r"(?<![\w'])(?=[IVXLC]{2,}\b|[VXLC]\b)(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})\b")
ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
TALLY = re.compile(
    r"([^\w\s.,\-–_*#=?!])(?:\s*\1){2,}|([^\W\d])\2{2,}|\b([IOXx])(?:\s+\3){2,}\b|(\*)(?:\s*\4){4,}"
)
DIGIT_WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen"]
TEENS += ["seventeen", "eighteen", "nineteen"]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
DIGIT_CHARACTERS = "零一二三四五六七八九"


def readings(text: str) -> Iterator[str]:
    """The text as somebody would read it who looks for a hidden message."""
    yield text[::-1]
    yield codecs.encode(text, "rot13")
    yield re.sub(r"(?<=[^\W\d])[.\-_*~|/·](?=[^\W\d])", "", text)
    yield re.sub(r"(?<=[^\W\d])[.!?]\s+(?=[^\W\d])", "", text)
    yield "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    yield text.translate(DOTLESS)
    yield re.sub(r"(?<=[\u4e00-\u9fff])[\s\-_·.、]+(?=[\u4e00-\u9fff])", "", text)
    yield MIXED.sub(lambda match: match.group().translate(LOOKALIKES), text)
    yield from (re.sub(r"[\W_]", "", match.group()) for match in SPELLED.finditer(text))
    yield from _decoded(text)
    yield from _digit_by_digit(text)


def initials(text: str) -> Iterator[str]:
    """The first letters of its words, of its sentences and of its lines."""
    yield "".join(re.findall(r"\b([^\W\d_])[^\W_]*", text)).casefold()
    yield "".join(re.findall(r"(?:^|[.!?。！？\n])\W*([^\W\d_])", text)).casefold()


def letters(text: str) -> str:
    """Nothing but the letters, so that a word is seen across spaces and sentence borders."""
    return re.sub(r"[\W\d_]", "", text).casefold()


def number_letters(number: int) -> str:
    """The letters of a number's English name: 25 is "twentyfive"; "" from a thousand on."""
    if number >= 1000:
        return ""
    if number >= 100:
        rest = number % 100
        return f"{DIGIT_WORDS[number // 100]}hundred{number_letters(rest) if rest else ''}"
    if number >= 20:
        return TENS[number // 10 - 2] + (DIGIT_WORDS[number % 10] if number % 10 else "")
    return [*DIGIT_WORDS, *TEENS][number]


def tallies(text: str) -> Iterator[Fraction]:
    """Numbers that are shown as tallies or in Roman numerals."""
    for match in TALLY.finditer(text):
        symbol = match.group().strip()[0]
        yield Fraction(match.group().count(symbol))
    for match in ROMAN.finditer(text):
        values = [ROMAN_VALUES[letter] for letter in match.group()]
        pairs = zip(values, (*values[1:], 0), strict=False)
        yield Fraction(sum(-v if v < following else v for v, following in pairs))


def is_code(text: str) -> bool:
    """Whether it contains a run of dots and dashes."""
    return bool(MORSE.search(text))


def _decoded(text: str) -> Iterator[str]:
    for match in ENCODED.finditer(text):
        token = match.group()
        if len(token) % 4 == 0 and (len(token) >= 8 or token.endswith("=")):
            yield from _utf8(token, base64.b64decode)
    for match in HEX.finditer(text):
        yield from _utf8(re.sub(r"0x|\\x|\\u00|[\s:,]", "", match.group()), binascii.unhexlify)
    codes = re.findall(r"&#(\d{2,5});|\\u([0-9a-f]{4})", text, re.IGNORECASE)
    if codes:
        yield "".join(chr(int(a) if a else int(b, 16)) for a, b in codes)


def _utf8(token: str, decode: object) -> Iterator[str]:
    assert callable(decode)
    try:
        read = decode(token).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return
    if read.isprintable():
        yield read


def _digit_by_digit(text: str) -> Iterator[str]:
    """ "one five" and "1. 5" as 15."""
    spoken = re.sub(
        r"\b(" + "|".join(DIGIT_WORDS) + r")\b",
        lambda match: str(DIGIT_WORDS.index(match.group().lower())),
        text,
        flags=re.IGNORECASE | re.ASCII,  # or else "ı" is an "i"
    )
    spoken = re.sub(
        f"[{DIGIT_CHARACTERS}]", lambda match: str(DIGIT_CHARACTERS.index(match.group())), spoken
    )
    for match in re.finditer(r"(?<![\d.])\d(?:[\s.,\-_;、，]{1,3}\d(?!\d))+", spoken):
        yield re.sub(r"\D", "", match.group())
