"""How a language is chosen."""

import pytest

from tutor.i18n import say
from tutor.language import Language, choose, detect, from_locale, go_on_in


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("What is gravity?", Language.ENGLISH),
        ("重力是什么？", Language.CHINESE),
        ("请解释 photosynthesis 这个词", Language.CHINESE),
        ("What does 你好 mean in English please?", Language.ENGLISH),
        ("3x + 5 = 20", None),
        ("🙂", None),
        ("", None),
    ],
)
def test_a_message_shows_its_language(text: str, language: Language | None) -> None:
    assert detect(text) is language


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("zh-TW", Language.CHINESE),
        ("zh_Hans_CN", Language.CHINESE),
        ("en-GB", Language.ENGLISH),
        ("de", None),
        (None, None),
    ],
)
def test_a_locale_falls_to_the_nearest_language(
    locale: str | None, language: Language | None
) -> None:
    assert from_locale(locale) is language


def test_a_setting_goes_before_the_message_and_the_message_before_the_locale() -> None:
    assert choose(Language.CHINESE, "What is gravity?", "en-US") is Language.CHINESE
    assert choose(None, "重力是什么？", "en-US") is Language.CHINESE
    assert choose(None, "5+5", "zh-TW") is Language.CHINESE
    assert choose(None, "5+5", None) is Language.ENGLISH


def test_an_unknown_sentence_is_said_in_english() -> None:
    assert say(Language.CHINESE, "No translation of {this}.", this="x") == "No translation of x."


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("3/4", Language.CHINESE),
        ("idk", Language.CHINESE),
        ("x = 5??", Language.CHINESE),
        ("可以给我提示吗", Language.CHINESE),
        ("please give me a hint", Language.ENGLISH),
    ],
)
def test_what_has_begun_in_chinese_goes_on_so_until_somebody_turns_to_english(
    text: str, language: Language
) -> None:
    assert go_on_in(Language.CHINESE, None, text) is language


def test_a_chosen_language_holds_whatever_has_begun_in_another() -> None:
    assert go_on_in(Language.CHINESE, Language.ENGLISH, "不会") is Language.ENGLISH
