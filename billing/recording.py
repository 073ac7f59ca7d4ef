"""Money that Stripe never sees: a person says that it came, and from there on it is a payment like any other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from billing.errors import BadAmount
from billing.linking import retire
from billing.money import parse_amount
from billing.payments import PaymentStatus, PaymentType, Settlement
from billing.settling import Settled, settle

if TYPE_CHECKING:
    from datetime import datetime

    from billing.invoices import Invoice
    from billing.money import Money
    from billing.payments import PaymentMethod
    from billing.ports import Transaction

# No Stripe account: what is recorded is known by the request that recorded it.
_NO_ACCOUNT = ""


@dataclass(frozen=True, slots=True)
class Received:
    """What came in. `amount` is a decimal string in the invoice's currency; left out, all that is still owed."""

    invoice: str
    request_key: str
    amount: str | None = None
    method: PaymentMethod | None = None


def record_payment(tx: Transaction, received: Received, *, now: datetime) -> Settled:
    """Put the money into the payment log and settle the invoice with it; a repeated request records nothing twice.

    A link that still asks for all of it is ended. Raises InvoiceClosed, BadAmount (also for more than is owed),
    UnknownRecord.
    """
    invoice = tx.invoices.get(received.invoice, lock=True)
    object_id = f"recorded:{received.request_key}"
    known = tx.payments.by_object(_NO_ACCOUNT, object_id)
    if known is not None:
        return Settled(invoice, known, changed=False)
    settlement = Settlement(
        stripe_account_id=_NO_ACCOUNT,
        stripe_object_id=object_id,
        livemode=False,
        type=PaymentType.CHARGE,
        status=PaymentStatus.SUCCEEDED,
        money=owed(invoice, received.amount),
        occurred_at=now,
        workspace_id=tx.workspace_id,
        invoice=invoice.number,
        payer=_payer(tx, invoice),
        method=received.method,
    )
    settled = settle(tx, settlement, now=now)
    retire(tx, invoice.number, now=now)
    return settled


def owed(invoice: Invoice, amount: str | None) -> Money:
    """Return the money that is said to have come, the whole balance where no amount is said.

    Raises InvoiceClosed where nothing is owed, BadAmount for what is no amount or more than is owed.
    """
    invoice.require_payable()
    if amount is None:
        return invoice.balance
    money = parse_amount(amount, invoice.total.currency)
    if invoice.balance < money:
        left = f" is more than what is left to pay on {invoice.number} ("
        raise BadAmount(money, left, invoice.balance, "). Record at most that.")
    return money


def _payer(tx: Transaction, invoice: Invoice) -> str:
    contact = tx.contacts.find(invoice.contact) if invoice.contact else None
    return contact.label if contact else ""
