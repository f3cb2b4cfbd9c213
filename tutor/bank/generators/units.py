"""Conversions of units. The key comes from pint, the check from a table of factors."""

from fractions import Fraction
from functools import cache
from random import Random
from typing import Any

from tutor.bank.problem import (
    Generator,
    Number,
    Problem,
    Text,
    both,
    decimal,
    decimal_key,
    generator,
    number,
)

LENGTH = (
    ("km", "m"),
    ("m", "cm"),
    ("cm", "mm"),
    ("m", "mm"),
    ("cm", "m"),
    ("m", "km"),
    ("mm", "cm"),
)
MASS = (("kg", "g"), ("t", "kg"), ("g", "mg"), ("g", "kg"), ("kg", "t"))
TIME = (("h", "min"), ("min", "s"), ("h", "s"), ("day", "h"))
SPEED = (("km/h", "m/s"), ("m/s", "km/h"))
AREA = (("m^2", "cm^2"), ("cm^2", "mm^2"), ("cm^2", "m^2"), ("km^2", "m^2"))
VOLUME = (("L", "mL"), ("mL", "L"), ("L", "cm^3"), ("m^3", "L"), ("cm^3", "mL"))

FACTORS = {
    "km": Fraction(1000),
    "m": Fraction(1),
    "cm": Fraction(1, 100),
    "mm": Fraction(1, 1000),
    "t": Fraction(1000000),
    "kg": Fraction(1000),
    "g": Fraction(1),
    "mg": Fraction(1, 1000),
    "day": Fraction(86400),
    "h": Fraction(3600),
    "min": Fraction(60),
    "s": Fraction(1),
    "km/h": Fraction(5, 18),
    "m/s": Fraction(1),
    "km^2": Fraction(1000000),
    "m^2": Fraction(1),
    "cm^2": Fraction(1, 10000),
    "mm^2": Fraction(1, 1000000),
    "m^3": Fraction(1000),
    "L": Fraction(1),
    "mL": Fraction(1, 1000),
    "cm^3": Fraction(1, 1000),
}
"""How many of the base unit of its kind one of it is; independent of pint."""

CHINESE = {
    "km": "千米",
    "m": "米",
    "cm": "厘米",
    "mm": "毫米",
    "t": "吨",
    "kg": "千克",
    "g": "克",
    "mg": "毫克",
    "day": "天",
    "h": "小时",
    "min": "分钟",
    "s": "秒",
    "km/h": "千米/时",
    "m/s": "米/秒",
    "km^2": "平方千米",
    "m^2": "平方米",
    "cm^2": "平方厘米",
    "mm^2": "平方毫米",
    "m^3": "立方米",
    "L": "升",
    "mL": "毫升",
    "cm^3": "立方厘米",
}
RAISED = {"^2": "²", "^3": "³"}
SPELT_OUT = {"day": "days", "h": "hours", "min": "minutes", "s": "seconds"}


@cache
def _registry() -> Any:
    """pint, loaded when the first conversion is asked for; exact with fractions."""
    import pint

    return pint.UnitRegistry(non_int_type=Fraction)


def converted(amount: Number, unit: str, target: str) -> Fraction:
    """The amount in another unit, exactly."""
    registry = _registry()
    return Fraction(registry.Quantity(Fraction(amount), unit).to(target).magnitude)


def english(unit: str) -> str:
    if unit in SPELT_OUT:
        return SPELT_OUT[unit]
    for plain, raised in RAISED.items():
        unit = unit.replace(plain, raised)
    return unit


def _amount(rng: Random, unit: str, target: str) -> Fraction:
    """One whose conversion ends after a few digits."""
    if unit == "km/h":
        return Fraction(18 * rng.randint(1, 8))
    return (
        Fraction(rng.randint(12, 95), 10)
        if converted(1, unit, target) > 1
        else Fraction(rng.randint(12, 990))
    )


def _conversion(rng: Random, pairs: tuple[tuple[str, str], ...]) -> Problem:
    unit, target = rng.choice(pairs)
    amount = _amount(rng, unit, target)
    key = converted(amount, unit, target)
    larger, smaller = (unit, target) if converted(1, unit, target) > 1 else (target, unit)
    factor = converted(1, larger, smaller)
    grows = larger == unit
    values = {"n": decimal(amount), "u": english(unit), "t": english(target), "v": CHINESE[unit],
              "w": CHINESE[target], "k": decimal(key), "f": decimal(factor),
              "sign": "×" if grows else "÷"}  # fmt: skip
    return Problem(
        both("Convert {n} {u} to {t}.", "把 {n} {v}换算成{w}。", **values),
        decimal_key(key),  # no unit: the amount as it was given would be right as well
        _direction(grows),
        both(
            "How many {s} make 1 {l}?",
            "1 {L}等于多少{S}？",
            s=english(smaller),
            l=english(larger).removesuffix("s") if larger in SPELT_OUT else english(larger),
            L=CHINESE[larger],
            S=CHINESE[smaller],
        ),
        factor,
        both(
            "{n} {sign} {f} = {k}, so {k} {t}.", "{n} {sign} {f} = {k}，所以是 {k} {w}。", **values
        ),
        (amount, unit, target),
    )


def _direction(grows: bool) -> Text:
    if grows:
        return both(
            "The new unit is smaller, so you need more of them: multiply.",
            "新的单位更小，所以数目会变大：用乘法。",
        )
    return both(
        "The new unit is larger, so you need fewer of them: divide.",
        "新的单位更大，所以数目会变小：用除法。",
    )


def _is_converted(answer: str, amount: Fraction, unit: str, target: str) -> bool:
    """By the table of factors: both must be the same amount of the base unit."""
    return number(answer) * FACTORS[target] == amount * FACTORS[unit]


def _of(name: str, title: str, chinese: str, pairs: tuple[tuple[str, str], ...]) -> Generator:
    return generator(name, title, chinese, lambda rng: _conversion(rng, pairs), _is_converted)


UNITS = (
    _of("length-units", "Units of length", "长度单位换算", LENGTH),
    _of("mass-units", "Units of mass", "质量单位换算", MASS),
    _of("time-units", "Units of time", "时间单位换算", TIME),
    _of("speed-units", "Units of speed", "速度单位换算", SPEED),
    _of("area-units", "Units of area", "面积单位换算", AREA),
    _of("volume-units", "Units of volume", "体积单位换算", VOLUME),
)
