"""Where the log goes: to standard error for services, to a file for commands that a person is looking at."""

from __future__ import annotations

import logging
import secrets
import sys
from typing import TYPE_CHECKING, Any, Final

import structlog

from billing.correlation import current

if TYPE_CHECKING:
    from collections.abc import MutableMapping
    from pathlib import Path

    from bot.settings import Settings


def _followed(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:  # noqa: ANN401
    """Say of which story a line is, where it is of one."""
    if correlation := current():
        line["correlation"] = correlation
    return line


# What is put before every line, whether it comes from us or from a library.
_SHARED: Final[tuple[Any, ...]] = (
    _followed,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)
# They tell every connection and every plug-in, or what the watcher tells better.
_CHATTERERS: Final = ("alembic", "apscheduler", "httpx2", "mail.log", "stripe")
_log = structlog.get_logger(__name__)


def log_to_stderr(settings: Settings) -> None:
    """Send the log to standard error: for `serve` and `worker`, whose log a supervisor collects."""
    _configure(logging.StreamHandler(sys.stderr), settings.evie_log_level.upper(), settings.evie_log_format)


def log_to_file(path: Path) -> None:
    """Append what went wrong to a file, which is made with its first line; where it cannot be, there is no log."""
    _configure(_QuietFile(path, encoding="utf-8", delay=True), "WARNING", "json")


class _QuietFile(logging.FileHandler):
    """A log file that never gets in the way of the command: a full or read-only disk is not its user's concern."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            super().emit(record)
        except OSError:
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the base class's name
        """Say nothing: standard error belongs to the command."""


def unexpected(error: BaseException) -> str:
    """Log an error that nobody foresaw and return what its user gets to read: a reference to it."""
    reference = secrets.token_hex(4)
    _log.error("unexpected_error", reference=reference, exc_info=error)
    return f"Something went wrong on my side (reference {reference})."


def _configure(handler: logging.Handler, level: str, form: str) -> None:
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_SHARED,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_rendering(form)],
        ),
    )
    root = logging.getLogger()
    for earlier in root.handlers[:]:
        root.removeHandler(earlier)
        earlier.close()
    root.addHandler(handler)
    root.setLevel(level)
    for name in _CHATTERERS:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _rendering(form: str) -> list[Any]:
    # Both write tracebacks without local variables, which would put keys and clients' data into the log.
    if form == "json":
        return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    plain = structlog.dev.plain_traceback
    return [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)]
