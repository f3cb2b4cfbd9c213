"""`python -m benchmarks.engine --json`: speed of the text engine with the embedded model.

Tokens a second over all requests at 1, 8 and 16 at once, without and with adapters, and the time to
the first token: of a warm engine, and from the start of a program on a prepared data folder. The
engine runs as users run it, in its own process behind its socket.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from contextlib import aclosing, suppress
from pathlib import Path
from typing import Any

import psutil

from tutor.engine.client import LocalEngine
from tutor.engine.contract import Message, TextRequest

NEW_TOKENS = 64
ADAPTERS, RANK = 4, 16
SIZES = (1, 8, 16)
TOPICS = (
    "Explain how rain forms",
    "Why do we have seasons",
    "What is a fraction",
    "How does a plant grow",
    "What causes the tides",
    "Explain what an atom is",
    "How do birds fly",
    "What is an equation",
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engine", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--data-dir", type=Path, help="an existing data folder (else a new one)")
    parser.add_argument("--without-adapters", action="store_true")
    options = parser.parse_args()
    if options.data_dir is not None:
        figures = asyncio.run(measure(options.data_dir, not options.without_adapters))
    else:
        with tempfile.TemporaryDirectory() as folder:
            figures = asyncio.run(measure(Path(folder), not options.without_adapters))
    if options.json:
        print(json.dumps(figures))
    else:
        _show(figures)


async def measure(data_dir: Path, with_adapters: bool) -> dict[str, Any]:
    """All figures, in the order in which a user would meet them."""
    first_start = await _start_to_first_token(data_dir)
    second_start = await _start_to_first_token(data_dir)
    engine = LocalEngine(data_dir)
    try:
        await _ask(engine, 0, 8)
        ttft = sorted([await _time_to_first_token(engine, n) for n in range(5)])[2]
        results = [await _throughput(engine, size, []) for size in SIZES]
        if with_adapters:
            versions = await _load_adapters(engine, data_dir)
            results += [await _throughput(engine, size, versions) for size in SIZES]
        capabilities, health = await engine.capabilities(), await engine.health()
    finally:
        await engine.close()
    return {
        "engine": "local",
        "model": capabilities.model,
        "device": capabilities.device,
        "cores": len(os.sched_getaffinity(0)),
        "load_average": os.getloadavg()[0],
        "results": results,
        "ttft_seconds": round(ttft, 3),
        "first_start_to_first_token_seconds": round(first_start, 2),
        "second_start_to_first_token_seconds": round(second_start, 2),
        "resident_bytes": health.resident_bytes,
    }


async def _start_to_first_token(data_dir: Path) -> float:
    """From the start of a Python program to the first token, with no engine process there."""
    await _wait_until_gone(data_dir)
    code = (
        "import asyncio\n"
        "from benchmarks.engine import first_token\n"
        f"asyncio.run(first_token({str(data_dir)!r}))\n"
    )
    started = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    line = await process.stdout.readline()
    seconds = time.monotonic() - started
    assert line.strip() == b"first", line
    await process.wait()
    return seconds


async def first_token(data_dir: str) -> None:
    """Prints a word when the first token is there; the process then leaves soon."""
    engine = LocalEngine(Path(data_dir), idle_seconds=0.2)
    async with aclosing(engine.stream(_request(0, 4))) as deltas:
        async for delta in deltas:
            if delta.text:
                print("first", flush=True)
                break
    await engine.close()


async def _wait_until_gone(data_dir: Path) -> None:
    """An engine that nobody uses any more leaves by itself."""
    with suppress(FileNotFoundError, psutil.NoSuchProcess):
        pid = int((data_dir / "engine" / "engine.pid").read_text(encoding="ascii"))
        await asyncio.to_thread(psutil.Process(pid).wait, 120)


async def _time_to_first_token(engine: LocalEngine, number: int) -> float:
    started = time.monotonic()
    async with aclosing(engine.stream(_request(number, 4))) as deltas:
        async for delta in deltas:
            if delta.text:
                break
    return time.monotonic() - started


async def _throughput(engine: LocalEngine, requests: int, adapters: list[str]) -> dict[str, Any]:
    """Tokens a second over `requests` at once; the prompts' reading is part of the time."""
    versions = [adapters[n % len(adapters)] if adapters else None for n in range(requests)]
    started = time.monotonic()
    counts = await asyncio.gather(
        *(_ask(engine, n, NEW_TOKENS, version) for n, version in enumerate(versions))
    )
    seconds = time.monotonic() - started
    return {
        "engine": "local",
        "requests": requests,
        "adapters": min(requests, len(adapters)),
        "tokens": sum(counts),
        "tokens_per_second": round(sum(counts) / seconds, 1),
    }


async def _ask(engine: LocalEngine, number: int, tokens: int, adapter: str | None = None) -> int:
    """How many tokens came back."""
    async with aclosing(engine.stream(_request(number, tokens, adapter))) as deltas:
        async for delta in deltas:
            if delta.completion_tokens is not None:
                return delta.completion_tokens
    raise AssertionError("a stream ends with its counts")


def _request(number: int, tokens: int, adapter: str | None = None) -> TextRequest:
    topic = f"{TOPICS[number % len(TOPICS)]}? Write a long story about it. ({number})"
    return TextRequest(messages=(Message("user", topic),), max_tokens=tokens, adapter=adapter)


async def _load_adapters(engine: LocalEngine, data_dir: Path) -> list[str]:
    """Random adapters on all linear layers, written as peft would."""
    folder = next((data_dir / "models").glob("*/config.json")).parent
    await asyncio.to_thread(_write_adapters, folder, data_dir / "benchmark-adapters")
    versions = []
    for number in range(ADAPTERS):
        await engine.ensure_adapter(
            f"bench-{number}", str(data_dir / "benchmark-adapters" / str(number))
        )
        versions.append(f"bench-{number}")
    return versions


def _write_adapters(model_folder: Path, target: Path) -> None:
    import torch
    from safetensors import safe_open
    from safetensors.torch import save_file

    with safe_open(model_folder / "model.safetensors", "pt") as file:
        shapes = {
            name.removesuffix(".weight"): file.get_slice(name).get_shape()
            for name in file.keys()  # noqa: SIM118 - it is no mapping
            if "proj" in name
        }
    config = {"peft_type": "LORA", "r": RANK, "lora_alpha": RANK, "bias": "none"}
    for number in range(ADAPTERS):
        torch.manual_seed(number)
        weights = {}
        for name, (outputs, inputs) in shapes.items():
            prefix = f"base_model.model.{name}.lora_"
            weights[f"{prefix}A.weight"] = torch.randn(RANK, inputs) * 0.01
            weights[f"{prefix}B.weight"] = torch.randn(outputs, RANK) * 0.01
        folder = target / str(number)
        folder.mkdir(parents=True, exist_ok=True)
        save_file(weights, folder / "adapter_model.safetensors")
        (folder / "adapter_config.json").write_text(json.dumps(config), encoding="utf-8")


def _show(figures: dict[str, Any]) -> None:
    for row in figures["results"]:
        print(
            f"{row['requests']:>3} requests, {row['adapters']} adapters: "
            f"{row['tokens_per_second']:>7.1f} tokens/s"
        )
    for name in ("ttft", "first_start_to_first_token", "second_start_to_first_token"):
        print(f"{name}: {figures[name + '_seconds']} s")


if __name__ == "__main__":
    main()
