"""A loopback server that speaks the OpenAI interface, plain or as vLLM, with a made-up model.

Its words depend on model, prompt and seed alone. `faults` are taken one by each generating request:
a status, "disconnect" (before anything is sent) or "cut" (in the middle of the answer).
"""

import asyncio
import hashlib
import json
import math
import random
import re
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

WORDS = ["the", "sky", "light", "天空", "蓝色", "because", "😀", "blue", "waves", "naïve", "bend"]
TOKEN = re.compile(r"\s*[\u3000-\u9fff]|\s*[^\s\u3000-\u9fff]+|\s+")
ANSWER_TOKENS = 40


@dataclass
class OpenAIServer:
    """`cut_bytes` is how many bytes each network write holds, so that nothing arrives whole."""

    vllm: bool = True
    model: str = "made-up/model-1"
    context_tokens: int = 512
    api_key: str = ""
    cut_bytes: int = 7
    token_seconds: float = 0.0
    prefix: str = ""  # every answer begins with it
    faults: list[int | str] = field(default_factory=list)
    loads_adapters: bool = True
    usage: bool = True
    knows_stop: bool = True
    requests: list[dict[str, Any]] = field(default_factory=list)
    adapters: dict[str, str] = field(default_factory=dict)
    open_streams: int = 0
    url: str = ""

    async def __aenter__(self) -> "OpenAIServer":
        app = web.Application(client_max_size=2**24)
        app.router.add_get("/v1/models", self._models)
        app.router.add_post("/v1/chat/completions", self._complete)
        app.router.add_post("/v1/completions", self._complete)
        if self.vllm:
            app.router.add_post("/tokenize", self._tokenize)
            if self.loads_adapters:
                app.router.add_post("/v1/load_lora_adapter", self._load)
                app.router.add_post("/v1/unload_lora_adapter", self._unload)
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/v1"
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._runner.cleanup()

    async def _models(self, request: web.Request) -> web.StreamResponse:
        if self.api_key and request.headers.get("Authorization") != f"Bearer {self.api_key}":
            return _error(401, "Incorrect API key")
        owner = "vllm" if self.vllm else "somebody"
        base = {"id": self.model, "object": "model", "owned_by": owner}
        if self.vllm:
            base["max_model_len"] = self.context_tokens
        loaded = [{"id": name, "owned_by": owner, "parent": self.model} for name in self.adapters]
        return web.json_response({"object": "list", "data": [base, *loaded]})

    async def _tokenize(self, request: web.Request) -> web.StreamResponse:
        ids = _ids((await request.json())["prompt"])
        return web.json_response({"tokens": ids, "count": len(ids)})

    async def _load(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.adapters[body["lora_name"]] = body["lora_path"]
        return web.Response(text="Success: adapter added")

    async def _unload(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        if self.adapters.pop(body["lora_name"], None) is None:
            return _error(404, "The adapter cannot be found")
        return web.Response(text="Success: adapter removed")

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.requests.append(body)
        fault = self.faults.pop(0) if self.faults else None
        if isinstance(fault, int):
            return _error(fault, "made to fail", {"Retry-After": "0.01"})
        if fault == "disconnect":
            assert request.transport is not None
            request.transport.close()
            return web.Response()
        prompt = _prompt_of(body)
        if body["model"] not in (self.model, *self.adapters):
            return _error(404, "The model does not exist")
        if len(prompt) >= self.context_tokens:
            return _error(400, f"This model's maximum context length is {self.context_tokens}")
        if "prompt_logprobs" in body or body.get("echo"):
            return self._scored(body, prompt)
        return await self._stream(request, body, prompt, cut=fault == "cut")

    def _scored(self, body: dict[str, Any], prompt: list[int]) -> web.StreamResponse:
        values = [-math.log(2 + token % 7) for token in prompt]
        choice: dict[str, Any] = {"index": 0, "text": "", "finish_reason": "length"}
        if "prompt_logprobs" in body and self.vllm:
            entries = [{str(t): {"logprob": v}} for t, v in zip(prompt, values, strict=True)]
            choice["prompt_logprobs"] = [None, *entries[1:]]
        elif body.get("echo") and self.loads_adapters:
            choice["logprobs"] = {"token_logprobs": [None, *values[1:]]}
        return web.json_response({"choices": [choice]})

    async def _stream(
        self, request: web.Request, body: dict[str, Any], prompt: list[int], cut: bool
    ) -> web.StreamResponse:
        chat = "messages" in body
        tokens, finish = self._answer(body, prompt)
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        self.open_streams += 1
        try:
            await self._write(response, ": keep-alive\r\n\r\n")
            for number, token in enumerate(tokens):
                if cut and number == len(tokens) // 2:
                    assert request.transport is not None
                    request.transport.close()
                    return response
                piece = {"delta": {"content": token}} if chat else {"text": token}
                await self._event(response, {"choices": [{"index": 0, **piece}]})
                await asyncio.sleep(self.token_seconds)
            last = {"delta": {}} if chat else {"text": ""}
            ended = {"index": 0, "finish_reason": finish, **last}
            await self._event(response, {"choices": [ended]})
            if self.usage and body.get("stream_options", {}).get("include_usage"):
                counts = {"prompt_tokens": len(prompt), "completion_tokens": len(tokens)}
                await self._event(response, {"choices": [], "usage": counts})
            await self._write(response, "data: [DONE]\n\n")
        finally:
            self.open_streams -= 1
        return response

    def _answer(self, body: dict[str, Any], prompt: list[int]) -> tuple[list[str], str]:
        seed = body.get("seed", 0) if body["temperature"] > 0 else 0
        digest = hashlib.sha256(json.dumps([body["model"], prompt, seed]).encode()).digest()
        words = random.Random(digest).choices(WORDS, k=ANSWER_TOKENS)
        text = self.prefix + " ".join(words)
        tokens = TOKEN.findall(text)
        finish = "stop"
        if len(tokens) > body["max_tokens"]:
            tokens, finish = tokens[: body["max_tokens"]], "length"
        if self.knows_stop:
            tokens, stopped = _until_stop(tokens, body.get("stop", []))
            finish = "stop" if stopped else finish
        return tokens, finish

    async def _event(self, response: web.StreamResponse, data: dict[str, Any]) -> None:
        await self._write(response, f"data: {json.dumps(data, ensure_ascii=False)}\n\n")

    async def _write(self, response: web.StreamResponse, text: str) -> None:
        data = text.encode()
        for start in range(0, len(data), self.cut_bytes):
            await response.write(data[start : start + self.cut_bytes])


def _error(status: int, said: str, headers: dict[str, str] | None = None) -> web.Response:
    return web.json_response({"error": {"message": said}}, status=status, headers=headers)


def _until_stop(tokens: list[str], stops: list[str]) -> tuple[list[str], bool]:
    text = "".join(tokens)
    found = [text.find(stop) for stop in stops if stop in text]
    return (TOKEN.findall(text[: min(found)]), True) if found else (tokens, False)


def _ids(text: str) -> list[int]:
    digests = (hashlib.sha256(token.encode()).digest() for token in TOKEN.findall(text))
    return [int.from_bytes(digest[:3]) for digest in digests]


def _prompt_of(body: dict[str, Any]) -> list[int]:
    if "messages" in body:
        return _ids(" ".join(f"{m['role']} {m['content']}" for m in body["messages"]))
    return list(body["prompt"])
