"""Kinds of texts, what is asked of a model for each, and whether it may try."""

import pytest

from tutor.engine.profiles import UNKNOWN, profile_for
from tutor.language import Language
from tutor.writing.kinds import FORMS, LONGEST_WORDS, Kind, kind_in
from tutor.writing.prompts import headings_of, part_prompt, parts_for, plan_prompt, whole_prompt
from tutor.writing.request import is_fit, write_request


@pytest.mark.parametrize(
    ("brief", "kind"),
    [
        ("a poem about autumn", Kind.POEM),
        ("写一首关于秋天的诗", Kind.POEM),
        ("e-mail to my landlord about the heating", Kind.EMAIL),
        ("请帮我写一封邮件给房东", Kind.EMAIL),
        ("a blog post on code review", Kind.BLOG_POST),
        ("lecture outline: photosynthesis", Kind.LECTURE_OUTLINE),
        ("a song for my class", Kind.SONG),
        ("adapting to change", None),
        ("something nice", None),
    ],
)
def test_kind_is_read_from_the_request(brief: str, kind: Kind | None) -> None:
    assert kind_in(brief) is kind


def test_every_kind_is_briefed_in_both_languages() -> None:
    assert set(FORMS) == set(Kind)
    for form in FORMS.values():
        assert set(form.brief) == {language.value for language in Language}
        assert 0 < form.words <= LONGEST_WORDS


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", Kind)
def test_prompt_holds_what_is_wanted(kind: Kind, language: Language) -> None:
    request = write_request(kind, "the moon 月亮", language)
    plan = ["Beginning", "End"]
    for prompt in (whole_prompt(request), plan_prompt(request), part_prompt(request, plan, 2)):
        assert "the moon 月亮" in prompt
        assert FORMS[kind].brief[language.value] in prompt


def test_length_is_kept_within_bounds() -> None:
    assert write_request(Kind.POEM, "x", Language.ENGLISH, words=9_999_999).words == LONGEST_WORDS
    assert write_request(Kind.POEM, "x", Language.ENGLISH, words=1).words == 20
    assert parts_for(write_request(Kind.ARTICLE, "x", Language.ENGLISH, words=3000)) == 8


def test_plan_is_read_however_the_model_lists_it() -> None:
    request = write_request(Kind.ARTICLE, "x", Language.CHINESE)
    assert headings_of("1. **One**\n2) Two\n- Three", request) == ["One", "Two", "Three"]
    assert headings_of("1、引言：\n2、结论", request) == ["引言", "结论"]
    assert headings_of("Once upon a time", request) == []


@pytest.mark.parametrize(
    ("model", "kind", "language", "fit"),
    [
        ("embedded", Kind.POEM, Language.ENGLISH, False),
        ("HuggingFaceTB/SmolLM2-135M-Instruct", Kind.POEM, Language.ENGLISH, False),
        ("meta-llama/Llama-3.2-1B-Instruct", Kind.POEM, Language.ENGLISH, True),
        ("meta-llama/Llama-3.2-1B-Instruct", Kind.POEM, Language.CHINESE, False),
        ("meta-llama/Llama-3.2-1B-Instruct", Kind.SONG, Language.ENGLISH, False),
        ("Qwen/Qwen3-4B-Instruct-2507", Kind.SONG, Language.CHINESE, True),
        ("google/gemma-2-9b-it", Kind.STORY, Language.CHINESE, False),
    ],
)
def test_model_writes_only_what_it_is_fit_for(
    model: str, kind: Kind, language: Language, fit: bool
) -> None:
    assert is_fit(profile_for(model), write_request(kind, "x", language)) is fit


def test_model_that_nobody_described_may_try() -> None:
    assert is_fit(UNKNOWN, write_request(Kind.SONG, "x", Language.CHINESE))
