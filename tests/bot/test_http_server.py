"""The port: health, readiness, metrics for this machine only, and routes of platforms."""

import asyncio
import socket
from collections.abc import Mapping

import pytest
from aiohttp import ClientSession, web

from bot.http_server import HttpServer, PortUnavailable, build_app, may_read_metrics
from bot.metrics import Metrics


async def all_ready() -> Mapping[str, bool]:
    return {"database": True, "engine": True, "discord": True}


async def slack_events(_request: web.Request) -> web.Response:
    return web.Response(text="from slack")


async def test_endpoints_answer_on_one_port() -> None:
    metrics = Metrics()
    metrics.observe_lag(0.2)
    app = build_app(metrics, all_ready, routes=[web.post("/slack/events", slack_events)])
    server = HttpServer(app, "127.0.0.1", 0)
    port = await server.start()
    async with ClientSession(f"http://127.0.0.1:{port}") as client:
        health = await client.get("/healthz")
        ready = await client.get("/readyz")
        figures = await client.get("/metrics")
        event = await client.post("/slack/events", json={})
        forwarded = await client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"})
        assert (health.status, ready.status, figures.status) == (200, 200, 200)
        assert (await ready.json())["parts"]["discord"] is True
        assert "daoshi_event_loop_lag_worst_seconds 0.2" in await figures.text()
        assert await event.text() == "from slack"
        assert forwarded.status == 403
    await server.close()


async def test_not_ready_names_what_is_missing() -> None:
    async def engine_down() -> Mapping[str, bool]:
        return {"database": True, "engine": False}

    server = HttpServer(build_app(Metrics(), engine_down), "127.0.0.1", 0)
    port = await server.start()
    async with ClientSession() as client:
        answer = await client.get(f"http://127.0.0.1:{port}/readyz")
        assert answer.status == 503
        assert (await answer.json())["parts"] == {"database": True, "engine": False}
    await server.close()


async def test_port_in_use_is_said_as_such() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        server = HttpServer(build_app(Metrics(), all_ready), "127.0.0.1", port)
        with pytest.raises(PortUnavailable, match=f"127.0.0.1:{port}"):
            await server.start()


@pytest.mark.parametrize(
    ("peer", "headers", "token", "allowed"),
    [
        ("127.0.0.1", {}, "", True),
        ("::1", {}, "", True),
        ("10.0.0.5", {}, "", False),
        (None, {}, "", False),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, "", False),
        ("127.0.0.1", {"Forwarded": "for=127.0.0.1"}, "", False),
        ("10.0.0.5", {"X-Forwarded-For": "127.0.0.1"}, "", False),
        ("10.0.0.5", {"Authorization": "Bearer right"}, "right", True),
        ("10.0.0.5", {"Authorization": "Bearer wrong"}, "right", False),
        ("10.0.0.5", {"Authorization": "Bearer "}, "", False),
        ("127.0.0.1", {"X-Real-IP": "8.8.8.8", "Authorization": "bearer right"}, "right", True),
    ],
)
def test_metrics_are_read_from_this_machine_or_with_the_token(
    peer: str | None, headers: dict[str, str], token: str, allowed: bool
) -> None:
    assert may_read_metrics(peer, headers, token) is allowed


@pytest.mark.parametrize("is_public", [False, True])
async def test_metrics_behind_a_silent_proxy_need_the_token(is_public: bool) -> None:
    app = build_app(Metrics(), all_ready, metrics_token="right", is_public=is_public)
    server = HttpServer(app, "127.0.0.1", 0)
    port = await server.start()
    async with ClientSession(f"http://127.0.0.1:{port}") as client:
        plain = await client.get("/metrics")
        proved = await client.get("/metrics", headers={"Authorization": "Bearer right"})
        health = await client.get("/healthz")
    assert (plain.status, proved.status, health.status) == (403 if is_public else 200, 200, 200)
    await server.close()


async def test_lag_of_a_blocked_loop_is_measured() -> None:
    metrics = Metrics()
    sampling = asyncio.create_task(metrics.sample_loop_lag())
    await asyncio.sleep(0)
    deadline = asyncio.get_running_loop().time() + 0.2
    while asyncio.get_running_loop().time() < deadline:
        pass  # what no handler may do: hold the loop
    await asyncio.sleep(0.01)
    sampling.cancel()
    worst = metrics.registry.get_sample_value("daoshi_event_loop_lag_worst_seconds")
    assert worst is not None
    assert worst > 0.1
