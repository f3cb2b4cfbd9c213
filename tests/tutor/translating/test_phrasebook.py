"""The dictionary's answers."""

import pytest

from tutor.language import Language
from tutor.translating.phrasebook import dictionary_answer

ENGLISH, CHINESE = Language.ENGLISH, Language.CHINESE


@pytest.mark.parametrize(
    ("phrase", "target", "expected"),
    [
        ("apple", CHINESE, "**苹果** (蘋果) píng guǒ"),
        ("Photosynthesis.", CHINESE, "**光合作用**"),
        ("to eat", CHINESE, "**吃**"),
        ("苹果", ENGLISH, "apple"),
        ("長", ENGLISH, "cháng"),
        ("光合作用", ENGLISH, "photosynthesis"),
    ],
)
async def test_words_are_looked_up_both_ways(phrase: str, target: Language, expected: str) -> None:
    answer = await dictionary_answer(ENGLISH, phrase, target)
    assert answer is not None
    assert expected in answer


@pytest.mark.parametrize("reader", Language)
async def test_the_dictionary_is_named_with_its_licence(reader: Language) -> None:
    answer = await dictionary_answer(reader, "dog", CHINESE)
    assert answer is not None
    assert "CC-CEDICT" in answer
    assert "CC BY-SA 4.0" in answer


async def test_everyday_words_come_first() -> None:
    answer = await dictionary_answer(ENGLISH, "dog", CHINESE)
    assert answer is not None
    assert answer.startswith("- **狗**")


@pytest.mark.parametrize(
    ("phrase", "target"),
    [
        ("apple", ENGLISH),
        ("qwzxy", CHINESE),
        ("the quick brown fox jumps", CHINESE),
        ("今天天气很好我们去公园吧", ENGLISH),
        ("", CHINESE),
        ("x = 3", CHINESE),
    ],
)
async def test_what_is_no_entry_has_no_answer(phrase: str, target: Language) -> None:
    assert await dictionary_answer(ENGLISH, phrase, target) is None
