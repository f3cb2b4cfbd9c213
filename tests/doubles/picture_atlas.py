"""Some things that can be drawn and some that can't, without any network: for tests of the rest."""

from collections.abc import Mapping
from pathlib import Path

from tutor.images.atlas import Atlas
from tutor.images.card import GeneratorCard, Source
from tutor.images.concepts import Concept, Concepts

STYLES = ("noto", "flat", "ink")
OFFERED = (
    Concept("volcano", "volcano", "火山", "geography", ("eruption", "mountain"), ("喷发",)),
    Concept("mountain", "mountain", "山", "geography", ("mountain",), ("高山",)),
    Concept("dog", "dog", "狗", "animals", ("puppy", "pet"), ("小狗",)),
    Concept("cat", "cat", "猫", "animals", ("kitten", "pet"), ("小猫",)),
    Concept("elephant", "elephant", "大象", "animals"),
    Concept("red-apple", "red apple", "红苹果", "food", ("apple",), ("苹果",)),
)
DIGITS = tuple(
    Concept(f"digit-{n}", f"handwritten {n}", f"手写的{n}", "digits", (str(n),), (str(n),))
    for n in range(10)
)
KNOWN = (Concept("unicorn", "unicorn", "独角兽", "animals"),)
SOURCE = {
    "name": "noto",
    "version": "1.2",
    "licence": "Apache-2.0",
    "attribution": "Google",
    "url": "https://example.org",
}


def a_card(
    name: str,
    concepts: tuple[Concept, ...],
    styles: tuple[str, ...],
    cells: Mapping[str, tuple[str, ...]] = {},
) -> GeneratorCard:
    """What a generator would say of itself."""
    ids = tuple(one.id for one in concepts)
    folder = Path("generators") / name
    return GeneratorCard(folder, name, "abc", "Apache-2.0", ids, styles, (Source(**SOURCE),), cells)


def an_atlas(cells: Mapping[str, tuple[str, ...]] = {}) -> Atlas:
    """Two generators, one for things and one for digits, and what they offer."""
    icons = a_card("icons-1", OFFERED, STYLES, cells)
    cards = (icons, a_card("digits-1", DIGITS, ("handwritten",)))
    return Atlas(Concepts((*OFFERED, *DIGITS), KNOWN), cards)
