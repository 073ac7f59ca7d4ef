"""All that is logged while the tests run, in one place: at the end it is searched for what no log may have.

Each process of pytest writes what its loggers say, as an installation would write it, into a file of one folder,
and the logs of the processes that walks start are put beside it. Where a secret, a token or somebody's address is
found, the run says so at its end; with EVIE_REQUIRE_CLEAN_LOGS=1, as in `make check`, it has failed, whatever its tests
said.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import structlog

from bot.logs import as_line

_FOLDER: Final = "evie_log_folder"
# What fixtures and stories use as secrets, by the shape that real ones have, and those that have none.
SECRETS: Final = (
    r"xox[a-z]-[\w-]+",
    r"xapp-\w+",
    r"(?:sk|rk)_(?:test|live)_\w+",
    r"whsec_\w+",
    r"sk-[a-z]+-\d{6,}",
    r"gAAAA[\w-]{16,}",
    r"a-signing-secret",
    r"client-secret",
    r"wr0ng",
    r"key-canary",
    r"a-secret-token",
    r"pay-inv-\d+",
)
# Every address of a fixture is in a reserved domain; Evie's own stand in settings, not in logs.
ADDRESSES: Final = (
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.example",
    r"Harbour Lane",
    r"Orchard Road",
    r"Speicherstraße",
    r"Castle Street",
    r"GPO Box",
    r"Mill Row",
)
_FORBIDDEN: Final = re.compile("|".join(f"(?:{pattern})" for pattern in (*SECRETS, *ADDRESSES)))


class LogSink:
    """Writes what is logged in this process, and takes the logs of others."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder
        self._name = name
        self._file = (folder / f"{name}.log").open("a", encoding="utf-8", errors="replace")
        self._taken = 0

    def write(self, event: dict[str, Any]) -> None:
        """Write a line as an installation would."""
        if not self._file.closed:
            self._file.write(f"{as_line(event)}\n")

    def take(self, log: Path) -> None:
        """Keep the log of another process."""
        self._taken += 1
        if log.is_file():
            shutil.copyfile(log, self.folder / f"{self._name}-{self._taken}-{log.name}")

    def close(self) -> None:
        self._file.close()

    def found(self) -> list[str]:
        """Return the lines of all processes that no log may have."""
        return [
            f"{log.name}: {line.strip()[:400]}"
            for log in sorted(self.folder.iterdir())
            for line in log.read_text("utf-8", "replace").splitlines()
            if _FORBIDDEN.search(line)
        ]

    def lines(self) -> int:
        """Return how many lines there are in all."""
        return sum(log.read_text("utf-8", "replace").count("\n") for log in self.folder.iterdir())


_SINK: list[LogSink] = []
_KEY: Final = pytest.StashKey[LogSink]()
_FOUND: Final = pytest.StashKey[list[str]]()


def take(log: Path) -> None:
    """Keep the log of a process that a test has started."""
    for sink in _SINK:
        sink.take(log)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    worker = getattr(config, "workerinput", None)
    folder = Path(worker[_FOLDER] if worker else tempfile.mkdtemp(prefix="evie-logs-"))
    sink = LogSink(folder, worker["workerid"] if worker else "main")
    _SINK.append(sink)
    config.stash[_KEY] = sink
    _listen(sink)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker of xdist's where the others write."""
    node.workerinput[_FOLDER] = str(node.config.stash[_KEY].folder)


def _listen(sink: LogSink) -> None:
    make = logging.getLogRecordFactory()
    process = structlog.BoundLoggerBase._process_event

    def record(*arguments: Any, **more: Any) -> logging.LogRecord:
        made = make(*arguments, **more)
        # What is a dictionary came by way of structlog.
        if not isinstance(made.msg, dict):
            sink.write({"event": made.getMessage(), "logger": made.name, "exc_info": made.exc_info or None})
        return made

    def event(self: Any, method: str, event: str | None, words: dict[str, Any]) -> Any:
        sink.write({"event": event, "level": method, **dict(self._context), **words, **_exception(method, words)})
        return process(self, method, event, words)

    logging.setLogRecordFactory(record)
    structlog.BoundLoggerBase._process_event = event  # type: ignore[method-assign,assignment] # a seam for all of its kinds


def _exception(method: str, words: dict[str, Any]) -> dict[str, Any]:
    return {"exc_info": sys.exc_info()} if method == "exception" and "exc_info" not in words else {}


# Innermost: the summary, which tells of it, is told by a wrapper around it.
@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> Iterator[None]:
    sink = session.config.stash[_KEY]
    if hasattr(session.config, "workerinput"):
        sink.close()
        yield
        return
    # The others have ended by now.
    yield
    sink.close()
    found = sink.found()
    if found and os.environ.get("EVIE_REQUIRE_CLEAN_LOGS") == "1":  # noqa: TID251 - the tests' own switch
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    session.config.stash[_FOUND] = found


def pytest_unconfigure(config: pytest.Config) -> None:
    """Throw away what nothing was found in."""
    if not hasattr(config, "workerinput") and not config.stash.get(_FOUND, []):
        shutil.rmtree(config.stash[_KEY].folder, ignore_errors=True)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    sink, found = config.stash[_KEY], config.stash.get(_FOUND, [])
    if not found:
        return
    terminalreporter.section("secrets or addresses in a log", red=True)
    for line in found[:40]:
        terminalreporter.line(line)
    terminalreporter.line(f"{len(found)} of {sink.lines()} lines; all of them are in {sink.folder}")
