"""Serving: parts run side by side, failures are kept apart, and the end is orderly."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
from aiohttp import ClientSession

from bot.adapter import Adapter, CredentialsRefused
from bot.http_server import HttpServer, PortUnavailable, build_app
from bot.metrics import Metrics
from bot.serve import NoPlatformLeft, PartFailed, Serving, readiness_of, stop_on_signals
from bot.supervision import Backoff, WorkerChild, keep_running
from tutor.messages import Platform


class FakeAdapter:
    """Runs as long as it is let; `failures` end its first runs."""

    def __init__(self, platform: Platform, *failures: Exception, events: list[str]) -> None:
        self.platform = platform
        self.failures = list(failures)
        self.events = events
        self.connected = asyncio.Event()

    async def run(self) -> None:
        self.events.append(f"{self.platform} run")
        if self.failures:
            raise self.failures.pop(0)
        self.connected.set()
        await asyncio.Event().wait()

    async def close(self) -> None:
        self.events.append(f"{self.platform} close")

    def ready(self) -> bool:
        return self.connected.is_set()

    def reaches(self, user_id: str) -> bool:
        return True


class FakeDispatcher:
    def __init__(self, events: list[str]) -> None:
        self.events = events

    async def run(self) -> None:
        await asyncio.Event().wait()

    async def close(self, grace_seconds: float = 0.0) -> None:
        self.events.append("dispatcher close")

    def running(self) -> int:
        return 0


def serving_with(events: list[str], *adapters: FakeAdapter, port: int = 0) -> Serving:
    metrics = Metrics()
    http = HttpServer(build_app(metrics, lambda: readiness_of({})), "127.0.0.1", port)
    real = cast(list[Adapter], list(adapters))
    return Serving(FakeDispatcher(events), real, http, metrics, worker=None)


async def until(condition: Callable[[], object]) -> None:
    while not condition():
        await asyncio.sleep(0.005)


async def test_replies_finish_before_their_platforms_are_left() -> None:
    events: list[str] = []
    adapter = FakeAdapter(Platform.DISCORD, events=events)
    serving = serving_with(events, adapter)
    running = asyncio.create_task(serving.run())
    await adapter.connected.wait()
    assert serving.ready() == {"discord": True, "serving": True}
    serving.stop()
    assert serving.ready()["serving"] is False
    await running
    assert events == ["discord run", "dispatcher close", "discord close"]


async def test_one_refused_platform_leaves_the_other_running() -> None:
    events: list[str] = []
    refused = FakeAdapter(Platform.SLACK, CredentialsRefused("copy it again"), events=events)
    healthy = FakeAdapter(Platform.DISCORD, events=events)
    serving = serving_with(events, refused, healthy)
    running = asyncio.create_task(serving.run())
    await healthy.connected.wait()
    await asyncio.sleep(0.02)
    assert not running.done()
    assert serving.ready() == {"slack": False, "discord": True, "serving": True}
    serving.stop()
    await running
    assert events.count("slack run") == 1


async def test_no_platform_left_says_what_each_refused() -> None:
    events: list[str] = []
    refused = FakeAdapter(Platform.SLACK, CredentialsRefused("copy it again"), events=events)
    with pytest.raises(NoPlatformLeft) as caught:
        await serving_with(events, refused).run()
    assert caught.value.reasons == {"slack": "copy it again"}


async def test_failed_part_ends_the_server_in_order_and_as_a_failure() -> None:
    events: list[str] = []
    adapter = FakeAdapter(Platform.DISCORD, events=events)
    serving = serving_with(events, adapter)

    async def broken() -> None:
        await adapter.connected.wait()
        raise ValueError("a mistake of ours")

    cast(Any, serving)._sample_ready = broken
    with pytest.raises(PartFailed, match="ready"):
        await serving.run()
    assert events == ["discord run", "dispatcher close", "discord close"]


async def test_failed_adapter_is_started_again_after_a_pause() -> None:
    events: list[str] = []
    failing = FakeAdapter(Platform.DISCORD, ValueError("malformed"), OSError("gone"), events=events)
    task = asyncio.create_task(keep_running(cast(Adapter, failing), Backoff(0.001)))
    await failing.connected.wait()
    task.cancel()
    assert events == ["discord run"] * 3


def test_pauses_grow_and_begin_anew_after_a_healthy_stretch() -> None:
    backoff = Backoff(1.0)
    assert [backoff.pause_after(0.1) for _ in range(8)] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert backoff.pause_after(600.0) == 1


async def test_port_in_use_ends_the_start_before_anything_connects() -> None:
    events: list[str] = []
    first = serving_with(events, FakeAdapter(Platform.DISCORD, events=events))
    metrics = Metrics()
    holder = HttpServer(build_app(metrics, lambda: readiness_of({})), "127.0.0.1", 0)
    port = await holder.start()
    second = serving_with(events, FakeAdapter(Platform.SLACK, events=events), port=port)
    with pytest.raises(PortUnavailable):
        await second.run()
    await holder.close()
    assert events == []
    assert not first.stopping


async def test_signal_begins_the_orderly_end() -> None:
    stopped = asyncio.Event()
    stop_on_signals(stopped.set)
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(stopped.wait(), 5)
    asyncio.get_running_loop().remove_signal_handler(signal.SIGINT)
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


async def test_failing_and_hanging_checks_are_not_ready() -> None:
    async def fine() -> bool:
        return True

    async def broken() -> bool:
        raise OSError("no")

    async def hanging() -> bool:
        await asyncio.Event().wait()
        return True

    found = await readiness_of({"a": fine, "b": broken, "c": hanging}, limit_seconds=0.05)
    assert found == {"a": True, "b": False, "c": False}


async def test_worker_is_started_again_and_stopped_with_the_server(tmp_path: Path) -> None:
    starts = tmp_path / "starts"
    script = (
        "import pathlib, sys, time\n"
        f"starts = pathlib.Path({str(starts)!r})\n"
        "count = len(starts.read_text()) if starts.exists() else 0\n"
        "starts.write_text('x' * (count + 1))\n"
        "sys.exit(1) if count == 0 else time.sleep(60)\n"
    )
    child = WorkerChild((sys.executable, "-c", script), Backoff(0.001))
    running = asyncio.create_task(child.run())
    await until(lambda: starts.exists() and starts.read_text() == "xx")
    assert child.running
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert not child.running


async def test_metrics_show_which_platform_is_connected() -> None:
    events: list[str] = []
    adapter = FakeAdapter(Platform.DISCORD, events=events)
    metrics = Metrics()
    http = HttpServer(build_app(metrics, lambda: readiness_of({})), "127.0.0.1", 0)
    ports: list[int] = []
    start = http.start

    async def remembered() -> int:
        ports.append(await start())
        return ports[0]

    cast(Any, http).start = remembered
    serving = Serving(FakeDispatcher(events), [cast(Adapter, adapter)], http, metrics, None)
    running = asyncio.create_task(serving.run())
    await adapter.connected.wait()
    async with ClientSession(f"http://127.0.0.1:{ports[0]}") as client:
        text = await (await client.get("/metrics")).text()
    assert 'daoshi_adapter_ready{platform="discord"}' in text
    assert "daoshi_questions_running 0.0" in text
    serving.stop()
    await running
