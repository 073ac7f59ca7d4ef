"""Random histories in which the worker is killed again and again, and at their end each effect is there exactly once.

`make reliability` plays 300 on a SQLite file each, and 300 with two workers at once on PostgreSQL. A history is told by
its seed. Every death is a kill -9 of a process at a random statement, commit, or moment around a message to somebody
outside.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.crash_story import BEGAN, INVOICES, WORKSPACE, events, furnish, settlement
from benchmarks.crash_world import Death, Ledger, LedgerFront, LedgerHook, LedgerMailer
from benchmarks.servers import reachable
from billing.automations import ActionKind
from billing.deliveries import DeliveryState
from billing.queues import InboxEvent, Source
from billing.runs import StepState
from billing.settling import settle
from bot.addresses import PublicAddresses
from bot.formats import WorkspaceFormats
from bot.worker.inbox import Inbox
from bot.worker.outbox import Outbox
from bot.worker.outlets import Hooks, Outlets
from bot.worker.worker import Work, Worker
from storage import SqlStore, open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from billing.ports import Formats
    from billing.workspaces import Workspace

_SQLITE: Final = "sqlite"
# Longer than a lease: what a dead worker held is free again.
_PAUSE: Final = timedelta(seconds=150)
_MOST_ROUNDS: Final = 60
_DEADLIEST: Final = 320


class CrashError(Exception):
    """An effect is there twice, or not at all."""


@dataclass(frozen=True)
class History:
    """One history: its chances, its database, and how many workers are at it."""

    seed: int
    url: str
    ledger: Path
    workers: int

    def chances(self) -> random.Random:
        """Return the history's own dice."""
        return random.Random(self.seed)  # noqa: S311 - histories have to come again


def _worker(store: SqlStore, ledger: Ledger, clock: Callable[[], datetime]) -> Worker:
    """Return a real worker with all but Stripe's own answers, which the event itself holds."""

    def handle(row: InboxEvent) -> bool:
        with store.transaction(WORKSPACE) as tx:
            settle(tx, settlement(json.loads(row.body)), now=clock())
        return True

    def formats_for(workspace: Workspace) -> Formats:
        return WorkspaceFormats(workspace, clock)

    outlets = Outlets(
        store=store,
        gateways=_NoStripe(),  # type: ignore[arg-type] # no invoice here has a link
        mailer=LedgerMailer(ledger),
        links=PublicAddresses("https://evie.example"),
        clock=clock,
        formats_for=formats_for,
        local=LedgerFront(ledger),
        hooks=Hooks(LedgerHook(ledger), lambda sealed: sealed, lambda _tries: 1.0),
    )
    outbox = Outbox(outlets)
    return Worker(store, Work(Inbox({Source.STRIPE: handle}).handle, outbox.deliver, (), outbox.give_up))


class _NoStripe:
    def least_charge(self, _currency: str) -> None:
        """Say that nothing is known of a least amount."""


def _child(history: History, now: datetime, death: int) -> None:
    """Work until nothing is due, or until death comes; never returns."""
    dying = Death(death)
    store = open_store(history.url, lambda: now)
    dying.watch(store)
    try:
        _worker(store, Ledger(history.ledger, dying), lambda: now).drain()
    except Exception as error:  # noqa: BLE001 - whatever it is, the parent has to hear of it
        sys.stderr.write(f"seed {history.seed}: {type(error).__name__}: {error}\n")
        os._exit(2)
    os._exit(0)


def _round(history: History, now: datetime, deaths: list[int]) -> list[int]:
    """Let workers work at once, each with its own death; return how each ended (0: by itself, -9: killed)."""
    children = []
    for death in deaths:
        sys.stdout.flush()
        child = os.fork()
        if child == 0:
            _child(history, now, death)
        children.append(child)
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]


def play(history: History) -> int:
    """Play one history to its end and return how often a worker died; raises CrashError."""
    dice = history.chances()
    store = open_store(history.url, lambda: BEGAN)
    furnish(store, dice)
    for row in events(dice):
        store.receive(row)
    store.close()
    now, killed = BEGAN + timedelta(minutes=1), 0
    for turn in range(_MOST_ROUNDS):
        last = turn >= _MOST_ROUNDS // 4
        deaths = [0 if last else dice.randint(1, _DEADLIEST) for _ in range(history.workers)]
        ends = _round(history, now, deaths)
        if any(end not in {0, -9} for end in ends):
            raise CrashError(f"seed {history.seed}: a worker failed")
        killed += ends.count(-9)
        now += _PAUSE
        # Two that end by themselves may each have left what the other held: the next round finds it.
        if ends == [0] * history.workers and _is_over(history, now):
            _judge(history, now)
            return killed
    raise CrashError(f"seed {history.seed}: it does not come to an end")


def _is_over(history: History, now: datetime) -> bool:
    store = open_store(history.url, lambda: now)
    try:
        claim = store.claim_inbox(lease_seconds=0) or store.claim_outbox(lease_seconds=0)
    finally:
        store.close()
    return claim is None


def _judge(history: History, now: datetime) -> None:
    """Raise CrashError unless each effect that follows from the events is there exactly once."""
    store = open_store(history.url, lambda: now)
    try:
        problems = [*_problems(store, Ledger(history.ledger).read())]
    finally:
        store.close()
    if problems:
        raise CrashError(f"seed {history.seed}: {'; '.join(problems)}")


def _problems(store: SqlStore, ledger: list[tuple[str, str]]) -> Iterator[str]:
    twice = {effect for effect in ledger if ledger.count(effect) > 1}
    yield from (f"{effect} happened {ledger.count(effect)} times" for effect in sorted(twice))
    happened = {key for _, key in ledger}
    with store.transaction(WORKSPACE) as tx:
        runs, rules = tx.automations.runs(), tx.automations.list()
        invoices = tx.invoices.list()
        paid = [invoice for invoice in invoices[:INVOICES] if invoice.status.value == "paid"]
        steps = {run.key: tx.automations.steps(run.key) for run in runs}
        mails = {mail.key: mail.state for each in invoices for mail in tx.mails.of_invoice(each.number)}
    if len(paid) != INVOICES:
        yield f"only {len(paid)} invoices are paid"
    told = {invoice.number for invoice in paid if f"notify:payment_succeeded:{invoice.number}" in happened}
    yield from (f"no news of {invoice.number}" for invoice in paid if invoice.number not in told)
    for rule in rules:
        if rule.number in {"AUT-1", "AUT-2"}:
            fitting = [one for one in paid if rule.where.kind in {None, one.kind.value}]
            found = [run for run in runs if run.automation == rule.number]
            if len(found) != len(fitting):
                yield f"{rule.number} ran {len(found)} times for {len(fitting)} invoices"
    made = sum(1 for run in runs if run.automation == "AUT-1")
    if len(invoices) != INVOICES + made:
        yield f"{len(invoices) - INVOICES} invoices were made by {made} runs"
    for key, taken in steps.items():
        for step in taken:
            yield from _missing(f"action:{key}:{step.position}", step.state, step.action.do, happened, mails)


def _missing(
    key: str, state: StepState, do: ActionKind, happened: set[str], mails: dict[str, DeliveryState]
) -> Iterator[str]:
    uncertain = mails.get(f"mail:{key}") is DeliveryState.UNCERTAIN
    if state is not (StepState.FAILED if uncertain else StepState.DONE):
        yield f"{key} is {state}"
    wanted = {
        ActionKind.POST_MESSAGE: f"{key}:say",
        ActionKind.CREATE_INVOICE: f"ask:{key}",
        ActionKind.CALL_WEBHOOK: f"{WORKSPACE}:{key}:webhook",
    }.get(do)
    if wanted is not None and wanted not in happened:
        yield f"{wanted} never happened"
    mail = f"mail:{key}"
    # A mail server cannot be asked whether it took a mail: one that died with it in its hands is said to be uncertain.
    if do is ActionKind.EMAIL_CONTACT and mail not in happened and not uncertain:
        yield f"{mail} was never sent"


def _sqlite(template: Path, folder: Path) -> str:
    path = folder / "crash.db"
    path.write_bytes(template.read_bytes())
    return f"sqlite:///{path}"


def run(database: str, histories: int, seed: int) -> int:
    """Play that many histories and return how many workers died in them; raises CrashError at the first that fails."""
    killed = 0
    with tempfile.TemporaryDirectory(prefix="evie-crashes-") as home:
        template = Path(home) / "template.db"
        first = open_store(f"sqlite:///{template}" if database == _SQLITE else database, lambda: BEGAN)
        first.migrate()
        first.close()
        for number in range(seed, seed + histories):
            folder = Path(home) / str(number)
            folder.mkdir()
            url = _sqlite(template, folder) if database == _SQLITE else database
            if database != _SQLITE:
                _empty(url)
            workers = 1 if database == _SQLITE else 2
            killed += play(History(number, url, folder / "ledger", workers))
    return killed


def _empty(url: str) -> None:
    from storage.tables import METADATA

    store = open_store(url, lambda: BEGAN)
    with store.engine.begin() as connection:
        for table in reversed(METADATA.sorted_tables):
            connection.execute(table.delete())
    store.close()


def main() -> int:
    """Read the command line, play, and print what happened; 1 if something was there twice or not at all."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument(
        "--database", default="sqlite", help="sqlite, postgresql, or the URL of a PostgreSQL database to be emptied"
    )
    asked.add_argument("--histories", type=int, default=300)
    asked.add_argument("--seed", type=int, default=1)
    told = asked.parse_args()
    began = time.monotonic()
    try:
        with reachable(told.database) as database:
            killed = run(database, told.histories, told.seed)
    except CrashError as error:
        print(error)
        return 1
    seconds = time.monotonic() - began
    print(f"{told.histories} histories, {killed} workers killed, each effect exactly once ({seconds:.0f} s)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
