"""Evie as people have her: real processes in a folder of their own, and waiting for what becomes of their work."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Self, TypeVar

import httpx2
from cryptography.fernet import Fernet
from sqlalchemy import create_engine, select

from storage import tables
from tests.support.log_sink import take
from tests.support.slack import FakeSlack
from tests.support.source import ROOT

Json = dict[str, Any]
T = TypeVar("T")

PATIENCE: Final = 30.0
_START_SECONDS: Final = 60.0
_STOP_SECONDS: Final = 10.0
_LOOK_EVERY_SECONDS: Final = 0.02
_LAST_LINES: Final = 40
# Below the ports that systems hand out by themselves, so that nobody gets it while Evie starts.
_PORTS: Final = (20_000, 32_000)


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    first, last = _PORTS
    while True:
        port = first + secrets.randbelow(last - first)
        try:
            with socket.create_server(("127.0.0.1", port)):
                return port
        except OSError:
            continue


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """Return all that a process of ours knows of its surroundings: nothing of the person who runs the tests."""
    return {"HOME": str(folder), "LANG": "C.UTF-8", "PATH": os.defpath, "PYTHONPATH": str(ROOT)} | settings


def command(*arguments: str) -> list[str]:
    """Return the program with its arguments."""
    return [sys.executable, "-m", "bot", *arguments]


class Running:
    """A process that goes on until it is stopped. `log` is the file that all it says goes to."""

    def __init__(self, arguments: list[str], folder: Path, settings: dict[str, str], log: Path) -> None:
        self._log = log
        self.arguments = arguments
        with log.open("wb") as said:
            # Its group is its own, so that a process that it left behind can be found.
            self._process = subprocess.Popen(
                arguments,
                cwd=folder,
                env=settings,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def ended(self) -> bool:
        return self._process.poll() is not None

    @property
    def was_killed(self) -> bool:
        return self._process.poll() == -signal.SIGKILL

    @property
    def log(self) -> str:
        return self._log.read_text(errors="replace")

    @property
    def last_words(self) -> str:
        return f"{self._log.name} ends:\n" + "\n".join(self.log.splitlines()[-_LAST_LINES:])

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        self._process.send_signal(signal.SIGINT)

    def kill(self) -> None:
        kill(self._process)
        take(self._log)

    def end(self) -> int | None:
        """Wait until it ends by itself, and return its status; None where that takes too long."""
        return end_of(self._process)

    def gone(self) -> None:
        """Fail unless it ends by itself within ten seconds, in good order and with nothing left of it."""
        status = self.end()
        take(self._log)
        assert status == 0, f"it ended with {status}; {self.last_words}"
        assert "Traceback" not in self.log, self.last_words


def end_of(process: subprocess.Popen[bytes]) -> int | None:
    """Return the exit status of a process that was told to end, None for one that did not; fails if it left another."""
    try:
        status = process.wait(timeout=_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        kill(process)
        return None
    assert not kill(process), "a process was left behind"
    return status


def kill(process: subprocess.Popen[bytes]) -> bool:
    """End a process and all of its group by force; say whether there was anything left to end."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    process.wait()
    return True


class Evie:
    """An installation: its folder, its settings and its processes. `database_url` is on SQLite if none is given."""

    def __init__(self, folder: Path, database_url: str | None = None, **settings: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.database_url = database_url or f"sqlite:///{folder / 'evie.db'}"
        self.settings = {
            "DATABASE_URL": self.database_url,
            "EVIE_BASE_URL": self.url,
            "EVIE_SECRET_KEY": Fernet.generate_key().decode(),
            "EVIE_LOG_FORMAT": "json",
        } | settings
        self._running: list[Running] = []
        self._started = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        """Stop in good order; where something went wrong already, by force."""
        if error is None:
            self.stop()
        for process in self._running:
            process.kill()

    # Its processes.

    def run(self, *arguments: str, said: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end; `said` is its standard input."""
        return subprocess.run(
            command(*arguments),
            cwd=self.folder,
            env=environment(self.folder, **self.settings | settings),
            input=said,
            capture_output=True,
            text=True,
            timeout=_START_SECONDS,
            check=False,
        )

    def write(self, workspace: Json) -> str:
        """Write a workspace into a file, and return that file's name."""
        file = self.folder / "workspace.json"
        file.write_text(json.dumps(workspace), encoding="utf-8")
        return file.name

    def move_in(self, workspace: Json) -> None:
        """Import a workspace."""
        done = self.run("import", self.write(workspace))
        assert done.returncode == 0, done.stderr

    def serve(self, *options: str, workers: int = 0) -> None:
        """Start the web process, with the worker inside unless the options say otherwise, and workers beside it."""
        self._start("serve", "--port", str(self.port), *options)
        beside = [self._start("worker") for _ in range(workers)]
        self.until(self._answers, "the web pages", patience=_START_SECONDS)
        self.until(lambda: all("worker_started" in w.log for w in beside), "the workers", patience=_START_SECONDS)

    def stop(self) -> None:
        """Press Ctrl-C in each process; all have to end in good order."""
        for process in self._running:
            process.interrupt()
        ending, self._running = self._running, []
        problems = [problem for process in ending if (problem := _trouble_of(process))]
        assert problems == []

    @property
    def processes(self) -> list[Running]:
        """Those that were started, oldest first."""
        return list(self._running)

    def _start(self, *arguments: str) -> Running:
        log = self.folder / f"{arguments[0]}-{self._started}.log"
        self._started += 1
        process = Running(command(*arguments), self.folder, environment(self.folder, **self.settings), log)
        self._running.append(process)
        return process

    def _answers(self) -> bool:
        try:
            return httpx2.get(f"{self.url}/readyz", trust_env=False).status_code == 200
        except httpx2.TransportError:
            return False

    # What becomes of its work.

    def until(self, look: Callable[[], T], what: str, *, patience: float = PATIENCE) -> T:
        """Return what `look` finds as soon as it finds something; fails with the logs where that takes too long."""
        end = time.monotonic() + patience
        while not (found := look()):
            ended = [process.last_words for process in self._running if process.ended]
            assert not ended, f"a process ended while the test waited for {what}; {ended[0]}"
            assert time.monotonic() < end, f"waited {patience:.0f} s for {what}; {self.logs}"
            time.sleep(_LOOK_EVERY_SECONDS)
        return found

    @property
    def logs(self) -> str:
        return "\n".join(process.last_words for process in self._running)

    def until_quiet(self) -> None:
        """Wait until everything that came in has been handled, and everything that goes out has gone."""
        self.until(lambda: is_quiet(self.url), "the inbox and the outbox to be empty")

    def rows(self, table: str, **columns: Any) -> list[Json]:
        """Return the rows of a table that have these values, as they are in the database."""
        wanted = getattr(tables, table)
        query = select(wanted).filter_by(**columns)
        engine = create_engine(self.database_url)
        try:
            with engine.connect() as connection:
                return [dict(row) for row in connection.execute(query).mappings()]
        finally:
            engine.dispose()


def is_quiet(url: str) -> bool:
    """Say whether an installation has nothing to do."""
    ready = httpx2.get(f"{url}/readyz", trust_env=False).json()
    assert ready["parked"] == 0, ready
    return not ready["oldest_inbox_seconds"] and not ready["oldest_outbox_seconds"]


def slack_settings(slack: FakeSlack) -> dict[str, str]:
    """Return the settings that lead a process to a Slack."""
    # A process lives in real time, and looks for its posts by that.
    slack.now = time.time
    config = slack.config
    return {
        "SLACK_BOT_TOKEN": config.bot_token or "",
        "SLACK_SIGNING_SECRET": config.signing_secret or "",
        "SLACK_API_BASE_URL": config.api_base_url or "",
    }


def _trouble_of(process: Running) -> str:
    try:
        process.gone()
    except AssertionError as error:
        return str(error)
    return ""
