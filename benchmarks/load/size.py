"""What an event and a request cost in a small database and in one of a million events: the ratio is what is promised.

Run as `python -m benchmarks.load.size [--database sqlite|postgresql] [--events N] [--calls N]`. Both databases hold the
same business; the large one holds those of 2,000 workspaces with 100,000 invoices beside it, and the small one two.
The calls take turns between the two, so that a busy machine is busy for both.
"""

from __future__ import annotations

import argparse
import logging
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

import structlog
from sqlalchemy import text

from benchmarks.databases import KINDS, beside, database
from benchmarks.load.books import OWED, account, furnish, invoices_of, told
from billing.conversations import Actor
from billing.payments import PaymentStatus, PaymentType, Settlement
from billing.ports.changes import Ending
from billing.roles import Role
from billing.workspaces import Member
from bot.bootstrap import build
from bot.settings import Settings
from bot.speaking import Speaker
from bot.standins import Place
from bot.worker.stripe_inbox import StripeInbox
from integrations.stripe_events import parse
from storage import tables

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Table

    from billing.workspaces import StripeConnection
    from bot.application import Application
    from integrations.stripe_events import StripeEvent
    from storage import SqlStore

HOME: Final = "ws0"
INVOICES: Final = 150
# So many copies have fifty invoices each.
LARGE: Final = (2000, 50)
SMALL: Final = (2, 50)
_COPIED: Final = (
    tables.channels,
    tables.notification_routes,
    tables.stripe_connections,
    tables.contacts,
    tables.opportunities,
    tables.invoices,
)
_OWN: Final = {
    "workspaces": {"id": "'ws' || n.i"},
    "stripe_connections": {"stripe_account_id": "'acct_ws' || n.i"},
    "contacts": {"portal_token": "portal_token || n.i"},
    "invoices": {"token": "token || '-' || n.i"},
}
_COUNTING: Final = (
    "(WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n WHERE i < {last}) SELECT i FROM n) AS n"
)


def main() -> int:
    """Read the command line, measure, and print a table."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--database", choices=KINDS, action="append", help="default: both")
    asked.add_argument("--events", type=int, default=1_000_000)
    asked.add_argument("--calls", type=int, default=100)
    told_so = asked.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    print("milliseconds (median of calls)              small    large   ratio", flush=True)
    for kind in told_so.database or KINDS:
        with tempfile.TemporaryDirectory(prefix="evie-size-") as name, ExitStack() as opened:
            url = opened.enter_context(database(kind, Path(name)))
            small = opened.enter_context(Books(Path(name) / "small", beside(url, "small"), SMALL, 1000))
            large = opened.enter_context(Books(Path(name) / "large", beside(url, "large"), LARGE, told_so.events))
            for title in ("receive an event", "claim, apply and finish it", "a request and its reply"):
                _compare(f"{kind}: {title}", [books.works[title] for books in (small, large)], told_so.calls)
                small.set_aside()
                large.set_aside()
    return 0


def _compare(title: str, works: list[Callable[[], object]], calls: int) -> None:
    taken: list[list[float]] = [[], []]
    for number in range(calls):
        for place in (0, 1) if number % 2 else (1, 0):
            begun = time.perf_counter()
            works[place]()
            taken[place].append((time.perf_counter() - begun) * 1000)
    small, large = (statistics.median(times[calls // 10 :]) for times in taken)
    print(f"{title:<40}{small:>9.2f}{large:>9.2f}{large / small:>8.2f}", flush=True)


class Books:
    """A database with a business in it, those of others, and events that were handled; and what is done there."""

    def __init__(self, folder: Path, url: str, others: tuple[int, int], events: int) -> None:
        folder.mkdir()
        settings = Settings(database_url=url, stripe_api_key="sk_test_load", stripe_client_id="ca_load")
        self._app: Application = build(settings, Place(folder=folder))
        self._store: SqlStore = self._app.store
        self._store.migrate()
        furnish(self._store, HOME, others[1])
        with self._store.transaction(HOME) as tx:
            tx.people.save_member(Member(HOME, "Ada", Role.ADMIN))
        _fill(self._store, others[0], events)
        _more_invoices(self._store, others[1])
        speaker = Speaker(self._app.assistant, Actor(HOME, "Ada", Role.ADMIN, "terminal"))
        self._inbox = StripeInbox(self._store, parse, Paid(), lambda: None, lambda: datetime.now(UTC))
        self._received, self._paid = count(1_000_000), count()
        self.works: dict[str, Callable[[], object]] = {
            "receive an event": lambda: self._store.receive(told(HOME, next(self._received))),
            "claim, apply and finish it": self._apply,
            "a request and its reply": lambda: speaker.say("c1", "show INV-1001"),
        }

    def __enter__(self) -> Self:
        """Nothing is opened that was not made."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the application."""
        self._app.close()

    def _apply(self) -> None:
        self._store.receive(told(HOME, next(self._paid)))
        claim = self._store.claim_inbox(lease_seconds=60)
        if claim is None or self._store.conclude([Ending(claim, self._inbox.handle(claim.row), "")]) != [True]:
            raise RuntimeError(f"an event that was stored a moment ago is not applied: {claim}")
        news = self._store.claim_outbox(lease_seconds=60)
        if news is None:
            raise RuntimeError("a payment led to no news")
        self._store.finish(news)

    def set_aside(self) -> None:
        """What was only received would be claimed first."""
        with self._store.engine.begin() as connection:
            connection.execute(text("UPDATE inbox SET state = 'done' WHERE state = 'waiting'"))


class Paid:
    """What a Stripe would answer that knows of paid invoices only; without the journey to it."""

    def settlements_of(self, event: StripeEvent, connection: StripeConnection) -> list[Settlement]:
        """Return that the invoice which the event's object is named after is paid."""
        ordinal = event.object_id.split("_")[1]
        settlement = Settlement(
            stripe_account_id=account(HOME),
            stripe_object_id=event.object_id,
            livemode=False,
            type=PaymentType.CHARGE,
            status=PaymentStatus.SUCCEEDED,
            money=OWED,
            occurred_at=datetime.now(UTC),
            workspace_id=connection.workspace_id,
            invoice=f"INV-{ordinal}",
            payer="Nora Quist",
        )
        return [settlement]

    def subscriptions_of(self, event: Any, connection: StripeConnection) -> list[Any]:  # noqa: ANN401, ARG002 - the port's
        """Return nothing."""
        return []

    payouts_of = links_of = subscriptions_of

    def name_of(self, event: Any, connection: StripeConnection) -> str:  # noqa: ANN401, ARG002 - the port's
        """Return nothing."""
        return ""


def _more_invoices(store: SqlStore, there: int) -> None:
    """Give the business as many invoices in either database, of which each call pays one."""
    with store.engine.begin() as connection:
        connection.execute(tables.invoices.insert(), invoices_of(HOME, there, INVOICES))


def _fill(store: SqlStore, workspaces: int, events: int) -> None:
    with store.engine.begin() as connection:
        _copy(connection, tables.workspaces, "id", workspaces)
        for table in _COPIED:
            _copy(connection, table, "workspace_id", workspaces)
        _done(connection, tables.inbox, events, {"source": "'stripe'", "kind": "'charge.updated'"}, "x" * 300)
    with store.engine.begin() as connection:
        connection.execute(text("ANALYZE"))
        if connection.dialect.name == "postgresql":
            # What was filled a moment ago is written out now, and not by the first calls.
            connection.execute(text("CHECKPOINT"))


def _copy(connection: Connection, table: Table, owner: str, times: int) -> None:
    """Copy the rows of the business for so many others; what is unique everywhere is made so."""
    own = {owner: "'ws' || n.i"} | _OWN.get(table.name, {})
    names = [column.name for column in table.c]
    values = [own.get(name, f"t.{name}") for name in names]
    counted = _COUNTING.format(first=1, last=times)
    connection.execute(
        text(
            f"INSERT INTO {table.name} ({', '.join(names)}) SELECT {', '.join(values)} "  # noqa: S608 - our own names
            f"FROM {table.name} AS t CROSS JOIN {counted} WHERE t.{owner} = '{HOME}'"
        )
    )


def _done(connection: Connection, table: Table, events: int, own: dict[str, str], body: str) -> None:
    """Put so many events into the inbox that were handled long ago."""
    at = "CURRENT_TIMESTAMP" if connection.dialect.name == "postgresql" else "'2026-01-01 00:00:00.000000'"
    values = own | {
        "key": "'acct_ws' || (n.i % 2000) || '-evt_old_' || n.i",
        "lane": "'ch_old_' || n.i",
        "state": "'done'",
        "attempts": "1",
        "due_at": at,
        "next_attempt_at": at,
        "done_at": at,
        "received_at": at,
        "last_error": "''",
        "body": ":body",
    }
    counted = _COUNTING.format(first=1, last=events)
    names, given = ", ".join(values), ", ".join(values.values())
    connection.execute(
        text(f"INSERT INTO {table.name} ({names}) SELECT {given} FROM {counted}"),  # noqa: S608 - our own names
        {"body": body.encode()},
    )


if __name__ == "__main__":
    sys.exit(main())
