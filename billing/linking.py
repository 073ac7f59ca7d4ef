"""Payment links: one live link for an invoice at a time, made from what the invoice says now.

Stripe is called between two transactions, never inside one. A link's id comes from the request, so a call that is
tried again after a crash asks Stripe for the same link with the same idempotency key.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from billing.errors import StripeNotConnected
from billing.invoices import InvoiceStatus
from billing.payments import Interval, PaymentLink
from billing.queues import OutboxKind, OutboxMessage

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from datetime import datetime

    from billing.invoices import Invoice
    from billing.ports import Gateways, PaymentGateway, Transaction
    from billing.workspaces import StripeConnection


@dataclass(frozen=True, slots=True)
class LinkRequest:
    """What link is wanted. `request_key` is the same when the request is tried again."""

    invoice: str
    interval: Interval
    interval_count: int
    request_key: str


@dataclass(frozen=True, slots=True)
class LiveLink:
    """The invoice's live link, and whether it was there already."""

    link: PaymentLink
    invoice: Invoice
    existed: bool


def make_link(
    transaction: Callable[[], AbstractContextManager[Transaction]],
    gateway: PaymentGateway,
    connection: StripeConnection,
    wanted: LinkRequest,
    *,
    now: datetime,
) -> LiveLink:
    """Return the invoice's live link, making it at Stripe where it is missing or made from something else.

    Raises InvoiceClosed, UnknownRecord, and what the gateway raises; then nothing has changed.
    """
    with transaction() as tx:
        planned = _plan(tx, connection, wanted, now=now)
        business = tx.people.workspace().name
    if planned.existed:
        return planned
    made = gateway.create_payment_link(planned.link, planned.invoice, business)
    with transaction() as tx:
        live = _activate(tx, made, now=now)
    # Raised out here: a refusal inside would roll back the retirement of the link.
    live.invoice.require_payable()
    return live


def keep_live(
    transaction: Callable[[], AbstractContextManager[Transaction]],
    gateways: Gateways,
    number: str,
    *,
    request_key: str,
    now: datetime,
) -> LiveLink:
    """Return the invoice's live link for a client who is to pay now, made anew where it is missing or stale.

    It charges as often as the invoice's newest link did, or once. Raises StripeNotConnected, and what `make_link`
    raises.
    """
    with transaction() as tx:
        connection = tx.connections.active()
        links = tx.links.of_invoice(number)
    if connection is None:
        raise StripeNotConnected("Stripe is not connected, so this invoice cannot be paid online just now.")
    interval, count = (links[-1].interval, links[-1].interval_count) if links else (Interval.ONE_TIME, 1)
    # The count is in the key: a link that is made anew after one was switched off must be another one.
    wanted = LinkRequest(number, interval, count, f"{request_key}:{sum(1 for link in links if link.url)}")
    return make_link(transaction, gateways.for_connection(connection), connection, wanted, now=now)


def fingerprint(invoice: Invoice, interval: Interval, count: int, connection: StripeConnection) -> str:
    """Return a digest of everything that a link is made from: where it differs, the link is stale."""
    parts = (
        invoice.number,
        invoice.total.amount,
        invoice.total.currency,
        invoice.description,
        interval.value,
        count,
        connection.stripe_account_id,
        connection.livemode,
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def _plan(tx: Transaction, connection: StripeConnection, wanted: LinkRequest, *, now: datetime) -> LiveLink:
    invoice = tx.invoices.get(wanted.invoice, lock=True)
    invoice.require_payable()
    digest = fingerprint(invoice, wanted.interval, wanted.interval_count, connection)
    live = tx.links.active(invoice.number)
    if live is not None and live.url is not None and live.fingerprint == digest:
        return LiveLink(live, invoice, existed=True)
    link_id = "link_" + hashlib.sha256(f"{tx.workspace_id}:{wanted.request_key}".encode()).hexdigest()[:24]
    earlier = tx.links.of_invoice(invoice.number)
    planned = next((link for link in earlier if link.id == link_id), None)
    if planned is None:
        planned = tx.links.add(
            PaymentLink(
                workspace_id=tx.workspace_id,
                id=link_id,
                invoice=invoice.number,
                revision=len(earlier) + 1,
                interval=wanted.interval,
                interval_count=wanted.interval_count,
                money=invoice.balance,
                fingerprint=digest,
                active=False,
                created_at=now,
            ),
        )
    return LiveLink(planned, invoice, existed=False)


def _activate(tx: Transaction, made: PaymentLink, *, now: datetime) -> LiveLink:
    invoice = tx.invoices.get(made.invoice, lock=True)
    if not invoice.payable:
        # It was paid or void while Stripe was making the link: the link must not stay open.
        tx.links.save(made)
        _send_retirement(tx, made, now=now)
        return LiveLink(made, invoice, existed=False)
    live = tx.links.active(invoice.number)
    if live is not None and live.id == made.id:
        # Two asked for the same link at once, and the other one was first.
        return LiveLink(live, invoice, existed=True)
    retire(tx, invoice.number, now=now)
    link = tx.links.save(replace(made, active=True))
    if invoice.status is InvoiceStatus.DRAFT:
        invoice = tx.invoices.save(invoice.move(InvoiceStatus.OPEN))
    return LiveLink(link, invoice, existed=False)


def retire(tx: Transaction, invoice: str, *, now: datetime) -> None:
    """End the invoice's live link here, and at Stripe by an outbox row."""
    live = tx.links.active(invoice)
    if live is None:
        return
    tx.links.save(replace(live, active=False))
    _send_retirement(tx, live, now=now)


def _send_retirement(tx: Transaction, link: PaymentLink, *, now: datetime) -> None:
    if link.stripe_payment_link_id is None:
        return
    tx.send(
        OutboxMessage(
            workspace_id=tx.workspace_id,
            key=f"retire:{link.id}",
            kind=OutboxKind.RETIRE,
            lane="",
            payload={
                "stripe_account_id": link.stripe_account_id,
                "stripe_payment_link_id": link.stripe_payment_link_id,
            },
            created_at=now,
        ),
    )
