"""Reading short Python programs: what do they print?

The key is computed by doing the same in Python here, never by running text. The check steps
through the meaning in another way.
"""

from random import Random

from tutor.bank.problem import (
    Problem,
    Text,
    both,
    choice_key,
    generator,
    number,
    number_key,
    text_key,
)

WORDS = (
    "planet",
    "python",
    "garden",
    "winter",
    "monkey",
    "pencil",
    "rabbit",
    "silver",
    "window",
    "orange",
)


def _program(*lines: str) -> Text:
    code = "```python\n" + "\n".join(lines) + "\n```"
    return Text(
        f"What does this Python program print?\n{code}",
        f"下面的 Python 程序输出什么？\n{code}",
    )


def _division_operators(rng: Random) -> Problem:
    a, b = rng.randint(20, 99), rng.randint(3, 9)
    key = a // b + a % b
    wrong = (a // b, a % b, a // b * (a % b), key + 1, a // b + b)
    return Problem(
        _program(f"a = {a}", f"b = {b}", "print(a // b + a % b)"),
        choice_key(rng, str(key), map(str, wrong)),
        both(
            "// divides and drops what is left over; % keeps only what is left over.",
            "// 是整除，舍去余数；% 只取余数。",
        ),
        both("What is {a} // {b}?", "{a} // {b} 等于多少？", a=a, b=b),
        a // b,
        both(
            "{a} // {b} is {q} and {a} % {b} is {r}: it prints {k}.",
            "{a} // {b} 是 {q}，{a} % {b} 是 {r}，输出 {k}。",
            a=a,
            b=b,
            q=a // b,
            r=a % b,
            k=key,
        ),
        (a, b),
    )


def _is_division(answer: str, a: int, b: int) -> bool:
    """By taking b away until it no longer fits."""
    times = 0
    while a >= b:
        a -= b
        times += 1
    return number(answer) == times + a


def _loop_sum(rng: Random) -> Problem:
    start, stop, step = rng.randint(1, 4), rng.randint(9, 16), rng.randint(2, 3)
    added = list(range(start, stop, step))
    key = sum(added)
    return Problem(
        _program(
            "total = 0",
            f"for n in range({start}, {stop}, {step}):",
            "    total = total + n",
            "print(total)",
        ),
        number_key(key),
        both(
            "range(start, stop, step) begins at start and ends before stop. Write down each value "
            "of n.",
            "range(start, stop, step) 从 start 开始，到 stop 之前结束。把 n 的每个值写下来。",
        ),
        both("What is the last value of n?", "n 的最后一个值是多少？"),
        added[-1],
        both("{s} = {k}.", "{s} = {k}。", s=" + ".join(map(str, added)), k=key),
        (start, stop, step),
    )


def _is_loop_sum(answer: str, start: int, stop: int, step: int) -> bool:
    """By the sum of an arithmetic sequence."""
    count = -(-(stop - start) // step)
    return number(answer) * 2 == count * (2 * start + (count - 1) * step)


def _slice(rng: Random) -> Problem:
    word = rng.choice(WORDS)
    low = rng.randint(0, 2)
    high = low + rng.randint(2, 3)
    key = word[low:high]
    wrong = (
        word[low : high + 1],
        word[low + 1 : high + 1],
        word[max(low - 1, 0) : high - 1],
        word[low + 1 : high],
    )
    return Problem(
        _program(f'word = "{word}"', f"print(word[{low}:{high}])"),
        choice_key(rng, key, wrong),
        both(
            "Python counts letters from 0. A slice takes the first place and stops before the "
            "second.",
            "Python 从 0 开始给字母编号。切片包括起点，不包括终点。",
        ),
        both("How many letters does the slice have?", "这个切片有几个字母？"),
        high - low,
        both(
            "The letters at the places {p} are {k}.",
            "位置 {p} 上的字母连起来是 {k}。",
            p=", ".join(map(str, range(low, high))),
            k=key,
        ),
        (word, low, high),
    )


def _is_slice(answer: str, word: str, low: int, high: int) -> bool:
    """Letter by letter."""
    return answer == "".join(letter for place, letter in enumerate(word) if low <= place < high)


def _list_index(rng: Random) -> Problem:
    values = rng.sample(range(10, 99), 5)
    back = rng.randint(1, 2)
    place = rng.randint(1, 4 - back)
    key = values[place] + values[-back]
    return Problem(
        _program(f"numbers = {values}", f"print(numbers[{place}] + numbers[-{back}])"),
        number_key(key),
        both(
            "The first element has the index 0; negative indexes count from the end.",
            "第一个元素的下标是 0；负的下标从末尾开始数。",
        ),
        both("What is numbers[{p}]?", "numbers[{p}] 是多少？", p=place),
        values[place],
        both(
            "{a} + {b} = {k}.",
            "{a} + {b} = {k}。",
            a=values[place],
            b=values[-back],
            k=key,
        ),
        (tuple(values), place, back),
    )


def _is_list_index(answer: str, values: tuple[int, ...], place: int, back: int) -> bool:
    """By walking in from both ends."""
    forward, backward = iter(values), iter(reversed(values))
    for _ in range(place):
        next(forward)
    for _ in range(back - 1):
        next(backward)
    return number(answer) == next(forward) + next(backward)


def _condition(rng: Random) -> Problem:
    value, limit = rng.randint(5, 30), rng.randint(10, 25)
    up, down = rng.randint(3, 9), rng.randint(2, 4)
    key = value + up if value > limit else value * down
    return Problem(
        _program(
            f"x = {value}",
            f"if x > {limit}:",
            f"    x = x + {up}",
            "else:",
            f"    x = x * {down}",
            "print(x)",
        ),
        number_key(key),
        both(
            "Only one of the branches runs. Is the condition true?",
            "只有一个分支会执行。条件成立吗？",
        ),
        both(
            "By how much do x and the number in the condition differ at the start?",
            "一开始，x 和条件里的数相差多少？",
        ),
        abs(value - limit),
        both(
            "{v} > {l} is {t}, so x becomes {k}.",
            "{v} > {l} 的值是 {t}，所以 x 变成 {k}。",
            v=value,
            l=limit,
            t=str(value > limit),
            k=key,
        ),
        (value, limit, up, down),
    )


def _is_condition(answer: str, value: int, limit: int, up: int, down: int) -> bool:
    return number(answer) == (sum([value] * down) if value <= limit else value - -up)


def _while_halving(rng: Random) -> Problem:
    start = rng.randint(20, 200)
    steps = start.bit_length() - 1
    return Problem(
        _program(
            f"n = {start}",
            "count = 0",
            "while n > 1:",
            "    n = n // 2",
            "    count = count + 1",
            "print(count)",
        ),
        number_key(steps),
        both(
            "Make a table with the values of n and count after each pass of the loop.",
            "列一张表，写出每次循环后 n 和 count 的值。",
        ),
        both("What is n after the first pass?", "循环执行一次后，n 是多少？"),
        start // 2,
        both(
            "n runs through {v}: count is {k}.",
            "n 依次是 {v}，count 是 {k}。",
            v=_halved(start),
            k=steps,
        ),
        (start,),
    )


def _halved(start: int) -> str:
    return ", ".join(str(start >> times) for times in range(start.bit_length()))


def _is_halving(answer: str, start: int) -> bool:
    """By the powers of two around it."""
    return 1 << int(answer) <= start < 1 << int(answer) + 1


def _repeated_text(rng: Random) -> Problem:
    piece, times = rng.choice(("ab", "ha", "no", "la", "xy", "go")), rng.randint(2, 4)
    tail = rng.choice("!?.")
    key = piece * times + tail
    return Problem(
        _program(f'print("{piece}" * {times} + "{tail}")'),
        text_key(key),
        both(
            "A string times a number repeats it; + joins strings.",
            "字符串乘一个数表示重复，+ 表示把字符串连起来。",
        ),
        both("How many characters are printed?", "一共输出多少个字符？"),
        len(key),
        both("It prints {k}", "输出 {k}", k=key),
        (piece, times, tail),
    )


def _is_repeated(answer: str, piece: str, times: int, tail: str) -> bool:
    return answer.endswith(tail) and answer[:-1].split(piece) == [""] * (times + 1)


PROGRAMS = (
    generator(
        "python-division", "Python: // and %", "Python：// 和 %", _division_operators, _is_division
    ),
    generator("python-for", "Python: for loops", "Python：for 循环", _loop_sum, _is_loop_sum),
    generator("python-slice", "Python: slices", "Python：切片", _slice, _is_slice),
    generator(
        "python-list", "Python: list indexes", "Python：列表下标", _list_index, _is_list_index
    ),
    generator("python-if", "Python: if and else", "Python：if 和 else", _condition, _is_condition),
    generator(
        "python-while", "Python: while loops", "Python：while 循环", _while_halving, _is_halving
    ),
    generator("python-strings", "Python: strings", "Python：字符串", _repeated_text, _is_repeated),
)
