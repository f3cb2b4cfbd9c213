"""What a folder or caption says is seen on a picture: a label in English and Chinese, cleaned.

Words are kept as they were given; where only one language is, it stands for both.
"""

import re
import unicodedata

from pypinyin import lazy_pinyin

from training.gan.pictures import Label
from training.gan.uploads.limits import LONGEST_LABEL
from training.gan.uploads.refusal import BAD_LABEL, Unfit

CATEGORY = "own"
_NUMBERED = re.compile(r"^\d{1,4}[.)_\-\s]+(?=\D)")  # "012.Blue_jay"
_EN, _ZH = r"(?P<en>[A-Za-z][A-Za-z0-9 '’-]*)", r"(?P<zh>[\u3400-\u9fff\uf900-\ufaff]+)"
_APART = r"[\s(（/|,，-]+"
_ENGLISH_FIRST = re.compile(f"{_EN}{_APART}{_ZH}")
_CHINESE_FIRST = re.compile(f"{_ZH}{_APART}{_EN}")
_BETWEEN = re.compile(r"[\s_]+")
_EDGE = " .,;:|/\\-–—_()（）[]【】·"


def cleaned(name: str) -> str:
    """A name without control signs, underscores and numbering; raises Unfit where none is left."""
    visible = "".join(
        one for one in unicodedata.normalize("NFC", name) if unicodedata.category(one)[0] != "C"
    )
    text = _BETWEEN.sub(" ", _NUMBERED.sub("", visible)).strip(_EDGE)
    if not any(one.isalnum() for one in text) or len(text) > LONGEST_LABEL:
        raise Unfit(BAD_LABEL)
    return text


def key_of(name: str) -> str:
    """Names that differ in case alone are one thing."""
    return unicodedata.normalize("NFKC", name).casefold()


def label_of(name: str, english: str = "", chinese: str = "") -> Label:
    """The label of a cleaned name; "volcano 火山" gives both languages."""
    both = _ENGLISH_FIRST.fullmatch(name) or _CHINESE_FIRST.fullmatch(name)
    en = english or (both["en"].strip() if both else name)
    zh = chinese or (both["zh"] if both else name)
    return Label(slug(en), en, zh, CATEGORY)


def slug(text: str) -> str:
    """ "Red apple" as "red-apple", "火山" as "huo-shan"."""
    ascii_ = unicodedata.normalize("NFKD", " ".join(lazy_pinyin(text)))
    kept = re.sub(r"[^a-z0-9]+", "-", ascii_.encode("ascii", "ignore").decode().casefold())
    return kept.strip("-") or "thing"


def unique(labels: list[Label]) -> tuple[Label, ...]:
    """The same labels with ids that are all different."""
    seen: dict[str, int] = {}
    found = []
    for one in labels:
        seen[one.id] = count = seen.get(one.id, 0) + 1
        own = one.id if count == 1 else f"{one.id}-{count}"
        found.append(Label(own, one.en, one.zh, one.category, one.tags_en, one.tags_zh))
    return tuple(found)
