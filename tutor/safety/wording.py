"""Concerns in words that no rule names: what pieces of words weigh, learnt from example lines.

A multinomial logistic regression over runs of letters and Chinese characters, kept as plain numbers
in `wording.json`, which `python -m benchmarks.concern_training` makes. Knows nothing of the rules
and needs no library.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

MODEL_FILE = "wording.json"
_CHINESE = re.compile("[\u4e00-\u9fff]")
_RUN = re.compile(r"[a-z]+|[\u4e00-\u9fff]+")
_CHINESE_SIZES = (1, 2, 3)
_LETTER_SIZES = (2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class Wording:
    """The model. `weights` has one number a kind for each piece, `scale` times what it counts."""

    kinds: tuple[str, ...]
    weights: Mapping[str, Sequence[int]]
    bias: tuple[float, ...]
    scale: float
    threshold_english: float
    threshold_chinese: float

    def kind(self, sentence: str) -> str | None:
        """The likeliest kind of concern, where some concern is likely enough.

        `sentence` as `tutor.pedagogy.normal_text` writes it.
        """
        odds = self.odds(sentence)
        chinese = _CHINESE.search(sentence) is not None
        if any_kind(odds) <= (self.threshold_chinese if chinese else self.threshold_english):
            return None
        return self.kinds[odds.index(max(odds))]

    def odds(self, sentence: str) -> tuple[float, ...]:
        """Log odds of each kind against no concern."""
        sums = [0.0] * len(self.kinds)
        for piece, value in piece_values(sentence, self.weights).items():
            for index, weight in enumerate(self.weights[piece]):
                sums[index] += value * weight
        return tuple(b + s / self.scale for b, s in zip(self.bias, sums, strict=True))


def any_kind(odds: Sequence[float]) -> float:
    """Log odds of any concern against none."""
    most = max(odds)
    return most + math.log(sum(math.exp(one - most) for one in odds))


def pieces(sentence: str) -> Counter[str]:
    """Its runs of one to three Chinese characters or two to five letters, with word borders."""
    return Counter(_pieces(sentence))


def _pieces(sentence: str) -> list[str]:
    """The same runs, each as often as it stands there."""
    found: list[str] = []
    for run in _RUN.findall(sentence):
        chinese = run[0] >= "\u4e00"
        padded = run if chinese else f" {run} "
        for size in _CHINESE_SIZES if chinese else _LETTER_SIZES:
            found += [padded[at : at + size] for at in range(len(padded) - size + 1)]
    return found


def piece_values(sentence: str, known: Container[str]) -> dict[str, float]:
    """The known pieces as a vector of length one; repetition counts by its logarithm."""
    counted = Counter([piece for piece in _pieces(sentence) if piece in known]).items()
    values = {piece: 1 + math.log(count) for piece, count in counted}
    length = math.sqrt(sum(value * value for value in values.values())) or 1.0
    return {piece: value / length for piece, value in values.items()}


@cache
def wording() -> Wording:
    """The model that is shipped."""
    source = resources.files("tutor.safety").joinpath(MODEL_FILE).read_text(encoding="utf-8")
    data = json.loads(source)
    return Wording(
        kinds=tuple(data["kinds"]),
        weights=data["weights"],
        bias=tuple(data["bias"]),
        scale=data["scale"],
        threshold_english=data["threshold_english"],
        threshold_chinese=data["threshold_chinese"],
    )
