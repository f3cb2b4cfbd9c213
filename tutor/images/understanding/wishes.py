"""The sentences with which people ask for a picture, and the words in them that say of what.

A wish stands at the beginning of a sentence or of a clause, after words that only lead to it, so
that telling of pictures is no wish for one. Repetitions are possessive: no text makes them slow.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from tutor.images.understanding.even_text import has_chinese
from tutor.images.understanding.lessons import is_of_lessons, is_other_drawing


class Firmness(Enum):
    """How sure it is that a picture is meant, whatever the words name."""

    DRAW = auto()  # "draw …"
    PICTURE = auto()  # "a picture of …"
    SEE = auto()  # "show me …": may as well be an answer
    NAMED = auto()  # "volcano picture": only if exactly a thing


@dataclass(frozen=True, slots=True)
class Wish:
    """`words` say what to draw, "" where anything will do; `before` is what led to them."""

    words: str
    firmness: Firmness
    before: str = ""


_DRAW = (
    r"(?:draw|drow|darw|drwa|drw|dwar|drawr|dra+w+|drawe|dreaw|draq|deaw|paint"
    r"|sketch|doodle|illustrate)\b"
)
_NOUN = (
    r"(?:pictures?|pictrue|picutre|pitcure|pitchure|picher|pictur|pics?|photos?|images?|img"
    r"|drawings?|paintings?|sketch|sketches|doodles?|illustrations?|icons?|clip ?art)"
)
_SMALL = (
    r"(?:(?:a|an|the|some|any|another|one|few|nice|cute|cool|good|big|small|quick|simple|little"
    r"|real|clear|new|pretty|beautiful) )*+"
)
_SMALL_TALK = (
    "hi|hey|heya|hello|yo+|ok|oh+|omg|wow|u+m+|uh|hm+|eww+|please|now|so|and|then|but|just|also"
    "|haha|yes|yeah|yep|no|nah|great|cool|nice|thanks|thank you|dear|quick|quickly|sorry|maybe"
    "|well|next|first|lets|let us|go|kindly|pretty|like|basically|actually|literally|honestly"
    "|really|again|cmon|come on|excuse me|good (?:morning|afternoon|evening|day)|sir|miss|mister"
    "|robot|bot|ai|computer|daoshi|tutor|teacher|buddy|friend|mate|man|guys|everyone|instead"
)
_ENGLISH_LEAD = re.compile(
    rf"(?:(?:{_SMALL_TALK}|for (?:my|a|an|our|the|this) [a-z]+(?: [a-z]+)?,"
    r"|(?:can|could|would|will|cn|kan|wil) (?:you|ya|yu|it|this|the bot)"
    r"|(?:i|id)(?: would| really| do| just)* (?:want|need|like|love|wish) (?:for )?you to"
    r"|are you able to|do you think you (?:can|could)"
    r"|any chance (?:that )?you (?:can|could)|try to"
    r"|it would be (?:nice|great|cool) if you (?:could|would))\b[\s,!:]*+)*+"
)
_SEEING = (
    r"(?:(?:can|could|may) i (?:please |just )*+(?:have|get|see)"
    r"|(?:i|id)(?: would| should| really| do| just)* (?:want|need|like|love)"
    r"(?: to (?:see|have|get|look at))?|i want (?:2|too) see|let me (?:see|look at|have)"
    r"|let us see|lets see|see|want(?: to see)?|need|wana see"
    r"|do you have|is there|have you got|got)"
)
_SHOW = (
    r"(?:(?:show|shwo|sho|give|send|find|get|make|create|generate|produce|do|search|look up)"
    r"(?: (?:me|us|for me))?)"
)
_OF = re.compile(
    rf"(?:(?:{_DRAW}(?: me| us)?|{_SHOW}|{_SEEING}) )?{_SMALL}{_NOUN}"
    r" (?:of|that shows|showing|with|for) (?P<words>.+)$"
)
_OF_MIDWAY = re.compile(
    r"\b(?:need|want|like|love|give|show|get|see|find|send|make|create|please|possible"
    rf"|with|(?:grateful|thankful|thanks) for|appreciate"
    rf"|share|post)\b(?: me| us)? (?:(?:a|an|some|any|few|more|good|nice|clear|simple) )*+{_NOUN}"
    r" (?:of|showing) (?P<words>.+)$"
)
_DRAWN = re.compile(rf"{_DRAW}(?P<words>.*)$")
_LOOKS = re.compile(
    r"(?:(?:show (?:me|us)|i want to (?:see|know)|tell me|let me see) (?:what|wat|how)"
    r"|(?:what|wat|how) (?:do|does|dose|did|would)) (?P<words>.+?) looks? ?(?:like)?$"
)
_SHOWN = re.compile(r"(?:show|shwo|sho)(?: to)? (?:me|us) (?P<words>.+)$")
_SEEN = re.compile(
    r"(?:let me (?:see|look at)|lets see|(?:i )?want (?:to|2|too) see"
    r"|(?:i|id)(?: would| really)* (?:like|love|want) to see|(?:can|could|may) i (?:please )?see"
    r"|wana see) (?P<words>.+)$"
)
_ANY = re.compile(rf"(?:{_SHOW}|{_SEEING}|{_DRAW}(?: me| us)?) {_SMALL}{_NOUN}(?: please| now)*$")
_NOUN_LAST = re.compile(rf"(?:(?:{_SHOW}|{_SEEING}) )?(?P<words>.+?) {_NOUN}$")
_TRAILING_NOUN = re.compile(rf"\s{_NOUN}(?= please|$)")
_ASKED_MIDWAY = re.compile(
    rf"\b(?:(?:can|could|would|will) you|please) (?:please )?(?P<rest>(?:{_DRAW}|show me|{_SHOW}"
    rf" {_SMALL}{_NOUN}).*)$"
)
_TELLING_WORDS = """
    how if when why what which where who says said asked told drew did have has got made took saw
    cannot cant dont didnt doesnt is was
"""
_TELLING = frozenset(_TELLING_WORDS.split())
_WHAT_CAN = re.compile(
    r"(?:what|wat)(?: all| else| things| pictures| stuff)?(?: can| could| do| are you able to)? you"
    rf" (?:know (?:how )?to |able to )?{_DRAW}.{{0,20}}$|what pictures (?:can|do) you.{{0,30}}$"
)
_ME = re.compile(
    r"^\s*(?:for |to )?(?:me|us|ourselves)\b(?! (?:and|with|as|in|on|at|like|dead|dying|hanging"
    r"|riding|being|having|flying|doing|playing)\b)(?=\s*\S)"
)

_COURTESY = re.compile(r"(?:[\s,]+(?:please|thanks|thank you|haha))+$")
_CHINESE_LEAD = re.compile(
    r"(?:(?:你好|您好|嗨|哈喽|喂|hi|hey|hello|please|can you|could you|老师|导师|亲爱的|同学|机器人"
    r"|大佬|大神|救命|兄弟|哥们|宝子|那么|那就|那|好的|好吧|好|嗯+|哇+|哦+|啊+|呀+|哎+|诶+|唉+"
    r"|请问|请|麻烦|拜托|求求|求|快点|快|赶紧|现在|然后|接着|先|就|顺便|帮忙|帮我们|帮我|帮俺|帮"
    r"|给我们|给我|给俺|给大家|替我|为我|我(?:想|要|想要|希望|想请|想让)(?:你|您)|我(?:想|要)请"
    r"|(?:你|您)?(?:能不能|能否|可不可以|可以|可否|能)|(?:你|您)(?:会不会|会)"
    r"|你来|你|您|来|试着|随便|直接|只要)[\s,!:]*+)*+"
)
_FOR_SOMEBODY = re.compile(
    r"(?:给|帮|替|为)我?(?:家|的)?(?:[弟妹哥姐儿女孙朋同][弟妹哥姐子儿友学]?|孩子|小孩|小朋友们?|学生们?|大家)"
)
_SEEING_CHINESE = (
    r"(?:我们?|俺)?(?:好|很|真|超|特别|还|也|都|就|只|一直)*+(?:想要|想|要)"
    r"(?:看看|看一看|看一下|看一眼|看到|看见|看|瞧瞧|见见)"
    r"|(?:给|让)(?:我们?|俺|大家)?(?:看看|看一下|看一看|看下|看|瞧瞧|瞅瞅)"
    r"|(?:展示|显示)(?:一下|下|给我)?"
)
_DRAWN_CHINESE = re.compile(
    rf"(?:画一?画(?=[^\u4e00-\u9fff]*[\u4e00-\u9fff])|画|绘制|绘|描画|{_DRAW})"
    r"(?:一下|下(?!雨|雪)|出来|出)?(?P<words>.*)$"
)
_TAKEN_CHINESE = re.compile(r"(?:把|将)(?P<words>.+?)画(?:出来|一下|下来|下|好|给)?.{0,8}$")
_NOUN_CHINESE = re.compile(
    rf"(?P<head>{_SEEING_CHINESE}|我?想要|我?要|来|发|找|搜索?|生成|制作|做|整|搞|弄|有没有|有|给我"
    r"|show me|i want|give me|看看|看)?(?:给我|我)?\s*(?:一下)?"
    r"\s*(?:一?(?:张|幅|个|些|副))?\s*(?P<words>[^,]+?)\s*(?:的|之)?\s*"
    r"(?:图片|照片|相片|图画|插图|插画|图像|图|(?<=[的张幅])画|pics?|pictures?|photos?|images?)$"
)
_SEEN_CHINESE = re.compile(
    rf"(?:{_SEEING_CHINESE}|看看|来一?(?=[只头条匹朵座辆架艘棵颗]))\s*(?P<words>.+)$"
)
_LOOKS_CHINESE = re.compile(
    rf"(?:(?:{_SEEING_CHINESE}|看看))?\s*(?P<words>[^,]+?)(?:到底|究竟)?(?:是|长得?|长的|都?长)"
    r"(?:个)?(?:什么|啥|怎么?|咋)(?:样|模样)(?:子|儿)?的?$"
)
_WHAT_CAN_CHINESE = re.compile(
    r"(?:你|您)?(?:都|还)?(?:会|能|可以)(?:画|绘)(?:些|点|出)?(?:什么|啥|哪些)"
    r"|(?:你|您)(?:会|能|可以)画画?(?:吗|么|嘛)"
)
_LOOK_OF = re.compile(r"(?:的)?(?:样子|模样)$")
_CHINESE_END = re.compile(
    r"(?:[,\s]*(?:给我看看|给我|看看|吧|呗|嘛|吗|啊|呀|谢谢|好吗|可以吗|please|thanks))+$"
)
_CHINESE_NOUN = re.compile(r"(?:的?(?:图片|照片|图画)|的[图画])(?=吧|呗|嘛|$)")
_NEW_CLAUSE = re.compile(r"[,:]\s*")


def wishes_in(sentence: str) -> Iterator[Wish]:
    """What a sentence may ask to be drawn, clause by clause."""
    for before, clause in _clauses(sentence):
        for wish in _wishes(clause):
            if not is_of_lessons(wish.words, wish.firmness is Firmness.PICTURE):
                yield Wish(wish.words, wish.firmness, before)


def _clauses(sentence: str) -> Iterator[tuple[str, str]]:
    """The sentence, what follows each comma, and a question or a picture in the midst of it."""
    yield "", sentence
    for mark in _NEW_CLAUSE.finditer(sentence):
        yield sentence[: mark.start()], sentence[mark.end() :]
    midway = _ASKED_MIDWAY.search(sentence)
    if midway and not _TELLING.intersection(sentence[: midway.start()].split()):
        yield sentence[: midway.start()], midway["rest"]
    of = _OF_MIDWAY.search(sentence)
    if of and not _TELLING.intersection(sentence[: of.start()].split()):
        yield sentence[: of.start()], f"picture of {of['words']}"


def _wishes(clause: str) -> Iterator[Wish]:
    """The readings of one clause: what only a name can fulfil comes before what anything can."""
    if _WHAT_CAN.match(clause) or _WHAT_CAN_CHINESE.match(clause):
        yield Wish("", Firmness.DRAW)
        return
    found = _english(_COURTESY.sub("", _led(_ENGLISH_LEAD, clause)))
    for wish in [found] if found else _chinese(clause):
        yield Wish(_LOOK_OF.sub("", wish.words.strip(" ,:")), wish.firmness)


def _led(lead: re.Pattern[str], clause: str) -> str:
    match = lead.match(clause)
    return clause[match.end() :] if match else clause


def _english(rest: str) -> Wish | None:
    if match := _OF.match(rest):
        return Wish(match["words"], Firmness.PICTURE)
    if _ANY.match(rest) and not re.search(rf"\bthe {_NOUN}", rest):
        return Wish("", Firmness.PICTURE)
    if match := _DRAWN.match(rest):
        if is_other_drawing(match["words"]):
            return None
        words = _TRAILING_NOUN.sub("", _ME.sub("", match["words"], count=1))
        return Wish(words, Firmness.DRAW)
    for pattern in (_LOOKS, _SHOWN, _SEEN):
        if match := pattern.match(rest):
            return Wish(_TRAILING_NOUN.sub("", match["words"]), Firmness.SEE)
    match = None if has_chinese(rest) else _NOUN_LAST.match(rest)
    return Wish(match["words"], Firmness.NAMED) if match else None


def _chinese(clause: str) -> Iterator[Wish]:
    rest = _led(_CHINESE_LEAD, _FOR_SOMEBODY.sub("", clause, count=1))
    if match := _TAKEN_CHINESE.match(rest):
        yield Wish(match["words"], Firmness.DRAW)
    elif match := _DRAWN_CHINESE.match(rest):
        words = match["words"].strip()
        if not is_other_drawing(words):
            yield Wish(_CHINESE_NOUN.sub("", words), Firmness.DRAW)
    else:
        for start in dict.fromkeys((rest, clause)):
            yield from _chinese_seen(start, is_led=start != clause)


def _chinese_seen(start: str, *, is_led: bool) -> Iterator[Wish]:
    ended = _CHINESE_END.sub("", start)
    if match := _LOOKS_CHINESE.match(ended):
        yield Wish(match["words"], Firmness.SEE)
    if match := _SEEN_CHINESE.match(start):
        yield Wish(match["words"], Firmness.SEE)
    if match := _NOUN_CHINESE.match(ended):
        asked = match["head"] or is_led
        yield Wish(match["words"], Firmness.PICTURE if asked else Firmness.NAMED)
