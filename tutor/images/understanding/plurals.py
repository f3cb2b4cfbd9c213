"""From an English plural to what may be its singular. Knows no dictionary."""

from collections.abc import Iterator

_IRREGULAR = {
    "mice": "mouse",
    "geese": "goose",
    "teeth": "tooth",
    "feet": "foot",
    "oxen": "ox",
    "cacti": "cactus",
    "octopi": "octopus",
    "dice": "die",
    "men": "man",
    "women": "woman",
    "children": "child",
    "loaves": "loaf",
    "sheeps": "sheep",
    "fishies": "fish",
    "mouses": "mouse",
    "gooses": "goose",
}
_SHORTEST = 3


def forms(words: str) -> Iterator[str]:
    """The words as they are, then with the last one in the singular, the likeliest first."""
    yield words
    before, _, last = words.rpartition(" ")
    start = f"{before} " if before else ""
    for one in _singulars(last):
        yield start + one


def _singulars(word: str) -> Iterator[str]:
    if word in _IRREGULAR:
        yield _IRREGULAR[word]
    if len(word) <= _SHORTEST or not word.endswith(("s", "z")) or word.endswith("ss"):
        return
    if word.endswith("ies"):
        yield word[:-3] + "y"
    if word.endswith("ves"):
        yield word[:-3] + "f"
        yield word[:-3] + "fe"
    yield word[:-1]
    if word.endswith("es"):
        yield word[:-2]
