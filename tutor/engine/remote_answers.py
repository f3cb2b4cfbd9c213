"""What an OpenAI-compatible server sends back, as ours: text, reasons of the end, usage, scores."""

import json
import math
from collections.abc import AsyncGenerator, Sequence
from typing import Any

import aiohttp

from tutor.engine.contract import EngineUnavailable, FinishReason, TextDelta
from tutor.engine.reasoning import CLOSE
from tutor.engine.remote_server import error_in_stream
from tutor.engine.sse import EventParser, EventTooLarge
from tutor.engine.stop_text import StopText

FINISHES = {"stop": FinishReason.STOP, "length": FinishReason.LENGTH}


class Answer:
    """Reads the events of one stream: text up to a stop string, the reason of the end, usage."""

    def __init__(self, stops: Sequence[str], opened: bool) -> None:
        self._stop_text = StopText(stops)
        self._opened = opened  # the text begins in the middle of thinking
        self._finish: FinishReason | None = None
        self._usage: dict[str, Any] = {}

    @property
    def stopped_here(self) -> bool:
        """A stop string came through: the server did not know it."""
        return self._stop_text.stopped

    def take(self, event: str) -> str:
        """The text that this event makes visible."""
        try:
            data = json.loads(event)
            if data.get("error"):
                raise error_in_stream(data["error"])
            self._usage = data.get("usage") or self._usage
            choices = data.get("choices") or [{}]
            choice = choices[0]
            delta = choice.get("delta") or {}
            reason = choice.get("finish_reason")
            text = delta.get("content") or choice.get("text") or ""
            apart = delta.get("reasoning_content") or delta.get("reasoning")
        except (ValueError, AttributeError, TypeError, LookupError) as error:
            raise EngineUnavailable("The server sent what is no completion.") from error
        if reason is not None:
            self._finish = FINISHES.get(reason, FinishReason.STOP)
        if apart and self._opened:
            self._opened = False  # this server keeps the thinking out of the text by itself
            return CLOSE
        return self._stop_text.feed(text)

    def flush(self) -> str:
        return self._stop_text.flush()

    def last(self) -> TextDelta:
        if self.stopped_here:
            self._finish = FinishReason.STOP
        if self._finish is None:
            raise EngineUnavailable("The server's answer broke off.")
        return TextDelta(
            finish=self._finish,
            prompt_tokens=self._usage.get("prompt_tokens"),
            completion_tokens=self._usage.get("completion_tokens"),
        )


async def events_of(response: aiohttp.ClientResponse) -> AsyncGenerator[str, None]:
    """The events of a streamed response up to its end."""
    parser = EventParser()
    try:
        async for piece in response.content.iter_any():
            for event in parser.feed(piece):
                if event.strip() == "[DONE]":
                    return
                yield event
    except (aiohttp.ClientError, TimeoutError, EventTooLarge) as error:
        raise EngineUnavailable(
            f"The server's answer broke off: {type(error).__name__}."
        ) from error


def scores_of(choice: dict[str, Any], token_ids: Sequence[int]) -> list[float]:
    if choice.get("prompt_logprobs"):
        pairs = zip(token_ids[1:], choice["prompt_logprobs"][1:], strict=True)
        return [float(entry[str(token)]["logprob"]) for token, entry in pairs]
    logprobs = choice["logprobs"]["token_logprobs"][1 : len(token_ids)]
    scores = [float(value) for value in logprobs]
    if len(scores) != len(token_ids) - 1 or not all(map(math.isfinite, scores)):
        raise ValueError(len(scores))
    return scores
