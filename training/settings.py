"""What the worker is told by whoever starts it: the checked settings, in environment variables.

`daoshi worker` and `daoshi serve` check and pass them; nothing is checked twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal


class StartedByHand(Exception):
    """The worker was started without settings; says how to start it."""


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """`model`, `engine_url` and `engine_api_key` say how to reach the text engine."""

    database_url: str
    data_dir: Path
    retention_days: int = 90
    log_format: Literal["text", "json"] = "text"
    model: str = ""
    engine_url: str = ""
    engine_api_key: str = ""
    train_on_chats: bool = False


def from_environment(environment: Mapping[str, str]) -> WorkerSettings:
    """Reads the variables of the same names as the settings. Raises StartedByHand."""
    try:
        return WorkerSettings(
            database_url=environment["DAOSHI_DATABASE_URL"],
            data_dir=Path(environment["DAOSHI_DATA_DIR"]),
            retention_days=int(environment["DAOSHI_RETENTION_DAYS"]),
            log_format="json" if environment["DAOSHI_LOG_FORMAT"] == "json" else "text",
            model=environment["DAOSHI_MODEL"],
            engine_url=environment["DAOSHI_ENGINE_URL"],
            engine_api_key=environment["DAOSHI_ENGINE_API_KEY"],
            train_on_chats=environment.get("DAOSHI_TRAIN_ON_CHATS", "") == "1",
        )
    except KeyError as error:
        raise StartedByHand("The worker is started with: daoshi worker") from error
