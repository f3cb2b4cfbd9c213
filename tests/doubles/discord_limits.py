"""Rate limits, faults and Discord's own checks of what a bot sends."""

import asyncio
import fnmatch
import re
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from tests.doubles.discord_world import DiscordError

Json = dict[str, Any]
COMMAND_NAME = re.compile(r"^[-_\w]{1,32}$")


@dataclass(slots=True)
class Fault:
    """Answers the next `times` matching requests with a failure, or slowly."""

    method: str
    path: str
    status: int = 0
    times: int = 1
    retry_after: float = 0.05
    via: bool = True
    drop: bool = False
    delay_seconds: float = 0.0
    code: int = 0

    def matches(self, method: str, path: str) -> bool:
        return self.times > 0 and method == self.method and fnmatch.fnmatch(path, self.path)


@dataclass(slots=True)
class Recorded:
    """One request as it came."""

    method: str
    path: str
    body: Any
    at: float
    status: int = 0


@dataclass(slots=True)
class RateLimits:
    """`limit` requests in `seconds` for each route and channel; `strict` answers 429 beyond."""

    limit: int = 5
    seconds: float = 5.0
    strict: bool = True
    exceeded: int = 0
    _used: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def take(self, bucket: str) -> tuple[dict[str, str], float | None]:
        """The headers of the answer, and how long to wait where the limit is used up."""
        now = time.monotonic()
        used = self._used[bucket] = [t for t in self._used[bucket] if now - t < self.seconds]
        wait = None
        if len(used) >= self.limit:
            self.exceeded += 1
            wait = self.seconds - (now - used[0])
        else:
            used.append(now)
        reset = self.seconds - (now - used[0])
        headers = {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(max(self.limit - len(used), 0)),
            "X-RateLimit-Reset": f"{time.time() + reset:.3f}",
            "X-RateLimit-Reset-After": f"{reset:.3f}",
            "X-RateLimit-Bucket": re.sub(r"\W", "", bucket.split("|")[0])[:32],
        }
        return headers, wait if self.strict else None


async def apply(fault: Fault) -> DiscordError | None:
    fault.times -= 1
    if fault.delay_seconds:
        await asyncio.sleep(fault.delay_seconds)
    if fault.status:
        return DiscordError(fault.status, fault.code, "injected fault")
    return None


def check_message(body: Json, files: int, *, partial: bool = False) -> None:
    """Raises what Discord would answer to a message that breaks its rules."""
    content = body.get("content") or ""
    if len(content) > 2000:
        raise DiscordError(400, 50035, "content: Must be 2000 or fewer in length.")
    if files > 10:
        raise DiscordError(400, 50035, "attachments: Must be 10 or fewer in length.")
    if len(str(body.get("nonce", ""))) > 25:
        raise DiscordError(400, 50035, "nonce: Must be 25 or fewer in length.")
    mentions = body.get("allowed_mentions")
    if mentions is None or mentions.get("parse") != []:
        raise DiscordError(400, 50035, "allowed_mentions: this double wants nobody to be pinged")
    check_components(body.get("components") or [])
    empty = not content and not files and not body.get("embeds")
    if empty and not partial:
        raise DiscordError(400, 50006, "Cannot send an empty message")


def check_components(rows: list[Json]) -> None:
    if len(rows) > 5:
        raise DiscordError(400, 50035, "components: Must be 5 or fewer in length.")
    ids = [button["custom_id"] for row in rows for button in row["components"]]
    if len(ids) != len(set(ids)):
        raise DiscordError(400, 50035, "components: custom_id is duplicated")
    for row in rows:
        if row["type"] != 1 or not 1 <= len(row["components"]) <= 5:
            raise DiscordError(400, 50035, "components: a row has 1 to 5 buttons")
        for button in row["components"]:
            if button["type"] == 3:
                check_menu(row, button)
                continue
            if not 1 <= len(button["custom_id"]) <= 100 or len(button.get("label", "")) > 80:
                raise DiscordError(400, 50035, "components: a button is too long")
            if not button.get("label") and not button.get("emoji"):
                raise DiscordError(400, 50035, "components: a button says nothing")


def check_menu(row: Json, menu: Json) -> None:
    values = [option["value"] for option in menu["options"]]
    if len(row["components"]) > 1 or not 1 <= len(values) <= 25 or len(values) != len(set(values)):
        raise DiscordError(400, 50035, "components: a menu stands alone with 1 to 25 options")
    texts = [text for option in menu["options"] for text in (option["label"], option["value"])]
    if any(not 1 <= len(text) <= 100 for text in (*texts, menu["custom_id"])):
        raise DiscordError(400, 50035, "components: an option is empty or too long")


def check_modal(data: Json) -> None:
    if not 1 <= len(data["title"]) <= 45 or not 1 <= len(data["custom_id"]) <= 100:
        raise DiscordError(400, 50035, "modal: title or custom_id")
    if not 1 <= len(data["components"]) <= 5:
        raise DiscordError(400, 50035, "modal: 1 to 5 components")
    for label in data["components"]:
        if label["type"] != 18 or not 1 <= len(label["label"]) <= 45:
            raise DiscordError(400, 50035, "modal: a label has 1 to 45 characters")
        control = label["component"]
        if control["type"] == 4 and not 1 <= control.get("max_length", 4000) <= 4000:
            raise DiscordError(400, 50035, "modal: max_length")
        if control["type"] == 3 and not 1 <= len(control["options"]) <= 25:
            raise DiscordError(400, 50035, "modal: 1 to 25 options")


def check_commands(commands: list[Json]) -> None:
    """Raises what Discord would answer to a bulk overwrite of commands."""
    keys = [(command.get("type", 1), command["name"]) for command in commands]
    if len(keys) != len(set(keys)):
        raise DiscordError(400, 50035, "APPLICATION_COMMANDS_DUPLICATE_NAME")
    kinds = [kind for kind, _ in keys]
    if kinds.count(1) > 100 or kinds.count(2) > 15 or kinds.count(3) > 15:
        raise DiscordError(400, 30032, "Maximum number of application commands reached")
    for command in commands:
        if command.get("type", 1) == 1:
            _check_named(command)
            _check_options(command.get("options") or [])
        elif not 1 <= len(command["name"]) <= 32 or command.get("description"):
            raise DiscordError(400, 50035, f"{command['name']}: a menu has a name alone")


def _check_options(options: list[Json]) -> None:
    if len(options) > 25:
        raise DiscordError(400, 50035, "options: Must be 25 or fewer in length.")
    optional_seen = False
    for option in options:
        _check_named(option)
        if option["type"] in (1, 2):
            _check_options(option.get("options") or [])
            continue
        if option.get("required") and optional_seen:
            raise DiscordError(400, 50035, "Required options must be placed before optional ones")
        optional_seen = optional_seen or not option.get("required")
        if len(option.get("choices") or []) > 25:
            raise DiscordError(400, 50035, "choices: Must be 25 or fewer in length.")


def _check_named(thing: Json) -> None:
    names = [thing["name"], *(thing.get("name_localizations") or {}).values()]
    if not all(COMMAND_NAME.match(name) and name == name.lower() for name in names):
        raise DiscordError(400, 50035, f"name {names} does not match")
    texts = [thing["description"], *(thing.get("description_localizations") or {}).values()]
    if not all(1 <= len(text) <= 100 for text in texts):
        raise DiscordError(400, 50035, f"{thing['name']}: description has 1 to 100 characters")
