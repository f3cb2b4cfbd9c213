"""What every command does first, and the one place where what nobody expected ends up."""

import asyncio
import os
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click
import structlog

from bot.setting_problems import InvalidSettings, operator_language
from bot.settings import Settings, load_settings
from storage.database import DatabaseUrlInvalid, StorageUnavailable
from storage.migrate import SchemaTooNew
from tutor.i18n import say
from tutor.language import Language
from tutor.log import configure_logging, log_lost_tasks

EXIT_SETTINGS = 2
EXIT_FAILED = 1
EXIT_INTERRUPTED = 130

T = TypeVar("T")

log = structlog.get_logger()


def language() -> Language:
    """The language of whoever runs the command."""
    return operator_language(os.environ)


def leave(sentence: str, code: int = EXIT_FAILED) -> NoReturn:
    """Ends with a sentence on standard error."""
    click.echo(sentence, err=True)
    sys.exit(code)


def leave_to_the_log() -> NoReturn:
    """Ends after a fault of ours that is in the log."""
    leave(
        say(
            language(),
            "Something went wrong that should not have. The log says where; `daoshi doctor` "
            "looks for known causes.",
        )
    )


def settings_or_leave() -> Settings:
    """The settings, or everything that is wrong with them and exit code 2."""
    try:
        return load_settings()
    except InvalidSettings as error:
        leave(error.say(language()), EXIT_SETTINGS)


def log_file(settings: Settings, name: str) -> Path:
    return settings.data_dir / "logs" / f"{name}.log"


def start(*, log_to: str | None = None) -> Settings:
    """Reads the settings and begins to log: to standard error, or to a file of this name."""
    settings = settings_or_leave()
    file = log_file(settings, log_to) if log_to else None
    configure_logging(settings.log_format, file=file, secrets=settings.secrets)
    return settings


def run(work: Coroutine[Any, Any, T], *expected: type[Exception]) -> T:
    """Runs a command's work; what goes wrong becomes one log record and one sentence.

    `expected` are the mistakes that the command itself puts into words.
    """

    sentences: tuple[type[Exception], ...] = (click.ClickException, *expected)

    async def logged() -> T:
        log_lost_tasks(asyncio.get_running_loop())
        return await work

    try:
        return asyncio.run(logged())
    except KeyboardInterrupt:
        sys.exit(EXIT_INTERRUPTED)
    except BrokenPipeError:
        _close_standard_output()
        sys.exit(EXIT_FAILED)
    except sentences:
        raise
    except (StorageUnavailable, DatabaseUrlInvalid, SchemaTooNew) as error:
        log.error("database_unavailable", error=str(error))  # noqa: TRY400
        sentence = say(language(), "The database can't be used: {reason}", reason=error)
        leave(sentence)
    except Exception:
        log.critical("uncaught", exc_info=True)
        leave_to_the_log()


def _close_standard_output() -> None:
    """Whoever read our output is gone; Python must not complain about it while it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
