"""A signal ends what waits for it, at whichever step of the waiting it arrives."""

from __future__ import annotations

import subprocess
import sys

# Raises SIGTERM at the nth thing that happens once the main thread has begun to wait, or while it waits.
_SIGNALLED_AT_STEP = """
import signal, sys
from bot.cli.signals import stopped_by_signals

at = int(sys.argv[1])
steps = 0

def step(frame, event, argument):
    global steps
    steps += 1
    if steps == at:
        signal.raise_signal(signal.SIGTERM)

signal.signal(signal.SIGALRM, lambda *_: signal.raise_signal(signal.SIGTERM))
with stopped_by_signals() as stopped:
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    sys.setprofile(step)
    stopped.wait()
    sys.setprofile(None)
print("ended")
"""


# Trips the signal as the C handler does, and interrupts no system call: it came just before the wait blocked.
_SIGNALLED_BEFORE_BLOCKING = """
import signal, threading, _thread
from bot.cli.signals import stopped_by_signals

with stopped_by_signals() as stopped:
    threading.Timer(0.3, _thread.interrupt_main, [signal.SIGTERM]).start()
    stopped.wait()
print("ended")
"""


_SIGNALLED_TWICE = """
import signal
from bot.cli.signals import stopped_by_signals

with stopped_by_signals() as stopped:
    signal.raise_signal(signal.SIGINT)
    signal.raise_signal(signal.SIGTERM)
    stopped.wait()
print("ended")
"""


def said(source: str, *arguments: str) -> str:
    """What a program of its own says, and nothing that it complains of."""
    command = [sys.executable, "-c", source, *arguments]
    ran = subprocess.run(command, check=True, capture_output=True, text=True, timeout=30)
    assert ran.stderr == ""
    return ran.stdout


def test_a_signal_ends_the_wait_at_each_of_its_steps() -> None:
    # A wait that its own signal found half way once held a lock that the handler wanted: the worker never ended.
    for at in range(1, 9):
        assert said(_SIGNALLED_AT_STEP, str(at)) == "ended\n"


def test_a_signal_that_no_handler_has_seen_yet_ends_a_wait_that_blocks() -> None:
    # Between the last look for signals and the blocking call, the main thread may have waited long for its turn.
    assert said(_SIGNALLED_BEFORE_BLOCKING) == "ended\n"


def test_a_second_signal_changes_nothing() -> None:
    assert said(_SIGNALLED_TWICE) == "ended\n"
