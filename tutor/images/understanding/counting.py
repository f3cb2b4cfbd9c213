"""How many of a thing: articles, numbers and measure words before it, in both languages."""

import re
from collections.abc import Iterator

from tutor.images.request import MOST_EACH

_NUMBERS = dict(
    zip(
        ["a", "an", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"],
        (1, 1, *range(1, 11)),
        strict=True,
    )
)
_MANY = {
    "couple": 2,
    "pair": 2,
    "few": 3,
    "several": 3,
    "lots": 4,
    "many": 4,
    "bunch": 4,
    "dozen": 4,
    "loads": 4,
    "tons": 4,
}
_WORN_IN_PAIRS_WORDS = """
    glasses sunglasses goggles jeans pants trousers shorts scissors socks gloves mittens shoes
    boots sneakers sandals skis skates headphones earphones chopsticks heels slippers
"""
_WORN_IN_PAIRS = frozenset(_WORN_IN_PAIRS_WORDS.split())
_DETERMINER_WORDS = """
    a an the some sum any this that these those my your our his her its their another more other
    just only like me us of to please maybe also one ur single
"""
DETERMINERS = frozenset(_DETERMINER_WORDS.split())
_CHINESE_NUMBERS = dict(
    zip("一两二俩三仨四五六七八九十", (1, 2, 2, 2, 3, 3, 4, 5, 6, 7, 8, 9, 10), strict=True)
)
_CHINESE_MANY = {
    "几": 3,
    "好多": 4,
    "很多": 4,
    "许多": 4,
    "一些": 1,
    "一群": 4,
    "一堆": 4,
    "好几": 4,
    "两三": 3,
}
_MEASURE_WORDS = (
    "只个头座条辆架艘棵颗朵张匹把台块支枝件双副间栋幢杯碗瓶盒道轮场位名群对串"
    "份些点幅顶盏枚扇束滴粒口面盘节列股阵堆种片根本团窝"
)
_CHINESE_COUNT = re.compile(
    r"^(?:再|就|出)?(?P<count>好多|很多|许多|一些|一群|一堆|好几|两三|[一两二俩三仨四五六七八九十几]|\d{1,4})?\s*"
    rf"(?P<measure>[{_MEASURE_WORDS}]儿?)?\s*(?P<rest>.+)$"
)


def counted(parts: list[str]) -> tuple[int, list[str]]:
    """The count, and the words without it and without articles."""
    count = 1
    while len(parts) > 1:
        first = parts[0]
        if first in _NUMBERS and first not in ("a", "an") and parts[1].endswith("ed"):
            break  # a five pointed star
        if first in _NUMBERS:
            count = max(count, _NUMBERS[first])
        elif first.isdecimal() and len(first) < 5:
            count = max(count, int(first))
        elif first == "pair" and parts[-1] in _WORN_IN_PAIRS:
            pass
        elif first in _MANY:
            count = max(count, _MANY[first])
        elif first not in DETERMINERS:
            break
        parts = parts[1:]
    return max(1, min(count, MOST_EACH)), parts


def chinese_counts(words: str) -> Iterator[tuple[int, str]]:
    match = _CHINESE_COUNT.match(words)
    if match is None or not (match["count"] or match["measure"]):
        return
    number = match["count"] or "一"
    count = _CHINESE_MANY.get(number) or _CHINESE_NUMBERS.get(number)
    yield min(count or int(number), MOST_EACH) or 1, match["rest"]
