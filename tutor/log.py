"""Log records for the operator: text or JSON, one line an event, with the event's id where bound.

No words of a learner and no token may reach a log. Our own records name ids and figures only; what
libraries log is cut down to its fixed wording, and of exceptions that are not ours only the type
and the place are written, since their messages may quote what they choked on.
"""

import asyncio
import logging
import re
import sqlite3
import sys
import threading
import traceback
from collections.abc import Iterable, Mapping, Sequence
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, Literal

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

ROOMS = ("bot", "tutor", "training", "storage", "benchmarks")
FILE_SIZE_BYTES = 5_000_000
FILES_KEPT = 3
FRAMES_SHOWN = 12
_FIXED_WORDING = re.compile(r"[^({\[:='\"<\n]*")
_TOKENS = re.compile(
    r"xox[a-z]-[\w-]+|xapp-[\w-]+|Bearer\s+\S+|Bot\s+\S{20,}"
    r"|[\w-]{20,}\.[\w-]{4,}\.[\w-]{20,}|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"
)
_REDACTED = "[redacted]"
_QUOTES_NOTHING = (
    ImportError,
    AttributeError,
    NameError,
    sqlite3.OperationalError,
    asyncio.CancelledError,
)


def configure_logging(
    log_format: Literal["text", "json"],
    *,
    file: Path | None = None,
    secrets: Iterable[str] = (),
) -> None:
    """Sends every record, ours and the libraries', to standard error or to `file`.

    `secrets` are blotted out wherever they would stand.
    """
    redact = Redaction(secrets)
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[keep_fixed_wording, *shared],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            describe_exception,
            redact,
            _renderer(log_format, colors=file is None and sys.stderr.isatty()),
        ],
        use_get_message=False,
        pass_foreign_args=True,
    )
    handler = _handler(file)
    handler.setFormatter(formatter)
    logging.root.handlers = [handler]
    logging.root.setLevel(logging.WARNING)
    for room in ROOMS:
        logging.getLogger(room).setLevel(logging.INFO)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=_named_after_its_module,
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    _log_uncaught()


def log_lost_tasks(loop: asyncio.AbstractEventLoop) -> None:
    """Makes what went wrong in a task that nobody awaits one record of ours."""

    def record(_loop: asyncio.AbstractEventLoop, context: Mapping[str, Any]) -> None:
        logger = structlog.stdlib.get_logger("bot.loop")
        wording = _FIXED_WORDING.match(str(context.get("message", "")))
        what = wording.group().strip() if wording else ""
        logger.error("task_failed", what=what, exc_info=context.get("exception"))

    loop.set_exception_handler(record)


class Redaction:
    """A processor that blots out known secrets and whatever looks like a token."""

    def __init__(self, secrets: Iterable[str]) -> None:
        known = sorted({s for s in secrets if s}, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    def __call__(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        return {key: self._clean(value) for key, value in event.items()}

    def _clean(self, value: object) -> object:
        if isinstance(value, bool | int | float) or value is None:
            return value
        if isinstance(value, list | tuple):
            return [self._clean(item) for item in value]
        text = _TOKENS.sub(_REDACTED, str(value))
        return self._known.sub(_REDACTED, text) if self._known else text


def keep_fixed_wording(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Of a library's record: its wording up to the first inserted value, and its numbers."""
    arguments = event.pop("positional_args", None) or ()
    if event["_record"].name.split(".")[0] in ROOMS:
        event["event"] = str(event["event"]) % arguments if arguments else event["event"]
        return event
    numbers = [value for value in arguments if isinstance(value, int | float)]
    wording = _FIXED_WORDING.match(str(event["event"]))
    event["event"] = (wording.group() if wording else "").strip()[:160] or "library_record"
    if numbers:
        event["numbers"] = numbers
    return event


def describe_exception(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replaces `exc_info` by the chain of causes: type, message if it is safe, and place."""
    event.pop("stack_info", None)
    info = event.pop("exc_info", None)
    error = sys.exc_info()[1] if info is True else info[1] if isinstance(info, tuple) else info
    if not isinstance(error, BaseException):
        return event
    causes = list(_causes(error))
    event["error"] = " <- ".join(_headline(cause) for cause in causes)
    event["frames"] = _places(traceback.extract_tb(causes[0].__traceback__))
    return event


def _places(frames: Sequence[traceback.FrameSummary]) -> list[str]:
    """Where it happened: our own frames, and the innermost one whosever it is."""
    ours = [frame for frame in frames[:-1] if "site-packages" not in frame.filename]
    shown = [*ours[-FRAMES_SHOWN:], *frames[-1:]]
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in shown]


def _causes(error: BaseException) -> Iterable[BaseException]:
    current: BaseException | None = error
    while current is not None:
        yield current
        current = current.__cause__ or (
            None if current.__suppress_context__ else current.__context__
        )


def _headline(error: BaseException) -> str:
    name = type(error).__name__
    module = type(error).__module__.split(".")[0]
    if isinstance(error, OSError) and not isinstance(error, UnicodeError):
        return f"{name}: {error.strerror or ''}".rstrip(": ")
    if module in ROOMS or isinstance(error, _QUOTES_NOTHING):
        return f"{name}: {error}".rstrip(": ")
    return name


def _renderer(log_format: Literal["text", "json"], *, colors: bool) -> Processor:
    if log_format == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(colors=colors, pad_event_to=0)


def _handler(file: Path | None) -> logging.Handler:
    if file is None:
        return logging.StreamHandler(sys.stderr)
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return RotatingFileHandler(
        file, maxBytes=FILE_SIZE_BYTES, backupCount=FILES_KEPT, encoding="utf-8"
    )


def _named_after_its_module(*names: object) -> logging.Logger:
    """The logger of the module that asked for it, so that levels apply by room."""
    if names:
        return logging.getLogger(str(names[0]))
    frame: FrameType | None = sys._getframe(1)
    while frame and str(frame.f_globals.get("__name__")).split(".")[0] == "structlog":
        frame = frame.f_back
    spec = frame.f_globals.get("__spec__") if frame else None
    name = spec.name if spec else str(frame.f_globals.get("__name__")) if frame else ""
    return logging.getLogger(name if name.split(".")[0] in ROOMS else "bot")


def _log_uncaught() -> None:
    """One record for what no one caught, in place of Python's own traceback with its values."""

    def of_main(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if not issubclass(kind, KeyboardInterrupt):
            structlog.stdlib.get_logger("bot").critical("uncaught", exc_info=(kind, error, trace))

    def of_thread(arguments: threading.ExceptHookArgs) -> None:
        structlog.stdlib.get_logger("bot").critical("uncaught", exc_info=arguments.exc_value)

    sys.excepthook = of_main
    threading.excepthook = of_thread
