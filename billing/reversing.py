"""Refunds and disputes in the payment log: each one's line is set to what was seen last, and its news is told once."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from billing.automations import Trigger
from billing.events import DomainEvent
from billing.payments import Payment, PaymentStatus, PaymentType
from billing.reacting import notify, publish

if TYPE_CHECKING:
    from datetime import datetime

    from billing.payments import Reversal
    from billing.ports import Transaction

# Of two looks in the same instant, the one that saw it further along is right.
_PROGRESS: Final = (
    PaymentStatus.INQUIRY,
    PaymentStatus.OPEN,
    PaymentStatus.PROCESSING,
    PaymentStatus.SUCCEEDED,
    PaymentStatus.WON,
    PaymentStatus.LOST,
    PaymentStatus.FAILED,
)


def reverse(tx: Transaction, charge: Payment, reversal: Reversal, *, now: datetime) -> Payment | None:
    """Set the line of a refund or dispute of the charge; return it where it says anything new.

    `now` is the instant before Stripe was asked: what was seen earlier never replaces what was seen later.
    """
    known = tx.payments.by_object(charge.stripe_account_id, reversal.stripe_object_id)
    if known is not None and not seen_later(known, reversal.status, now=now):
        return None
    if known is None:
        return tx.payments.add(_line(charge, reversal, now))
    line = replace(
        known,
        status=reversal.status,
        money=reversal.money,
        reason=reversal.reason or known.reason,
        observed_at=now,
        fee=reversal.fee or known.fee,
        net=reversal.net or known.net,
    )
    tx.payments.save(line)
    # What Stripe has booked since is nothing to be told of.
    return None if line == replace(known, observed_at=now, fee=line.fee, net=line.net) else line


def tell(tx: Transaction, line: Payment, *, now: datetime) -> None:
    """Put into the outbox what is news about a refund or dispute; what was told before is not told again.

    That a refund failed, or a dispute was decided, is news to people only: no automation waits for it.
    """
    opened = Trigger.REFUND_CREATED if line.type is PaymentType.REFUND else Trigger.DISPUTE_OPENED
    publish(tx, _event(line, opened, f"{opened}:{line.stripe_object_id}", line.occurred_at))
    if line.status in {PaymentStatus.FAILED, PaymentStatus.WON, PaymentStatus.LOST}:
        notify(tx, _event(line, opened, f"{line.type}_{line.status}:{line.stripe_object_id}", now))


def seen_later(known: Payment, status: PaymentStatus, *, now: datetime) -> bool:
    """Say whether a status that was seen at `now` comes after what the line says."""
    if known.observed_at is None or known.observed_at != now:
        return known.observed_at is None or known.observed_at < now
    return _PROGRESS.index(known.status) < _PROGRESS.index(status)


def _line(charge: Payment, reversal: Reversal, now: datetime) -> Payment:
    return replace(
        charge,
        id=f"pay_{secrets.token_hex(12)}",
        type=reversal.type,
        status=reversal.status,
        money=reversal.money,
        # Stripe's clock may be ahead of ours: what is dated in the future would be told only then.
        occurred_at=min(reversal.occurred_at, now),
        stripe_object_id=reversal.stripe_object_id,
        failure_message="",
        presented=None,
        reverses=charge.stripe_object_id,
        reason=reversal.reason,
        observed_at=now,
        fee=reversal.fee,
        net=reversal.net,
    )


def _event(line: Payment, trigger: Trigger, key: str, at: datetime) -> DomainEvent:
    # A line that reverses a charge has the charge's invoice.
    return DomainEvent(line.workspace_id, trigger, key, at, line.invoice or "", line.id)
