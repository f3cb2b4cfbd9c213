"""Numbers in other bases."""

from random import Random

from tutor.bank.problem import (
    Problem,
    both,
    choice_key,
    generator,
    number,
    number_key,
    text_key,
)

DIGITS = "0123456789ABCDEF"


def _binary_to_decimal(rng: Random) -> Problem:
    value = rng.randint(17, 127)
    text = f"{value:b}"
    top = 1 << (len(text) - 1)
    places = [str(1 << power) for power in range(len(text) - 1, -1, -1) if value >> power & 1]
    values = {"b": text, "s": " + ".join(places), "k": value}
    return Problem(
        both("Write the binary number {b} in decimal.", "把二进制数 {b} 写成十进制数。", **values),
        number_key(value),
        both(
            "From the right the places are worth 1, 2, 4, 8 and so on. Add the places with a 1.",
            "从右往左，各位分别代表 1、2、4、8……把是 1 的位所代表的数加起来。",
        ),
        both(
            "How much is the leftmost digit worth?",
            "最左边的一位代表多少？",
        ),
        top,
        both("{s} = {k}.", "{s} = {k}。", **values),
        (text,),
    )


def _is_decimal_of(answer: str, text: str) -> bool:
    """By taking the digits from the left, doubling each time."""
    value = 0
    for digit in text:
        value = 2 * value + (digit == "1")
    return number(answer) == value


def _decimal_to_binary(rng: Random) -> Problem:
    value = rng.randint(18, 100)
    text = f"{value:b}"
    wrong = (text[::-1], f"{value + 1:b}", f"{value - 2:b}", f"{value ^ 4:b}", f"{value ^ 8:b}")
    values = {"n": value, "k": text, "t": 1 << (len(text) - 1)}
    return Problem(
        both("What is {n} in binary?", "{n} 的二进制写法是哪一个？", **values),
        choice_key(rng, text, [one for one in wrong if not one.startswith("0")]),
        both(
            "Halve the number again and again and note the remainders; read them from the last to "
            "the first.",
            "不断除以 2 并记下余数，最后把余数从后往前读。",
        ),
        both(
            "What is the largest power of 2 that fits into {n}?",
            "不超过 {n} 的最大的 2 的幂是多少？",
            **values,
        ),
        1 << (len(text) - 1),
        both("{t} fits first; the digits are {k}.", "先取 {t}，各位依次写出来是 {k}。", **values),
        (value,),
    )


def _is_binary_of(answer: str, value: int) -> bool:
    """By adding up the places that are set."""
    return sum(1 << place for place, digit in enumerate(reversed(answer)) if digit == "1") == value


def _decimal_to_hex(rng: Random) -> Problem:
    high, low = rng.randint(2, 15), rng.randint(10, 15)
    value = 16 * high + low
    text = DIGITS[high] + DIGITS[low]
    values = {"n": value, "h": high, "l": low, "k": text, "p": 16 * high}
    return Problem(
        both(
            "Write {n} as a hexadecimal number (digits 0 to 9 and A to F).",
            "把 {n} 写成十六进制数（数字 0 到 9 和字母 A 到 F）。",
            **values,
        ),
        text_key(text, text.lower(), f"0x{text}", f"0x{text.lower()}"),
        both(
            "Divide by 16: the quotient is the left digit and the remainder the right one. From 10 "
            "on the digits are letters.",
            "除以 16：商是左边的一位，余数是右边的一位。从 10 开始用字母表示。",
        ),
        both("How many times does 16 fit into {n}?", "{n} 里面有多少个 16？", **values),
        high,
        both("{n} = {h} × 16 + {l}, written {k}.", "{n} = {h} × 16 + {l}，写作 {k}。", **values),
        (value,),
    )


def _is_hex_of(answer: str, value: int) -> bool:
    """By the places of the digits."""
    digits = answer.upper().removeprefix("0X")
    if not set(digits) <= set(DIGITS):
        return False
    return (
        sum(DIGITS.index(digit) * (1 << 4 * place) for place, digit in enumerate(reversed(digits)))
        == value
    )


COMPUTING = (
    generator(
        "binary-to-decimal",
        "Binary to decimal",
        "二进制转十进制",
        _binary_to_decimal,
        _is_decimal_of,
    ),
    generator(
        "decimal-to-binary",
        "Decimal to binary",
        "十进制转二进制",
        _decimal_to_binary,
        _is_binary_of,
    ),
    generator(
        "decimal-to-hex", "Decimal to hexadecimal", "十进制转十六进制", _decimal_to_hex, _is_hex_of
    ),
)
