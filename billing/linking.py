"""Payment links: one live link for an invoice at a time, made from what the invoice says now.

Stripe is called between two transactions, never inside one. A link's id comes from the request and from how many
links were made before, so a call that is tried again after a crash asks Stripe for the same link with the same
idempotency key, and a link that was ended is never made live again.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from billing.errors import ChangedMeanwhile, LinkSwitchedOff, NoLiveLink, PaymentUnderWay, StripeNotConnected
from billing.fingerprints import fingerprint
from billing.invoices import InvoiceStatus
from billing.link_keeping import end_unheard
from billing.opening import opened
from billing.payments import Interval, PaymentLink
from billing.queues import OutboxKind, OutboxMessage
from billing.standing import is_under_way

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from datetime import datetime

    from billing.invoices import Invoice
    from billing.money import Money
    from billing.ports import Gateways, PaymentGateway, Transaction
    from billing.workspaces import StripeConnection

# How long an attempt to make a link may have been answered too late.
_UNSURE: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class LinkRequest:
    """What link is wanted. `request_key` is the same when the request is tried again.

    `part` is less than what is left to pay; None asks for all of it.
    """

    invoice: str
    interval: Interval
    interval_count: int
    request_key: str
    part: Money | None = None


@dataclass(frozen=True, slots=True)
class LiveLink:
    """The invoice's live link, and whether it was there already.

    `unheard` are the ids of links that were asked for lately without our hearing whether they were made.
    """

    link: PaymentLink
    invoice: Invoice
    existed: bool
    unheard: frozenset[str] = frozenset()


def make_link(
    transaction: Callable[[], AbstractContextManager[Transaction]],
    gateway: PaymentGateway,
    connection: StripeConnection,
    wanted: LinkRequest,
    *,
    now: datetime,
) -> LiveLink:
    """Return the invoice's live link, making it at Stripe where it is missing or made from something else.

    Raises InvoiceClosed, PaymentUnderWay, UnknownRecord, ChangedMeanwhile, and what the gateway raises; then no link
    is new.
    """
    with transaction() as tx:
        planned = _plan(tx, connection, wanted, now=now)
        business = tx.people.workspace().name
    if planned.existed:
        return planned
    end_unheard(gateway, planned.unheard)
    made = gateway.create_payment_link(planned.link, planned.invoice, business)
    with transaction() as tx:
        live = _activate(tx, made, now=now)
    # Raised out here: a refusal inside would roll back the retirement of the link.
    live.invoice.require_payable()
    if not live.link.active:
        raise ChangedMeanwhile(f"{wanted.invoice} changed while its payment link was being made. Please try again.")
    return live


def keep_live(  # noqa: PLR0913 - the two sides of Stripe, the invoice, and who asks
    transaction: Callable[[], AbstractContextManager[Transaction]],
    gateways: Gateways,
    number: str,
    *,
    request_key: str,
    now: datetime,
    reopen: bool = False,
    part: Money | None = None,
) -> LiveLink:
    """Return the invoice's live link for a client who is to pay now, made anew where it is missing or stale.

    It charges as often as the invoice's newest link did, or once; a `part` of what is left is charged once. Raises
    StripeNotConnected, LinkSwitchedOff where a person switched the newest link off (unless this is to `reopen` it),
    and what `make_link` raises.
    """
    with transaction() as tx:
        connection = tx.connections.active()
        newest = _newest(tx, number)
    if connection is None:
        raise StripeNotConnected("Stripe is not connected, so this invoice cannot be paid online just now.")
    if _closed(newest) and not reopen:
        raise LinkSwitchedOff(f"The payment link of {number} is switched off. Make a new one, or send it again.")
    interval, count = (newest.interval, newest.interval_count) if newest and not part else (Interval.ONE_TIME, 1)
    wanted = LinkRequest(number, interval, count, request_key, part)
    return make_link(transaction, gateways.for_connection(connection), connection, wanted, now=now)


def _plan(tx: Transaction, connection: StripeConnection, wanted: LinkRequest, *, now: datetime) -> LiveLink:
    invoice = tx.invoices.get(wanted.invoice, lock=True)
    invoice.require_payable()
    if wanted.part is not None and invoice.balance < wanted.part:
        raise ChangedMeanwhile(f"Less than that is left to pay on {invoice.number} by now.")
    asked = wanted.part or invoice.balance
    digest = fingerprint(invoice, wanted.interval, wanted.interval_count, connection, asked)
    live = tx.links.active(invoice.number)
    if live is not None and live.url is not None and live.fingerprint == digest:
        return LiveLink(live, invoice, existed=True)
    _require_nothing_under_way(tx, invoice)
    earlier = tx.links.of_invoice(invoice.number)
    link_id = _link_id(tx.workspace_id, wanted, made_before=sum(1 for link in earlier if link.url))
    known = next((link for link in earlier if link.id == link_id), None)
    planned = PaymentLink(
        workspace_id=tx.workspace_id,
        id=link_id,
        invoice=invoice.number,
        revision=known.revision if known else len(earlier) + 1,
        interval=wanted.interval,
        interval_count=wanted.interval_count,
        money=asked,
        fingerprint=digest,
        active=False,
        created_at=now,
    )
    # Where an earlier try died, the invoice or the account may be another one since.
    lately = (link for link in earlier if link.url is None and now - _UNSURE < link.created_at)
    unheard = frozenset(link.id for link in lately) - {link_id}
    saved = tx.links.save(planned) if known else tx.links.add(planned)
    return LiveLink(saved, invoice, existed=False, unheard=unheard)


def _require_nothing_under_way(tx: Transaction, invoice: Invoice) -> None:
    """Raise PaymentUnderWay where all that is owed is on its way: another link would ask for it twice."""
    if is_under_way(invoice, tx.payments.of_invoice(invoice.number)):
        said = f" for {invoice.number} is on its way from the client's bank, so it is not asked for again now."
        raise PaymentUnderWay(invoice.balance, said)


def _link_id(workspace_id: str, wanted: LinkRequest, *, made_before: int) -> str:
    parts = f"{workspace_id}:{wanted.invoice}:{wanted.request_key}:{made_before}"
    return "link_" + hashlib.sha256(parts.encode()).hexdigest()[:24]


def _activate(tx: Transaction, made: PaymentLink, *, now: datetime) -> LiveLink:
    invoice = tx.invoices.get(made.invoice, lock=True)
    known = next(link for link in tx.links.of_invoice(invoice.number) if link.id == made.id)
    if known.url is not None:
        # Two asked for the same link at once, and the other one was first; it may have been ended since.
        if known.stripe_payment_link_id != made.stripe_payment_link_id:
            _send_retirement(tx, made, now=now)
        return LiveLink(known, invoice, existed=True)
    if not _still_wanted(tx, made, invoice):
        # Paid, void or changed while Stripe was making the link, which must not stay open.
        tx.links.save(made)
        _send_retirement(tx, made, now=now)
        return LiveLink(made, invoice, existed=False)
    retire(tx, invoice.number, now=now)
    link = tx.links.save(replace(made, active=True))
    if invoice.status is InvoiceStatus.DRAFT:
        invoice = tx.invoices.save(opened(tx, invoice, now=now).move(InvoiceStatus.OPEN))
    return LiveLink(link, invoice, existed=False)


def _still_wanted(tx: Transaction, made: PaymentLink, invoice: Invoice) -> bool:
    connection = tx.connections.active()
    return (
        invoice.payable
        and connection is not None
        and made.fingerprint == fingerprint(invoice, made.interval, made.interval_count, connection, made.money)
    )


def retire(tx: Transaction, invoice: str, *, now: datetime) -> None:
    """End the invoice's live link here, and at Stripe by an outbox row."""
    live = tx.links.active(invoice)
    if live is None:
        return
    tx.links.save(replace(live, active=False))
    _send_retirement(tx, live, now=now)


def switch_off(tx: Transaction, number: str, *, now: datetime) -> None:
    """End the invoice's live link because a person wants it so; one that is off already stays off.

    Raises NoLiveLink, UnknownRecord.
    """
    tx.invoices.get(number, lock=True)
    if is_switched_off(tx, number):
        return
    live = require_live(tx, number)
    retire(tx, number, now=now)
    tx.links.save(replace(live, active=False, switched_off_at=now))


def require_live(tx: Transaction, number: str) -> PaymentLink:
    """Return the invoice's live link; raises NoLiveLink."""
    live = tx.links.active(number)
    if live is None:
        raise NoLiveLink(f"{number} has no live payment link, so there is nothing to switch off.")
    return live


def chargeable(gateways: Gateways, invoice: Invoice) -> bool:
    """Say whether what is left of the invoice is enough to be charged online."""
    least = gateways.least_charge(invoice.balance.currency)
    return least is None or least <= invoice.balance


def recurs(tx: Transaction, number: str) -> bool:
    """Say whether the invoice's newest link charges again and again, so that there are no parts to be paid."""
    newest = _newest(tx, number)
    return newest is not None and newest.recurring


def is_switched_off(tx: Transaction, number: str) -> bool:
    """Say whether a person switched off the invoice's newest link, and nobody has made another since."""
    return _closed(_newest(tx, number))


def _newest(tx: Transaction, number: str) -> PaymentLink | None:
    """Return the invoice's newest link; one that was only tried to be made does not count."""
    links = tx.links.of_invoice(number)
    return next((link for link in reversed(links) if link.active or link.url or link.switched_off_at), None)


def _closed(link: PaymentLink | None) -> bool:
    return link is not None and link.switched_off_at is not None and not link.active


def _send_retirement(tx: Transaction, link: PaymentLink, *, now: datetime) -> None:
    if link.stripe_payment_link_id is None:
        return
    tx.send(
        OutboxMessage(
            workspace_id=tx.workspace_id,
            key=f"retire:{link.stripe_payment_link_id}",
            kind=OutboxKind.RETIRE,
            lane="",
            payload={
                "stripe_account_id": link.stripe_account_id,
                "livemode": link.livemode,
                "stripe_payment_link_id": link.stripe_payment_link_id,
            },
            created_at=now,
        ),
    )
