"""The Engine contract over an OpenAI-compatible server; vLLM's additions are used where present.

An adapter is a model name there. What a server lacks is said by `capabilities` and refused by name,
never imitated; only `encode` estimates where the server has no tokenizer to ask.
"""

import asyncio
import hashlib
import json
import logging
import math
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from tutor.engine.contract import (
    Capabilities,
    EngineError,
    EngineUnavailable,
    FinishReason,
    Health,
    ModelUnusable,
    RequestRefused,
    TextDelta,
    TextRequest,
)
from tutor.engine.profiles import Reasoning, profile_for
from tutor.engine.reasoning import hide_reasoning
from tutor.engine.remote_answers import Answer, events_of, scores_of
from tutor.engine.remote_requests import body_of, unsupported_sampling
from tutor.engine.remote_server import RemoteServer
from tutor.i18n import mark

log = logging.getLogger(__name__)

DEFAULT_CONTEXT_TOKENS = 8192  # where neither the server nor the profile says
NOT_A_TOKEN = -1  # what `encode` returns where only the number of tokens is estimated


@dataclass(frozen=True, slots=True)
class _About:
    """What the server says of itself. `models` holds adapters too, where it lists them."""

    model: str
    models: frozenset[str]
    vllm: bool
    context_tokens: int | None
    revision: str


class RemoteEngine:
    """`model` "" means the first that the server lists. Nothing is asked before it is needed."""

    def __init__(
        self, base_url: str, api_key: str = "", model: str = "", *, pause_seconds: float = 0.5
    ) -> None:
        self._server = RemoteServer(base_url, api_key, pause_seconds)
        self._model = model
        self._known: _About | None = None
        self._adapters: dict[str, bool] = {}  # version → whether we loaded it there
        self._scores: bool | None = None

    async def stream(self, request: TextRequest) -> AsyncGenerator[TextDelta, None]:
        reasoning = profile_for(self._model).reasoning
        if not self._model:
            reasoning = profile_for((await self._about()).model).reasoning
        async with aclosing(hide_reasoning(self._stream(request), reasoning)) as visible:
            async for delta in visible:
                yield delta

    async def score(self, token_ids: Sequence[int], adapter: str | None = None) -> list[float]:
        if len(token_ids) < 2:
            return []
        name = await self._name_of(adapter)
        if not await self._can_score():
            raise RequestRefused("This server gives no log-probabilities of a prompt.")
        return await self._score(name, token_ids)

    async def encode(self, texts: Sequence[str]) -> list[list[int]]:
        about = await self._about()
        if not about.vllm:
            return [[NOT_A_TOKEN] * _estimated_tokens(text) for text in texts]
        body = {"model": about.model, "add_special_tokens": False}
        answers = [
            await self._server.ask("/tokenize", {**body, "prompt": text}, root=True)
            for text in texts
        ]
        return [list(answer["tokens"]) for answer in answers]

    async def ensure_adapter(self, version: str, folder: str) -> None:
        about = await self._about(fresh=version not in self._adapters)
        if version in self._adapters or version in about.models:
            self._adapters.setdefault(version, False)
            return
        if not about.vllm:
            raise _adapter_missing(version)
        body = {"lora_name": version, "lora_path": folder}
        try:
            await self._server.ask("/load_lora_adapter", body)
        except RequestRefused as error:
            if "404" in str(error) or "405" in str(error):
                raise _adapter_missing(version) from error
            raise
        self._adapters[version] = True

    async def retire_adapter(self, version: str) -> None:
        if self._adapters.pop(version, False):
            await self._server.ask("/unload_lora_adapter", {"lora_name": version})
            self._known = None

    async def capabilities(self) -> Capabilities:
        about = await self._about()
        return Capabilities(
            model=about.model,
            base_revision=about.revision,
            context_tokens=about.context_tokens or DEFAULT_CONTEXT_TOKENS,
            adapters=about.vllm or bool(self._adapters),
            score=await self._can_score(),
            grammars=frozenset({"json_schema", "regex", "choice"} if about.vllm else ()),
            device="remote",
            base_hash=f"name:{about.model}",  # the weights can't be seen from here
        )

    async def health(self) -> Health:
        started = time.monotonic()
        try:
            about = await self._about(fresh=True)
        except EngineError as error:
            return Health(ready=False, detail=str(error))
        seconds = time.monotonic() - started
        return Health(True, f"{about.model} answers", figures={"answer_seconds": seconds})

    async def close(self) -> None:
        await self._server.close()

    async def _stream(self, request: TextRequest) -> AsyncGenerator[TextDelta, None]:
        """Applies the deadline to waiting, connecting and reading alike."""
        limit = request.deadline_seconds
        ends_at = None if limit is None else time.monotonic() + limit
        deltas = self._deltas(request)
        async with aclosing(deltas):
            while True:
                try:
                    left = None if ends_at is None else ends_at - time.monotonic()
                    async with asyncio.timeout(left):
                        delta = await anext(deltas)
                except TimeoutError:
                    yield TextDelta(finish=FinishReason.DEADLINE)
                    return
                except StopAsyncIteration:
                    return
                yield delta

    async def _deltas(self, request: TextRequest) -> AsyncGenerator[TextDelta, None]:
        if bool(request.messages) == bool(request.token_ids):
            raise RequestRefused("A request holds either messages or token ids.")
        if request.max_tokens < 1:
            raise RequestRefused("max_tokens must be at least 1.")
        about = await self._about()
        options = dict(profile_for(about.model).template_options)
        name = await self._name_of(request.adapter)
        body = body_of(request, name, vllm=about.vllm, template_options=options)
        if not about.vllm and (left_out := unsupported_sampling(request)):
            log.warning("The server is not known to support %s; left out", ", ".join(left_out))
        path = "/chat/completions" if request.messages else "/completions"
        async with self._server.post(path, body) as response:
            opened = profile_for(about.model).reasoning is Reasoning.OPENED
            answer = Answer(request.stop, opened)
            async with aclosing(events_of(response)) as events:
                async for event in events:
                    text = answer.take(event)
                    if text:
                        yield TextDelta(text=text)
                    if answer.stopped_here:
                        break
            if rest := answer.flush():
                yield TextDelta(text=rest)
            yield answer.last()

    async def _about(self, fresh: bool = False) -> _About:
        if self._known is None or fresh:
            listed = await self._server.ask("/models")
            try:
                self._known = _read_models(listed["data"], self._model)
            except (KeyError, TypeError, AttributeError) as error:
                raise EngineUnavailable("The server's list of models is no such list.") from error
        return self._known

    async def _name_of(self, adapter: str | None) -> str:
        """The model name to ask for; an adapter that the server does not know is refused here,
        since some servers answer with the base model instead."""
        about = await self._about()
        if adapter is None:
            return about.model
        if adapter not in self._adapters and adapter not in about.models:
            raise RequestRefused(f"The server knows no adapter {adapter}.")
        return adapter

    async def _can_score(self) -> bool:
        if self._scores is None:
            about = await self._about()
            try:
                self._scores = len(await self._score(about.model, [1, 2])) == 1
            except RequestRefused:
                self._scores = False
        return self._scores

    async def _score(self, model: str, token_ids: Sequence[int]) -> list[float]:
        """vLLM's `prompt_logprobs`, else the older `echo`."""
        body: dict[str, Any] = {"model": model, "prompt": list(token_ids), "temperature": 0}
        if (await self._about()).vllm:
            body |= {"max_tokens": 1, "prompt_logprobs": 0}
        else:
            body |= {"max_tokens": 0, "echo": True, "logprobs": 1}
        answer = await self._server.ask("/completions", body)
        try:
            return scores_of(answer["choices"][0], token_ids)
        except (KeyError, TypeError, IndexError, ValueError) as error:
            raise RequestRefused("The server gave no log-probabilities of the prompt.") from error


def _read_models(listed: list[dict[str, Any]], wanted: str) -> _About:
    names = [str(entry["id"]) for entry in listed]
    if not names or (wanted and wanted not in names):
        raise ModelUnusable(
            mark("The text server does not offer the model {model}; it offers: {offered}."),
            model=wanted or "(any)",
            offered=", ".join(names) or "-",
        )
    model = wanted or names[0]
    entry = listed[names.index(model)]
    vllm = entry.get("owned_by") == "vllm"
    context = entry.get("max_model_len") or profile_for(model).context_tokens
    identity = json.dumps([model, entry.get("root"), entry.get("parent"), context])
    revision = hashlib.sha256(identity.encode()).hexdigest()[:16]
    return _About(model, frozenset(names) - {model}, vllm, context, revision)


def _estimated_tokens(text: str) -> int:
    """About four Latin letters a token, and one Chinese character a token."""
    wide = sum(ord(character) > 0x2E7F for character in text)
    return wide + math.ceil((len(text) - wide) / 4)


def _adapter_missing(version: str) -> RequestRefused:
    return RequestRefused(
        f"The server has no adapter {version} and loads none at run time. Start vLLM with "
        "--enable-lora and VLLM_ALLOW_RUNTIME_LORA_UPDATING=True, or with --lora-modules."
    )
