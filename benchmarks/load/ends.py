"""What people wait for: a start, a payment's news in the channel, an answer to `/evie`; and what an idle process holds.

Run as `python -m benchmarks.load.ends [--database sqlite|postgresql] [--calls N]`. Evie, a Slack and a Stripe are
processes or threads beside the one that measures; each duration is a median.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.databases import KINDS, database
from benchmarks.load.applied import settings, stand_in
from benchmarks.load.books import furnish, told
from billing.roles import Role
from billing.workspaces import Member
from storage import open_store
from tests.support.serving import serving
from tests.support.slack import FakeSlack, slack_app
from tests.support.slack_requests import send
from tests.support.stage import Stage
from tests.support.walking import Evie, slack_settings
from tests.support.walking_stripe import deliver

if TYPE_CHECKING:
    from collections.abc import Callable

_HOME: Final = "ws0"
_PATIENCE: Final = 20.0
# Slack takes a message a second for a channel, so Evie posts no faster.
_PACE_SECONDS: Final = 1.2
_LOOK_SECONDS: Final = 0.001
_SECRET: Final = "whsec_load"  # noqa: S105 - nobody else's


def main() -> int:
    """Read the command line, measure, and print a line for each duration."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--database", choices=KINDS, action="append", help="default: both")
    asked.add_argument("--calls", type=int, default=15)
    told_so = asked.parse_args()
    for kind in told_so.database or KINDS:
        with tempfile.TemporaryDirectory(prefix="evie-ends-") as name, ExitStack() as opened:
            url = opened.enter_context(database(kind, Path(name)))
            stripe = opened.enter_context(stand_in(Path(name)))
            _measure(kind, Path(name), url, stripe, told_so.calls)
    return 0


def _measure(kind: str, folder: Path, url: str, stripe: str, calls: int) -> None:
    _furnish(url, calls)
    stage = Stage()
    with serving(stage) as address:
        slack = FakeSlack(url=address)
        stage.app = slack_app(slack)
        slack.add_channel("C1", "billing")
        slack.add_user("U1", "Ada")
        with Evie(folder, url, **settings(stripe) | slack_settings(slack)) as evie:
            begun = time.perf_counter()
            evie.serve()
            print(f"{kind}: start to ready {time.perf_counter() - begun:.2f} s", flush=True)
            print(f"{kind}: memory of a process that waits {_resident(evie)} MB", flush=True)
            events = (partial(deliver, evie.url, told(_HOME, place).body, _SECRET) for place in range(calls))
            news = [_taken(lambda: len(slack.posts), event, rest=_PACE_SECONDS) for event in events]
            print(f"{kind}: event sent to news in the channel {_median(news):.0f} ms", flush=True)
            asked = (partial(send, evie.url, slack.command("show INV-1001")) for _ in range(calls))
            answers = [_taken(lambda: len(slack.responses) + len(slack.ephemerals), ask) for ask in asked]
            print(f"{kind}: /evie sent to its answer {_median(answers):.0f} ms", flush=True)


def _furnish(url: str, invoices: int) -> None:
    store = open_store(url, lambda: datetime.now(UTC))
    store.migrate()
    furnish(store, _HOME, invoices)
    with store.transaction(_HOME) as tx:
        tx.people.save_member(Member(_HOME, "Ada", Role.ADMIN, "U1"))
    store.close()


def _taken(count: Callable[[], int], act: Callable[[], object], *, rest: float = 0.0) -> float:
    """Return the milliseconds from doing something until one more is counted; raises RuntimeError after a while."""
    time.sleep(rest)
    before, begun = count(), time.perf_counter()
    act()
    while count() == before:
        if time.perf_counter() - begun > _PATIENCE:
            raise RuntimeError("nothing came of it")
        time.sleep(_LOOK_SECONDS)
    return (time.perf_counter() - begun) * 1000


def _median(times: list[float]) -> float:
    # The first ones wait for code to be loaded.
    return statistics.median(times[len(times) // 5 :])


def _resident(evie: Evie) -> int:
    """Return the megabytes that the process holds."""
    (pid,) = (running.pid for running in evie.processes)
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmRSS"))


if __name__ == "__main__":
    sys.exit(main())
