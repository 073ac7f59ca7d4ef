"""A person at a terminal: the program runs in a real one, with what is typed into it and what can be read on it."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tests.support.walking import PATIENCE, command, end_of, environment, kill

_LOOK_EVERY_SECONDS: Final = 0.05
_ROWS: Final = 60
_COLUMNS: Final = 160
_ESCAPES: Final = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # colours, cursor
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"  # titles, hyperlinks
    r"|\x1b[@-Z\\-_=>]",
)
# What prompt-toolkit tells the terminal when a line can be typed, and when it was.
_PROMPT_THERE: Final = "\x1b[?2004h"
_PROMPT_GONE: Final = "\x1b[?2004l"
_CTRL_C: Final = "\x03"
# A shell that opens the terminal makes it the one whose Ctrl-C reaches the program.
_IN_THE_TERMINAL: Final = 'exec "$@" <"$0" >"$0" 2>&1'


class Terminal:
    """The program in a terminal of its own."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self._mine, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", _ROWS, _COLUMNS, 0, 0))
        self._process = subprocess.Popen(
            ["/bin/sh", "-c", _IN_THE_TERMINAL, os.ttyname(theirs), *command(*arguments)],
            cwd=folder,
            env=environment(folder, TERM="xterm-256color", PROMPT_TOOLKIT_NO_CPR="1"),
            start_new_session=True,
        )
        self._theirs = theirs
        self._output = bytearray()
        self._typed_at = 0
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def says(self, line: str) -> None:
        """Type a line, as soon as there is a prompt to type it at."""
        self.until(self._at_the_prompt, "the prompt")
        self._typed_at = len(self._raw)
        os.write(self._mine, f"{line}\r".encode())

    def sees(self, words: str, *, patience: float = PATIENCE) -> str:
        """Wait until the words can be read below what was typed last, and return all of that."""
        self.until(lambda: words in self.screen, f"“{words}”", patience)
        return self.screen

    def finds(self, pattern: str) -> str:
        """Wait for text of a pattern below what was typed last, and return the last such text."""
        self.until(lambda: re.search(pattern, self.screen), pattern)
        return str(re.findall(pattern, self.screen)[-1])

    @property
    def screen(self) -> str:
        """What can be read below what was typed last, each stretch of space as one."""
        return " ".join(_ESCAPES.sub("", self._raw[self._typed_at :]).split())

    def press_ctrl_c(self) -> None:
        os.write(self._mine, _CTRL_C.encode())

    def gone(self) -> None:
        """Fail unless the program ends by itself within ten seconds, in good order and with nothing left of it."""
        status = end_of(self._process)
        assert status == 0, f"it ended with {status}: {self.screen}"
        assert "Traceback" not in self.screen

    def close(self) -> None:
        """Take the terminal away, and what is still running in it."""
        kill(self._process)
        os.close(self._theirs)
        self._reader.join(timeout=5)
        os.close(self._mine)

    @property
    def _raw(self) -> str:
        return bytes(self._output).decode(errors="replace")

    def _at_the_prompt(self) -> bool:
        return self._raw.rfind(_PROMPT_THERE) > self._raw.rfind(_PROMPT_GONE)

    def until(self, look: Callable[[], object], what: str, patience: float = PATIENCE) -> None:
        """Wait until `look` finds something; fails with what the terminal shows where that takes too long."""
        end = time.monotonic() + patience
        while not look():
            assert self._process.poll() is None, f"the program ended; it said: {self.screen}"
            assert time.monotonic() < end, f"waited {patience:.0f} s for {what}; the terminal shows: {self.screen}"
            time.sleep(_LOOK_EVERY_SECONDS)

    def _read(self) -> None:
        while True:
            try:
                said = os.read(self._mine, 65536)
            except OSError:
                return
            if not said:
                return
            self._output += said
