"""Renders long texts beside the event loop, so that nobody's acknowledgement waits for them."""

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

LONG_CHARACTERS = 3000  # about ten milliseconds of rendering

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


async def rendered(
    text: str,
    render: Callable[Arguments, Result],
    *args: Arguments.args,
    **kwargs: Arguments.kwargs,
) -> Result:
    """What `render` makes of its arguments, the longest of which is `text`."""
    if len(text) <= LONG_CHARACTERS:
        return render(*args, **kwargs)
    return await asyncio.to_thread(render, *args, **kwargs)
