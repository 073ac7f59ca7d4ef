"""Where the log goes: to standard error for services, to a file for commands that a person is looking at."""

from __future__ import annotations

import logging
import re
import secrets
import sys
from collections.abc import Mapping
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


# What a library's message, a refusal's words or a traceback may bring along: tokens of Slack, Stripe and OpenAI, what
# was sealed, a password in an address, an address that lets somebody in, and whom one writes to.
_HIDDEN: Final = re.compile(
    r"xox[a-z][a-z.]*-[\w-]+|xapp-[\w-]+|\b(?:sk|rk)_(?:test|live)_\w+|\bwhsec_[\w+/=]+|\bsk-[\w-]{8,}"
    r"|\bgAAAA[\w=-]{16,}|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?<=/pay/)[\w-]+|(?<=/open/)[\w-]+|(?<=/portal/)[\w-]+|(?<=/reminders/)[\w-]+|(?<=/invoices/)[\w-]{16,}"
)
_MARK: Final = "[hidden]"


def _scrubbed(value: Any) -> Any:  # noqa: ANN401 - a log line may hold anything
    if isinstance(value, str):
        return _HIDDEN.sub(_MARK, value)
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {key: _scrubbed(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set):
        return [_scrubbed(each) for each in value]
    return _HIDDEN.sub(_MARK, str(value))


def _scrub(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:  # noqa: ANN401
    """Take out of a line what no log may have, whoever wrote it."""
    return {key: _scrubbed(value) for key, value in line.items()}


def as_line(event: Mapping[str, Any]) -> str:
    """Return an event as a line of JSON, as it would be in the log."""
    line: Any = dict(event)
    for process in _rendering("json"):
        line = process(None, "", line)
    return str(line)


# What is put before every line, whether it comes from us or from a library.
_SHARED: Final[tuple[Any, ...]] = (
    _followed,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)
# They tell every connection and every plug-in, or what the watcher tells better.
_CHATTERERS: Final = ("alembic", "apscheduler", "httpx2", "mail.log", "stripe")
_ROOMS: Final = ("billing", "bot", "integrations", "skills", "storage")
_OBEYED: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
_OF_SEVERAL_LINES: Final = frozenset({"exception", "stack"})
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
    root.setLevel(max(logging.INFO, logging.getLevelName(level)))
    for room in _ROOMS:
        # What libraries say below this are whole requests, with tokens and people's words in them.
        logging.getLogger(room).setLevel(level)
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


def _visible(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:  # noqa: ANN401 - structlog's own
    """Write what a terminal would obey (colours, new lines, other directions) as an escape: no line is forged."""
    for name, value in event.items():
        if isinstance(value, str) and name not in _OF_SEVERAL_LINES:
            event[name] = _OBEYED.sub(lambda found: repr(found[0])[1:-1], value)
    return event


def _rendering(form: str) -> list[Any]:
    # Both write tracebacks without local variables, which would put keys and clients' data into the log.
    plain = structlog.dev.plain_traceback
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)
    )
    shown = [] if form == "json" else [_visible]
    return [structlog.processors.format_exc_info, _scrub, *shown, renderer]
