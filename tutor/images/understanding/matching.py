"""From the words for one thing to a concept: by its name, else by what is typed, sounds or means
alike.
"""

from collections.abc import Callable, Sequence

from tutor.images.understanding.chinese_names import alike_in_chinese, han_part, named_in_chinese
from tutor.images.understanding.english_names import (
    alike_in_english,
    named_in_english,
    pinyin,
    whole_slip,
)
from tutor.images.understanding.even_text import has_chinese
from tutor.images.understanding.hits import PARTLY, Group, Hit, Match
from tutor.images.understanding.vocabulary import BUTTONS, Vocabulary

Similar = Callable[[str], Sequence[tuple[str, float]]]
"""English words to ids of concepts with their likeness in meaning (0 to 1), the nearest first."""
NEAR_IN_MEANING, AHEAD = 0.85, 0.08


def by_name(words: str, vocabulary: Vocabulary) -> Match:
    """What words name, without guessing."""
    if not words:
        return None
    if has_chinese(words):
        return named_in_chinese(han_part(words, vocabulary), vocabulary)
    found = named_in_english(words, vocabulary)
    if isinstance(found, Hit) and found.confidence == PARTLY:
        return whole_slip(words, vocabulary) or found
    return found


def by_likeness(words: str, vocabulary: Vocabulary, similar: Similar | None = None) -> Match:
    """What words that name nothing may mean: slips, sounds, then the meaning."""
    if has_chinese(words):
        return alike_in_chinese(words, vocabulary)
    return (
        alike_in_english(words, vocabulary)
        or pinyin(words, vocabulary)
        or _by_meaning(words, vocabulary, similar)
    )


def _by_meaning(words: str, vocabulary: Vocabulary, similar: Similar | None) -> Match:
    ranked = list(similar(words)) if similar is not None else []
    if not ranked:
        return None
    near = [concept for one, _ in ranked if (concept := vocabulary.concepts.get(one))]
    ahead = ranked[0][1] - (ranked[1][1] if len(ranked) > 1 else 0.0)
    if near and ranked[0][1] >= NEAR_IN_MEANING and ahead >= AHEAD:
        return Hit(near[0], ranked[0][1])
    offered = tuple(one for one in near if vocabulary.concepts.is_offered(one))
    return Group(words, offered[:BUTTONS], is_kind=False)
