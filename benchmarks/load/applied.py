"""Events applied: payment log, invoice and outbox row committed, by worker processes on PostgreSQL.

Run as `python -m benchmarks.load.applied [--events N] [--workers N] [--rounds N]`. The events lie in the inbox when
the workers are started, each of a payment of its own; each is fetched from a Stripe stand-in in a process of its own
before it is applied, and its news goes out while others come in. The database's own times say how long it took.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select

from benchmarks.databases import beside, database
from benchmarks.load.books import furnish, paid_intent, told
from billing.queues import RowState
from storage import SqlStore, open_store, tables
from tests.support.walking import Evie, Running, command, environment, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

WORKSPACES: Final = 20
_PATIENCE: Final = 170.0


def main() -> int:
    """Read the command line, measure, and print events a second."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--events", type=int, default=4000)
    asked.add_argument("--workers", type=int, default=2)
    asked.add_argument("--rounds", type=int, default=3)
    wanted = asked.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="evie-applied-") as name,
        database("postgresql", Path(name)) as url,
        stand_in(Path(name)) as stripe,
    ):
        rates = [_measured(Path(name), beside(url, f"round{n}"), stripe, wanted) for n in range(wanted.rounds)]
    each = ", ".join(f"{rate:.0f}" for rate in rates)
    print(f"applied events/s, {wanted.workers} workers on PostgreSQL: {statistics.median(rates):.0f} (rounds: {each})")
    used = getrusage(RUSAGE_CHILDREN)
    spent = (used.ru_utime + used.ru_stime) * 1000 / (wanted.events * wanted.rounds)
    print(f"processor time of all but the database: {spent:.1f} ms an event, the start of the workers included")
    return 0


@contextmanager
def stand_in(folder: Path) -> Iterator[str]:
    """Yield the address of a Stripe that knows nothing but paid intents."""
    port, template = free_port(), folder / "intent.json"
    template.write_bytes(paid_intent())
    arguments = [sys.executable, "-m", "benchmarks.load.stripe_stand_in", str(port), str(template)]
    process = Running(arguments, folder, environment(folder), folder / "stripe.log")
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()


def settings(stripe: str) -> dict[str, str]:
    """Return the settings that lead a process to the stand-in."""
    return {
        # Where webhooks reach it, nothing is polled.
        "EVIE_BASE_URL": "https://evie.example",
        "STRIPE_API_KEY": "sk_test_load",
        "STRIPE_CLIENT_ID": "ca_load",
        "STRIPE_API_BASE": stripe,
        "STRIPE_WEBHOOK_SECRET": "whsec_load",
    }


def _measured(folder: Path, url: str, stripe: str, wanted: argparse.Namespace) -> float:
    store = open_store(url, lambda: datetime.now(UTC))
    store.migrate()
    each = wanted.events // WORKSPACES
    names = [f"ws{number}" for number in range(WORKSPACES)]
    for name in names:
        furnish(store, name, each)
    for place in range(each):
        store.receive_all([told(name, place) for name in names])
    evie = Evie(folder, url, **settings(stripe))
    variables = environment(folder, **evie.settings)
    workers = [Running(command("worker"), folder, variables, folder / f"worker-{n}.log") for n in range(wanted.workers)]
    try:
        _wait(store, workers)
    finally:
        for worker in workers:
            worker.interrupt()
        try:
            for worker in workers:
                worker.gone()
        finally:
            for worker in workers:
                worker.kill()
    _check(store, each * WORKSPACES)
    rate = _rate(store)
    store.close()
    return rate


def _wait(store: SqlStore, workers: list[Running]) -> None:
    end = time.monotonic() + _PATIENCE
    health = store.health()
    while health.due_inbox or health.due_outbox:
        ended = [worker.last_words for worker in workers if worker.ended]
        if ended or time.monotonic() > end:
            raise RuntimeError("\n".join(ended) or f"not done in {_PATIENCE:.0f} s: {health}")
        # Looking costs the database something, too.
        time.sleep(0.5)
        health = store.health()


def _check(store: SqlStore, count: int) -> None:
    paid = select(func.count()).select_from(tables.payments).where(tables.payments.c.status == "succeeded")
    news = select(func.count()).select_from(tables.outbox).where(tables.outbox.c.state == RowState.DONE)
    with store.engine.connect() as connection:
        found = (connection.execute(paid).scalar_one(), connection.execute(news).scalar_one())
    if found != (count, count):
        raise RuntimeError(f"{count} events made {found[0]} payments and {found[1]} pieces of news")


def _rate(store: SqlStore) -> float:
    done = tables.inbox.c.done_at
    # The first ones wait for code to be loaded; what comes after a tenth is how it goes on.
    times = select(done).order_by(done)
    with store.engine.connect() as connection:
        all_done: list[datetime] = list(connection.execute(times).scalars())
    begun = len(all_done) // 10
    return (len(all_done) - begun - 1) / (all_done[-1] - all_done[begun]).total_seconds()


if __name__ == "__main__":
    sys.exit(main())
