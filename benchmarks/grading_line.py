"""One line of the grading benchmark, and the words that stand around answers in it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file."""

    question: str
    answer: str
    equivalent: tuple[str, ...]
    wrong: tuple[str, ...]
    hints: tuple[str, ...] = ()


def worded(answer: str) -> tuple[str, ...]:
    """An answer as people put it."""
    return (
        *(
            f"the answer is {answer}",
            f"I think it's {answer}",
            f"答案是{answer}",
            f"我觉得是{answer}吧",
        ),
        *(f"{answer}.", f"  {answer} ", f"answer: {answer}", f"应该是 {answer}？"),
    )


def hedged(answer: str, other: str) -> tuple[str, ...]:
    """What must not pass, though the answer stands in it."""
    return (
        *(f"{answer} or {other}", f"{other}或者{answer}", f"not {answer}", f"不是{answer}"),
        *(
            f"{answer}? {other}? no idea",
            f"either {answer} or {other}",
            f"{answer}, or maybe {other}",
        ),
    )
