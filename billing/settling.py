"""Applying what is known of a payment: the payment log, the invoice's state, and what follows, in one transaction.

The invoice's state is a function of its log lines, so the order and the number of the events do not matter.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from billing.automations import Trigger
from billing.events import DomainEvent
from billing.invoices import InvoiceStatus
from billing.linking import retire
from billing.money import Money, zero
from billing.payments import Payment, PaymentStatus, PaymentType
from billing.reacting import notify, publish

if TYPE_CHECKING:
    from datetime import datetime

    from billing.invoices import Invoice
    from billing.payments import Settlement
    from billing.ports import Transaction

_INCOMING = frozenset({PaymentType.CHARGE, PaymentType.SUBSCRIPTION})


@dataclass(frozen=True, slots=True)
class Settled:
    """What applying a settlement led to. `changed` is False where everything was known already."""

    invoice: Invoice
    payment: Payment
    changed: bool


def settle(tx: Transaction, settlement: Settlement, *, now: datetime) -> Settled:
    """Apply one settlement; raises UnknownRecord where the workspace has no such invoice."""
    invoice = tx.invoices.get(settlement.invoice, lock=True)
    # Stripe's clock may be ahead of ours: what is dated in the future would be told only then.
    settlement = replace(settlement, occurred_at=min(settlement.occurred_at, now))
    known = tx.payments.by_object(settlement.stripe_account_id, settlement.stripe_object_id)
    if known is not None and not _goes_on_from(known, settlement):
        if _tells_another_failure(known, settlement):
            _failed(tx, invoice, known, settlement)
        return Settled(invoice, known, changed=False)
    payment = _log(tx, invoice, known, settlement)
    if known is not None and known.status is PaymentStatus.PROCESSING and payment.status is PaymentStatus.FAILED:
        # Its checkout was completed, which used the link up: whoever wants to pay now needs another one.
        retire(tx, invoice.number, now=now)
    settled = _apply(tx, invoice, payment, now=now)
    _tell(tx, before=invoice, after=settled, payment=payment, settlement=settlement)
    return Settled(settled, payment, changed=True)


def reckon(tx: Transaction, invoice: Invoice, *, now: datetime) -> Invoice:
    """Save an invoice that asks for something else now; where its log covers that, it is paid and that is told."""
    arrived = _arrived(tx, invoice)
    if not arrived:
        return tx.invoices.save(invoice)
    after = _apply(tx, invoice, arrived[-1], now=now)
    if after.status is InvoiceStatus.PAID:
        _succeeded(tx, invoice, after, arrived[-1])
    return after


def _goes_on_from(known: Payment, settlement: Settlement) -> bool:
    """Say whether the settlement comes after what is known, in whatever order the two arrive.

    Nothing comes after a success. Of two tries the later one counts; of one try, a failure comes after it was under
    way: a bank may return a debit days later.
    """
    if PaymentStatus.SUCCEEDED in {known.status, settlement.status}:
        return known.status is not PaymentStatus.SUCCEEDED
    if known.occurred_at != settlement.occurred_at:
        return known.occurred_at < settlement.occurred_at
    return known.status is PaymentStatus.PROCESSING and settlement.status is PaymentStatus.FAILED


def _tells_another_failure(known: Payment, settlement: Settlement) -> bool:
    return known.status is PaymentStatus.FAILED and settlement.status is PaymentStatus.FAILED


def _log(tx: Transaction, invoice: Invoice, known: Payment | None, settlement: Settlement) -> Payment:
    if known is not None:
        return tx.payments.save(
            replace(
                known,
                status=settlement.status,
                money=settlement.money,
                occurred_at=settlement.occurred_at,
                payer=settlement.payer or known.payer,
                failure_message=settlement.failure_message,
            ),
        )
    return tx.payments.add(
        Payment(
            workspace_id=tx.workspace_id,
            id=f"pay_{secrets.token_hex(12)}",
            type=settlement.type,
            status=settlement.status,
            money=settlement.money,
            occurred_at=settlement.occurred_at,
            stripe_account_id=settlement.stripe_account_id,
            stripe_object_id=settlement.stripe_object_id,
            livemode=settlement.livemode,
            invoice=invoice.number,
            contact=invoice.contact,
            payer=settlement.payer,
            failure_message=settlement.failure_message,
            method=settlement.method,
        ),
    )


def _apply(tx: Transaction, invoice: Invoice, payment: Payment, *, now: datetime) -> Invoice:
    """Recompute the invoice from its log; close its links once it is paid."""
    received = _received(tx, invoice)
    current = replace(invoice, paid=received)
    if invoice.total <= received and invoice.status is not InvoiceStatus.REFUNDED:
        current = current.move(InvoiceStatus.PAID)
        if current.paid_at is None:
            current = replace(current, paid_at=payment.occurred_at)
        retire(tx, invoice.number, now=now)
    return tx.invoices.save(current)


def _received(tx: Transaction, invoice: Invoice) -> Money:
    """Return what has come in for the invoice, at most its total: later periods of a subscription pay no more of it."""
    received = sum((payment.money for payment in _arrived(tx, invoice)), start=zero(invoice.total.currency))
    return min(received, invoice.total)


def _arrived(tx: Transaction, invoice: Invoice) -> list[Payment]:
    """Return the lines of the log that count towards the invoice, oldest first."""
    return [
        payment
        for payment in tx.payments.of_invoice(invoice.number)
        if payment.status is PaymentStatus.SUCCEEDED
        and payment.type in _INCOMING
        and payment.money.currency == invoice.total.currency
    ]


def _tell(tx: Transaction, *, before: Invoice, after: Invoice, payment: Payment, settlement: Settlement) -> None:
    if payment.status is PaymentStatus.FAILED:
        _failed(tx, after, payment, settlement)
    elif payment.status is PaymentStatus.SUCCEEDED:
        _succeeded(tx, before, after, payment)


def _failed(tx: Transaction, invoice: Invoice, payment: Payment, settlement: Settlement) -> None:
    key = f"payment_failed:{invoice.number}:{settlement.attempt or settlement.stripe_object_id}"
    if invoice.payable:
        _publish(tx, Trigger.PAYMENT_FAILED, key, invoice, payment)
    elif payment.type is PaymentType.SUBSCRIPTION:
        # A later period: the invoice stays paid, so there is nothing for an automation to ask the client for.
        notify(tx, _event(tx, Trigger.PAYMENT_FAILED, key, invoice, payment))


def _succeeded(tx: Transaction, before: Invoice, after: Invoice, payment: Payment) -> None:
    if before.status is not InvoiceStatus.PAID and after.status is InvoiceStatus.PAID:
        _publish(tx, Trigger.PAYMENT_SUCCEEDED, f"payment_succeeded:{after.number}", after, payment)
    elif payment.type is PaymentType.SUBSCRIPTION:
        key = f"subscription_renewed:{after.number}:{payment.stripe_object_id}"
        _publish(tx, Trigger.SUBSCRIPTION_RENEWED, key, after, payment)
    else:
        # A part of the total, another currency, or a second payment: somebody has to look, and no automation runs.
        key = f"payment_received:{after.number}:{payment.stripe_object_id}"
        notify(tx, _event(tx, Trigger.PAYMENT_SUCCEEDED, key, after, payment))


def _publish(tx: Transaction, trigger: Trigger, key: str, invoice: Invoice, payment: Payment) -> None:
    publish(tx, _event(tx, trigger, key, invoice, payment))


def _event(tx: Transaction, trigger: Trigger, key: str, invoice: Invoice, payment: Payment) -> DomainEvent:
    return DomainEvent(tx.workspace_id, trigger, key, payment.occurred_at, invoice.number, payment.id)
