"""English–Chinese vocabulary: word to meaning, meaning to word, pinyin; by choice or written.

Each kind of words is a generator like those of mathematics, so that practice has no end. Every
item carries the source and licence of the dictionary. Wrong choices are of the same kind, and
none of them has the meaning that is asked for.
"""

from collections.abc import Callable
from random import Random

from tutor.bank.dictionary import (
    ATTRIBUTION,
    LICENCE,
    SOURCE,
    Entry,
    Kind,
    entries,
    entry,
    kinds,
    meanings_of,
)
from tutor.bank.problem import (
    Generator,
    Problem,
    Text,
    both,
    choice_key,
    text_key,
)
from tutor.language import Language

PREFIX = "words-"


def _meaning(rng: Random, kind: Kind, asked: Entry) -> Problem:
    meaning = kind.words[asked.word]
    return Problem(
        both(
            "What does {w} ({p}) mean?", "“{w}”（{p}）用英语怎么说？", w=asked.word, p=asked.pinyin
        ),
        choice_key(rng, meaning, [kind.words[word] for word in _others(rng, kind, asked)]),
        _belongs(kind),
        both(
            "How many letters does the English expression have, spaces not counted?",
            "对应的英语有几个字母（空格不算）？",
        ),
        sum(letter.isalpha() for letter in meaning),
        both("{w} means {m}.", "“{w}”的英语是 {m}。", w=asked.word, m=meaning),
        ("meaning", asked.word, kind.key),
    )


def _word(rng: Random, kind: Kind, asked: Entry) -> Problem:
    meaning = kind.words[asked.word]
    return Problem(
        both(
            "Which Chinese word means “{m}”?",
            "哪个词的意思是 {m}？",
            m=meaning,
        ),
        choice_key(rng, asked.word, _others(rng, kind, asked)),
        both("It is pronounced {p}.", "它读作 {p}。", p=asked.pinyin),
        _characters(),
        len(asked.word),
        both(
            "{w} ({p}) means “{m}”.",
            "“{w}”（{p}）的意思是 {m}。",
            w=asked.word,
            p=asked.pinyin,
            m=meaning,
        ),
        ("word", asked.word, kind.key),
    )


def _pinyin(rng: Random, kind: Kind, asked: Entry) -> Problem:
    others = [entry(kind, word).pinyin for word in _others(rng, kind, asked)]
    tones = _wrong_tones(asked)
    rng.shuffle(tones)
    meaning = kind.words[asked.word]
    return Problem(
        both("How is {w} (“{m}”) pronounced?", "“{w}”（{m}）怎么读？", w=asked.word, m=meaning),
        choice_key(rng, asked.pinyin, tones[:2] + others),
        both(
            "Say the word aloud and listen: is the pitch of the first syllable high, rising, "
            "dipping or falling?",
            "把这个词读出来，听一听第一个音节的声调：是平、是扬、是曲，还是降？",
        ),
        both("How many syllables does the word have?", "这个词有几个音节？"),
        len(asked.pinyin.split()),
        both("{w} is pronounced {p}.", "“{w}”读作 {p}。", w=asked.word, p=asked.pinyin),
        ("pinyin", asked.word, kind.key),
    )


def _written(_: Random, kind: Kind, asked: Entry) -> Problem:
    meaning = kind.words[asked.word]
    answers = dict.fromkeys((asked.word, asked.traditional))
    return Problem(
        both(
            "Write the Chinese word for “{m}”. It is pronounced {p}.",
            "写出表示 {m} 的汉语词，它读作 {p}。",
            m=meaning,
            p=asked.pinyin,
        ),
        text_key(*answers),
        _belongs(kind),
        _characters(),
        len(asked.word),
        both("It is written {w}.", "写作“{w}”。", w=asked.word),
        ("written", asked.word, kind.key),
    )


Ask = Callable[[Random, Kind, Entry], Problem]
ASKS: tuple[Ask, ...] = (_meaning, _word, _pinyin, _written)


def _belongs(kind: Kind) -> Text:
    return both(
        "It belongs to the group “{e}”.",
        "它属于“{c}”这一类。",
        e=kind.names[Language.ENGLISH.value],
        c=kind.names[Language.CHINESE.value],
    )


def _characters() -> Text:
    return both("How many characters does the word have?", "这个词有几个字？")


def _others(rng: Random, kind: Kind, asked: Entry) -> list[str]:
    """Words of the kind that share no meaning or reading with the one that is asked for."""
    wanted = meanings_of(asked.word)
    others = [
        word
        for word in kind.words
        if not meanings_of(word) & wanted and entry(kind, word).pinyin != asked.pinyin
    ]
    rng.shuffle(others)
    return sorted(others, key=lambda word: len(word) != len(asked.word))  # those as long first


def _wrong_tones(asked: Entry) -> list[str]:
    """The reading with another tone on its first syllable, unless the word is also read so."""
    from pypinyin.contrib.tone_convert import to_normal, to_tone

    first, *rest = asked.pinyin.split()
    right = {one.pinyin for one in entries()[asked.word]}
    bare = to_normal(first).replace("ü", "v")
    wrong = [" ".join((to_tone(f"{bare}{tone}"), *rest)) for tone in (1, 2, 3, 4)]
    return [one for one in wrong if one not in right]


def _pose(rng: Random, kind: Kind) -> Problem:
    word = rng.choice(list(kind.words))
    return rng.choice(ASKS)(rng, kind, entry(kind, word))


def _holds(answer: str, ask: str, word: str, kind: str) -> bool:
    """Looks the answer up the other way round; pronunciation by a second dictionary, pypinyin."""
    meaning = kinds()[kind].words[word]
    if ask == "meaning":
        return any(answer in one.meanings for one in entries()[word])
    if ask == "pinyin":
        return _is_read(answer, word)
    simplified = [
        one
        for one, rows in entries().items()
        if any(answer in (row.word, row.traditional) for row in rows)
    ]
    return any(meaning in meanings_of(one) for one in simplified)


def _is_read(answer: str, word: str) -> bool:
    """Whether pypinyin reads it so; a neutral tone may be read with its full tone."""
    from pypinyin import Style, lazy_pinyin, pinyin

    syllables = answer.split()
    readings = pinyin(word, style=Style.TONE, heteronym=True)
    plain = lazy_pinyin(word)
    if len(syllables) != len(readings):
        return False
    return all(
        one in known or one == bare
        for one, known, bare in zip(syllables, readings, plain, strict=True)
    )


def _generator(kind: Kind) -> Generator:
    return Generator(
        PREFIX + kind.key,
        {
            Language.ENGLISH.value: f"Words: {kind.names[Language.ENGLISH.value]}",
            Language.CHINESE.value: f"词汇：{kind.names[Language.CHINESE.value]}",
        },
        lambda rng: _pose(rng, kind),
        _holds,
        source=SOURCE,
        licence=LICENCE,
        attribution=ATTRIBUTION,
    )


VOCABULARY = tuple(_generator(kind) for kind in kinds().values())
