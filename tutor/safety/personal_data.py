"""Personal data in a text: where it stands, and placeholders that can be put back.

E-mail, phone, card and identity numbers, addresses, accounts, and names that somebody gives as
their own or as those of people they know. Found by depii and phonenumbers, and by rules of our own
for Chinese and for introductions. Names of famous people and of "Tom, who has 12 apples"
stay, since nothing could be taught without them. No detector finds everything: less goes out.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

import depii
import phonenumbers

REGIONS = ("CN", "US", "GB", "DE", "IN", "HK", "TW", "SG")
LEFT = frozenset(
    {"AGE", "GENDER", "OCCUPATION", "ORGANIZATION", "CITY", "PERSON", "URL", "GEO_COORDINATES"}
    | {"BIC", "VIN", "US_ZIP", "IN_PIN_CODE", "GB_POSTCODE", "CA_POSTAL_CODE", "US_ROUTING_NUMBER"}
    | {"AU_TFN", "NZ_IRD", "AU_ABN", "MAC_ADDRESS", "IMEI"}
)
"""Kinds that say little of a person by themselves, or look like the numbers of a problem."""

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁"
    "魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易"
    "常武乔贺赖龚文欧阳司马上官诸葛"
)
_CHINESE_NAME = f"(?:欧阳|司马|上官|诸葛|[{_SURNAMES}])[\u4e00-\u9fff]{{1,2}}?"
_CHINESE_END = r"(?=[，。,.！!？?、；;：:\s]|是|在|和|的|今|住|电|手|我|身|$|\")"
_CHINESE_INTRODUCTION = "(?:我叫|名字叫|名叫|我的名字是|我是|老师叫|同学叫|姓名[:：]?)"
_LATIN_NAME = r"[A-Z][\w'’-]+(?: [A-Z][\w'’-]+){0,2}"
_NAMING = (
    "(?:[Mm]y (?:full |first |last )?name is|[Nn]ame:|I am called|[Tt]heir name is|is called"
    "|[Mm]y (?:teacher|friend|mother|father|mom|dad|mum|brother|sister|classmate|coach|neighbou?r"
    "|doctor|boss)(?:'s name is| is called| is|,)?)"
)
_SAYING_WHO = r"\b(?:I'm|I am|i'm|i am|call me) (?!(?:I|In|At|From|The|A)\b)"
_ID = r"(?<!\d)[1-9]\d{5}(?:18|19|20)\d{2}[01]\d[0-3]\d\d{3}[\dXx](?![\dA-Za-z])"
_MOBILE = r"(?<![\d.])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?![\d.])"
_LANDLINE = r"(?<![\d.])0\d{2,3}[- ]\d{7,8}(?!\d)"
_CHINESE_ADDRESS = (
    r"(?:[\u4e00-\u9fff]{2,8}(?:省|自治区))?(?:[\u4e00-\u9fff]{2,6}市)?"
    r"(?:[\u4e00-\u9fff]{1,6}(?:区|县|镇))?[\u4e00-\u9fff]{1,10}(?:路|街|大道|巷|胡同|村)\s*"
    r"[\d一二三四五六七八九十]+\s*(?:号|弄)(?:[\u4e00-\u9fff\d-]{0,12}(?:室|楼|单元|栋|幢))?"
)
_ACCOUNT = r"(?:QQ|qq|微信|[Ww]e[Cc]hat)(?:号|\s*[iI][dD])?\s*[:：是]?\s*([\w-]{5,20})"
_RULES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("ID", re.compile(_ID)),
    ("PHONE", re.compile(_MOBILE)),
    ("PHONE", re.compile(_LANDLINE)),
    ("ADDRESS", re.compile(_CHINESE_ADDRESS)),
    ("ACCOUNT", re.compile(_ACCOUNT)),
    ("NAME", re.compile(rf"{_CHINESE_INTRODUCTION}\s*({_CHINESE_NAME}){_CHINESE_END}")),
    ("NAME", re.compile(rf"{_NAMING} ((?:M(?:r|rs|s)\.? )?{_LATIN_NAME})")),
    ("NAME", re.compile(rf"{_SAYING_WHO}({_LATIN_NAME})(?=[,.!?\n]| and | from | in |$)")),
    ("NAME", re.compile(r"The learner's name is ([^\n.]{2,60})\.")),
    ("NAME", re.compile(rf"\b((?:Mr|Mrs|Ms|Dr)\.? {_LATIN_NAME})")),
)
FEWEST_DIGITS = 7  # of a telephone number; a year has four
# Digits that one number could hold: the matcher is slow, and most problems have small numbers only.
_MANY_DIGITS = re.compile(rf"\d(?:[^\w\n]{{0,4}}\d){{{FEWEST_DIGITS - 1},}}")
_PLACEHOLDER = re.compile(r"\[[A-Z]{2,8}_\d{1,3}\]")
_KINDS = {"EMAIL": "EMAIL", "PHONE": "PHONE", "LOCATION": "ADDRESS", "USERNAME": "ACCOUNT"}
LONGEST_PLACEHOLDER = len("[ADDRESS_999]")


@dataclass(frozen=True, slots=True)
class Found:
    """One piece of personal data and its kind; `start` and `end` count characters."""

    start: int
    end: int
    kind: str


@dataclass
class Placeholders:
    """What stands for what within one request: the same value always has the same placeholder.

    `left` are kinds that stay as they are.
    """

    left: frozenset[str] = frozenset()
    _by_value: dict[str, str] = field(default_factory=dict)
    _values: dict[str, str] = field(default_factory=dict)
    _written: set[str] = field(default_factory=set)

    def hide(self, texts: Iterable[str]) -> list[str]:
        """The texts with placeholders; what is found in one is hidden in all."""
        whole = list(texts)
        for text in whole:
            self._written.update(_PLACEHOLDER.findall(text))
        for text in whole:
            for found in find(text):
                if found.kind not in self.left:
                    self._placeholder(text[found.start : found.end], found.kind)
        return [self._hidden(text) for text in whole]

    def show(self, text: str) -> str:
        """The text with the original values."""
        return _PLACEHOLDER.sub(lambda match: self._values.get(match[0], match[0]), text)

    def kinds(self) -> list[str]:
        """The kind of each value that is hidden."""
        return [placeholder[1:].rpartition("_")[0] for placeholder in self._values]

    def __bool__(self) -> bool:
        return bool(self._values)

    def _hidden(self, text: str) -> str:
        for value in sorted(self._by_value, key=len, reverse=True):
            text = re.sub(_whole(value), self._by_value[value], text)
        return text

    def _placeholder(self, value: str, kind: str) -> None:
        if value in self._by_value:
            return
        number = 1
        while (made := f"[{kind}_{number}]") in self._values or made in self._written:
            number += 1
        self._by_value[value] = made
        self._values[made] = value


def _whole(value: str) -> str:
    """A pattern for a value that is no part of a longer word or number."""
    pattern = re.escape(value)
    if value[0].isascii() and value[0].isalnum():
        pattern = f"(?<![A-Za-z0-9]){pattern}"
    return f"{pattern}(?![A-Za-z0-9])" if value[-1].isascii() and value[-1].isalnum() else pattern


def find(text: str) -> list[Found]:
    """All personal data in a text, in order, without overlaps."""
    found = [*_by_rules(text), *_by_depii(text), *_phones(text)]
    found.sort(key=lambda one: (one.start, -one.end))
    kept: list[Found] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def _by_rules(text: str) -> Iterable[Found]:
    for kind, pattern in _RULES:
        for match in pattern.finditer(text):
            group = 1 if pattern.groups else 0
            yield Found(match.start(group), match.end(group), kind)


def _by_depii(text: str) -> Iterable[Found]:
    for span in _redactor().scan(text):
        digits = sum(character.isdigit() for character in span.text)
        if span.entity != "PHONE" or digits >= FEWEST_DIGITS:
            yield Found(span.start, span.end, _KINDS.get(span.entity, "ID"))


def _phones(text: str) -> Iterable[Found]:
    if not _MANY_DIGITS.search(text):
        return
    for region in REGIONS:
        for match in phonenumbers.PhoneNumberMatcher(text, region):
            digits = sum(character.isdigit() for character in match.raw_string)
            if digits >= FEWEST_DIGITS and not _in_a_sum(text, match.start, match.end):
                yield Found(match.start, match.end, "PHONE")


def _in_a_sum(text: str, start: int, end: int) -> bool:
    """Whether a number stands beside an operator, so that it is one of a problem."""
    before, after = text[:start].rstrip()[-1:], text[end:].lstrip()[:1]
    return before in set("=*/×÷^") or after in set("=*/×÷^+")


@cache
def _redactor() -> depii.Redactor:
    return depii.Redactor(exclude_entities=LEFT, quasi_threshold=None, propagate=False)
