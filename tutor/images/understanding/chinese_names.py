"""Chinese words for one thing, the end of which says what it is: 会飞的小猪."""

import re
from collections.abc import Iterator

from tutor.images.understanding.english_names import COLOURS, group_of
from tutor.images.understanding.even_text import HAN
from tutor.images.understanding.hits import (
    DESCRIBED,
    EXACT,
    PARTLY,
    SECOND_SLIP,
    SLIP,
    Group,
    Hit,
    Match,
)
from tutor.images.understanding.vocabulary import Vocabulary

_COLOUR_NAMES = dict(
    zip(
        "红黄蓝绿黑白粉紫橙灰棕",
        [
            "red",
            "yellow",
            "blue",
            "green",
            "black",
            "white",
            "pink",
            "purple",
            "orange",
            "gray",
            "brown",
        ],
        strict=True,
    )
)
_COLOUR = re.compile(r"^[红黄蓝绿黑白粉紫橙灰棕]色?的?(?=.)")
_PLAIN = re.compile(
    r"^(?:很|非常|超级|超|特别|真的|最)*(?:大大|小小|巨大|圆圆|胖胖|长长|高高|大|小|胖|圆|可爱|漂亮|美丽|好看|卡通|"
    r"q版|真正|真实|萌|酷|帅|真|肥|普通|简单|超级)(?:的)?"
)
_TELLING = re.compile(
    r"^(?:红|黄|蓝|绿|黑|白|粉|紫|橙|灰|棕|花|彩|金|银|老|新|旧|高|长|短|七彩|五彩|彩虹|生日|宝宝|婴儿|愤怒|生气)色?(?:的)?"
)
_KIN = "爸妈爷奶哥姐弟妹叔姑舅婆公娃宝"
_DOING = "在正穿戴骑吃喝拿抱踢飞跑睡坐站喷爆唱跳玩游打追看爬躺晒落升开做给送很跟被"


def named_in_chinese(words: str, vocabulary: Vocabulary) -> Match:
    words = _once(words, vocabulary)
    if concept := vocabulary.named(words):
        return _uncoloured(words, vocabulary) or Hit(concept, EXACT)
    if group := group_of(words, vocabulary):
        return group
    return _head(words, vocabulary) or _end(words, vocabulary)


def _head(words: str, vocabulary: Vocabulary) -> Match:
    """What is described: after 的, or after words for size, looks and colour."""
    before, of, head = words.rpartition("的")
    for pattern, told in ((_PLAIN, False), (_TELLING, True)):
        described = pattern.match(words)
        if described and described.end() < len(words):
            found = named_in_chinese(words[described.end() :], vocabulary)
            return _recoloured(words, _with(found, described.group() if told else ""))
    if of and head:
        plain = _PLAIN.fullmatch(before) is not None
        return _with(named_in_chinese(head, vocabulary), "" if plain else before)
    return None


def _uncoloured(words: str, vocabulary: Vocabulary) -> Hit | None:
    """The thing in a colour that isn't offered, where the thing itself is."""
    colour = _COLOUR.match(words)
    concept, whole = (
        vocabulary.named(words[colour.end() :]) if colour else None,
        vocabulary.named(words),
    )
    if colour is None or concept is None or whole is None:
        return None
    offered = vocabulary.concepts.is_offered
    if offered(whole) or not offered(concept) or COLOURS.intersection(concept.id.split("-")):
        return None
    return Hit(concept, DESCRIBED, (colour.group(),))


def _recoloured(words: str, found: Match) -> Match:
    """A thing of one colour that is asked for in another can't be had."""
    if not isinstance(found, Hit) or words[0] not in _COLOUR_NAMES:
        return found
    own = COLOURS.intersection(found.concept.id.split("-"))
    if own and _COLOUR_NAMES[words[0]] not in own:
        return Group(words, (found.concept,), is_kind=False)
    return found


def _with(found: Match, before: str) -> Match:
    if not isinstance(found, Hit):
        return found
    left = (before, *found.left) if before else found.left
    return Hit(found.concept, min(found.confidence, DESCRIBED), left)


def _end(words: str, vocabulary: Vocabulary) -> Match:
    """A thing at the end ("消防" 汽车), or at the beginning with what it does (火车 开了)."""
    for start in range(1, len(words) - 1):
        if concept := vocabulary.named(words[start:]):
            return Hit(concept, PARTLY, (words[:start],))
    for end in range(len(words) - 1, 0, -1):
        if words[end] in _DOING and (concept := vocabulary.named(words[:end])):
            return Hit(concept, DESCRIBED, (words[end:],))
    return None


def alike_in_chinese(words: str, vocabulary: Vocabulary) -> Match:
    for part, left in _parts(words):
        if found := vocabulary.typed_like(part):
            return Hit(found[0], SLIP if found[1] == 1 else SECOND_SLIP, left)
        if concept := vocabulary.sounding_like(part) if len(part) > 1 else None:
            return Hit(concept, SLIP, left)
    return None


def _parts(words: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The words, then without what describes."""
    yield words, ()
    before, of, head = words.rpartition("的")
    if of and head:
        yield head, (before,)
    described = _PLAIN.match(words)
    if described and described.end() < len(words):
        yield words[described.end() :], ()


def _once(words: str, vocabulary: Vocabulary) -> str:
    """飞机飞机飞机 and 兔兔 say it once, unless that is the name."""
    if words[0] in _KIN:
        return words
    for size in range(1, len(words) // 2 + 1):
        if words == words[:size] * (len(words) // size) and not vocabulary.named(words):
            return words[:size]
    return words


def han_part(words: str, vocabulary: Vocabulary) -> str:
    """A Latin word among Chinese ones belongs to a name (T恤), or says nothing."""
    if vocabulary.named(words) or vocabulary.named(words.replace(" ", "")):
        return words if vocabulary.named(words) else words.replace(" ", "")
    return "".join(HAN.findall(words)) if re.search(r"[a-z]", words) else words
