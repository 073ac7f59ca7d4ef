"""The chat at a real keyboard: a pseudo-terminal, on which keys are typed and the screen is read."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.cli.conftest import Evie


class Terminal:
    """A program on a pseudo-terminal."""

    def __init__(self, *arguments: str, cwd: Path) -> None:
        self._keys, screen = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", *arguments],
            cwd=cwd,
            stdin=screen,
            stdout=screen,
            stderr=screen,
            start_new_session=True,
        )
        os.close(screen)
        self.seen = ""
        self._waited_for = 0

    def type(self, keys: str) -> None:
        os.write(self._keys, keys.encode())

    def wait_for(self, text: str) -> None:
        """Read the screen until the text appears, after what was waited for before."""
        # What came in the same breath as the text before is not lost to the next wait.
        start, patience = self._waited_for, time.monotonic() + 60
        while text not in self.seen[start:]:
            assert time.monotonic() < patience, self.seen[start:]
            self._read()
        self._waited_for = self.seen.index(text, start) + len(text)

    def end(self) -> int:
        """Read the rest and return how the program ended."""
        patience = time.monotonic() + 60
        while self.process.poll() is None:
            assert time.monotonic() < patience, self.seen[-2000:]
            self._read()
        return self.process.returncode

    def _read(self) -> None:
        if select.select([self._keys], [], [], 0.1)[0]:
            try:
                self.seen += os.read(self._keys, 65536).decode("utf-8", "replace")
            except OSError:  # the other side is closed
                self.process.wait(timeout=20)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._keys)


@pytest.fixture
def terminal(evie: Evie, small: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    """A chat on a database with the small workspace in it."""
    evie("import", small)
    monkeypatch.setenv("TERM", "xterm-256color")
    # Nobody here answers where the cursor is.
    monkeypatch.setenv("PROMPT_TOOLKIT_NO_CPR", "1")
    opened = Terminal("chat", "--as", "eli", cwd=home)
    yield opened
    opened.close()


@pytest.mark.parametrize("farewell", ["\x03", "\x04", "bye\r"])
def test_one_can_talk_and_leave(terminal: Terminal, home: Path, farewell: str) -> None:
    terminal.wait_for("you are Eli (editor)")
    terminal.wait_for("›")
    terminal.type("show INV-2\r")
    terminal.wait_for("A$800.00")
    terminal.wait_for("›")
    terminal.type(farewell)
    assert terminal.end() == 0
    assert "Traceback" not in terminal.seen
    history = home / ".evie-history"
    assert "+show INV-2" in history.read_text(encoding="utf-8")
    assert history.stat().st_mode & 0o077 == 0


def test_the_tab_key_finishes_a_name(terminal: Terminal) -> None:
    terminal.wait_for("›")
    terminal.type("show Quist Fe\t")
    terminal.wait_for("rries")
    terminal.type("\r")
    # The answer first: the line is drawn once more as it is sent, and what is typed before the next prompt is lost.
    terminal.wait_for("A$2,400.00")
    terminal.wait_for("›")
    terminal.type("\x04")
    assert terminal.end() == 0
