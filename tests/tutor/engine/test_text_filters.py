"""Text as it streams: whole characters, stop strings, hidden reasoning, and events cut anywhere."""

import itertools
import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.engine.contract import FinishReason, TextDelta
from tutor.engine.process.detokenise import Detokenizer
from tutor.engine.profiles import Reasoning
from tutor.engine.reasoning import ThinkingFilter, hide_reasoning
from tutor.engine.sse import EventParser, EventTooLarge
from tutor.engine.stop_text import StopText


def as_bytes(ids):
    return bytes(ids).decode("utf-8", "replace")


@given(st.text())
def test_bytes_become_whole_characters(text):
    detokenizer = Detokenizer(as_bytes)
    pieces = [detokenizer.feed(byte) for byte in text.encode("utf-8", "replace")]
    pieces.append(detokenizer.flush())
    whole = text.encode("utf-8", "replace").decode()
    assert "".join(pieces) == whole
    assert "\ufffd" in whole or not any("\ufffd" in piece for piece in pieces)


def test_character_that_never_comes_is_left_out():
    detokenizer = Detokenizer(as_bytes)
    fed = [detokenizer.feed(byte) for byte in "好你".encode()[:-1]]
    assert "".join(fed) + detokenizer.flush() == "好"


def test_endless_broken_bytes_do_not_hold_the_text_back():
    detokenizer = Detokenizer(as_bytes)
    assert any(detokenizer.feed(0xE4) for _ in range(20))


def test_words_keep_the_spaces_between_them():
    words = {1: "▁Hello", 2: "▁wor", 3: "ld"}
    detokenizer = Detokenizer(lambda ids: "".join(words[i] for i in ids).replace("▁", " ").strip())
    assert [detokenizer.feed(i) for i in (1, 2, 3)] == ["Hello", " wor", "ld"]


@given(st.text("ab\n", max_size=40), st.lists(st.text("ab\n", min_size=1, max_size=4)), st.data())
def test_text_goes_exactly_to_the_first_stop_string(text, stops, data):
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6)))
    bounds = [0, *cuts, len(text)]
    stop_text = StopText(stops)
    shown = "".join(stop_text.feed(text[a:b]) for a, b in itertools.pairwise(bounds))
    ended = stop_text.stopped
    shown += stop_text.flush()
    first_end = min((text.find(s) + len(s) for s in stops if s in text), default=None)
    assert ended == (first_end is not None)
    if not ended:
        assert shown == text
    else:
        assert text.startswith(shown) and not any(stop in shown for stop in stops)


@pytest.mark.parametrize("opened", [False, True])
@given(seed=st.integers(0, 10**6))
def test_thinking_is_hidden_however_it_is_cut(opened, seed):
    text = "I wonder</think>" if opened else "<think>I wonder</think>"
    text += "\n\nYes, 3 < 4 and <thin> is no tag."
    chance, seen, shown = random.Random(seed), ThinkingFilter(opened), ""
    while text:
        size = chance.randint(1, 9)
        shown += seen.feed(text[:size])
        text = text[size:]
    assert shown + seen.flush() == "Yes, 3 < 4 and <thin> is no tag."


async def test_other_models_text_is_left_alone():
    async def deltas():
        yield TextDelta(text=" <think>kept</think>", token_ids=(1,))
        yield TextDelta(finish=FinishReason.STOP)

    hidden = [delta async for delta in hide_reasoning(deltas(), Reasoning.NONE)]
    assert hidden[0].text == " <think>kept</think>"


async def test_what_was_held_back_comes_with_the_end():
    async def deltas():
        yield TextDelta(text="so <thi", token_ids=(1,))
        yield TextDelta(finish=FinishReason.STOP)

    hidden = [delta async for delta in hide_reasoning(deltas(), Reasoning.TAGGED)]
    assert "".join(delta.text for delta in hidden) == "so <thi"
    assert hidden[0].token_ids == (1,) and hidden[-1].finish is FinishReason.STOP


@given(st.lists(st.text(min_size=1)), st.sampled_from(["\n", "\r\n"]), st.integers(1, 9))
def test_events_survive_any_cut(texts, end, size):
    lines = [f": ping{end}{end}data: {json.dumps(t)}{end}{end}event: x{end}{end}" for t in texts]
    data, parser, events = "".join(lines).encode(), EventParser(), []
    for start in range(0, len(data), size):
        events += parser.feed(data[start : start + size])
    assert [json.loads(event) for event in events] == texts


def test_endless_event_is_given_up():
    parser = EventParser()
    with pytest.raises(EventTooLarge):
        for _ in range(10):
            parser.feed(b"x" * 2**20)
