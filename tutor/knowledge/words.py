"""The words of a text as the search sees them; Chinese is segmented. Pure."""

import unicodedata
from collections.abc import Iterable

import regex

_RUN = regex.compile(r"\p{Han}+|[\p{L}\p{M}\p{N}]+")
HAN = regex.compile(r"\p{Han}")
_STOP_WORDS = """
    a an and are as at be but by can could did do does explain for from has have how i in is it its
    me my of on or our please should so tell that the their them there they this to us was we were
    what when where which who why will with would you your
    的 了 是 在 和 与 及 或 也 都 就 吗 呢 吧 啊 我 你 他 她 它 们 这 那 哪 有 个 什么 怎么
    为什么 多少 如何 请 请问 一个 我们 你们 他们 这个 那个 告诉 解释 怎样 怎么样 哪里 哪儿 哪个 哪些
    哪一年 哪年 一年 什么样 谁 何时 为何 会 能 可以 从 于 把 被 对 里 后 东西 帮
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())


def words_of(text: str) -> list[str]:
    """Lower-case words in order; of a Chinese run its words and their parts, so that both match."""
    found: list[str] = []
    for run in _RUN.findall(unicodedata.normalize("NFKC", text).lower()):
        found += segmented(run) if HAN.match(run) else [run]
    return found


def content_words(text: str) -> frozenset[str]:
    """The words that carry meaning."""
    return frozenset(word for word in words_of(text) if word not in STOP_WORDS)


def is_chinese(text: str) -> bool:
    """Whether a text is written mostly in Chinese, which the embedding model does not read."""
    letters = sum(character.isalpha() for character in text)
    return len(HAN.findall(text)) * 3 > letters


def index_terms(text: str) -> list[str]:
    """The words and all pairs of Chinese characters, since words are not always cut alike."""
    runs = _RUN.findall(unicodedata.normalize("NFKC", text).lower())
    pairs = [pair for run in runs if HAN.match(run) for pair in _pairs(run)]
    return words_of(text) + pairs


def query_terms(text: str) -> list[str]:
    """What to look up in an index for the words of a text that carry meaning."""
    terms = [word for word in words_of(text) if word not in STOP_WORDS]
    for parts in chinese_words(text):
        terms += [pair for part in parts for pair in _pairs(part) if pair not in terms]
    return terms


def chinese_words(text: str) -> list[frozenset[str]]:
    """The Chinese words of a text that carry meaning, each with the words that are parts of it."""
    import rjieba

    found = []
    for run in _RUN.findall(unicodedata.normalize("NFKC", text).lower()):
        for word in rjieba.cut(run) if HAN.match(run) else ():
            if word not in STOP_WORDS:
                parts = {part for part in segmented(word) if len(part) > 1} - STOP_WORDS
                found.append(frozenset({word, *parts}))
    return found


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]


def segmented(run: str) -> Iterable[str]:
    """The words of a run of Chinese characters."""
    import rjieba  # a dictionary of 5 MB, read at first use

    words: list[str] = rjieba.cut_for_search(run)
    return words
