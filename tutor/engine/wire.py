"""What passes over the engine's socket: JSON objects in frames, and the contract's types as JSON.

A frame is the length of its body (four bytes, big endian) and the body (UTF-8 JSON, one object).
Knows neither who speaks nor what a request does.
"""

import asyncio
import json
import struct
from dataclasses import asdict
from typing import Any

from tutor.engine.contract import (
    Capabilities,
    EngineBusy,
    EngineError,
    EngineUnavailable,
    FinishReason,
    Grammar,
    Health,
    Message,
    ModelUnusable,
    Priority,
    RequestRefused,
    Sampling,
    TextDelta,
    TextRequest,
)

PROTOCOL = 1
MAX_FRAME_BYTES = 32 * 2**20
_LENGTH = struct.Struct(">I")

Frame = dict[str, Any]


class FrameTooLarge(EngineError):
    """The other side announced a frame that no request can need."""


def pack(frame: Frame) -> bytes:
    """The bytes of one frame."""
    body = json.dumps(frame, ensure_ascii=False, separators=(",", ":"))
    encoded = body.encode("utf-8", "surrogatepass")
    return _LENGTH.pack(len(encoded)) + encoded


async def read_frame(reader: asyncio.StreamReader) -> Frame | None:
    """The next frame; None when the other side has closed, even in the middle of a frame."""
    try:
        (length,) = _LENGTH.unpack(await reader.readexactly(_LENGTH.size))
        if length > MAX_FRAME_BYTES:
            raise FrameTooLarge(f"A frame of {length} bytes; at most {MAX_FRAME_BYTES} are read.")
        body = await reader.readexactly(length)
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    frame: Frame = json.loads(body.decode("utf-8", "surrogatepass"))
    return frame


def request_to_json(request: TextRequest) -> Frame:
    return asdict(request)


def request_from_json(data: Frame) -> TextRequest:
    grammar = data["grammar"]
    return TextRequest(
        **{
            **data,
            "messages": tuple(Message(**message) for message in data["messages"]),
            "token_ids": tuple(data["token_ids"]),
            "sampling": Sampling(**data["sampling"]),
            "stop": tuple(data["stop"]),
            "grammar": Grammar(**grammar) if grammar else None,
            "priority": Priority(data["priority"]),
        }
    )


def delta_to_json(delta: TextDelta) -> Frame:
    """Fields that say nothing are left out: a stream is mostly text."""
    return {key: value for key, value in asdict(delta).items() if value not in (None, "", ())}


def delta_from_json(data: Frame) -> TextDelta:
    finish = data.get("finish")
    return TextDelta(
        **{
            **data,
            "token_ids": tuple(data.get("token_ids", ())),
            "finish": FinishReason(finish) if finish else None,
        }
    )


def capabilities_to_json(capabilities: Capabilities) -> Frame:
    return {**asdict(capabilities), "grammars": sorted(capabilities.grammars)}


def capabilities_from_json(data: Frame) -> Capabilities:
    return Capabilities(**{**data, "grammars": frozenset(data["grammars"])})


def health_to_json(health: Health) -> Frame:
    record = {**asdict(health), "figures": dict(health.figures)}
    del record["paused_until"]  # the process itself is never paused: it is not there then
    return record


def health_from_json(data: Frame) -> Health:
    return Health(**data)


_KINDS: dict[str, type[EngineError]] = {
    "unavailable": EngineUnavailable,
    "busy": EngineBusy,
    "refused": RequestRefused,
}


def error_to_json(error: EngineError) -> Frame:
    if isinstance(error, ModelUnusable):
        return {"kind": "model", "sentence": error.sentence, "fields": error.fields}
    kind = next((name for name, known in _KINDS.items() if isinstance(error, known)), "unavailable")
    return {"kind": kind, "text": str(error)}


def error_from_json(data: Frame) -> EngineError:
    if data["kind"] == "model":
        return ModelUnusable(data["sentence"], **data["fields"])
    return _KINDS.get(data["kind"], EngineUnavailable)(data["text"])
