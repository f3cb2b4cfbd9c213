"""Short words about the picture that was drawn before: another, bigger, flat, "and a dog?"."""

import re
from dataclasses import replace
from enum import Enum, auto

from tutor.images.request import PictureRequest, Wanted
from tutor.images.understanding.even_text import has_chinese
from tutor.images.understanding.styles import take_style

_ENDS = re.compile(
    r"(?:[,\s]+(?:please|thanks|haha|ok|now|for me|too|谢谢)"
    r"|[吧呗嘛啊呀哦喔呢]|可以吗|好吗|行吗|谢谢)+$"
)
_BEGINS = re.compile(
    r"(?:(?:ok|and|now|please|can you|could you|cool|nice|haha|wow|yes|yeah|no|nah|eww+|ugh|meh"
    r"|hm+|um+|oh|but|then|so|lets|i want|give me|show me"
    r"|请|那|好|嗯|能不能|可以|给我|帮我|我想|我要|你)"
    r"(?:\b|(?<=[\u4e00-\u9fff]))[\s,]*+)*+"
)
_DO = r"(?:draw |do |try |make |paint |show )?(?:it |that )?"
_AGAIN = re.compile(
    rf"{_DO}(?:another(?: one| 1| time)?"
    r"|an other one|one more(?: time)?|1 more|once more|again|more"
    r"|(?:a )?(?:new|different|diffrent|other) one)(?: of (?:it|that|those|them))?"
    r"|(?:the )?same(?: one| thing| picture| again)*"
    r"|(?:再|又|还|还要)(?:来|画|要|给我|整|搞)?(?:一)?(?:张|个|次|幅|遍|只|点)|再来|还要"
    r"|换(?:一)?(?:张|个)|重新?画(?:一(?:张|个|次|遍))?|另(?:外)?一(?:张|个)|(?:同样|一样)的?"
)
_BIGGER = re.compile(
    rf"{_DO}(?:a (?:lot |bit |little )?|much |way |even |in )*(?:bigger|larger|biger|big|huge)"
    r"(?: one| version| picture| size)?|(?:enlarge|zoom in|zoom)(?: it)?"
    r"|(?:再|画|变|弄|要|把它)*(?:得|的)?(?:大一?点儿?|大一些|放大(?:一?点)?|更大(?:一?点)?(?:的)?"
    r"|变大|大图|看大图)"
)
_OTHER_STYLE = re.compile(
    rf"{_DO}(?:in )?(?:a |an |the )?(?:different|diffrent|another|other|new|change) (?:the |a )?"
    r"(?:art )?(?:style|look)"
    r"|换(?:一)?(?:种|个)?(?:别的|其他)?(?:风格|样子|画风|样式|画法)"
    r"|(?:别的|其他|另一种)(?:风格|样式|画风)"
)
_ONLY_STYLE = re.compile(rf"{_DO}(?:要|in)?")
_SPLIT = re.compile(r"\s*(?:,|\bbut\b|\band\b|但是?|不过)\s*")
_LONGEST_ASIDE = 3  # words, or half as many again characters of Chinese: 太小了
_CALLED = re.compile(
    r"(?:(?:ok|and|now|also|then|instead|what about|how about|wat about)[\s,]+)+"
    r"(?:do |try |make |draw )?(?P<words>.+)$|(?:那|换成|改成|改画|还有|再画)\s*(?P<chinese>.+)$"
)
_CALLED_LAST = re.compile(r"(?:那|那么)?(?P<words>.+)呢$")


_MORE = re.compile(
    r"(?:再|又|还要)(?:来|画|要)?(?P<chinese>[两二三四234])(?:只|个|张|幅|条|头|朵)"
    r"|(?P<english>two|three|four|2|3|4) more"
)
_COUNTS = {"两": 2, "二": 2, "三": 3, "四": 4, "two": 2, "three": 3, "four": 4}


class _Change(Enum):
    AGAIN = auto()
    BIGGER = auto()
    OTHER_STYLE = auto()


def changed(sentence: str, previous: PictureRequest) -> PictureRequest | None:
    """The request before, drawn again as the sentence says; None where it says none of this."""
    bare = _bare(sentence)
    words, style, _ = (bare, None, ()) if _OTHER_STYLE.fullmatch(bare) else take_style(bare)
    parts = [part for part in map(_bare, _SPLIT.split(words)) if part]
    changes = {_change(part) for part in parts if not _ONLY_STYLE.fullmatch(part)}
    asides = [part for part in parts if _change(part) is None and not _ONLY_STYLE.fullmatch(part)]
    changes.discard(None)
    count = next(filter(None, map(_count, parts)), 0)
    if not (changes or style) or any(map(_is_long, asides)) or (asides and not changes):
        return None
    return replace(
        previous,
        wanted=tuple(Wanted(one.concept, count or one.count) for one in previous.wanted),
        style=style or previous.style,
        left_out=(),
        again=_Change.AGAIN in changes or style is not None,
        bigger=_Change.BIGGER in changes,
        other_style=_Change.OTHER_STYLE in changes,
    )


def called(sentence: str) -> str | None:
    """What "now a dog" or 那企鹅呢 names, whether it is a thing or not."""
    trimmed = sentence.strip(" ,")
    match = _CALLED.match(trimmed)
    if match:
        return match["words"] or match["chinese"]
    last = _CALLED_LAST.match(trimmed)
    return last["words"] if last else None


def _change(part: str) -> _Change | None:
    patterns = {_Change.AGAIN: _AGAIN, _Change.BIGGER: _BIGGER, _Change.OTHER_STYLE: _OTHER_STYLE}
    if _MORE.fullmatch(part):
        return _Change.AGAIN
    return next((one for one, pattern in patterns.items() if pattern.fullmatch(part)), None)


def _count(part: str) -> int:
    """ "Two more" is two; 0 where no number is said."""
    match = _MORE.fullmatch(part)
    said = (match["chinese"] or match["english"]) if match else "0"
    return _COUNTS.get(said) or int(said)


def _is_long(aside: str) -> bool:
    if has_chinese(aside):
        return len(aside) > _LONGEST_ASIDE + _LONGEST_ASIDE // 2
    return len(aside.split()) > _LONGEST_ASIDE


def _bare(words: str) -> str:
    words = _ENDS.sub("", words.strip(" ,"))
    begins = _BEGINS.match(words)
    shorter = words[begins.end() :] if begins else words
    return shorter.strip(" ,") or words
