"""Vocabulary out of CC-CEDICT: entries, licence, choices that can't also be right."""

from pypinyin import Style, pinyin
from pypinyin.contrib.tone_convert import to_normal

from tutor.bank.dictionary import entry, kinds, level_of, meanings_of
from tutor.bank.generators import GENERATORS, generate, recompute
from tutor.bank.vocabulary import VOCABULARY
from tutor.language import Language

WORDS = [(kind, word) for kind in kinds().values() for word in kind.words]


def test_every_word_of_the_list_has_its_meaning_in_the_dictionary() -> None:
    assert len(WORDS) >= 300
    assert all(kind.words[word] in entry(kind, word).meanings for kind, word in WORDS)


def test_readings_agree_with_a_second_dictionary_but_for_tones() -> None:
    for kind, word in WORDS:
        syllables = [to_normal(one) for one in entry(kind, word).pinyin.split()]
        known = pinyin(word, style=Style.NORMAL, heteronym=True)
        assert len(syllables) == len(known), word
        assert all(
            one.replace("ü", "v") in read for one, read in zip(syllables, known, strict=True)
        ), word


def test_words_of_each_kind_have_three_levels() -> None:
    for kind in kinds().values():
        levels = [level_of(kind, word) for word in kind.words]
        assert levels == sorted(levels) and set(levels) == {1, 2, 3}


def test_every_item_carries_licence_and_attribution() -> None:
    for maker in VOCABULARY:
        item = generate(maker.name, 2, Language.CHINESE)
        assert (item.source, item.licence) == ("CC-CEDICT", "CC BY-SA 4.0")
        assert "mdbg.net" in item.attribution


def test_no_wrong_choice_has_the_meaning_that_is_asked_for() -> None:
    for maker in VOCABULARY:
        for seed in range(20):
            item = generate(maker.name, seed, Language.ENGLISH)
            key = item.steps[0].answer
            assert recompute(item)
            if item.stem.startswith("Which Chinese word"):
                [right] = key.answers
                wrong = set(key.choices) - {right}
                assert not any(meanings_of(word) & meanings_of(right) for word in wrong)


def test_vocabulary_is_practised_like_all_else() -> None:
    assert {maker.name for maker in VOCABULARY} <= set(GENERATORS)
