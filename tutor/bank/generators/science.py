"""Numbers in physics and chemistry: speed, density, electricity, force, molar mass."""

from fractions import Fraction
from random import Random

from tutor.bank.problem import (
    Problem,
    both,
    choice_key,
    decimal,
    decimal_key,
    generator,
    number,
    number_key,
)

MASSES = {"H": 1, "C": 12, "N": 14, "O": 16, "Na": 23, "Mg": 24, "S": 32, "Ca": 40}
"""Relative atomic masses, rounded as in school."""

FORMULAS = {
    "H₂O": "HHO",
    "CO₂": "COO",
    "NH₃": "NHHH",
    "CH₄": "CHHHH",
    "SO₂": "SOO",
    "NaOH": ("Na", "O", "H"),
    "CaO": ("Ca", "O"),
    "MgO": ("Mg", "O"),
    "CaCO₃": ("Ca", "C", "O", "O", "O"),
    "HNO₃": "HNOOO",
    "H₂SO₄": "HHSOOOO",
    "C₂H₆": "CCHHHHHH",
    "N₂O": "NNO",
    "H₂S": "HHS",
    "C₆H₁₂O₆": "C" * 6 + "H" * 12 + "O" * 6,
}


def _speed(rng: Random) -> Problem:
    speed, hours = rng.choice((12, 15, 45, 60, 72, 80, 90)), Fraction(rng.choice((3, 5, 7, 9)), 2)
    values = {"d": decimal(speed * hours), "t": decimal(hours), "k": speed}
    return Problem(
        both(
            "A journey of {d} km takes {t} hours. What is the average speed?",
            "一段 {d} km 的路程用了 {t} 小时。平均速度是多少？",
            **values,
        ),
        number_key(speed, "km/h"),
        both(
            "Average speed is the distance divided by the time.",
            "平均速度等于路程除以时间。",
        ),
        both("How many half hours are {t} hours?", "{t} 小时等于多少个半小时？", **values),
        int(hours * 2),
        both("{d} km ÷ {t} h = {k} km/h.", "{d} km ÷ {t} h = {k} km/h。", **values),
        (Fraction(speed * hours), hours),
    )


def _density(rng: Random) -> Problem:
    density, volume = Fraction(rng.choice((8, 9, 24, 27, 78, 79, 89)), 10), rng.randint(3, 20) * 10
    mass = density * volume
    wrong = (1 / density, density * 10, mass * volume, density / 10, density + 1)
    values = {"m": decimal(mass), "v": volume, "k": decimal(density)}
    return Problem(
        both(
            "A body has a mass of {m} g and a volume of {v} cm³. What is its density, in g/cm³?",
            "一个物体的质量是 {m} g，体积是 {v} cm³。它的密度是多少 g/cm³？",
            **values,
        ),
        choice_key(rng, decimal(density), [decimal(one) for one in wrong if decimal(one)]),
        both(
            "Density says how much mass there is in each cubic centimetre.",
            "密度表示每立方厘米有多少质量。",
        ),
        both(
            "What is the mass of 10 cm³ of the body, in grams?",
            "这个物体每 10 cm³ 的质量是多少克？",
        ),
        density * 10,
        both("{m} ÷ {v} = {k} g/cm³.", "{m} ÷ {v} = {k} g/cm³。", **values),
        (mass, volume),
    )


def _ohm(rng: Random) -> Problem:
    amperes, ohms = Fraction(rng.randint(2, 30), 10), rng.randint(2, 20) * 5
    volts = amperes * ohms
    values = {"v": decimal(volts), "r": ohms, "m": decimal(amperes * 1000), "k": decimal(amperes)}
    return Problem(
        both(
            "A resistor of {r} Ω is connected to {v} V. What current flows?",
            "一个 {r} Ω 的电阻接在 {v} V 的电压上，通过的电流是多少？",
            **values,
        ),
        decimal_key(amperes, "A"),
        both(
            "Ohm's law: the voltage is the resistance times the current.",
            "欧姆定律：电压等于电阻乘电流。",
        ),
        both(
            "What voltage would drive a current of 10 A through {r} Ω, in volts?",
            "要让 {r} Ω 的电阻通过 10 A 的电流，需要多少伏的电压？",
            **values,
        ),
        ohms * 10,
        both("{v} V ÷ {r} Ω = {k} A.", "{v} V ÷ {r} Ω = {k} A。", **values),
        (volts, ohms),
    )


def _molar_mass(rng: Random) -> Problem:
    formula = rng.choice(tuple(FORMULAS))
    atoms = list(FORMULAS[formula])
    key = sum(MASSES[atom] for atom in atoms)
    kinds = sorted(set(atoms), key=atoms.index)
    table = ", ".join(f"{kind} = {MASSES[kind]}" for kind in kinds)
    parts = " + ".join(f"{atoms.count(kind)} × {MASSES[kind]}" for kind in kinds)
    values = {"f": formula, "t": table, "p": parts, "k": key, "e": kinds[-1]}
    return Problem(
        both(
            "What is the molar mass of {f}? Take {t} (in g/mol).",
            "{f} 的摩尔质量是多少？取 {t}（单位：g/mol）。",
            **values,
        ),
        number_key(key, "g/mol"),
        both(
            "The small numbers in the formula say how many atoms of the element before them there "
            "are. Add the masses of all atoms.",
            "化学式中的小数字表示它前面那种原子的个数。把所有原子的质量加起来。",
        ),
        both(
            "How many atoms does {f} have in all?",
            "{f} 一共有多少个原子？",
            **values,
        ),
        len(atoms),
        both("{p} = {k} g/mol.", "{p} = {k} g/mol。", **values),
        (tuple(atoms),),
    )


def _is_molar_mass(answer: str, atoms: tuple[str, ...]) -> bool:
    """By taking the atoms away one by one."""
    left = number(answer)
    for atom in atoms:
        left -= MASSES[atom]
    return left == 0


def _force(rng: Random) -> Problem:
    mass, change = rng.randint(2, 20), Fraction(rng.randint(5, 60), 10)
    key = mass * change
    wrong = (mass + change, mass / change, change / mass, key * 10, key / 10, key + mass)
    values = {"m": mass, "a": decimal(change), "k": decimal(key)}
    return Problem(
        both(
            "A cart of {m} kg is accelerated at {a} m/s². What force acts on it, in newtons?",
            "一辆 {m} kg 的小车以 {a} m/s² 的加速度运动。它受到的合力是多少牛？",
            **values,
        ),
        choice_key(rng, decimal(key), [decimal(one) for one in wrong if decimal(one)]),
        both(
            "A larger mass or a larger acceleration needs more force: Newton's second law.",
            "质量越大或加速度越大，需要的力就越大：牛顿第二定律。",
        ),
        both(
            "What force would accelerate the cart at 1 m/s², in newtons?",
            "要让小车获得 1 m/s² 的加速度，需要多少牛的力？",
        ),
        mass,
        both("F = m × a = {m} × {a} = {k} N.", "F = m × a = {m} × {a} = {k} N。", **values),
        (mass, change),
    )


def _moles(rng: Random) -> Problem:
    formula = rng.choice(("H₂O", "CO₂", "CH₄", "NaOH", "CaCO₃"))
    molar = sum(MASSES[atom] for atom in FORMULAS[formula])
    moles = Fraction(rng.choice((5, 15, 20, 25, 30, 40)), 10)
    values = {
        "f": formula,
        "M": molar,
        "m": decimal(moles * molar),
        "t": molar * 10,
        "k": decimal(moles),
    }
    return Problem(
        both(
            "How many moles are {m} g of {f}? Its molar mass is {M} g/mol.",
            "{m} g 的 {f} 是多少摩尔？它的摩尔质量是 {M} g/mol。",
            **values,
        ),
        decimal_key(moles, "mol"),
        both(
            "The molar mass is the mass of a single mole. How many times does it fit into the "
            "given mass?",
            "摩尔质量就是每摩尔物质的质量。看看已知质量里含有多少个这样的质量。",
        ),
        both(
            "What is the mass of 10 mol of {f}, in grams?", "10 mol {f} 的质量是多少克？", **values
        ),
        molar * 10,
        both("{m} ÷ {M} = {k} mol.", "{m} ÷ {M} = {k} mol。", **values),
        (moles * molar, molar),
    )


SCIENCE = (
    generator(
        "average-speed",
        "Average speed",
        "平均速度",
        _speed,
        lambda answer, distance, hours: number(answer) * hours == distance,
    ),
    generator(
        "density",
        "Density",
        "密度",
        _density,
        lambda answer, mass, volume: number(answer) * volume == mass,
    ),
    generator(
        "ohms-law",
        "Ohm's law",
        "欧姆定律",
        _ohm,
        lambda answer, volts, ohms: number(answer) * ohms == volts,
    ),
    generator("molar-mass", "Molar mass", "摩尔质量", _molar_mass, _is_molar_mass),
    generator(
        "force",
        "Force and acceleration",
        "力与加速度",
        _force,
        lambda answer, mass, change: number(answer) / mass == change,
    ),
    generator(
        "moles",
        "Amount of substance",
        "物质的量",
        _moles,
        lambda answer, mass, molar: number(answer) * molar == mass,
    ),
)
