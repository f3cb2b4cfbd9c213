"""Figures about the running process, in Prometheus' format. Counts and times, never names.

Knows no metric's reader and nothing of HTTP.
"""

import asyncio
from collections.abc import Callable

from prometheus_client import CollectorRegistry, Gauge, Histogram, generate_latest
from prometheus_client.process_collector import ProcessCollector

LAG_SAMPLE_SECONDS = 0.05
LAG_BUCKETS_SECONDS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0)


class Metrics:
    """One registry a process, so that tests can have their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.loop_lag = Histogram(
            "daoshi_event_loop_lag_seconds",
            "How late the event loop was for a timer",
            buckets=LAG_BUCKETS_SECONDS,
            registry=self.registry,
        )
        self.loop_lag_worst = Gauge(
            "daoshi_event_loop_lag_worst_seconds",
            "The worst lag since the start",
            registry=self.registry,
        )
        self.adapter_ready = Gauge(
            "daoshi_adapter_ready",
            "Whether a platform is connected (1) or not (0)",
            ["platform"],
            registry=self.registry,
        )
        self._worst = 0.0

    def watch(self, name: str, description: str, value: Callable[[], float]) -> None:
        """A gauge that asks `value` whenever the figures are read."""
        Gauge(f"daoshi_{name}", description, registry=self.registry).set_function(value)

    def observe_lag(self, seconds: float) -> None:
        self.loop_lag.observe(seconds)
        if seconds > self._worst:
            self._worst = seconds
            self.loop_lag_worst.set(seconds)

    async def sample_loop_lag(self) -> None:
        """Measures until cancelled by how much a short sleep is overslept."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + LAG_SAMPLE_SECONDS
            await asyncio.sleep(LAG_SAMPLE_SECONDS)
            self.observe_lag(max(0.0, loop.time() - due))

    def text(self) -> bytes:
        """Everything in the exposition format."""
        return generate_latest(self.registry)
