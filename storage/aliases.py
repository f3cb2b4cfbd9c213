"""Aliases: what stands for a learner's name where a report shows none, such as `Blue Heron 7`."""

import random
from collections.abc import Set

COLOURS = (
    "Amber",
    "Blue",
    "Copper",
    "Golden",
    "Green",
    "Ivory",
    "Red",
    "Silver",
    "Violet",
    "White",
)
BIRDS = (
    "Crane",
    "Finch",
    "Heron",
    "Ibis",
    "Kingfisher",
    "Magpie",
    "Oriole",
    "Owl",
    "Robin",
    "Sparrow",
    "Swallow",
    "Wren",
)
NUMBERS = 99  # 11,880 aliases in all
TRIES = 20


def new_alias(taken: Set[str], rng: random.Random) -> str:
    """One that is not taken; beyond those that look well, the numbers go on."""
    for most in (NUMBERS, NUMBERS**2, NUMBERS**3):
        for _ in range(TRIES):
            alias = f"{rng.choice(COLOURS)} {rng.choice(BIRDS)} {rng.randint(1, most)}"
            if alias not in taken:
                return alias
    raise AssertionError(f"no alias is free beside {len(taken)}")
