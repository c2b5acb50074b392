"""Sets up logging: JSON lines or a console, an id per update, and no secret in either.

Everything goes through one handler of the standard library, so that what httpx, aiohttp, asyncssh,
SQLAlchemy and APScheduler say is redacted like our own words. Call `set_up` once, from main.
"""

import logging
import re
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import TracebackType
from typing import Any, Literal, TextIO

import structlog
from structlog.contextvars import bound_contextvars
from structlog.typing import EventDict, Processor

from bot.redaction import MASK

Form = Literal["auto", "json", "console"]

# `with about(update=7):` puts update=7 on every line that is logged within, by whomever.
about = bound_contextvars

# httpx logs addresses with the bot token at INFO, SQLAlchemy every value; the others narrate.
_TALKATIVE = (
    *("httpx", "httpcore", "asyncssh", "apscheduler", "aiohttp.access"),
    *("telegram", "sqlalchemy", "alembic.runtime.plugins", "PIL"),
)
_SECRET_NAME = re.compile(
    r"(?:^|[_-])(?:password|passwd|token|secret|authorization|cookie)$", re.IGNORECASE
)
_SHARED: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)


def set_up(
    redact: Callable[[str], str],
    *,
    form: Form = "auto",
    level: int = logging.INFO,
    stream: TextIO | None = None,
) -> None:
    """Sends all logging to `stream` (stderr); `auto` is a console on a terminal, else JSON."""
    out = sys.stderr if stream is None else stream
    console = form == "console" or (form == "auto" and out.isatty())
    handler = _Handler(out, redact)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*_SHARED, structlog.stdlib.ExtraAdder()],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.StackInfoRenderer(),
                _Redaction(redact),
                _console(out) if console else structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    logging.captureWarnings(capture=True)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    sys.excepthook = _log_uncaught
    threading.excepthook = _log_uncaught_in_thread
    sys.unraisablehook = _log_unraisable


def _console(out: TextIO) -> Processor:
    return structlog.dev.ConsoleRenderer(
        colors=out.isatty(), exception_formatter=structlog.dev.plain_traceback
    )


class _Redaction:
    """The last step before rendering: when all is text already, and no later step adds any."""

    def __init__(self, redact: Callable[[str], str]) -> None:
        self._redact = redact

    def __call__(self, _logger: Any, _method: str, event: EventDict) -> EventDict:
        return {
            self._redact(str(name)): self._clean(value, str(name)) for name, value in event.items()
        }

    def _clean(self, value: Any, name: str = "") -> Any:
        if isinstance(value, bool | int | float | None):
            return value
        if _SECRET_NAME.search(name):
            return MASK
        if isinstance(value, Mapping):
            return {
                self._redact(str(key)): self._clean(inner, str(key)) for key, inner in value.items()
            }
        if isinstance(value, list | tuple | set | frozenset):
            return [self._clean(inner) for inner in value]
        return self._redact(value if isinstance(value, str) else repr(value))


class _Handler(logging.StreamHandler[TextIO]):
    """A stream handler that says no more than the class of what went wrong in logging itself."""

    def __init__(self, stream: TextIO, redact: Callable[[str], str]) -> None:
        super().__init__(stream)
        self._redact = redact

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own name
        # The standard one prints the message's arguments, and secrets may be among them.
        problem = sys.exc_info()[0]
        kind = problem.__name__ if problem else "unknown"
        with suppress(OSError, ValueError):  # else there is nowhere left to say it
            self.stream.write(f"a log line of {record.name} could not be written: {kind}\n")


def _log_uncaught(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger("pailot").critical("uncaught", exc_info=(kind, error, trace))


def _log_uncaught_in_thread(what: threading.ExceptHookArgs) -> None:
    if what.exc_value is not None:
        _log_uncaught(what.exc_type, what.exc_value, what.exc_traceback)


def _log_unraisable(what: "sys.UnraisableHookArgs") -> None:
    if what.exc_value is not None:
        _log_uncaught(what.exc_type, what.exc_value, what.exc_traceback)
