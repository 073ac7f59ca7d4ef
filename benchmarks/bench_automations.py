"""A payment is applied in one transaction with what follows from it: what 10,000 automations add to that.

`python -m benchmarks.bench_automations` prints the 50th and the 99th percentile without and with them: ten in each of
1,000 workspaces, of which two listen to payments and one of these holds. They may add 2 ms at the 99th.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from billing.automations import Action, ActionKind, Automation, Conditions, Trigger
from billing.contacts import Contact
from billing.invoices import InvoiceKind
from billing.invoicing import WantedInvoice, create_invoice
from billing.money import Money
from billing.opportunities import Opportunity, Stage
from billing.payments import PaymentStatus, PaymentType, Settlement
from billing.settling import settle
from billing.workspaces import Workspace
from storage import open_store
from storage.schema import upgrade

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from storage import SqlStore

_WORKSPACES: Final = 1000
_ALLOWED_MILLISECONDS: Final = 2.0
_NOW: Final = datetime(2026, 3, 11, tzinfo=UTC)
_TRIGGERS: Final = (
    Trigger.PAYMENT_SUCCEEDED,
    Trigger.PAYMENT_SUCCEEDED,
    Trigger.PAYMENT_FAILED,
    Trigger.INVOICE_CREATED,
    Trigger.INVOICE_SENT,
    Trigger.INVOICE_DUE,
    Trigger.INVOICE_OVERDUE,
    Trigger.REFUND_CREATED,
    Trigger.DISPUTE_OPENED,
    Trigger.SUBSCRIPTION_RENEWED,
)


@contextmanager
def bench_apply_payment() -> Iterator[Callable[[], None]]:
    """Apply a payment where nothing is automated."""
    with _store(automations=False) as store:
        yield _payer(store)


@contextmanager
def bench_apply_payment_among_automations() -> Iterator[Callable[[], None]]:
    """Apply a payment where 1,000 workspaces have 10,000 automations."""
    with _store(automations=True) as store:
        yield _payer(store)


def _payer(store: SqlStore) -> Callable[[], None]:
    """Return what makes an invoice in the next workspace and times only its payment."""
    payments = _payments(store)

    def pay() -> None:
        next(payments)

    return pay


def _payments(store: SqlStore) -> Iterator[float]:
    """Yield the seconds that each payment took, workspace after workspace."""
    turn = 0
    while True:
        workspace = f"ws_{turn % _WORKSPACES}"
        with store.transaction(workspace) as tx:
            wanted = WantedInvoice("OPP-1", InvoiceKind.DEPOSIT, amount="100")
            number = create_invoice(tx, wanted, now=_NOW, today=_NOW.date()).invoice.number
        began = time.perf_counter()
        with store.transaction(workspace) as tx:
            settle(tx, _settlement(workspace, number, turn), now=_NOW)
        yield time.perf_counter() - began
        turn += 1


def _settlement(workspace: str, invoice: str, turn: int) -> Settlement:
    return Settlement(
        stripe_account_id="acct_1",
        stripe_object_id=f"pi_{turn}",
        livemode=False,
        type=PaymentType.CHARGE,
        status=PaymentStatus.SUCCEEDED,
        money=Money(100_00, "AUD"),
        occurred_at=_NOW,
        workspace_id=workspace,
        invoice=invoice,
        payer="Tess Blue",
    )


@contextmanager
def _store(*, automations: bool) -> Iterator[SqlStore]:
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'evie.db'}", lambda: _NOW)
        try:
            upgrade(store.engine)
            for number in range(_WORKSPACES):
                _furnish(store, f"ws_{number}", automations=automations)
            yield store
        finally:
            store.close()


def _furnish(store: SqlStore, workspace: str, *, automations: bool) -> None:
    store.directory.add_workspace(Workspace(workspace, "W", "AUD", "AU", "en_AU", "Australia/Brisbane", _NOW))
    with store.transaction(workspace) as tx:
        tx.contacts.add(Contact(workspace, "CON-1", "Tess Blue", _NOW, "Bluebird", "tess@bluebird.example"))
        value = Money(10_000_00, "AUD")
        tx.opportunities.add(Opportunity(workspace, "OPP-1", "Sign", "CON-1", "AUD", value, Stage.LEAD, _NOW))
        for place, trigger in enumerate(_TRIGGERS if automations else (), start=1):
            where = Conditions(kind="final") if place == 1 else Conditions()
            post = Action(ActionKind.POST_MESSAGE, {"channel": "#ops"})
            number = f"AUT-{place}"
            tx.automations.add(
                Automation(
                    workspace,
                    number,
                    number,
                    active=True,
                    trigger=trigger,
                    actions=(post,),
                    created_at=_NOW,
                    where=where,
                ),
            )


def main(rounds: int = 1000) -> int:
    """Print what is added, taking turns so that a busy moment strikes both alike; 1 if it is more than is allowed."""
    with _store(automations=False) as without, _store(automations=True) as among:
        plain, automated = _payments(without), _payments(among)
        for _ in range(50):
            next(plain), next(automated)
        pairs = [(next(plain), next(automated)) for _ in range(rounds)]
    figures = [[statistics.quantiles(times, n=100)[at] * 1000 for at in (49, 98)] for times in zip(*pairs, strict=True)]
    for title, (middle, late) in zip(("without", "among 10,000"), figures, strict=True):
        print(f"{title:>13}: p50 {middle:.2f} ms, p99 {late:.2f} ms")
    added = figures[1][1] - figures[0][1]
    print(f"{'added':>13}: p50 {figures[1][0] - figures[0][0]:.2f} ms, p99 {added:.2f} ms")
    return 0 if added <= _ALLOWED_MILLISECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
