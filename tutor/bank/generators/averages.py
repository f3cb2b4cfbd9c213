"""What a list of numbers says: mean, median, range."""

import statistics
from fractions import Fraction
from random import Random

from tutor.bank.problem import (
    Problem,
    both,
    choice_key,
    decimal,
    generator,
    number,
    number_key,
)


def _listed(values: list[int]) -> str:
    return ", ".join(map(str, values))


def _mean(rng: Random) -> Problem:
    count = rng.randint(4, 6)
    values = [rng.randint(2, 30) for _ in range(count)]
    values[-1] += -sum(values) % count
    total = sum(values)
    shown = {"v": _listed(values), "n": count, "s": total, "k": total // count}
    return Problem(
        both(
            "What is the mean of these numbers: {v}?",
            "{v} 这组数的平均数是多少？",
            **shown,
        ),
        number_key(Fraction(total, count)),
        both(
            "Imagine that everything is shared out equally: add up, then divide by how many there "
            "are.",
            "想象把它们平均分：先求总和，再除以个数。",
        ),
        both("What is the sum of the numbers?", "这组数的总和是多少？"),
        total,
        both("{s} ÷ {n} = {k}.", "{s} ÷ {n} = {k}。", **shown),
        (tuple(values),),
    )


def _is_mean(answer: str, values: tuple[int, ...]) -> bool:
    """The differences from the mean cancel out."""
    return sum(value - number(answer) for value in values) == 0


def _median(rng: Random) -> Problem:
    values = rng.sample(range(3, 60), rng.choice((5, 6, 7)))
    key = Fraction(statistics.median(values))
    middle = Fraction(values[len(values) // 2])
    ordered = sorted(values)
    mean = Fraction(round(statistics.mean(values)))
    wrong = (middle, mean, Fraction(ordered[-1] - ordered[0]), key + 1, key - 1, key + 3)
    shown = {"v": _listed(values), "o": _listed(ordered), "k": decimal(key)}
    return Problem(
        both("What is the median of these numbers: {v}?", "{v} 这组数的中位数是多少？", **shown),
        choice_key(rng, decimal(key), map(decimal, wrong)),
        both(
            "The median stands in the middle, but only after the numbers were put in order.",
            "中位数是排在正中间的数，但要先把数从小到大排好。",
        ),
        both("What is the smallest of the numbers?", "这组数中最小的是多少？"),
        ordered[0],
        both(
            "In order: {o}. The middle is {k}.",
            "从小到大排列：{o}。正中间是 {k}。",
            **shown,
        ),
        (tuple(values),),
    )


def _is_median(answer: str, values: tuple[int, ...]) -> bool:
    """As many are smaller as are larger, and it lies midway between its neighbours."""
    middle = number(answer)
    below = [value for value in values if value < middle]
    above = [value for value in values if value > middle]
    if len(values) % 2:
        return middle in values and len(below) == len(above)
    return len(below) == len(above) and max(below) + min(above) == 2 * middle


def _range(rng: Random) -> Problem:
    values = rng.sample(range(-12, 40), 6)
    low, high = min(values), max(values)
    shown = {
        "v": ", ".join(str(v).replace("-", "−") for v in values),
        "h": high,
        "l": low,
        "k": high - low,
    }
    return Problem(
        both(
            "At noon the temperatures of six days were {v} (in °C). By how many degrees do the "
            "warmest and the coldest day differ?",
            "六天中午的气温分别是 {v}（单位：°C）。最热和最冷的一天相差多少度？",
            **shown,
        ),
        number_key(high - low),
        both(
            "Look for the largest and the smallest value. Mind the signs.",
            "先找最大值和最小值，注意正负号。",
        ),
        both("What is the lowest temperature?", "最低气温是多少？"),
        low,
        both("{h} − ({l}) = {k} degrees.", "{h} − ({l}) = {k} 度。", **shown),
        (tuple(values),),
    )


AVERAGES = (
    generator("mean", "Mean", "平均数", _mean, _is_mean),
    generator("median", "Median", "中位数", _median, _is_median),
    generator(
        "range",
        "Range",
        "极差",
        _range,
        lambda answer, values: int(answer) == max(a - b for a in values for b in values),
    ),
)
