"""The first look at a message, which every message gets."""

import json
from pathlib import Path

import pytest

from tutor.images.understanding.sieve import LONGEST, may_ask

REQUESTS = Path(__file__).parents[4] / "benchmarks" / "data" / "picture_requests.jsonl"


@pytest.mark.parametrize("text", ["7", "I think it's 3/4", "为什么？", "the capital is Paris", ""])
def test_ordinary_messages_are_let_go_at_once(text: str) -> None:
    assert not may_ask(text, after_picture=False)


def test_every_listed_request_passes() -> None:
    rows = [json.loads(line) for line in REQUESTS.read_text("utf-8").splitlines()]
    wishes = [row for row in rows if "none" not in row["expected"] and row["part"] != "held_out"]
    missed = [
        row["text"] for row in wishes if not may_ask(row["text"], after_picture="previous" in row)
    ]
    assert missed == []


def test_long_stories_are_no_requests() -> None:
    assert not may_ask("draw a cat " + "and so on " * LONGEST, after_picture=True)
