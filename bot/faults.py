"""Fault points, for tests alone: a process that dies at a chosen step, and a clock that can be set wrong.

The setting `EVIE_FAULTS` names a folder. Every process that has it writes each step it takes on the folder's `tape`: a
write, a commit, bytes on their way to somebody else. At the step that `steps-left` counts down to, the process that
takes it dies as by kill -9. `clock-ahead` says how many seconds its clock is ahead.
"""

from __future__ import annotations

import fcntl
import os
import signal
import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from billing.ports import Clock

# Python itself tells of these: whatever package makes a call, its bytes leave through one of them.
_LEAVING: Final = {"http.client.send": "called by HTTP", "smtplib.send": "called by SMTP"}


class FaultPoints:
    """The fault points of this process; their folder may be shared with other processes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def listen(self) -> None:
        """Count each call to somebody else as a step, from now until the process ends."""
        sys.addaudithook(self._heard)

    def _heard(self, event: str, _arguments: object) -> None:
        name = _LEAVING.get(event)
        if name is not None:
            self.step(name)

    def step(self, name: str) -> None:
        """Note a step, and die of it where it is the one that was asked for."""
        with (self._folder / "tape").open("ab", buffering=0) as tape:
            # All processes share one count, so only one of them takes a step at a time.
            fcntl.flock(tape, fcntl.LOCK_EX)
            left = _number(self._folder / "steps-left")
            tape.write(f"{name}{' (died)' if left == 1 else ''}\n".encode())
            if left:
                (self._folder / "steps-left").write_text(str(left - 1))
            if left == 1:
                os.kill(os.getpid(), signal.SIGKILL)

    def clock(self, right: Clock) -> Clock:
        """Return the clock that is as far ahead of the right one as the folder says; it is asked every time."""

        def wrong() -> datetime:
            return right() + timedelta(seconds=_number(self._folder / "clock-ahead"))

        return wrong


def _number(path: Path) -> int:
    """Return the number in the file, 0 where there is none."""
    try:
        return int(path.read_text() or 0)
    except FileNotFoundError:
        return 0
