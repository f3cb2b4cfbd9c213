"""What the Slack double knows: workspaces, people, channels, messages, files, and what it saw."""

import itertools
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Fault:
    """One wrong answer: an HTTP status, a Slack error, a delay, or "done, but nobody hears"."""

    status: int = 200
    error: str = ""
    retry_after: int = 1
    delay_seconds: float = 0.0
    after_effect: bool = False


@dataclass
class Call:
    method: str
    arguments: dict[str, Any]
    at: float
    token: str
    answer: dict[str, Any] = field(default_factory=dict)


@dataclass
class Delivery:
    """One event or interaction, and when and how it was acknowledged."""

    body: dict[str, Any]
    sent_at: float
    envelope_id: str = ""
    acknowledged_at: float | None = None
    acknowledgement: Any = None
    status: int | None = None
    attempts: int = 1

    @property
    def latency_seconds(self) -> float | None:
        return None if self.acknowledged_at is None else self.acknowledged_at - self.sent_at


@dataclass
class User:
    id: str
    name: str
    locale: str = "en-US"
    is_admin: bool = False
    is_bot: bool = False


@dataclass
class State:
    bot_token: str
    app_token: str
    team: str = "T1"
    bot_user: str = "UBOT"
    bot_id: str = "BBOT"
    teams: dict[str, str] = field(default_factory=dict)  # token → team, of further workspaces
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, dict[str, Any]] = field(default_factory=dict)
    posted: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    ephemeral: list[dict[str, Any]] = field(default_factory=list)
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    views: list[dict[str, Any]] = field(default_factory=list)
    homes: dict[str, dict[str, Any]] = field(default_factory=dict)
    statuses: list[tuple[str, str]] = field(default_factory=list)
    sessions: list[tuple[str, str]] = field(default_factory=list)
    prompts: list[dict[str, Any]] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    triggers: dict[str, float] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    faults: dict[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))
    missing_methods: set[str] = field(default_factory=set)
    streaming: set[str] = field(default_factory=set)
    stream_seconds: float = 300.0
    stream_started: dict[str, float] = field(default_factory=dict)
    codes: dict[str, dict[str, Any]] = field(default_factory=dict)  # OAuth
    trigger_seconds: float = 3.0
    numbers: itertools.count = field(default_factory=lambda: itertools.count(1))  # type: ignore[type-arg]
    _last_ts: float = 0.0

    def ts(self) -> str:
        """A message timestamp, later than every one before."""
        self._last_ts = max(time.time(), self._last_ts + 0.00001)
        return f"{self._last_ts:.6f}"

    def number(self) -> int:
        return next(self.numbers)

    def message(self, channel: str, ts: str) -> dict[str, Any] | None:
        return next((m for m in self.posted[channel] if m["ts"] == ts), None)

    def add_message(self, channel: str, **message: Any) -> dict[str, Any]:
        entry = {"type": "message", "ts": message.pop("ts", None) or self.ts(), **message}
        if entry.get("thread_ts"):
            root = self.message(channel, entry["thread_ts"])
            if root is not None:
                root["latest_reply"] = entry["ts"]
                root["reply_count"] = root.get("reply_count", 0) + 1
                root["thread_ts"] = root["ts"]
                entry["parent_user_id"] = root.get("user", "")
        self.posted[channel].append(entry)
        return entry

    def trigger(self) -> str:
        trigger = f"{self.number()}.{self.number()}.trigger"
        self.triggers[trigger] = time.monotonic()
        return trigger
