"""Picture naming: for each thing that can be drawn, questions whose picture is drawn when asked.

The answer is the word in the reader's own language, or in the other one. Knows labels only; which
picture belongs to a question is in the item's family, and drawing it is `tutor.images`' business.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from itertools import groupby

from tutor.bank.item import AnswerKey, AnswerType, Course, Hint, HintKind, Item, Lesson, Skill, Step
from tutor.bank.problem import Text, both
from tutor.grading.equivalence import says_key
from tutor.images.concepts import Concept, Concepts
from tutor.language import Language
from tutor.names import Names

PREFIX = "picture"
FEWEST = 4
"""Things of a category that has a skill of its own; smaller ones go together. Those known by name
count as well: a thing keeps its skill, and so its mastery, when more can be drawn."""
REST = "things"
SOURCE, LICENCE = "Daoshi", "Apache-2.0"
VERSION = 1  # of how the questions are put; a change brings stored items up to date

CATEGORIES: Mapping[str, Text] = {
    "animals": Text("animals", "动物"),
    "plants": Text("plants", "植物"),
    "food": Text("food", "食物"),
    "weather": Text("weather", "天气"),
    "geography": Text("geography", "地理"),
    "transport": Text("transport", "交通"),
    "tools": Text("tools", "工具"),
    "science": Text("science", "科学"),
    "sport": Text("sport", "运动"),
    "music": Text("music", "音乐"),
    "home": Text("home", "家居"),
    "clothes": Text("clothes", "衣物"),
    "school": Text("school", "学校"),
    "places": Text("places", "场所"),
    "toys": Text("toys", "玩具"),
    "technology": Text("technology", "科技"),
    "space": Text("space", "太空"),
    "shapes": Text("shapes", "形状"),
    "symbols": Text("symbols", "符号"),
    REST: Text("things", "物品"),
}
_LESSONS = {
    False: Text("Pictures", "看图识物"),
    True: Text("Pictures: words in Chinese", "看图学英语"),
}
_QUESTION = both("What does the picture show? Write the word.", "图里画的是什么？请写出这个词。")
_ABROAD = both(
    "What is this called in Chinese? Write the word.", "图里画的东西用英语怎么说？请写出这个词。"
)


def with_pictures(course: Course, concepts: Concepts) -> Course:
    """The course with two lessons more, one in the reader's own language, one in the other."""
    things = _by_category(concepts)
    if not things:
        return course
    skills = [_skill(category, abroad=abroad) for abroad in (False, True) for category in things]
    lessons = [
        Lesson(_lesson(abroad), _names(_LESSONS[abroad]), _keys(things, abroad))
        for abroad in (False, True)
    ]
    taken = _ambiguous(concepts.offered)
    items = [
        item
        for category, members in things.items()
        for concept in members
        for item in _items(concept, category, taken)
    ]
    return replace(
        course,
        lessons=(*course.lessons, *lessons),
        skills=(*course.skills, *skills),
        items=(*course.items, *items),
    )


def pictures_digest(concepts: Concepts) -> str:
    """Changes with what is offered and with how it is asked for, and with nothing else."""
    skills = {one.id: name for name, all_ in _by_category(concepts).items() for one in all_}
    asked = json.dumps([VERSION, [asdict(one) for one in concepts.offered], skills])
    return hashlib.sha256(asked.encode()).hexdigest()[:32]


def concept_of(item: Item) -> str | None:
    """The thing whose picture a question needs; None where it needs none."""
    kind, _, rest = item.family.partition(":")
    return rest.rpartition(":")[0] if kind == PREFIX and rest else None


def item_keys(concept_id: str, reader: Language) -> tuple[str, ...]:
    """The questions about a thing that somebody with this language is asked, the own word first."""
    targets = sorted(Language, key=lambda target: target is not reader)
    return tuple(_key(concept_id, target, reader) for target in targets)


def in_other_words(item: Item, concept: Concept) -> str:
    """Names the thing of a question in the language that is not asked for: where no picture can be
    drawn, it is a question all the same."""
    target = Language(item.family.rpartition(":")[2])
    return _in_the_other(concept, target).said_in(Language(item.language))


def _by_category(concepts: Concepts) -> dict[str, list[Concept]]:
    """Those offered that have a word to be named by, in their categories."""
    named = [one for one in concepts.offered if _can_be_named(one)]
    counted = Counter(one.category for one in (*named, *filter(_can_be_named, concepts.known)))

    def category(one: Concept) -> str:
        known = one.category in CATEGORIES and counted[one.category] >= FEWEST
        return one.category if known else REST

    ordered = sorted(named, key=category)
    return {name: list(members) for name, members in groupby(ordered, category)}


def _can_be_named(concept: Concept) -> bool:
    in_both = any(letter.isalpha() for letter in concept.en) and bool(concept.zh.strip())
    return in_both and not concept.is_digit


def _ambiguous(concepts: Sequence[Concept]) -> frozenset[str]:
    """Words that stand for several things, and so name none of them."""
    words = [word for one in concepts for word in {_even(word) for word in _words(one)}]
    return frozenset(word for word, count in Counter(words).items() if count > 1)


def _words(concept: Concept) -> tuple[str, ...]:
    return (concept.en, concept.zh, *concept.tags_en, *concept.tags_zh)


def _even(word: str) -> str:
    return " ".join(word.casefold().split())


def _items(concept: Concept, category: str, taken: frozenset[str]) -> Iterator[Item]:
    for target in Language:
        for reader in Language:
            abroad = target is not reader
            yield Item(
                key=_key(concept.id, target, reader),
                stem=(_ABROAD if abroad else _QUESTION).said_in(reader),
                steps=(_step(concept, category, target, reader, taken),),
                language=reader.value,
                lesson=_lesson(abroad),
                family=_family(concept.id, target),
                source=SOURCE,
                licence=LICENCE,
            )


def _step(
    concept: Concept, category: str, target: Language, reader: Language, taken: frozenset[str]
) -> Step:
    key = AnswerKey(AnswerType.TEXT, _answers(concept, target, taken))
    skill = _skill_key(category, abroad=target is not reader)
    return Step("1", "", key, tuple(_hints(concept, category, key, target, reader)), (skill,))


def _answers(concept: Concept, target: Language, taken: frozenset[str]) -> tuple[str, ...]:
    """The label, and its other words as far as they mean nothing else."""
    tags = concept.tags_zh if target is Language.CHINESE else concept.tags_en
    others = [tag for tag in tags if _even(tag) not in taken]
    return tuple(dict.fromkeys((concept.named(target), *others)))


def _hints(
    concept: Concept, category: str, key: AnswerKey, target: Language, reader: Language
) -> Iterator[Hint]:
    """Its group, its first letter or length, its name in the other language, then the word."""
    group = CATEGORIES[category]
    early = (
        both("It is one of: {e}.", "它属于：{c}。", e=group.english, c=group.chinese),
        _shape(concept, target),
        _in_the_other(concept, target),
    )
    for text in early:
        said = text.said_in(reader)
        if not says_key(key, said):
            yield Hint(HintKind.HINT, said)
    word = concept.named(target)
    yield Hint(HintKind.BOTTOM_OUT, both("It is “{w}”.", "是“{w}”。", w=word).said_in(reader))


def _shape(concept: Concept, target: Language) -> Text:
    word = concept.named(target)
    if target is Language.CHINESE:
        count = sum(map(str.isalnum, word))
        characters = "one character" if count == 1 else f"{count} characters"
        return both("The word has {c}.", "这个词有 {n} 个字。", c=characters, n=count)
    return both(
        "It begins with the letter {f} and has {n} letters.",
        "这个英语词以字母 {f} 开头，一共有 {n} 个字母。",
        f=next(letter for letter in word if letter.isalpha()).upper(),
        n=sum(map(str.isalpha, word)),
    )


def _in_the_other(concept: Concept, target: Language) -> Text:
    if target is Language.CHINESE:
        return both("In English it is “{w}”.", "它的英语是“{w}”。", w=concept.en)
    return both("In Chinese it is “{w}”.", "它的汉语是“{w}”。", w=concept.zh)


def _skill(category: str, *, abroad: bool) -> Skill:
    group = CATEGORIES[category]
    name = (
        both("Vocabulary in Chinese: {e}", "英语词汇：{c}", e=group.english, c=group.chinese)
        if abroad
        else both("Vocabulary: {e}", "词汇：{c}", e=group.english, c=group.chinese)
    )
    return Skill(_skill_key(category, abroad=abroad), _names(name))


def _keys(things: Mapping[str, Sequence[Concept]], abroad: bool) -> tuple[str, ...]:
    return tuple(_skill_key(category, abroad=abroad) for category in things)


def _skill_key(category: str, *, abroad: bool) -> str:
    return f"{_lesson(abroad)}-{category}"


def _lesson(abroad: bool) -> str:
    return "pictures-abroad" if abroad else "pictures"


def _family(concept_id: str, target: Language) -> str:
    return f"{PREFIX}:{concept_id}:{target.value}"


def _key(concept_id: str, target: Language, reader: Language) -> str:
    return f"{_family(concept_id, target)}:{reader.value}"


def _names(text: Text) -> Names:
    return {language.value: text.said_in(language) for language in Language}
