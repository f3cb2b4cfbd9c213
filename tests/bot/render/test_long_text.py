"""A long text is rendered beside the event loop, a short one at once."""

import threading

import pytest

from bot.render.long_text import LONG_CHARACTERS, rendered


def where(text: str, *, suffix: str) -> tuple[str, int]:
    return text[:1] + suffix, threading.get_ident()


@pytest.mark.parametrize("length", [1, LONG_CHARACTERS + 1])
async def test_only_long_texts_leave_the_thread_of_the_loop(length: int) -> None:
    text = "a" * length
    made, thread = await rendered(text, where, text, suffix="!")
    assert made == "a!"
    assert (thread == threading.get_ident()) == (length == 1)
