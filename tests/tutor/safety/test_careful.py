"""The fixed answers: where to turn, in each language and country, with a source for each number."""

import re

import pytest

from tutor.language import Language
from tutor.safety.careful import careful_answer
from tutor.safety.concern import Concern
from tutor.safety.helplines import DIRECTORY, help_in, known_countries


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("concern", list(Concern))
def test_every_concern_is_answered_without_a_country(concern: Concern, language: Language) -> None:
    answer = careful_answer(concern, language)
    assert answer
    assert ("112" in answer) is (concern is not Concern.LEGAL)


@pytest.mark.parametrize(
    ("country", "number"),
    [("US", "988"), ("gb", "116 123"), ("CN", "12356"), ("TW", "1925"), ("AU", "13 11 14")],
)
def test_the_country_names_its_own_helpline(country: str, number: str) -> None:
    assert number in careful_answer(Concern.SELF_HARM, Language.ENGLISH, country)


def test_an_unknown_country_gets_the_international_directory() -> None:
    answer = careful_answer(Concern.SELF_HARM, Language.ENGLISH, "XX")
    assert DIRECTORY in answer
    assert not re.search(r"\*\*\d", answer)


def test_every_number_has_a_source_a_name_in_each_language_and_an_emergency_number() -> None:
    for country in known_countries():
        found = help_in(country)
        assert found.emergency
        for line in found.lines:
            assert line.source.startswith("https://")
            assert all(line.named(language) for language in Language)
            assert line.concerns


def test_who_is_told_is_said() -> None:
    assert "Ms Lee" in careful_answer(Concern.ABUSE, Language.ENGLISH, told="Ms Lee")
    assert "I'm telling" not in careful_answer(Concern.ABUSE, Language.ENGLISH)
