"""Asking Stripe what has been paid, given back and subscribed to, where an event has not told us or not yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from billing.link_keeping import dead, note
from billing.payments import PaymentStatus
from billing.settling import settle
from billing.subscribing import keep

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from contextlib import AbstractContextManager
    from datetime import datetime

    from billing.invoices import Invoice
    from billing.payments import PaymentLink, Settlement
    from billing.ports import PaymentGateway, Transaction
    from billing.subscriptions import Subscription
    from billing.workspaces import StripeConnection

# A payer may contest a payment for about four months, and a dispute may take two more.
_LATE_NEWS: Final = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Synced:
    """An invoice before and after Stripe was asked of it; `news` that anything was learnt."""

    before: Invoice
    after: Invoice
    news: bool


def sync_invoice(
    transaction: Callable[[], AbstractContextManager[Transaction]],
    gateway: PaymentGateway,
    connection: StripeConnection,
    number: str,
    *,
    now: datetime,
) -> Synced:
    """Apply what Stripe says of every payment and subscription through every link that the invoice ever had.

    `now` is the instant before Stripe is asked. Raises UnknownRecord, and what the gateway raises.
    """
    with transaction() as tx:
        before = tx.invoices.get(number)
        links = _links(tx, before, connection)
    # First of all: what used a link up is known to Stripe before the link is.
    ended = [link for link in links if link.active and not gateway.takes_payments(link.stripe_payment_link_id or "")]
    payments = [settlement for link in links for settlement in gateway.settlements(link)]
    subscriptions = [subscription for link in links for subscription in gateway.subscriptions(link)]
    # All of them are applied: a generator would stop at the first that is news.
    news = [_settle(transaction, settlement, connection, now) for settlement in in_their_order(payments)]
    news += [_keep(transaction, subscription, connection, now) for subscription in subscriptions]
    with transaction() as tx:
        news += [note(tx, dead(link)) for link in ended]
        return Synced(before, tx.invoices.get(number), True in news)


def in_their_order(settlements: Iterable[Settlement]) -> list[Settlement]:
    """Return the settlements the oldest first, so that a subscription's first period is told as that."""
    return sorted(settlements, key=lambda settlement: settlement.occurred_at)


def worth_a_look(tx: Transaction, connection: StripeConnection, *, now: datetime) -> list[str]:
    """Return the invoices of which Stripe may have news: unpaid ones, and those that were paid or linked lately.

    A paid one may be refunded or contested, a void one's link may have been paid, and a subscription goes on.
    """
    links = tx.links.on_account(connection.stripe_account_id, livemode=connection.livemode)
    since = now - _LATE_NEWS
    running = {one.invoice for one in tx.subscriptions.list() if not one.status.ended}
    newest = {link.invoice: link.created_at for link in links}
    return [number for number in newest if _may_have_news(tx, number, newest[number], since) or number in running]


def _may_have_news(tx: Transaction, number: str, linked_at: datetime, since: datetime) -> bool:
    invoice = tx.invoices.get(number)
    return invoice.payable or max(linked_at, invoice.paid_at or linked_at) >= since


def _links(tx: Transaction, invoice: Invoice, connection: StripeConnection) -> list[PaymentLink]:
    """Return the invoice's links that were made on the account and in its mode: nowhere else are they known."""
    ours = (connection.stripe_account_id, connection.livemode)
    links = tx.links.of_invoice(invoice.number)
    return [link for link in links if link.stripe_payment_link_id and (link.stripe_account_id, link.livemode) == ours]


def _keep(
    transaction: Callable[[], AbstractContextManager[Transaction]],
    subscription: Subscription,
    connection: StripeConnection,
    now: datetime,
) -> bool:
    if subscription.workspace_id != connection.workspace_id:
        return False
    with transaction() as tx:
        return keep(tx, subscription, now=now)


def _settle(
    transaction: Callable[[], AbstractContextManager[Transaction]],
    settlement: Settlement,
    connection: StripeConnection,
    now: datetime,
) -> bool:
    if settlement.workspace_id != connection.workspace_id:
        return False
    with transaction() as tx:
        settled = settle(tx, settlement, now=now)
    return settled.changed and settled.payment.status is not PaymentStatus.FAILED
