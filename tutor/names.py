"""Names in several languages, as courses, lessons and skills carry them."""

from collections.abc import Mapping

from tutor.language import Language

Names = Mapping[str, str]
"""A name by language code (`en`, `zh-CN`); at least one."""


def name_in(names: Names, language: Language) -> str:
    """The name in this language, else in English, else in whichever there is."""
    return (
        names.get(language.value) or names.get(Language.ENGLISH.value) or next(iter(names.values()))
    )
