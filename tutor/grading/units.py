"""Units of measurement by their English and Chinese names. Conversion is pint's.

Money is kept apart: currencies do not convert, but a dollar has a hundred cents.
"""

import re
from fractions import Fraction
from functools import lru_cache
from typing import Any

CURRENCY_SIGNS = {"$": "dollar", "€": "euro", "£": "pound_sterling", "¥": "yuan"}
_NAMES = {
    "m": "m meter meters metre metres 米 公尺",
    "cm": "cm centimeter centimeters centimetre centimetres 厘米 公分",
    "mm": "mm millimeter millimeters millimetre millimetres 毫米",
    "dm": "dm decimeter decimeters decimetre decimetres 分米",
    "km": "km kms kilometer kilometers kilometre kilometres 千米 公里",
    "um": "μm um micrometer micrometers 微米",
    "nm": "nm nanometer nanometers nanometre nanometres 纳米",
    "inch": "in inch inches 英寸",
    "foot": "ft foot feet 英尺",
    "yard": "yd yard yards 码",
    "mile": "mi mile miles 英里",
    "g": "g gram grams 克",
    "kg": "kg kgs kilo kilos kilogram kilograms 千克 公斤",
    "mg": "mg milligram milligrams 毫克",
    "0.5*kg": "斤",
    "0.05*kg": "两重",
    "tonne": "t ton tons tonne tonnes 吨",
    "pound": "lb lbs pound pounds 磅",
    "ounce": "oz ounce ounces 盎司",
    "s": "s sec secs second seconds 秒 秒钟",
    "ms": "ms millisecond milliseconds 毫秒",
    "minute": "min mins minute minutes 分钟",
    "hour": "h hr hrs hour hours 小时 钟头",
    "day": "day days 天 日",
    "week": "week weeks 周 星期",
    "month": "month months 个月",
    "year": "yr yrs year years 年",
    "l": "l L liter liters litre litres 升",
    "ml": "ml mL milliliter milliliters millilitre millilitres 毫升",
    "gallon": "gal gallon gallons 加仑",
    "quart": "quart quarts",
    "pint": "pint pints",
    "cup": "cup cups",
    "m**2": "m2 m^2 m² sqm 平方米 平米",
    "cm**2": "cm2 cm^2 cm² 平方厘米",
    "mm**2": "mm2 mm^2 mm² 平方毫米",
    "dm**2": "dm2 dm^2 dm² 平方分米",
    "km**2": "km2 km^2 km² 平方千米 平方公里",
    "foot**2": "ft2 ft^2 ft² sqft",
    "inch**2": "in2 in^2 in²",
    "hectare": "ha hectare hectares 公顷",
    "acre": "acre acres 英亩",
    "m**3": "m3 m^3 m³ 立方米",
    "cm**3": "cm3 cm^3 cm³ cc 立方厘米",
    "dm**3": "dm3 dm^3 dm³ 立方分米",
    "mm**3": "mm3 mm^3 mm³ 立方毫米",
    "foot**3": "ft3 ft^3 ft³",
    "m/s": "m/s mps 米/秒 米每秒",
    "m/s**2": "m/s2 m/s^2 m/s² 米/秒² 米每二次方秒 米每平方秒",
    "km/hour": "km/h kph kmh km/hr 公里/小时 千米/小时 千米/时 公里每小时 千米每小时 千米每时",
    "km/s": "km/s",
    "cm/s": "cm/s 厘米/秒",
    "m/minute": "m/min 米/分 米/分钟 米每分钟 米每分",
    "mile/hour": "mph mi/h",
    "foot/s": "ft/s fps",
    "g/cm**3": "g/cm3 g/cm^3 g/cm³ 克/立方厘米 克每立方厘米",
    "kg/m**3": "kg/m3 kg/m^3 kg/m³ 千克/立方米 千克每立方米",
    "N": "N newton newtons 牛 牛顿",
    "J": "J joule joules 焦 焦耳",
    "kJ": "kJ kilojoule kilojoules 千焦",
    "W": "W watt watts 瓦 瓦特",
    "kW": "kW kilowatt kilowatts 千瓦",
    "kW*hour": "kWh 度电 千瓦时",
    "V": "V volt volts 伏 伏特",
    "A": "A amp amps ampere amperes 安 安培",
    "ohm": "Ω ohm ohms 欧 欧姆",
    "Pa": "Pa pascal pascals 帕 帕斯卡",
    "kPa": "kPa 千帕",
    "Hz": "Hz hertz 赫兹 赫",
    "kHz": "kHz 千赫",
    "MHz": "MHz 兆赫",
    "cal": "cal calorie calories 卡路里",
    "kcal": "kcal 千卡 大卡",
    "mol": "mol mols mole moles 摩尔 摩",
    "mol/l": "mol/L mol/l",
    "C": "coulomb coulombs 库仑",
    "K": "K kelvin kelvins 开尔文",
    "degC": "°C ℃ celsius 摄氏度",
    "degF": "°F ℉ fahrenheit 华氏度",
    "degree": "° deg degree degrees 度",
    "radian": "rad radian radians 弧度",
    "byte": "B byte bytes 字节",
    "bit": "bit bits 比特",
    "kilobyte": "KB kB kilobyte kilobytes 千字节",
    "megabyte": "MB megabyte megabytes 兆字节",
    "gigabyte": "GB gigabyte gigabytes",
    "dollar": "dollar dollars usd USD buck bucks 美元 美金",
    "cent": "cent cents ¢ 美分",
    "yuan": "yuan rmb RMB CNY 元 块 块钱 元钱 人民币 圆",
    "jiao": "jiao 角 毛",
    "fen": "fen 分钱",
    "euro": "euro euros EUR 欧元",
    "pound_sterling": "GBP quid 英镑",
    "penny": "pence penny pennies 便士",
    "%": "% percent",
}
_UNIT_OF = {name: unit for unit, names in _NAMES.items() for name in names.split()}
_MONEY = {
    "dollar": ("dollar", Fraction(1)),
    "cent": ("dollar", Fraction(1, 100)),
    "yuan": ("yuan", Fraction(1)),
    "jiao": ("yuan", Fraction(1, 10)),
    "fen": ("yuan", Fraction(1, 100)),
    "euro": ("euro", Fraction(1)),
    "pound_sterling": ("pound_sterling", Fraction(1)),
    "penny": ("pound_sterling", Fraction(1, 100)),
}
_POWERS = {"square": 2, "sq": 2, "cubic": 3, "squared": 2, "cubed": 3}
_WORDS_OF = re.compile(
    r"\s?(?P<power>square|sq\.?|cubic)\s(?P<unit>[a-z]+)|"
    r"\s?(?P<base>[a-z]{2,}|m)\s(?P<after>squared|cubed)\b|"
    r"\s?(?P<top>[A-Za-z]+)\s?(?:per|/|a|an|every|each)\s?(?P<bottom>[A-Za-z]+)(?P<square>\s?squared|\^2|²|2)?(?![\w])"
)
_LONGEST = sorted(_UNIT_OF, key=len, reverse=True)
_LATIN = re.compile(
    r"\s?-?("
    + "|".join(re.escape(n) for n in _LONGEST if n.isascii() or n[0] in "μΩ°℃℉mcdkif")
    + r")(?![A-Za-z0-9])"
)
_CHINESE = re.compile(
    r"\s?(" + "|".join(re.escape(n) for n in _LONGEST if "\u4e00" <= n[0] <= "\u9fff") + ")"
)


_TEMPERATURE = re.compile(r"\s?deg(?:ree)?s?\s(celsius|fahrenheit|[CF])\b", re.IGNORECASE)


class DifferentUnits(Exception):
    """The units measure different things."""


def unit_named(name: str) -> str:
    """The unit that has this name, as pint or money knows it; "" for none."""
    name = name.strip().rstrip(".")
    if name in CURRENCY_SIGNS:
        return CURRENCY_SIGNS[name]
    if name in _UNIT_OF:
        return _UNIT_OF[name]
    if len(name) > 2 and name.lower() in _UNIT_OF:
        return _UNIT_OF[name.lower()]
    unit, end = unit_at(name, 0)
    return unit if unit and end == len(name) else ""


def unit_at(text: str, at: int) -> tuple[str, int]:
    """The unit whose name stands at a position of the (folded) text, and where it ends."""
    unit, end = _temperature(text, at)
    if unit:
        return unit, end
    found = _WORDS_OF.match(text, at)
    if found and (unit := _worded(found)):
        return unit, found.end()
    for pattern in (_CHINESE, _LATIN):
        if found := pattern.match(text, at):
            return _UNIT_OF[found[1]], found.end()
    return "", at


def _temperature(text: str, at: int) -> tuple[str, int]:
    found = _TEMPERATURE.match(text, at)
    if not found:
        return "", at
    return ("degC" if found[1][0] in "cC" else "degF"), found.end()


def _worded(found: re.Match[str]) -> str:
    """ "square metres", "metres squared", "miles per hour"."""
    if found["power"]:
        base = _UNIT_OF.get(found["unit"], "")
        return f"{base}**{_POWERS[found['power'].rstrip('.')]}" if base else ""
    if found["base"]:
        base = _UNIT_OF.get(found["base"], "")
        return f"{base}**{_POWERS[found['after']]}" if base else ""
    top, bottom = _UNIT_OF.get(found["top"], ""), _UNIT_OF.get(found["bottom"], "")
    if not top or not bottom or top in _MONEY or bottom in _MONEY:
        return ""
    if found["square"]:
        return f"{top}/{bottom}**2"
    return f"{top}/{bottom}"


def is_money(unit: str) -> bool:
    return unit in _MONEY


def convert(value: Fraction, unit: str, wanted: str) -> Fraction:
    """The value in another unit of the same dimension; DifferentUnits if it has another one."""
    if unit == wanted:
        return value
    if unit in _MONEY or wanted in _MONEY:
        if unit in _MONEY and wanted in _MONEY and _MONEY[unit][0] == _MONEY[wanted][0]:
            return value * _MONEY[unit][1] / _MONEY[wanted][1]
        raise DifferentUnits(f"{unit}, {wanted}")
    if "%" in (unit, wanted):
        raise DifferentUnits(f"{unit}, {wanted}")
    if "deg" in unit + wanted:  # temperatures have an offset, angles do not
        return _converted(value, unit, wanted)
    return value * _factor(unit, wanted)


def same_dimension(unit: str, wanted: str) -> bool:
    try:
        convert(Fraction(1), unit, wanted)
    except DifferentUnits:
        return False
    return True


@lru_cache(maxsize=4096)
def _factor(unit: str, wanted: str) -> Fraction:
    return _converted(Fraction(1), unit, wanted)


def _converted(value: Fraction, unit: str, wanted: str) -> Fraction:
    from pint import DimensionalityError

    registry = warm()
    try:
        quantity = registry.Quantity(value, registry.parse_units(_parsed(unit)))
        quantity *= _scale(unit)
        found = quantity.to(_parsed(wanted)).magnitude / _scale(wanted)
    except DimensionalityError as error:
        raise DifferentUnits(f"{unit}, {wanted}") from error
    return Fraction(found)


def _parsed(unit: str) -> str:
    return unit.partition("*")[2] if unit[0].isdigit() else unit


def _scale(unit: str) -> Fraction | int:
    return Fraction(unit.partition("*")[0]) if unit[0].isdigit() else 1


@lru_cache(maxsize=1)
def warm() -> Any:
    """The registry of pint; its first use takes most of a second."""
    from pint import UnitRegistry

    return UnitRegistry(non_int_type=Fraction, autoconvert_offset_to_baseunit=True)
