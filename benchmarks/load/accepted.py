"""Events accepted: Evie beside the bare application, on the same database, in interleaved rounds.

Run as `python -m benchmarks.load.accepted [--database sqlite|postgresql] [--rounds N] [--fsync-ms N]`. What counts is
the ratio: both are driven by the same process, one shortly after the other, so that a busy machine is busy for both.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from benchmarks.databases import KINDS, beside, database
from benchmarks.load.slow_disk import slow_disk
from tests.support.walking import Evie, Running, environment, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

SECRET: Final = "whsec_load"  # noqa: S105 - nobody else's
CONCURRENCY: Final = (1, 8, 32)
_EVENTS: Final = {1: 800, 8: 2000, 32: 4000}
_APPS: Final = ("bare", "evie")


def main() -> int:
    """Read the command line, compare, and print a table."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--database", choices=KINDS, action="append", help="default: both")
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--fsync-ms", type=float, default=0.0, help="let every fsync take so much longer")
    asked.add_argument("--concurrency", type=int, choices=CONCURRENCY, action="append", help="default: 1, 8 and 32")
    told = asked.parse_args()
    print("accepted events/s (median of rounds)      bare     evie   ratio   p99 bare   p99 evie")
    refused = 0
    for kind in told.database or KINDS:
        with tempfile.TemporaryDirectory(prefix="evie-load-") as folder:
            refused += _compare(Path(folder), kind, told)
    return 1 if refused else 0


def _compare(folder: Path, kind: str, told: argparse.Namespace) -> int:
    with (
        slow_disk(folder, told.fsync_ms) as settings,
        database(kind, folder, settings) as url,
        _bare(folder, url, settings) as bare,
        _evie(folder, url, settings) as evie,
    ):
        ports = dict(zip(_APPS, (bare, evie), strict=True))
        for each in ports.values():
            drive(each, 8, 400, f"warm{each}")
        return sum(_rounds(ports, kind, concurrency, told) for concurrency in told.concurrency or CONCURRENCY)


def _rounds(ports: dict[str, int], kind: str, concurrency: int, told: argparse.Namespace) -> int:
    """Drive each in turn, print the line, and return how many events were refused."""
    found: dict[str, list[dict[str, float]]] = defaultdict(list)
    for number in range(told.rounds):
        # Who goes first changes, so that neither always follows the other's work.
        for name in _APPS[:: 1 if number % 2 else -1]:
            prefix = f"{name}{concurrency}x{number}x"
            events = int(_EVENTS[concurrency] / (1 + told.fsync_ms))
            found[name].append(drive(ports[name], concurrency, events, prefix))
    bare, evie = ([one["per_second"] for one in found[name]] for name in _APPS)
    ratio = statistics.median(ours / theirs for ours, theirs in zip(evie, bare, strict=True))
    slow = [statistics.median(one["p99_ms"] for one in found[name]) for name in _APPS]
    disk = f", fsync +{told.fsync_ms:g} ms" if told.fsync_ms else ""
    medians = [statistics.median(rates) for rates in (bare, evie)]
    title = f"{kind}, concurrency {concurrency}{disk}"
    print(
        f"{title:<37}{medians[0]:>9.0f}{medians[1]:>9.0f}{ratio:>8.2f}{slow[0]:>8.1f} ms{slow[1]:>8.1f} ms", flush=True
    )
    return int(sum(one["refused"] for runs in found.values() for one in runs))


def drive(port: int, concurrency: int, events: int, prefix: str) -> dict[str, Any]:
    """Send the events from a process of their own and return what it measured."""
    numbers = (str(number) for number in (concurrency, events))
    command = [sys.executable, "-m", "benchmarks.load.driver", str(port), SECRET, *numbers, prefix]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own module
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@contextmanager
def _bare(folder: Path, url: str, settings: dict[str, str]) -> Iterator[int]:
    """Serve the bare application on a database of its own."""
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.load.bare", str(port), beside(url, "bare"), SECRET]
    process = Running(command, folder, environment(folder, **settings), folder / "bare.log")
    evie = Evie(folder)
    evie.port = port
    try:
        evie.until(lambda: _takes(port), "the bare application")
        yield port
    finally:
        process.kill()


@contextmanager
def _evie(folder: Path, url: str, settings: dict[str, str]) -> Iterator[int]:
    """Serve Evie without a worker: nothing but what is measured."""
    secrets = {"STRIPE_API_KEY": "sk_test_load", "STRIPE_CLIENT_ID": "ca_load", "STRIPE_WEBHOOK_SECRET": SECRET}
    evie = Evie(folder, url, **secrets, **settings)
    done = evie.run("migrate")
    if done.returncode:
        raise RuntimeError(done.stderr)
    with evie:
        evie.serve("--web-only")
        yield evie.port


def _takes(port: int) -> bool:
    try:
        return not drive(port, 1, 2, f"first{port}")["refused"]
    except subprocess.CalledProcessError:
        return False


if __name__ == "__main__":
    sys.exit(main())
