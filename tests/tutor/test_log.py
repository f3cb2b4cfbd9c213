"""Logs: structured, with event ids, and without a learner's words or anybody's tokens."""

import asyncio
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from tutor.log import configure_logging, log_lost_tasks

PLANTED = "my grandmother's maiden name"
DISCORD_TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcDE.abcdefghijklmnopqrstuvwxyz0123456789"


@pytest.fixture(autouse=True)
def logging_restored() -> Iterator[None]:
    handlers, level = logging.root.handlers, logging.root.level
    yield
    logging.root.handlers = handlers
    logging.root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def log_file(tmp_path: Path) -> Path:
    file = tmp_path / "logs" / "daoshi.log"
    configure_logging("json", file=file, secrets=["hunter2-signing-secret"])
    return file


def records(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text().splitlines()]


def test_record_carries_its_event_id_and_figures(log_file: Path) -> None:
    structlog.get_logger("bot").bind(event_id="e1").info("answered", seconds=1.5)
    record = records(log_file)[0]
    assert (record["event"], record["event_id"], record["seconds"]) == ("answered", "e1", 1.5)


def test_secret_and_token_shapes_are_blotted_out(log_file: Path) -> None:
    structlog.get_logger("bot").error(
        "failed",
        token="xoxb-1234-abcd",
        app="xapp-1-A1-2",
        url="postgresql://daoshi:pa55word@db/daoshi",
        detail=["hunter2-signing-secret", f"Authorization Bearer {DISCORD_TOKEN}"],
    )
    text = log_file.read_text()
    for secret in ("1234-abcd", "xapp-1", "pa55word", "hunter2", DISCORD_TOKEN):
        assert secret not in text
    assert text.count("[redacted]") >= 5


def test_message_of_a_foreign_exception_is_not_logged_but_its_place_is(log_file: Path) -> None:
    try:
        int(PLANTED)
    except ValueError:
        structlog.get_logger("bot").exception("failed")
    record = records(log_file)[0]
    assert record["error"] == "ValueError"
    assert "test_log.py" in record["frames"][-1]
    assert PLANTED not in log_file.read_text()


def test_chained_causes_are_named_without_their_words(log_file: Path) -> None:
    try:
        try:
            raise KeyError(PLANTED)
        except KeyError as error:
            raise FileNotFoundError(2, "No such file or directory", PLANTED) from error
    except FileNotFoundError:
        structlog.get_logger("bot").exception("failed")
    error = records(log_file)[0]["error"]
    assert error == "FileNotFoundError: No such file or directory <- KeyError"


@pytest.mark.parametrize(
    ("logger", "message", "arguments"),
    [
        ("slack_bolt.AsyncApp", f"Unhandled request ({{'text': \"{PLANTED}\"}})", ()),
        ("discord.client", "Ignoring exception in %s", (PLANTED,)),
        ("asyncio", f"Task exception was never retrieved\nfuture: {PLANTED}", ()),
        ("slack_sdk", f"Failed to process: {PLANTED}", ()),
    ],
)
def test_libraries_keep_their_wording_only(
    logger: str, message: str, arguments: tuple[str, ...], log_file: Path
) -> None:
    logging.getLogger(logger).error(message, *arguments)
    record = records(log_file)[0]
    assert record["logger"] == logger
    assert record["event"].split()[0] in message
    assert PLANTED not in log_file.read_text()


def test_our_own_standard_records_keep_their_values(log_file: Path) -> None:
    logging.getLogger("storage.database").warning("waited %s for %s", 5, "a lock")
    assert records(log_file)[0]["event"] == "waited 5 for a lock"


def test_debug_and_info_of_libraries_stay_out(log_file: Path) -> None:
    logging.getLogger("slack_sdk").debug(PLANTED)
    logging.getLogger("discord.gateway").info(PLANTED)
    assert not log_file.read_text()


async def test_failure_of_a_task_nobody_awaits_is_one_record(log_file: Path) -> None:
    log_lost_tasks(asyncio.get_running_loop())

    async def fail() -> None:
        raise ValueError(PLANTED)

    task = asyncio.ensure_future(fail())
    await asyncio.wait([task])
    del task
    await asyncio.sleep(0)
    found = records(log_file)
    assert [record["event"] for record in found] == ["task_failed"]
    assert found[0]["error"] == "ValueError"
    assert PLANTED not in log_file.read_text()


def test_text_format_is_one_line_an_event(tmp_path: Path) -> None:
    file = tmp_path / "daoshi.log"
    configure_logging("text", file=file)
    structlog.get_logger("bot").info("started", port=8080)
    assert "started" in file.read_text()
    assert len(file.read_text().splitlines()) == 1
