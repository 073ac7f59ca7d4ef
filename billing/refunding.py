"""Giving money back: which payment it is taken from, whether that can be, and the refund itself, once for each key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from billing.errors import BadAmount, CannotRefund
from billing.invoices import InvoiceStatus
from billing.money import parse_amount, zero
from billing.payments import PaymentStatus, PaymentType, Refund, Reversal
from billing.settling import Settled, settle_reversal
from billing.standing import arrived, gone_back

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime

    from billing.invoices import Invoice
    from billing.money import Money
    from billing.payments import Payment, RefundReason
    from billing.ports import Gateways, Transaction
    from billing.workspaces import StripeConnection


@dataclass(frozen=True, slots=True)
class RefundRequest:
    """What is to be given back. `amount` is a decimal string in the invoice's currency; left out, all that is left."""

    invoice: str
    request_key: str
    amount: str | None = None
    reason: RefundReason | None = None


def plan_refund(tx: Transaction, wanted: RefundRequest) -> Refund:
    """Return the refund that the request means: of the newest payment that has as much left.

    Raises CannotRefund (nothing paid, nothing left, disputed, another account than the connected one), BadAmount,
    UnknownRecord.
    """
    invoice = tx.invoices.get(wanted.invoice)
    lines = tx.payments.of_invoice(invoice.number)
    amount = None if wanted.amount is None else parse_amount(wanted.amount, invoice.total.currency)
    payment, left = _source(_refundable(invoice, lines), amount)
    money = left if amount is None else amount
    if left < money:
        raise BadAmount("At most ", left, f" of {invoice.number} can be given back at once. Say less.")
    _require_reachable(payment, tx.connections.active())
    return Refund(payment, money, left - money, wanted.request_key, wanted.reason)


def refund_payment(
    transaction: Callable[[], AbstractContextManager[Transaction]],
    gateways: Gateways,
    wanted: RefundRequest,
    *,
    now: datetime,
) -> tuple[Refund, Settled]:
    """Give the money back and put it into the log; the same request again gives back nothing more.

    Raises what `plan_refund` and the gateway raise.
    """
    with transaction() as tx:
        planned, connection = plan_refund(tx, wanted), tx.connections.active()
    if connection is None or planned.by_hand:
        reversal = _by_hand(planned, now)
    else:
        reversal = gateways.for_connection(connection).refund(planned)
    with transaction() as tx:
        return planned, settle_reversal(tx, planned.payment, reversal, now=now)


def _refundable(invoice: Invoice, lines: Sequence[Payment]) -> list[tuple[Payment, Money]]:
    """Return the payments of which anything can be given back, each with how much; the oldest first."""
    paid = arrived(invoice, lines)
    if not paid:
        raise CannotRefund(f"Nothing has been paid on {invoice.number}, so there is nothing to give back.")
    left = [(payment, _left(payment, lines)) for payment in paid if invoice.status is not InvoiceStatus.REFUNDED]
    open_ = [(payment, money) for payment, money in left if money.amount > 0]
    if not open_:
        raise CannotRefund(f"All that was paid on {invoice.number} has been given back already.")
    free = [(payment, money) for payment, money in open_ if not _is_disputed(payment, lines)]
    if not free:
        message = (
            f"The payment of {invoice.number} is disputed: the bank decides who gets the money, so it cannot be "
            "refunded as well. Answer the dispute in the Stripe dashboard."
        )
        raise CannotRefund(message)
    return free


def _source(refundable: Sequence[tuple[Payment, Money]], amount: Money | None) -> tuple[Payment, Money]:
    """Return the newest payment that has the amount left; where none has, the one that has most."""
    fitting = [one for one in refundable if amount is None or amount <= one[1]]
    return fitting[-1] if fitting else max(refundable, key=lambda one: one[1].amount)


def _left(payment: Payment, lines: Sequence[Payment]) -> Money:
    gone = [line.money for line in _reversals(payment, lines) if gone_back(line)]
    return payment.money - sum(gone, start=zero(payment.money.currency))


def _is_disputed(payment: Payment, lines: Sequence[Payment]) -> bool:
    # A bank's inquiry is no dispute yet: giving the money back settles it. One that is decided is over for good.
    decided = {PaymentStatus.OPEN, PaymentStatus.WON, PaymentStatus.LOST}
    return any(line.type is PaymentType.DISPUTE and line.status in decided for line in _reversals(payment, lines))


def _reversals(payment: Payment, lines: Sequence[Payment]) -> list[Payment]:
    named = (payment.stripe_account_id, payment.stripe_object_id)
    return [line for line in lines if (line.stripe_account_id, line.reverses) == named]


def _require_reachable(payment: Payment, connection: StripeConnection | None) -> None:
    if not payment.stripe_account_id:
        return
    ours = (connection.stripe_account_id, connection.livemode) if connection else None
    if (payment.stripe_account_id, payment.livemode) != ours:
        message = (
            f"{payment.invoice} was paid through another Stripe account or mode than the one that is connected, so "
            "Evie cannot refund it. Refund it in the dashboard of that account."
        )
        raise CannotRefund(message)


def _by_hand(planned: Refund, now: datetime) -> Reversal:
    reason = planned.reason.value if planned.reason else ""
    object_id = f"refunded:{planned.key}"
    return Reversal(object_id, PaymentType.REFUND, PaymentStatus.SUCCEEDED, planned.money, now, reason)
