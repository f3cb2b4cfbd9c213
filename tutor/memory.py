"""What of a conversation goes into the next prompt, and the summary of the rest. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from storage.turns import StoredTurn
from tutor.moves import Move
from tutor.prompt import Exchange

MESSAGE_OVERHEAD_TOKENS = 8
"""Role marks and separators around one message in a chat template, generously."""

SUMMARY_CHARACTERS = 600


@dataclass(frozen=True, slots=True)
class Window:
    """The turns that fit, oldest first, and those that fell out since the last summary."""

    kept: tuple[StoredTurn, ...]
    dropped: tuple[StoredTurn, ...]


def fit(turns: Sequence[StoredTurn], token_counts: Sequence[int], budget_tokens: int) -> Window:
    """Keeps the newest turns whose tokens stay within the budget, beginning with a person's."""
    assert len(turns) == len(token_counts), (len(turns), len(token_counts))
    first = len(turns)
    spent = 0
    for index in range(len(turns) - 1, -1, -1):
        spent += token_counts[index] + MESSAGE_OVERHEAD_TOKENS
        if spent > budget_tokens:
            break
        first = index
    while first < len(turns) and turns[first].role == "assistant":
        first += 1
    return Window(kept=tuple(turns[first:]), dropped=tuple(turns[:first]))


def without_pictures(turns: Sequence[StoredTurn]) -> tuple[StoredTurn, ...]:
    """The turns without those that asked for a picture and got one.

    A small model that reads what stood below a picture says the same again, with no picture above.
    """
    drawn = [index for index, turn in enumerate(turns) if turn.move == Move.DRAW]
    asked = [index - 1 for index in drawn if index and turns[index - 1].role == "user"]
    left_out = {*drawn, *asked}
    return tuple(turn for index, turn in enumerate(turns) if index not in left_out)


def exchanges(turns: Sequence[StoredTurn]) -> list[Exchange]:
    """The turns as a model expects them: person and tutor in alternation.

    Another try replaces the answer before it, a continuation completes it, and messages of
    several people in a row become one.
    """
    merged: list[Exchange] = []
    for turn in turns:
        latest = merged[-1] if merged else None
        if latest is None or latest.role != turn.role:
            merged.append(Exchange(turn.role, turn.text))
        elif turn.role == "user" or turn.move == "continue":
            merged[-1] = Exchange(turn.role, f"{latest.text}\n{turn.text}")
        else:
            merged[-1] = Exchange(turn.role, turn.text)
    return merged


def extend_summary(summary: str, dropped: Sequence[StoredTurn]) -> str:
    """The running summary with the dropped questions added; the oldest words go first.

    Only people's own words are kept, shortened: a summary that a small model writes invents facts.
    """
    gists = [gist(turn.text) for turn in dropped if turn.role == "user" and turn.text.strip()]
    text = "; ".join(filter(None, [summary, *gists]))
    if len(text) <= SUMMARY_CHARACTERS:
        return text
    tail = text[-SUMMARY_CHARACTERS:]
    return tail.split("; ", 1)[-1]


def gist(text: str, limit: int = 120) -> str:
    """The first sentence of a message, on one line and at most `limit` characters."""
    line = " ".join(text.split())
    ends = [line.find(mark) for mark in (". ", "? ", "! ", "。", "？", "！") if mark in line]
    sentence = line[: min(ends) + 1] if ends else line
    return sentence if len(sentence) <= limit else sentence[: limit - 1].rstrip() + "…"
