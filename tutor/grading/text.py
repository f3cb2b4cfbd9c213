"""Grades a word or short phrase: spelling slips, plurals, articles, variants of Chinese, pinyin.

A slip is forgiven only where it makes no other word: "meiosis" is not "mitosis", nor "effect"
"affect".
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files

from rapidfuzz.distance import OSA

from tutor.bank.item import AnswerKey
from tutor.grading.normalise import plain, stripped, strippings
from tutor.grading.verdict import Outcome, Pattern, Stage, Verdict

_ARTICLES = frozenset(("a", "an", "the", "to"))
_WORD = re.compile(r"[\w'+#]+", re.UNICODE)
_BECAUSE = re.compile(r"[,;]?\s*(?:\bbecause\b|\bsince\b|因为|由于).*$", re.IGNORECASE | re.DOTALL)
_SAME = (
    (
        "yes",
        "y",
        "yeah",
        "yep",
        "yup",
        "是",
        "是的",
        "对的",
        "会",
        "可以",
        "能",
        "true",
        "t",
        "correct",
        "right",
        "对",
        "正确",
        "真",
        "√",
    ),
    (
        "no",
        "n",
        "nope",
        "nah",
        "否",
        "不是",
        "不",
        "不会",
        "不可以",
        "不能",
        "错的",
        "false",
        "f",
        "incorrect",
        "wrong",
        "错",
        "错误",
        "假",
        "不对",
        "不正确",
        "×",
        "*",
    ),
    (
        "no solution",
        "no solutions",
        "none",
        "no real solution",
        "no real solutions",
        "无解",
        "无实数解",
        "没有解",
        "∅",
        "{}",
        "empty set",
        "the empty set",
        "空集",
        "there is no solution",
        "no answer",
        "ns",
        "null set",
    ),
    (
        "infinitely many solutions",
        "infinite solutions",
        "infinitely many",
        "infinite",
        "无数个解",
        "无穷多解",
        "无穷多个解",
        "infinitely many solution",
        "infinite number of solutions",
    ),
    (
        "all real numbers",
        "all reals",
        "r",
        "ℝ",
        "(-∞,∞)",
        "(-inf,inf)",
        "全体实数",
        "任意实数",
        "所有实数",
        "实数",
        "every real number",
        "any real number",
        "all numbers",
    ),
    ("undefined", "not defined", "dne", "does not exist", "不存在", "无意义", "未定义", "没有意义"),
    ("never", "从不", "永不"),
    ("always", "总是", "永远"),
)
# As a key these words mean something else: a direction, a letter, an ability.
_OTHER_SENSES = frozenset(
    ("right", "wrong", "correct", "t", "f", "y", "n", "r", "会", "能", "*", "×")
)
_GROUP = {phrase: at for at, group in enumerate(_SAME) for phrase in group}
_TONES = {"\u0304": "1", "\u0301": "2", "\u030c": "3", "\u0300": "4"}
_SYLLABLE = re.compile(r"[a-zü:v]+[0-5]?", re.IGNORECASE)
_MEANINGFUL = (
    "ate",
    "ite",
    "ide",
    "ane",
    "ene",
    "yne",
    "ous",
    "ic",
    "ium",
    "ia",
    "ine",
    "on",
    "ose",
    "ase",
)
_OPPOSITES = (
    "un",
    "in",
    "im",
    "ir",
    "il",
    "non",
    "dis",
    "anti",
    "hypo",
    "hyper",
    "endo",
    "exo",
    "a",
    "ex",
    "de",
)


def grade_text(key: AnswerKey, answer: str) -> Verdict:
    """RIGHT for the same words, with SPELLING for a slip, else WRONG; UNREADABLE if empty."""
    said = plain(answer)
    readings = _readings(said)
    if not any(words_of(one) or one in _GROUP for one in readings):
        return Verdict(Outcome.UNREADABLE, stage=Stage.TEXT)
    read_as = readings[-1][:80]
    if any(same_text(wanted, one) for wanted in key.answers for one in readings):
        return Verdict(Outcome.RIGHT, 1.0, Stage.TEXT, read_as=read_as)
    if any(is_slip(wanted, one, key.answers) for wanted in key.answers for one in readings):
        return Verdict(Outcome.RIGHT, 1.0, Stage.TEXT, Pattern.SPELLING, read_as)
    return Verdict(Outcome.WRONG, 0.0, Stage.TEXT, read_as=read_as)


def _readings(said: str) -> tuple[str, ...]:
    """The text as it is, without lead-ins, and without the reason it gives."""
    reason = stripped(_BECAUSE.sub("", said))
    return tuple(dict.fromkeys(one for one in (*strippings(said), reason) if one)) or ("",)


def same_text(wanted: str, said: str) -> bool:
    """Whether two phrases are the same but for case, articles, plural, script and punctuation."""
    wanted = plain(wanted)
    if _squeezed(wanted) == _squeezed(said):
        return True
    group = _GROUP.get(_phrase(wanted)) if _phrase(wanted) not in _OTHER_SENSES else None
    if group is not None:
        return _GROUP.get(_phrase(said)) == group
    if is_pinyin(wanted):
        return pinyin(wanted) == pinyin(said)
    if _has_figures(wanted) or _has_figures(said):
        return False  # its signs and gaps matter: "12, 3" is not "1 23"
    one, other = words_of(wanted), words_of(said)
    if not one or not _same_signs(wanted, said):
        return False
    return one == other or _joined(one) == _joined(other)


def is_slip(wanted: str, said: str, others: Iterable[str] = ()) -> bool:
    """Whether `said` misspells `wanted` and is neither another word nor nearer to another key."""
    one, other = words_of(plain(wanted)), words_of(said)
    if len(one) != len(other) or not one or _has_figures(wanted) or _has_figures(said):
        return False
    if is_pinyin(plain(wanted)):
        return False
    slips = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    return len(slips) == 1 and _is_word_slip(*slips[0])


def _is_word_slip(wanted: str, said: str) -> bool:
    if not wanted.isascii() or not said.isascii() or len(wanted) < 5:
        return False
    allowed = 1 if len(wanted) < 9 else 2
    if wanted[0] != said[0] or OSA.distance(wanted, said) > allowed:
        return False
    if len(wanted) < 8 and not _is_common_slip(wanted, said):
        return False
    return not _differ_in_meaning(wanted, said) and not is_word(said)


def _is_common_slip(wanted: str, said: str) -> bool:
    """Two letters swapped, one doubled or not, or a vowel for another: the slips of short words."""
    if sorted(wanted) == sorted(said):
        return True
    if re.sub(r"(.)\1", r"\1", wanted) == re.sub(r"(.)\1", r"\1", said):
        return True
    unlike = [(a, b) for a, b in zip(wanted, said, strict=False) if a != b]
    return len(wanted) == len(said) and set("".join(a + b for a, b in unlike)) <= set("aeiouy")


def _differ_in_meaning(one: str, other: str) -> bool:
    """Endings and beginnings that make another term: sulfate and sulfite, endo- and exo-."""
    ends = [next((e for e in _MEANINGFUL if w.endswith(e)), "") for w in (one, other)]
    starts = [
        next((s for s in _OPPOSITES if w.startswith(s) and w[len(s) :] in (one, other)), "")
        for w in (one, other)
    ]
    return (
        (ends[0] != ends[1] and all(ends))
        or starts[0] != starts[1]
        or {one[:4], other[:4]} == {"hypo", "hype"}
    )


@lru_cache(maxsize=1)
def _dictionary() -> frozenset[str]:
    """82,765 English words, of which a slip is no other word: SCOWL's in Google Books Ngram."""
    listed = files("symspellpy").joinpath("frequency_dictionary_en_82_765.txt")
    lines = listed.read_text(encoding="utf-8-sig").splitlines()
    return frozenset(line.split()[0].casefold() for line in lines if line.strip())


def warm() -> None:
    """Loads the dictionary and the table of characters, which takes a moment."""
    _dictionary()
    _converter()


def is_word(word: str) -> bool:
    """Whether a dictionary has this English word (as given, or without a plural ending)."""
    return word in _dictionary() or (word.endswith("s") and word[:-1] in _dictionary())


def words_of(text: str) -> tuple[str, ...]:
    """The words without articles, in one case, number and script; accents stay."""
    found = (word.strip("'") for word in _WORD.findall(simplified(text).casefold()))
    kept = [word.removesuffix("'s") for word in found if word]
    without = [word for word in kept if word not in _ARTICLES] or kept
    return tuple(_singular(word) for word in without)


def _singular(word: str) -> str:
    if len(word) < 4 or not word.isascii() or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "xes", "sses", "zes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") else word


def simplified(text: str) -> str:
    """Traditional characters as simplified ones."""
    return text if text.isascii() else _converter().convert(text)


@lru_cache(maxsize=1)
def _converter():  # type: ignore[no-untyped-def]
    import opencc

    return opencc.OpenCC("t2s")


def _phrase(text: str) -> str:
    return re.sub(r"\s+", " ", simplified(text).casefold().strip(" .!?,。！？"))


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", simplified(text).casefold().strip(" .!?,;:。"))


def _joined(words: tuple[str, ...]) -> str:
    return "".join(words)


def _same_signs(one: str, other: str) -> bool:
    """Signs with a meaning (in formulas, code, ions) must agree where the key has any."""
    signs = [re.findall(r"[-+=<>*/^()\[\]{}%&|!]", text) for text in (one, other)]
    if not signs[0]:
        return not set(signs[1]) - {"-", "(", ")", "!"}
    return signs[0] == signs[1] or set(signs[0]) <= {"-"} >= set(signs[1])


def _has_figures(text: str) -> bool:
    return any(character.isdigit() for character in text)


def is_pinyin(text: str) -> bool:
    """Whether a text carries tones, as marks or as numbers after syllables."""
    marks = any(mark in _TONES for mark in unicodedata.normalize("NFD", text))
    return marks or bool(re.fullmatch(r"(?:[a-zü:]+[1-5][\s']*)+", text, re.IGNORECASE))


def pinyin(text: str) -> tuple[str, ...]:
    """Letters and tones in order, however the tones are written; the neutral tone is left out."""
    letters, tones = [], []
    for word in re.split(r"[\s']+", text.casefold()):
        decomposed = unicodedata.normalize("NFD", word.replace("u:", "ü").replace("v", "ü"))
        tones += [_TONES.get(mark, mark) for mark in decomposed if mark in _TONES or mark in "1234"]
        letters += [mark for mark in decomposed if mark.isalpha() or mark == "\u0308"]
    return ("".join(letters), "".join(tones))
