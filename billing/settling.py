"""Applying what is known of a payment: the payment log, the invoice's state, and what follows, in one transaction.

The invoice's state is a function of its log lines, so the order and the number of the events do not matter.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from billing.automations import Trigger
from billing.crediting import credit
from billing.events import DomainEvent
from billing.invoices import InvoiceStatus
from billing.linking import retire
from billing.news import PROCESSING
from billing.opening import opened
from billing.payments import Payment, PaymentStatus, PaymentType
from billing.reacting import announce, notify, publish
from billing.receipting import send_receipt
from billing.redrawing import changed
from billing.reversing import reverse, tell
from billing.standing import arrived, covered, standing

if TYPE_CHECKING:
    from datetime import datetime

    from billing.invoices import Invoice
    from billing.payments import Reversal, Settlement
    from billing.ports import Transaction


@dataclass(frozen=True, slots=True)
class Settled:
    """What applying a settlement led to. `changed` is False where everything was known already."""

    invoice: Invoice
    payment: Payment
    changed: bool


def settle(tx: Transaction, settlement: Settlement, *, now: datetime) -> Settled:
    """Apply one settlement with its refunds and disputes; raises UnknownRecord where there is no such invoice.

    `now` is the instant before Stripe was asked, so that of two answers the later one counts, whichever comes first.
    """
    invoice = tx.invoices.get(settlement.invoice, lock=True)
    lines = tx.payments.of_invoice(invoice.number)
    was_covered = invoice.status is InvoiceStatus.PAID or covered(invoice, lines)
    # Stripe's clock may be ahead of ours: what is dated in the future would be told only then.
    settlement = replace(settlement, occurred_at=min(settlement.occurred_at, now))
    known = tx.payments.by_object(settlement.stripe_account_id, settlement.stripe_object_id)
    if known is None or _goes_on_from(known, settlement, now=now):
        payment = _log(tx, invoice, known, settlement, now=now)
    else:
        payment = _booked(tx, known, settlement)
    moved = known is None or payment != replace(
        known, observed_at=payment.observed_at, fee=payment.fee, net=payment.net
    )
    reversed_ = [line for each in settlement.reversals if (line := reverse(tx, payment, each, now=now))]
    if not moved and not reversed_:
        if _tells_another_failure(payment, settlement):
            _failed(tx, invoice, payment, settlement)
        return Settled(invoice, payment, changed=False)
    if payment.status is PaymentStatus.FAILED and _used_up(tx, known, settlement):
        # Its checkout was completed all the same: whoever wants to pay now needs another link.
        retire(tx, invoice.number, now=now)
    lines = _with(invoice, lines, payment, *reversed_)
    settled = _restate(tx, invoice, lines, now=now)
    if moved:
        covers = not was_covered and covered(settled, lines)
        _tell(tx, settled, payment, settlement, covers=covers)
        send_receipt(tx, payment, now=now)
    for line in reversed_:
        credit(tx, line, now=now)
        tell(tx, line, now=now)
        send_receipt(tx, line, now=now)
    return Settled(settled, payment, changed=True)


def settle_reversal(tx: Transaction, charge: Payment, reversal: Reversal, *, now: datetime) -> Settled:
    """Apply one refund or dispute of a payment that is in the log; `now` as in `settle`. Raises UnknownRecord."""
    invoice = tx.invoices.get(charge.invoice or "", lock=True)
    line = reverse(tx, charge, reversal, now=now)
    if line is None:
        return Settled(invoice, charge, changed=False)
    settled = _restate(tx, invoice, tx.payments.of_invoice(invoice.number), now=now)
    credit(tx, line, now=now)
    tell(tx, line, now=now)
    send_receipt(tx, line, now=now)
    return Settled(settled, line, changed=True)


def reckon(tx: Transaction, invoice: Invoice, *, now: datetime) -> Invoice:
    """Save an invoice that asks for something else now; where its log covers that, it is paid and that is told."""
    lines = tx.payments.of_invoice(invoice.number)
    after = _restate(tx, invoice, lines, now=now)
    if after.status is InvoiceStatus.PAID:
        _succeeded(tx, after, arrived(after, lines)[-1], covers=covered(after, lines))
    return after


def _used_up(tx: Transaction, known: Payment | None, settlement: Settlement) -> bool:
    """Say whether the failed payment used up the link that is live: one that was made since is not touched."""
    live = tx.links.active(settlement.invoice)
    if settlement.used_up:
        return live is not None and live.id == settlement.used_up
    return known is not None and known.status is PaymentStatus.PROCESSING


def _goes_on_from(known: Payment, settlement: Settlement, *, now: datetime) -> bool:
    """Say whether the settlement comes after what is known, in whatever order the two arrive.

    Nothing comes after a success. What was seen later counts; of what was seen in one instant, the later try does;
    of one try, a failure comes after it was under way: a bank may return a debit days later.
    """
    if PaymentStatus.SUCCEEDED in {known.status, settlement.status}:
        return known.status is not PaymentStatus.SUCCEEDED
    if known.observed_at is not None and known.observed_at != now:
        return known.observed_at < now
    if known.occurred_at != settlement.occurred_at:
        return known.occurred_at < settlement.occurred_at
    return known.status is PaymentStatus.PROCESSING and settlement.status is PaymentStatus.FAILED


def _tells_another_failure(known: Payment, settlement: Settlement) -> bool:
    return known.status is PaymentStatus.FAILED and settlement.status is PaymentStatus.FAILED


def _log(tx: Transaction, invoice: Invoice, known: Payment | None, settlement: Settlement, *, now: datetime) -> Payment:
    if known is not None:
        return tx.payments.save(
            replace(
                known,
                status=settlement.status,
                money=settlement.money,
                occurred_at=settlement.occurred_at,
                payer=settlement.payer or known.payer,
                failure_message=settlement.failure_message,
                observed_at=now,
                fee=settlement.fee,
                net=settlement.net,
                presented=settlement.presented,
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
            observed_at=now,
            fee=settlement.fee,
            net=settlement.net,
            presented=settlement.presented,
        ),
    )


def _booked(tx: Transaction, known: Payment, settlement: Settlement) -> Payment:
    """Return the line with what Stripe took of it, where Stripe has booked that only now; that is no news."""
    if known.fee is not None or settlement.fee is None or known.status != settlement.status:
        return known
    return tx.payments.save(replace(known, fee=settlement.fee, net=settlement.net))


def _with(invoice: Invoice, lines: list[Payment], *written: Payment) -> list[Payment]:
    """Return the lines of an invoice, which is locked, as they stand after some of them were written."""
    newest = {line.id: line for line in (*lines, *written) if line.invoice == invoice.number}
    return sorted(newest.values(), key=lambda line: line.occurred_at)


def _restate(tx: Transaction, invoice: Invoice, lines: list[Payment], *, now: datetime) -> Invoice:
    """Recompute the invoice from its log; close its links once nothing is owed on it."""
    current = standing(invoice, lines)
    if invoice.status is InvoiceStatus.DRAFT and current.status is not InvoiceStatus.DRAFT:
        # Paid before anybody sent it: it stands from now on.
        current = standing(opened(tx, invoice, now=now), lines)
    if current.status in {InvoiceStatus.PAID, InvoiceStatus.REFUNDED}:
        retire(tx, invoice.number, now=now)
    return tx.invoices.save(current)


def _tell(tx: Transaction, after: Invoice, payment: Payment, settlement: Settlement, *, covers: bool) -> None:
    if payment.status is PaymentStatus.FAILED:
        _failed(tx, after, payment, settlement)
    elif payment.status is PaymentStatus.SUCCEEDED:
        _succeeded(tx, after, payment, covers=covers)
    else:
        # A settlement is failed, succeeded, or on its way.
        key = f"notify:{PROCESSING}:{after.number}:{payment.stripe_object_id}"
        announce(tx, PROCESSING, key, invoice=after.number, payment=payment.id, at=payment.occurred_at, record=after)
        changed(tx, after.number, key, now=payment.occurred_at)


def _failed(tx: Transaction, invoice: Invoice, payment: Payment, settlement: Settlement) -> None:
    key = f"payment_failed:{invoice.number}:{settlement.attempt or settlement.stripe_object_id}"
    # Of a paid invoice only a renewal can fail: it stays paid, so an automation can tell of it and remind nobody.
    if invoice.payable or payment.type is PaymentType.SUBSCRIPTION:
        _publish(tx, Trigger.PAYMENT_FAILED, key, invoice, payment)


def _succeeded(tx: Transaction, after: Invoice, payment: Payment, *, covers: bool) -> None:
    """Tell of money that came; `covers`: as much as the total has come in with it, and had not before."""
    if covers:
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
    return DomainEvent(tx.workspace_id, trigger, key, payment.occurred_at, invoice.number, payment.id, invoice)
