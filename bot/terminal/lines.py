"""Where lines come from: a person at a prompt, or a pipe."""

import asyncio
import signal
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TextIO

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import WordCompleter
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.patch_stdout import patch_stdout

from tutor.i18n import say
from tutor.language import Language

PROMPT = "❯ "
BESIDE_SECONDS = 2.0


async def piped_lines(source: TextIO) -> AsyncIterator[str]:
    """Every line that is not empty, until the input ends.

    A thread reads, since a file can't be waited for and a pipe may stay silent; it is a daemon, so
    that it keeps nobody from leaving.
    """
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[str | None] = asyncio.Queue()

    def read() -> None:
        for line in source:
            loop.call_soon_threadsafe(queue.put_nowait, line)
        loop.call_soon_threadsafe(queue.put_nowait, None)

    threading.Thread(target=read, daemon=True, name="stdin").start()
    while (line := await queue.get()) is not None:
        if line.strip():
            yield line


async def prompted_lines(
    earlier: Sequence[str],
    commands: Sequence[str],
    language: Language,
    beside: Callable[[], str] = lambda: "",
) -> AsyncIterator[str]:
    """Lines from a prompt that remembers `earlier` ones; Ctrl-C twice or Ctrl-D leaves.

    `beside` is what stands at the right of the prompt, looked up again and again.
    """
    history = InMemoryHistory(earlier)
    completer = WordCompleter(list(commands), sentence=True)
    session: PromptSession[str] = PromptSession(
        history=history, completer=completer, rprompt=beside, refresh_interval=BESIDE_SECONDS
    )
    wants_to_leave = False
    while True:
        try:
            with patch_stdout(raw=True):
                line = await session.prompt_async(PROMPT)
        except EOFError:
            return
        except KeyboardInterrupt:
            if wants_to_leave:
                return
            wants_to_leave = True
            print(say(language, "Press Ctrl-C again to leave."))
            continue
        wants_to_leave = False
        yield line


@contextmanager
def stopping_on_interrupt(stop: Callable[[], None]) -> Iterator[None]:
    """While inside, the first Ctrl-C calls `stop`; a second one ends the program as usual."""
    loop = asyncio.get_running_loop()
    previous = signal.getsignal(signal.SIGINT)

    def interrupted(_number: int, _frame: object) -> None:
        signal.signal(signal.SIGINT, previous)
        loop.call_soon_threadsafe(stop)

    signal.signal(signal.SIGINT, interrupted)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous)


def read_standard_input() -> TextIO:
    """Standard input as UTF-8, whatever the locale says; a wrong byte becomes a question mark."""
    reconfigure = getattr(sys.stdin, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8", errors="replace")
    return sys.stdin
