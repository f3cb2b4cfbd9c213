"""Numbers in words, English and Chinese: what they are worth and where they stand.

Chinese whole numbers are read by cn2an; English ones here, since halves, thirds, dozens and
"twenty-one hundred" matter in problems and the libraries stop before them.
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import cn2an
from rapidfuzz.distance import OSA

_UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
_UNITS += " fifteen sixteen seventeen eighteen nineteen"
_SMALL = {word: value for value, word in enumerate(_UNITS.split())}
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SMALL |= {word: 10 * value for value, word in enumerate(_TENS.split(), 2)}
_SMALL |= {"fourty": 40, "ninty": 90, "nought": 0, "nil": 0}
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_GROUPS = {"dozen": 12, "score": 20, "dozens": 12}
_PARTS = {"half": 2, "halves": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6}
_PARTS |= {"seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12}
_PARTS |= {"twentieth": 20, "hundredth": 100, "thousandth": 1000, "fifteenth": 15, "sixteenth": 16}
_PARTS |= {f"{word}s": value for word, value in _PARTS.items() if word not in ("half", "halves")}
_LONG = tuple(word for word in (*_SMALL, *_SCALES, "hundred") if len(word) >= 6)
_REAL_WORDS = frozenset(("thirsty", "nicety", "bullion", "mullion", "elven"))  # one slip from them
_KNOWN = {*_SMALL, *_SCALES, *_GROUPS, *_PARTS, "hundred", "a", "an", "and", "point", "minus"}
_KNOWN |= {"negative", "percent", "over", "out", "of", "oh"}
_WORD = re.compile(r"[A-Za-z]+|\d[\d,]*(?:\.\d+)?")
_GAP = re.compile(r"[\s-]*")

_DIGITS = "零〇一二两三四五六七八九"
_CHINESE = re.compile(
    rf"(?P<sign>负)?(?:(?P<percent>百分之)(?P<of>[{_DIGITS}十百千点\d.]+)"
    rf"|(?P<bottom>[{_DIGITS}十百千万\d]+)分之(?P<top>[{_DIGITS}十百千万\d]+)"
    rf"|(?P<whole>[{_DIGITS}十百千万亿]+(?:点[{_DIGITS}]+)?)(?P<half>[个斤米元块小时天年月倍点]{{0,2}}半)?"
    rf"|(?P<only>半))"
)
_NOT_NUMBERS = re.compile(
    r"一[共起样下定般直些致切边旦会再味律向]|统一|唯一|万一|第一步|十分|千万(?![元个人吨])|一元[一二]次|"
    r"[一二两三四五六七八九十][次元维角边面](?=[方函多形体])|星期[一二三四五六日]|周[一二三四五六日]|"
    r"一半|进一步|任一|某一|每一|另一|同一|之一|两者|两边|万物|四舍五入|百分号|百分数|百分比|半径|半圆|三角|"
    r"一点[儿也]?(?![零〇一二三四五六七八九])|一一"
)


@dataclass(frozen=True, slots=True)
class Spelled:
    """A number in words between two positions of a text."""

    value: Fraction
    start: int
    end: int
    percent: bool = False


def spelled_in(text: str) -> tuple[Spelled, ...]:
    """All numbers in words, in order; digits alone are not among them."""
    found = _english_in(text)
    if not text.isascii():
        found += _chinese_in(text)
    return tuple(sorted(found, key=lambda one: one.start))


def _chinese_in(text: str) -> list[Spelled]:
    hidden = {at for one in _NOT_NUMBERS.finditer(text) for at in range(*one.span())}
    found = []
    for match in _CHINESE.finditer(text):
        if match.start() in hidden and match.end() - match.start() <= 2:
            continue
        value = _chinese_value(match)
        if value is not None:
            percent = match["percent"] is not None
            found.append(Spelled(value, match.start(), match.end(), percent))
    for half in re.finditer("一半", text):
        found.append(Spelled(Fraction(1, 2), *half.span()))
    return found


def _chinese_value(match: re.Match[str]) -> Fraction | None:
    sign = -1 if match["sign"] else 1
    if match["only"]:
        return sign * Fraction(1, 2)
    if match["percent"]:
        part = chinese_number(match["of"])
        return None if part is None else sign * part / 100
    if match["bottom"]:
        bottom, top = chinese_number(match["bottom"]), chinese_number(match["top"])
        return sign * top / bottom if top is not None and bottom else None
    whole = chinese_number(match["whole"])
    if whole is None:
        return None
    return sign * (whole + (Fraction(1, 2) if match["half"] else 0))


@lru_cache(maxsize=2048)
def chinese_number(text: str) -> Fraction | None:
    """The value of Chinese numerals or digits; None if they make no number."""
    if re.fullmatch(r"\d+(?:\.\d+)?", text):
        return Fraction(text)
    if len(text) > 40:
        return None
    try:
        return Fraction(str(cn2an.cn2an(text.replace("两", "二"), "smart")))
    except (ValueError, ArithmeticError, KeyError, IndexError):
        return None


@lru_cache(maxsize=4096)
def respelt(word: str) -> str:
    """A long number word with one slip ("tweleve", "seventen") as it is spelt; else the word."""
    if len(word) < 5 or word in _KNOWN or word in _REAL_WORDS or word.rstrip("s") in _KNOWN:
        return word
    near = [one for one in _LONG if one[0] == word[0] and OSA.distance(one, word) == 1]
    return near[0] if len(near) == 1 else word


def _english_in(text: str) -> list[Spelled]:
    words = [(respelt(match[0].lower()), *match.span()) for match in _WORD.finditer(text)]
    if not any(word in _KNOWN and len(word) > 2 for word, _, _ in words):
        return []
    found = []
    at = 0
    while at < len(words):
        read = _Phrase(text, words, at).read()
        if read is None:
            at += 1
            continue
        value, after, percent = read
        found.append(Spelled(value, words[at][1], words[after - 1][2], percent))
        at = after
    return found


class _Phrase:
    """Reads one English number from a place on; words must touch but for blanks and hyphens."""

    def __init__(self, text: str, words: list[tuple[str, int, int]], at: int) -> None:
        self.text = text
        self.words = words
        self.at = at
        self.start = at

    def word(self, ahead: int = 0) -> str:
        at = self.at + ahead
        if at >= len(self.words):
            return ""
        if at > self.start:
            gap = self.text[self.words[at - 1][2] : self.words[at][1]]
            if not _GAP.fullmatch(gap):
                return ""
        return self.words[at][0]

    def read(self) -> tuple[Fraction, int, bool] | None:
        """Value, the word after it, and whether "percent" was said."""
        sign = 1
        if self.word() in ("minus", "negative"):
            sign, self.at = -1, self.at + 1
        value = self._amount()
        if value is None:
            return None
        percent = self.word() == "percent" and not self._only_digits()
        if percent:
            value, self.at = value / 100, self.at + 1
        if self._only_digits():
            return None
        return sign * value, self.at, percent

    def _only_digits(self) -> bool:
        return self.at == self.start + 1 and self.words[self.start][0][0].isdigit()

    def _amount(self) -> Fraction | None:
        if self.word() in ("a", "an"):
            return self._with_article()
        if self.word() in ("half",) and self.word(1) != "of":
            self.at += 1
            if self.word() in ("a", "an") and self.word(1) in (*_SCALES, *_GROUPS, "hundred"):
                self.at += 1
                return Fraction(1, 2) * self._scale()
            return Fraction(1, 2)
        whole = self._whole()
        if whole is None:
            return None
        return self._with_part(whole)

    def _with_article(self) -> Fraction | None:
        following = self.word(1)
        if following in ("hundred", *_SCALES, *_GROUPS):
            self.at += 1
            first = self._scale()
            rest = self._and_whole()
            return first + (rest or 0)
        if following in _PARTS and following not in ("second",):
            self.at += 2
            return Fraction(1, _PARTS[following])
        return None

    def _scale(self) -> Fraction:
        word = self.word()
        self.at += 1
        return Fraction(100 if word == "hundred" else _SCALES.get(word, _GROUPS.get(word, 1)))

    def _and_whole(self) -> Fraction | None:
        at = self.at
        if self.word() == "and":
            self.at += 1
        value = self._whole()
        if value is None:
            self.at = at
        return value

    def _whole(self) -> Fraction | None:
        """A number without fraction words: groups below a hundred, hundreds and scales."""
        total, group, seen, digits = Fraction(0), Fraction(0), False, False
        while word := self.word():
            if word[0].isdigit():
                if seen:
                    break
                group, digits = Fraction(word.replace(",", "")), True
            elif word in _SMALL:
                if digits or not self._fits(group, _SMALL[word], seen):
                    break
                group += _SMALL[word]
            elif word == "hundred" and seen:
                group *= 100
                digits = False
            elif word in _SCALES and seen:
                total, group = total + group * _SCALES[word], Fraction(0)
                digits = False
            elif word in _GROUPS and seen:
                group *= _GROUPS[word]
            elif word == "and" and seen and self._joins(total, group):
                pass
            elif word == "point" and seen and self.word(1) in _SMALL:
                return total + group + self._decimals()
            else:
                break
            seen = True
            self.at += 1
        return total + group if seen else None

    @staticmethod
    def _fits(group: Fraction, value: int, seen: bool) -> bool:
        """Whether a small number continues a group: "twenty one" and "hundred five" do."""
        if not seen or group == 0:
            return True
        last = group % 100
        return last == 0 or (last % 10 == 0 and last >= 20 and 0 < value < 10)

    def _joins(self, total: Fraction, group: Fraction) -> bool:
        """ "and" belongs to the number after hundreds and scales only."""
        whole = group if group else total
        return whole >= 100 and whole % 100 == 0 and self.word(1) in _SMALL

    def _decimals(self) -> Fraction:
        self.at += 1
        digits = ""
        while self.word() in _SMALL and _SMALL[self.word()] < 10:
            digits += str(_SMALL[self.word()])
            self.at += 1
        return Fraction(int(digits or "0"), 10 ** len(digits))

    def _with_part(self, whole: Fraction) -> Fraction:
        """Fraction words after a number: "two thirds", "two and a half", "three over four"."""
        word = self.word()
        if word in _PARTS:
            self.at += 1
            return whole / _PARTS[word]
        if word == "over" and (self.word(1) in _SMALL):
            self.at += 1
            bottom = self._whole()
            return whole / bottom if bottom else whole
        if word == "and":
            return self._mixed(whole)
        return whole

    def _mixed(self, whole: Fraction) -> Fraction:
        at = self.at
        self.at += 1
        if self.word() in ("a", "an") and self.word(1) in _PARTS:
            self.at += 2
            return whole + Fraction(1, _PARTS[self.words[self.at - 1][0]])
        if self.word() == "half":
            self.at += 1
            return whole + Fraction(1, 2)
        top = self._whole()
        if top is not None and self.word() in _PARTS:
            self.at += 1
            return whole + top / _PARTS[self.words[self.at - 1][0]]
        self.at = at
        return whole
