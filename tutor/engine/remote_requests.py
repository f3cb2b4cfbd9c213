"""Our requests as the JSON of an OpenAI-compatible server, plain or vLLM. Pure."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from tutor.engine.contract import Grammar, Message, RequestRefused, TextRequest

MAX_STOPS = 4  # more are enforced on our side; OpenAI's interface takes four


def body_of(
    request: TextRequest, model: str, *, vllm: bool, template_options: Mapping[str, bool]
) -> dict[str, Any]:
    """The body for `/chat/completions` (messages) or `/completions` (token ids)."""
    sampling = request.sampling
    body: dict[str, Any] = {
        "model": model,
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_tokens": request.max_tokens,
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
    }
    if request.messages:
        body["messages"] = [{"role": m.role, "content": m.content} for m in request.messages]
    else:
        body["prompt"] = list(request.token_ids)
    if request.stop:
        body["stop"] = list(request.stop if vllm else request.stop[:MAX_STOPS])
    if sampling.seed is not None:
        body["seed"] = sampling.seed
    if vllm:
        body |= _vllm_extras(request, template_options)
    elif request.grammar is not None:
        raise RequestRefused("This server offers no grammars.")
    return body


def unsupported_sampling(request: TextRequest) -> list[str]:
    """The sampling settings that a plain server does not know and that are therefore left out."""
    sampling = request.sampling
    changed = {
        "top_k": sampling.top_k != 0,
        "min_p": sampling.min_p != 0,
        "repetition_penalty": sampling.repetition_penalty != 1,
    }
    return [name for name, is_changed in changed.items() if is_changed]


def cache_salt(messages: tuple[Message, ...]) -> str | None:
    """Separates the caches of those who may not share; None where everybody may.

    The server salts a prompt as a whole, so the whole is as private as its most private segments.
    """
    scopes = sorted({message.cache_scope for message in messages} - {""})
    return hashlib.sha256("\n".join(scopes).encode()).hexdigest() if scopes else None


def _vllm_extras(request: TextRequest, template_options: Mapping[str, bool]) -> dict[str, Any]:
    sampling = request.sampling
    extras: dict[str, Any] = {}
    if sampling.top_k:
        extras["top_k"] = sampling.top_k
    if sampling.min_p:
        extras["min_p"] = sampling.min_p
    if sampling.repetition_penalty != 1.0:
        extras["repetition_penalty"] = sampling.repetition_penalty
    if salt := cache_salt(request.messages):
        extras["cache_salt"] = salt
    if request.messages and template_options:
        extras["chat_template_kwargs"] = dict(template_options)
    if request.grammar is not None:
        extras["structured_outputs"] = _structured(request.grammar)
    return extras


def _structured(grammar: Grammar) -> dict[str, Any]:
    """`value` is JSON for a schema and for choices (a list of strings), the pattern for a regex."""
    if grammar.kind == "regex":
        return {"regex": grammar.value}
    try:
        value = json.loads(grammar.value)
    except ValueError as error:
        raise RequestRefused(f"The grammar is no JSON: {error}") from error
    return {"json" if grammar.kind == "json_schema" else "choice": value}
