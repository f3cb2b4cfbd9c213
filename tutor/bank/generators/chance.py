"""Counting and probability. The check counts the cases one by one."""

from fractions import Fraction
from itertools import combinations, permutations, product
from math import comb, factorial, perm
from random import Random

from tutor.bank.problem import Problem, both, choice_key, generator, number, number_key


def _dice_sum(rng: Random) -> Problem:
    total = rng.randint(3, 11)
    ways = 6 - abs(7 - total)
    key = Fraction(ways, 36)
    values = {"s": total, "w": ways, "k": key}
    return Problem(
        both(
            "Two fair dice are rolled. What is the probability that the sum is {s}?",
            "掷两枚均匀的骰子，点数之和为 {s} 的概率是多少？",
            **values,
        ),
        number_key(key),
        both(
            "Each die can show any number of dots. Count the pairs that fit, among all pairs.",
            "每枚骰子的点数互不影响。在所有点数组合中，数一数符合条件的有多少。",
        ),
        both(
            "How many equally likely pairs are there altogether?",
            "一共有多少种等可能的点数组合？",
        ),
        36,
        both("{w} of 36 pairs: {k}.", "36 种组合中有 {w} 种：{k}。", **values),
        (total,),
    )


def _is_dice_sum(answer: str, total: int) -> bool:
    rolls = list(product(range(1, 7), repeat=2))
    return number(answer) * len(rolls) == sum(sum(roll) == total for roll in rolls)


def _marbles(rng: Random) -> Problem:
    red, blue, green = (rng.randint(2, 9) for _ in range(3))
    total = red + blue + green
    key = Fraction(red, total)
    wrong = (
        Fraction(red, blue + green),
        Fraction(1, red),
        Fraction(1, 3),
        Fraction(blue, total),
        1 - key,
    )
    values = {"r": red, "b": blue, "g": green, "s": total, "k": key}
    return Problem(
        both(
            "A bag holds {r} red, {b} blue and {g} green marbles. You draw one without looking. "
            "What is the probability that it is red?",
            "袋子里有 {r} 颗红珠、{b} 颗蓝珠和 {g} 颗绿珠。任意摸出一颗，摸到红珠的概率是多少？",
            **values,
        ),
        choice_key(rng, str(key), map(str, wrong)),
        both(
            "Divide the number of marbles that fit by the number of all marbles.",
            "用符合条件的珠子数除以珠子的总数。",
        ),
        both("How many marbles are in the bag?", "袋子里一共有多少颗珠子？"),
        total,
        both("{r} of {s} marbles are red: {k}.", "{s} 颗珠子里有 {r} 颗红的：{k}。", **values),
        (red, blue, green),
    )


def _is_marble(answer: str, red: int, blue: int, green: int) -> bool:
    bag = "r" * red + "b" * blue + "g" * green
    return number(answer) == Fraction(bag.count("r"), len(bag))


def _cards(rng: Random) -> Problem:
    count = rng.randint(10, 30)
    divisor = rng.randint(3, 6)
    fits = count // divisor
    key = Fraction(fits, count)
    values = {"n": count, "d": divisor, "f": fits, "k": key}
    return Problem(
        both(
            "Cards numbered from 1 to {n} are shuffled and one is drawn. What is the probability "
            "that its number is a multiple of {d}?",
            "把编号 1 到 {n} 的卡片洗匀，任意抽一张。抽到的编号是 {d} 的倍数的概率是多少？",
            **values,
        ),
        number_key(key),
        both(
            "List the numbers that fit and count them.",
            "把符合条件的编号列出来，数一数。",
        ),
        both(
            "How many of the numbers are multiples of {d}?",
            "有多少个编号是 {d} 的倍数？",
            **values,
        ),
        fits,
        both("{f} of {n} cards fit: {k}.", "{n} 张卡片中有 {f} 张符合：{k}。", **values),
        (count, divisor),
    )


def _is_card(answer: str, count: int, divisor: int) -> bool:
    return number(answer) * count == len(
        [card for card in range(1, count + 1) if card % divisor == 0]
    )


def _arrangements(rng: Random) -> Problem:
    count = rng.randint(4, 8)
    places = rng.randint(2, 3)
    key = perm(count, places)
    values = {"n": count, "p": places, "m": count - 1, "k": key}
    steps = " × ".join(str(count - one) for one in range(places))
    return Problem(
        both(
            "{n} runners compete. In how many ways can the first {p} places be taken?",
            "{n} 名选手赛跑，前 {p} 名的名次有多少种可能？",
            **values,
        ),
        number_key(key),
        both(
            "Fill the places in turn: each runner who has a place is gone for the next.",
            "按名次依次考虑：已经占了名次的选手不能再选。",
        ),
        both(
            "The winner is known. How many runners are left for the next place?",
            "冠军确定以后，下一个名次还有多少名选手可选？",
        ),
        count - 1,
        both("{s} = {k}.", "{s} = {k}。", s=steps, k=key),
        (count, places),
    )


def _is_arrangement(answer: str, count: int, places: int) -> bool:
    return int(answer) == len(list(permutations(range(count), places)))


def _teams(rng: Random) -> Problem:
    count, size = rng.randint(5, 9), rng.randint(2, 3)
    key = comb(count, size)
    ordered = perm(count, size)
    wrong = (ordered, count * size, count**size, key + count, key - 1)
    values = {"n": count, "s": size, "o": ordered, "f": factorial(size), "k": key}
    return Problem(
        both(
            "{n} pupils want to play. How many different teams of {s} can be formed?",
            "{n} 名同学想参赛，从中选 {s} 人组队，有多少种不同的选法？",
            **values,
        ),
        choice_key(rng, str(key), map(str, wrong)),
        both(
            "In a team the order does not matter: the same pupils in another order are the same "
            "team.",
            "组队与顺序无关：同样的人换个顺序还是同一个队。",
        ),
        both(
            "If the order did matter, how many ways would there be to choose {s} of {n}?",
            "如果考虑顺序，从 {n} 人中选 {s} 人有多少种方法？",
            **values,
        ),
        ordered,
        both("{o} ÷ {f} = {k}.", "{o} ÷ {f} = {k}。", **values),
        (count, size),
    )


def _coin_flips(rng: Random) -> Problem:
    flips = rng.randint(3, 6)
    heads = rng.randint(2, flips - 1)
    key = Fraction(comb(flips, heads), 2**flips)
    values = {"n": flips, "h": heads, "w": comb(flips, heads), "t": 2**flips, "k": key}
    return Problem(
        both(
            "A fair coin is tossed {n} times. What is the probability that "
            "heads comes up exactly {h} times?",
            "抛一枚均匀的硬币 {n} 次，恰好有 {h} 次正面朝上的概率是多少？",
            **values,
        ),
        number_key(key),
        both(
            "Count the sequences with that many heads, then compare with all sequences.",
            "数出符合条件的抛掷结果，再与全部可能的结果相比。",
        ),
        both(
            "How many different sequences of heads and tails are possible in {n} tosses?",
            "抛 {n} 次，正反面一共有多少种不同的结果？",
            **values,
        ),
        2**flips,
        both("{w} of {t} sequences: {k}.", "{t} 种结果中有 {w} 种：{k}。", **values),
        (flips, heads),
    )


def _is_coin_flip(answer: str, flips: int, heads: int) -> bool:
    sequences = list(product("HT", repeat=flips))
    return number(answer) == Fraction(sum(s.count("H") == heads for s in sequences), len(sequences))


CHANCE = (
    generator("dice-sum", "Sums of dice", "骰子点数之和", _dice_sum, _is_dice_sum),
    generator("marbles", "Drawing marbles", "摸球的概率", _marbles, _is_marble),
    generator("cards", "Drawing cards", "抽卡片的概率", _cards, _is_card),
    generator("arrangements", "Arrangements", "排列", _arrangements, _is_arrangement),
    generator(
        "teams",
        "Combinations",
        "组合",
        _teams,
        lambda answer, n, s: int(answer) == len(list(combinations(range(n), s))),
    ),
    generator("coin-flips", "Binomial probability", "二项概率", _coin_flips, _is_coin_flip),
)
