"""The style that somebody asks for, taken out of their words."""

import re

from tutor.images.request import Style

_WORDS = {
    Style.FLAT: (r"flat(?:tened)?", "扁平化?|平面"),
    Style.BLOB: (
        r"(?:old |google |android )*blob(?:s|by|bie|bies)?|jelly|gumdrops?|old android",
        "果冻|团子|圆滚滚|老安卓|旧版|老版",
    ),
    Style.FLUENT: (r"3 ?d|three d|fluent|glossy|shiny|realistic 3 ?d", "立体|3 ?d|光泽"),
    Style.INK: (
        r"(?:black and white|black & white|b ?& ?w|ink|line art|line drawing|outlines?|monochrome)"
        r"(?: ink| lines?)?",
        "黑白(?:线条)?|水?墨水?|线稿|线条|单色",
    ),
    Style.TWEMOJI: (r"twitter|twemoji|discord", "推特|twitter"),
    Style.EMOJIONE: (r"emoji ?one|joypixels", "emoji ?one"),
    Style.NOTO: (r"noto|android|google(?: emoji)?", "谷歌|安卓|google|noto"),
}
_KIND = r"(?:emojis?|icons?|style|styles|version|look|art|mode|design|drawing|stile|styel)"


def _either(place: int) -> str:
    return "|".join(f"(?P<{style.value}>{words[place]})" for style, words in _WORDS.items())


_OF_STYLE = re.compile(
    r"[, ]*\b(?:but |and |make it |do it |just )*(?:in|with|using|as|like)? ?(?:a |an |the |of )*"
    rf"style of (?:a |an |the )*(?:{_either(0)})(?: {_KIND})*\b"
)
_WITH_KIND = re.compile(
    r"[, ]*\b(?:but |and |make it |do it |just |now |please )*(?:in |with |using |as |like )?"
    r"(?:a |an |the )?"
    rf"(?:{_either(0)})(?: {_KIND})+\b"
)
_AT_END = re.compile(
    r"[, ]*\b(?:but |and |make it |do it |just |now |please )*(?:in|but|as|make it|do it|now|same)"
    rf"(?: in)? (?:a |an |the )?(?:{_either(0)})(?: please| again)*$"
)
_BEFORE = re.compile(
    r"^(?P<article>(?:a |an |the |one )?)(?:3 ?d|(?P<flat>flat))(?= (?!shoe|bread|tire|tyre))"
)
_CHINESE = re.compile(
    r"[, ]*(?:但是?|不过)?(?:我?要|用|以|按照?|换成|改成|变成|做成|是|来个|来)*(?: )?"
    rf"(?:{_either(1)}) ?"
    r"(?:的? ?(?:风格|画风|风|样式|效果|版本|版|style))(?:的|来)*[, ]*"
)
_CHINESE_OF = re.compile(rf"(?:要|换成|改成|变成|用|画)*(?:{_either(1)})的(?:吧|嘛|呗|啊)*")
_MIXED = re.compile(rf"[, ]*(?:用|要|in) ?(?:{_either(0)}) ?(?:风格|style)")
_CHINESE_LAST = re.compile(rf"[, ]*(?:用|以|要)(?:{_either(1)})(?:来?画)?$")
_OTHER = re.compile(
    r"[, ]*\b(?:but )?(?:in|with|using) (?:the |a )?(?:style of (?P<of>[a-z ]{2,30})"
    r"|(?P<plain>(?!different|diffrent|another|other|new|same|nice|cute)"
    r"[a-z]{3,15}(?: [a-z]{3,15})?) style)\b"
)
_PATTERNS = (_OF_STYLE, _WITH_KIND, _AT_END, _MIXED, _CHINESE, _CHINESE_OF, _CHINESE_LAST)


def take_style(words: str) -> tuple[str, Style | None, tuple[str, ...]]:
    """The words without a style, the style, and a style's name that nobody knows here."""
    for pattern in _PATTERNS:
        if match := pattern.search(words):
            return _without(words, match), _style_of(match), ()
    if match := _BEFORE.search(words):
        style = Style.FLAT if match["flat"] else Style.FLUENT
        return match["article"] + words[match.end() :].strip(), style, ()
    if match := _OTHER.search(words):
        unknown = (match["of"] or match["plain"]).strip()
        return _without(words, match), None, (unknown,)
    return words, None, ()


def _without(words: str, match: re.Match[str]) -> str:
    return f"{words[: match.start()]} {words[match.end() :]}".strip(" ,")


def _style_of(match: re.Match[str]) -> Style:
    return Style(next(name for name, found in match.groupdict().items() if found))
